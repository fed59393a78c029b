//! The operator's confirmations of what is delivered: made, signed and kept.

use bytes::Bytes;
use potok_domain::directory::Organization;
use potok_domain::operator::{Confirmation, ConfirmationKind, Due, due, with_confirmations};
use potok_domain::{Event, MessageState};
use potok_fns::Participant;
use potok_seams::{ConfirmationRequest, OperatorDocuments};
use potok_store::SmallContent;
use potok_types::{BoxId, EntityId, Ticks};

use crate::core::{Core, CoreError};
use crate::delivery::failed::Failed;
use crate::paper::participant;

/// The confirmations that one delivery brings to one of the boxes.
pub(super) struct Confirming<'a> {
    core: &'a Core,
    operator: &'a dyn OperatorDocuments,
    /// What to confirm, with the bytes of the author's signatures.
    due: Vec<(Due, Vec<Bytes>)>,
    /// Author and recipient; `None` when nothing is due.
    sides: Option<(Participant, Participant)>,
}

impl<'a> Confirming<'a> {
    /// What the operator confirms about `event`, which goes to `to`; nothing is made yet.
    pub(super) async fn of(
        core: &'a Core,
        operator: &'a dyn OperatorDocuments,
        source: &MessageState,
        event: &Event,
        kind: ConfirmationKind,
        to: &Organization,
    ) -> Result<Self, Failed> {
        let due = due(source, event, kind, to.box_id);
        if due.is_empty() {
            return Ok(Self::nothing(core, operator));
        }
        let author = core.organization(source.box_id).await?;
        let author = participant(&*author.ok_or(Failed::NoOrganization(source.box_id))?);
        // Behind an intermediate addressee stands the recipient of which the confirmation speaks.
        let counteragent = source.counteragent().box_id;
        let recipient = if counteragent == to.box_id {
            participant(to)
        } else {
            let found = core.organization(counteragent).await?;
            participant(&*found.ok_or(Failed::NoOrganization(counteragent))?)
        };
        let hashes = due.iter().flat_map(|due| &due.signatures).map(|content| content.hash);
        let loaded = core.load_contents(source.box_id, hashes).await?;
        let with_bytes = |due: Due| {
            let bytes = due.signatures.iter().map(|content| loaded.get(&content.hash).cloned());
            let bytes: Option<Vec<Bytes>> = bytes.collect();
            bytes.map(|bytes| (due.clone(), bytes)).ok_or(CoreError::LostContent { entity: due.attachment })
        };
        let due = due.into_iter().map(with_bytes).collect::<Result<_, _>>()?;
        Ok(Self { core, operator, due, sides: Some((author, recipient)) })
    }

    /// No confirmations at all.
    pub(super) const fn nothing(core: &'a Core, operator: &'a dyn OperatorDocuments) -> Self {
        Self { core, operator, due: Vec::new(), sides: None }
    }

    /// Makes them with the time `at` and puts them into `event`; what has to be written beside it goes to `small`.
    pub(super) async fn put_into(
        &self,
        event: Event,
        small: &mut Vec<SmallContent>,
    ) -> Result<Event, Failed> {
        let mut made = Vec::with_capacity(self.due.len());
        for (due, signatures) in &self.due {
            made.push(self.make(due, signatures, event.at, small).await?);
        }
        Ok(with_confirmations(event, &made))
    }

    async fn make(
        &self,
        due: &Due,
        signatures: &[Bytes],
        at: Ticks,
        small: &mut Vec<SmallContent>,
    ) -> Result<Confirmation, Failed> {
        let (author, recipient) = self.sides.as_ref().ok_or(Failed::NoOrganization(BoxId::ZERO))?;
        let id = EntityId::from_uuid(self.core.entropy.id());
        let request = ConfirmationRequest {
            kind: due.kind,
            entity: id,
            at,
            file_name: &due.file_name,
            signatures,
            author,
            recipient,
        };
        let document = self.operator.confirm(request).await?;
        Ok(Confirmation {
            attachment: due.attachment,
            kind: due.kind,
            id,
            file_name: document.file_name,
            content: self.core.keep(document.content, small).await?,
            signature_id: EntityId::from_uuid(self.core.entropy.id()),
            signature: self.core.keep(document.signature, small).await?,
        })
    }
}
