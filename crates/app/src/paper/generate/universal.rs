//! `GenerateUniversalMessage`, `ParseUniversalMessage`, `ParseUniversalMessageXml`: universal messages made of the data of
//! programs, and taken apart into them.

use bytes::Bytes;
use potok_domain::access;
use potok_domain::command::{NewUniversalMessage, PostPatch};
use potok_domain::decide::{self, NamedByPatch};
use potok_domain::{EntityState, MessageState, Service, UniversalEvent};
use potok_fns::service::{UniversalContract, UniversalFile, UniversalPerson, parse_universal_message};
use potok_fns::xml::XmlError;
use potok_fns::{FullName, MoscowTime, PROGRAM_OF_PEOPLE, confirmed_name};
use potok_types::access::{MayAttachUniversal, NamedDocuments, User};
use potok_types::{BoxId, ContentRef, EntityId, Invalid, MessageId};

use super::{GeneratedFile, author_of, in_both_languages};
use crate::paper::{Paper, PaperError};
use crate::{Actor, CoreError, Missing, Permit};

const BODY: &str = "the request body";

impl Paper {
    /// The universal message that the contract says, about a file of the box: a document, a title, a request.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Content`; `CoreError::Denied`; [`PaperError::Rejected`] when no such message could be
    /// posted; `CoreError::Invalid` names what the contract lacks.
    pub async fn generate_universal_message(
        &self,
        actor: &Permit<NamedDocuments<MayAttachUniversal>>,
        (message, attachment): (MessageId, EntityId),
        contract: &Bytes,
    ) -> Result<GeneratedFile, PaperError> {
        let read = self.core.room.read(contract, UniversalContract::parse).await.map_err(CoreError::from)?;
        let mut said = read.map_err(|error| refused(&error))?;
        let (state, entity) = self.file_of(actor, message, attachment).await?;
        self.may_be_sent(actor, &state, attachment, &said)?;
        fill(&mut said.sender, actor);
        let other = match author_of(&state, &entity) {
            author if author == actor.box_id() || author == BoxId::ZERO => state.counteragent().box_id,
            author => author,
        };
        let recipient = self.organization_of(actor, other).await?.fns_participant_id;
        let sender = actor.organization.fns_participant_id.clone();
        let at = MoscowTime::at(self.core.clock.now());
        let about = entity.entity.file_name.as_deref().filter(|name| !name.is_empty()).unwrap_or("-");
        let file = UniversalFile {
            file_id: UniversalFile::name(&recipient, &sender, at.date, self.core.entropy.uuid()),
            program: PROGRAM_OF_PEOPLE.to_owned(),
            at,
            about: confirmed_name(about).to_owned(),
            sender,
            recipient,
            said,
        };
        let content = file.generate().map_err(|error| refused(&error))?;
        Ok(GeneratedFile { file_name: file.file_id.file_name(), content: Bytes::from(content) })
    }

    /// What a universal message of the box says.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Content`; `CoreError::Denied`; `CoreError::Invalid` when the entity is no universal
    /// message; [`PaperError::Unreadable`].
    pub async fn parse_universal_message(
        &self,
        actor: &Permit<NamedDocuments>,
        (message, attachment): (MessageId, EntityId),
    ) -> Result<Bytes, PaperError> {
        let (state, entity) = self.file_of(actor, message, attachment).await?;
        if !matches!(entity.entity.service(), Some(Service::UniversalMessage(_))) {
            let reason = format!("entity {attachment} is no universal message; name one");
            return Err(Invalid::new("query parameter attachmentId", reason).into());
        }
        let content = entity.entity.content.ok_or(Missing::Content { message, entity: attachment })?;
        let mut loaded = self.core.load_contents(state.box_id, [content.hash]).await?;
        let bytes = loaded.remove(&content.hash).ok_or(CoreError::LostContent { entity: attachment })?;
        let unreadable = |error: XmlError| PaperError::Unreadable {
            entity: attachment,
            reason: in_both_languages(&error),
        };
        self.told(&bytes).await?.map_err(unreadable)
    }

    /// What a universal message says.
    ///
    /// # Errors
    /// `CoreError::Invalid` with line, column and element of what is wrong.
    pub async fn parse_universal_message_xml(
        &self,
        _: &Permit<User>,
        xml: &Bytes,
    ) -> Result<Bytes, PaperError> {
        Ok(self.told(xml).await?.map_err(|error| refused(&error))?)
    }

    /// The contract of a message.
    async fn told(&self, xml: &Bytes) -> Result<Result<Bytes, XmlError>, PaperError> {
        let told = |xml: &[u8]| parse_universal_message(xml)?.write();
        let told = self.core.room.read(xml, told).await.map_err(CoreError::from)?;
        Ok(told.map(Bytes::from))
    }

    /// An entity of the box that the actor sees.
    async fn file_of(
        &self,
        actor: &Actor,
        message: MessageId,
        attachment: EntityId,
    ) -> Result<(std::sync::Arc<MessageState>, EntityState), PaperError> {
        let state = self.core.state(actor.box_id(), message).await?;
        let missing = Missing::Content { message, entity: attachment };
        let entity = state.entity(attachment).ok_or(missing)?.clone();
        access::check_documents(&actor.scope, &state, [state.root_of(attachment)])?;
        Ok((state, entity))
    }

    /// Decides as if the message were posted now.
    fn may_be_sent(
        &self,
        actor: &Actor,
        state: &MessageState,
        parent: EntityId,
        said: &UniversalContract,
    ) -> Result<(), PaperError> {
        let events = said.notices.iter();
        let events = events.map(|notice| UniversalEvent { code: notice.code, text: notice.text.clone() });
        let mut command = PostPatch::empty(state.box_id, state.message_id);
        command.universal_messages.push(NewUniversalMessage {
            path: "query parameter attachmentId".to_owned(),
            parent,
            code_group: None,
            affects_workflow: None,
            events: events.collect(),
            content: ContentRef::of(b"not made yet"),
            file_name: None,
            labels: Vec::new(),
        });
        let author_name = actor.user.full_name();
        let context = actor.context(&self.core, &author_name);
        decide::post_patch(state, &command, &NamedByPatch::default(), &context)?;
        Ok(())
    }
}

/// Puts in what is known of the employee, where the program asks for it.
fn fill(person: &mut Option<UniversalPerson>, actor: &Actor) {
    let Some(person) = person.as_mut().filter(|person| person.uses_record) else { return };
    let (user, position) = (&actor.user, actor.employee.position.trim());
    if !user.last_name.is_empty() && !user.first_name.is_empty() {
        person.name = Some(FullName {
            last: user.last_name.clone(),
            first: user.first_name.clone(),
            middle: user.middle_name.clone().filter(|name| !name.is_empty()),
        });
    }
    if !position.is_empty() {
        person.position = Some(position.to_owned());
    }
}

fn refused(error: &XmlError) -> Invalid {
    Invalid::new(BODY, in_both_languages(error))
}
