//! Making the official documents that people sign themselves: receipts, refusals, requests to amend and to revoke.
//!
//! Nothing is written here: the file is answered, and whoever asked signs and posts it. Only what could be posted right now
//! is made, so that nobody signs a document in vain.

mod amendment_request;
mod fixation;
mod receipt;
mod rejection;
mod revocation;
pub(super) mod signer;
mod universal;

use std::sync::Arc;

use bytes::Bytes;
use potok_domain::access;
use potok_domain::command::{NewService, PostPatch};
use potok_domain::decide::{self, NamedByPatch, Rejection};
use potok_domain::directory::{Organization, Permissions};
use potok_domain::paper::{FileFormat, FileRequest};
use potok_domain::{Body, Check, EntityState, MessageState, Service};
use potok_fns::service::{ConfirmedFile, Head};
use potok_fns::xml::XmlError;
use potok_fns::{Family, FileId, MoscowTime, PROGRAM_OF_PEOPLE, Participant, Version};
use potok_types::{BoxId, ContentRef, Invalid};

use crate::paper::{Paper, PaperError};
use crate::participant;
use crate::{Actor, CoreError, Missing};

/// A document to sign and to post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its file name, ASCII.
    pub file_name: String,
    /// Its bytes.
    pub content: Bytes,
}

/// In whose list of a patch the document will be posted.
#[derive(Clone, Copy)]
enum List {
    Receipts,
    Rejections,
    AmendmentRequests,
    RevocationRequests,
    FixationCancellations,
}

/// What is answered, with everything that the formats want to know of it.
struct Answered {
    state: Arc<MessageState>,
    entity: EntityState,
    /// Whose it is; zero for the operator's.
    author: BoxId,
    /// Its file and the signatures of its author.
    file: ConfirmedFile,
}

impl Paper {
    /// Finds what is answered, and insists that the answer could be posted now.
    async fn answered(
        &self,
        actor: &Actor,
        request: &FileRequest,
        list: List,
    ) -> Result<Answered, PaperError> {
        let box_id = actor.box_id();
        let state = self.core.state(box_id, request.message).await?;
        let missing = || Missing::Content { message: request.message, entity: request.attachment };
        let entity = state.entity(request.attachment).ok_or_else(missing)?.clone();
        access::check_documents(&actor.scope, &state, [state.root_of(entity.entity.id)])?;
        self.may_be_posted(actor, &state, request, list)?;
        let author = author_of(&state, &entity);
        let signatures: Vec<ContentRef> = state
            .children(entity.entity.id)
            .filter(|child| child.check != Check::Invalid && !child.is_undeliverable)
            .filter(|child| {
                let signature = child.entity.signature();
                signature.is_some_and(|found| !found.is_approval && found.signer_box == author)
            })
            .filter_map(|child| child.entity.content)
            .collect();
        let loaded = self.core.load_contents(box_id, signatures.iter().map(|content| content.hash)).await?;
        let lost = || CoreError::LostContent { entity: entity.entity.id };
        let bytes = |content: &ContentRef| loaded.get(&content.hash).map(|bytes| bytes.to_vec());
        let signatures = signatures.iter().map(|content| bytes(content).ok_or_else(lost));
        let signatures = signatures.collect::<Result<_, _>>()?;
        // The formats want a name, and a document may have none.
        let name = entity.entity.file_name.as_deref().filter(|name| !name.is_empty()).unwrap_or("-");
        let file = ConfirmedFile::new(name, signatures);
        Ok(Answered { state, entity, author, file })
    }

    /// Decides as if the document were posted now by somebody who may sign: who makes a file for others to sign needs no
    /// right to sign.
    fn may_be_posted(
        &self,
        actor: &Actor,
        state: &MessageState,
        request: &FileRequest,
        list: List,
    ) -> Result<(), PaperError> {
        let content = ContentRef::of(b"not made yet");
        let service = NewService {
            path: request.attachment_path.to_owned(),
            parent: request.attachment,
            content,
            signature: content,
            power: None,
            file_name: None,
            text: None,
            content_type_id: None,
            labels: Vec::new(),
        };
        let mut command = PostPatch::empty(state.box_id, state.message_id);
        match list {
            List::Receipts => command.receipts.push(service),
            List::Rejections => {
                command.rejections.push(potok_domain::command::NewRejection { service, is_formal: true })
            }
            List::AmendmentRequests => command.amendment_requests.push(service),
            List::RevocationRequests => command.revocation_requests.push(service),
            List::FixationCancellations => command.fixation_cancellations.push(service),
        }
        let author_name = actor.user.full_name();
        let permissions = Permissions { can_sign_documents: true, ..actor.employee.permissions.clone() };
        let context =
            decide::Context { permissions: &permissions, ..actor.context(&self.core, &author_name) };
        match decide::post_patch(state, &command, &NamedByPatch::default(), &context) {
            // The files for the other documents of a locked packet are made by calls of their own.
            Ok(_) | Err(Rejection::LockedPacket { .. }) => Ok(()),
            Err(reason @ Rejection::NotSupported { .. }) => Err(PaperError::OtherDocumentType { reason }),
            Err(rejection) => Err(rejection.into()),
        }
    }

    /// The organization of a box that takes part in a message.
    async fn organization_of(&self, actor: &Actor, box_id: BoxId) -> Result<Organization, PaperError> {
        if box_id == actor.box_id() {
            return Ok(Organization::clone(&actor.organization));
        }
        Ok(self.core.directory.organization_by_box(box_id).await?.ok_or(CoreError::NoOrganization(box_id))?)
    }

    /// The head of a document from `actor` to the participant `addressee`, and the moment at which it is made.
    fn head(&self, actor: &Actor, family: Family, version: Version, addressee: &str) -> (Head, MoscowTime) {
        let at = MoscowTime::at(self.core.clock.now());
        let creator = &actor.organization.fns_participant_id;
        let file_id = FileId::new(family, addressee, creator, at.date, self.core.entropy.uuid());
        (Head { file_id, program: PROGRAM_OF_PEOPLE.to_owned(), version }, at)
    }
}

/// Whose box signed the file.
fn author_of(state: &MessageState, found: &EntityState) -> BoxId {
    match &found.entity.body {
        Body::Document(_) => state.from.box_id,
        Body::Service(Service::Confirmation) => BoxId::ZERO,
        Body::Service(Service::RevocationRequest { initiator }) => *initiator,
        _ => {
            let mut signatures = state.children(found.entity.id).filter_map(|child| child.entity.signature());
            let signed = signatures.find(|signature| !signature.is_approval);
            signed.map_or(state.counteragent().box_id, |signature| signature.signer_box)
        }
    }
}

const fn version(format: FileFormat) -> Version {
    match format {
        FileFormat::V1_01 => Version::V1_01,
        FileFormat::V1_02 => Version::V1_02,
        FileFormat::V1_03 => Version::V1_03,
    }
}

fn this_side(actor: &Actor) -> Participant {
    participant(&actor.organization)
}

/// The made file, or which part of the request the format refuses.
fn finished(
    head: &Head,
    made: Result<Vec<u8>, XmlError>,
    request: &FileRequest,
    signer_path: &str,
) -> Result<GeneratedFile, PaperError> {
    match made {
        Ok(content) => {
            Ok(GeneratedFile { file_name: head.file_id.file_name(), content: Bytes::from(content) })
        }
        Err(error) => {
            let path = if error.place.contains("Подписант") {
                signer_path
            } else if error.place.contains("Текст") {
                request.text_path
            } else {
                request.attachment_path
            };
            Err(Invalid::new(path, in_both_languages(&error)).into())
        }
    }
}

/// What is wrong with a document, for people of two languages.
pub(crate) fn in_both_languages(error: &XmlError) -> String {
    format!("{} / {error}", error.ru())
}
