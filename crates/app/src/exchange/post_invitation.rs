//! The document of an invitation, posted as a message of its own.

use potok_domain::DocumentRef;
use potok_domain::command::{NewDocument, PostMessage, Source};
use potok_domain::decide;
use potok_domain::{Inviting, LockMode};
use potok_store::Operation;
use potok_types::{BoxId, DepartmentId};

use super::post_message::MadeOf;
use crate::core::{Committed, CoreError};
use crate::{Actor, Exchange, ExchangeError};

/// An invitation with a document.
pub(crate) struct InvitingDocument {
    /// Who is invited.
    pub(crate) to: BoxId,
    /// In whose name.
    pub(crate) department: Option<DepartmentId>,
    /// What is written.
    pub(crate) message: Option<String>,
    /// The document.
    pub(crate) document: NewDocument<Source>,
}

impl InvitingDocument {
    /// The message that brings it.
    pub(crate) fn letter(self, from: BoxId) -> PostMessage<Source> {
        let Self { to, department, message, document } = self;
        PostMessage {
            structure: "MessageToPost",
            from,
            to: Some(to),
            proxy: None,
            from_department: department,
            to_department: None,
            proxy_department: None,
            is_internal: false,
            delay_send: false,
            draft: None,
            made_from: None,
            lock_mode: LockMode::None,
            is_test: document.signature == Some(Source::TestSignature),
            documents: vec![document],
            structured_data: Vec::new(),
            invitation: Some(Inviting { message }),
            template: None,
        }
    }
}

impl Exchange {
    /// Posts the letter of an invitation, whose rights were checked, unless `call` has posted it: the document in it.
    ///
    /// # Errors
    /// As [`Self::post_message`].
    pub(crate) async fn post_invitation(
        &self,
        actor: &Actor,
        letter: PostMessage<Source>,
        call: Option<&Operation>,
    ) -> Result<DocumentRef, ExchangeError> {
        decide::form::message(&letter)?;
        let posted = match self.commit_post(actor, letter, MadeOf::Request, call).await? {
            Committed::Written(mut written) => written.pop().map(|written| written.after),
            Committed::Repeated(made) => match made.stream.message() {
                Some(message) => Some(self.core.state(actor.box_id(), message).await?),
                None => None,
            },
        };
        let document = posted.and_then(|letter| {
            let (found, _) = letter.documents().next()?;
            Some(DocumentRef { message_id: letter.message_id, entity_id: found.entity.id })
        });
        Ok(document.ok_or(CoreError::CutOff)?)
    }
}
