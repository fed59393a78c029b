//! Files as every version shows them.

use potok_domain::EntityState;
use potok_domain::docflow::{Facts, Signed};
use potok_domain::roaming::Said;
use potok_wire::proto;
use potok_wire::proto::docflow::{Attachment, Entity, RoamingNotification};

use super::timestamp;
use crate::verification::verification_result;
use crate::{ContentKind, ContentPlan, document};

/// Shows files and puts bytes into them.
pub(crate) struct Files<'a> {
    pub(crate) inject_content: bool,
    pub(crate) contents: &'a mut ContentPlan,
}

impl Files<'_> {
    /// The file of a root document draws on a budget of its own; all other files share the second one.
    pub(crate) fn entity(&mut self, found: &EntityState) -> Entity {
        let entity = &found.entity;
        let kind = if entity.document().is_some() { ContentKind::Main } else { ContentKind::Other };
        Entity {
            entity_id: Some(entity.id.to_string()),
            creation_timestamp: Some(timestamp(entity.created_at)),
            content: entity.content.as_ref().map(|content| proto::Content {
                size: document::size(content),
                data: self.contents.take(kind, content, self.inject_content),
            }),
        }
    }

    /// A file with its names; `display_name` is the name for people, if it has another one than for machines.
    pub(crate) fn attachment(&mut self, file: &EntityState, display_name: Option<String>) -> Attachment {
        let file_name = file.entity.file_name.clone();
        Attachment {
            entity: Some(self.entity(file)),
            display_filename: display_name.or_else(|| file_name.clone()),
            attachment_filename: file_name,
        }
    }

    /// What another operator said of a file.
    pub(crate) fn roaming(&mut self, said: Option<Said<'_>>) -> Option<RoamingNotification> {
        said.map(|said| RoamingNotification {
            notification: self.entity(said.notification),
            is_success: said.is_success,
        })
    }

    /// What the check of a signature found; shown only together with contents.
    pub(crate) fn verification(
        &mut self,
        signature: &EntityState,
    ) -> Option<proto::SignatureVerificationResult> {
        if !self.inject_content {
            return None;
        }
        verification_result(signature, |certificate| {
            self.contents.take(ContentKind::Certificate, certificate, true)
        })
    }
}

/// The name of the document's file for people; other files have none.
pub(crate) fn display_name(facts: &Facts<'_>, signed: &Signed<'_>) -> Option<String> {
    signed.file.entity.document().map(|_| document::title::display_file_name(facts))
}
