//! What arrives in the receiving box.

use std::collections::HashSet;

use potok_domain::access::Scope;
use potok_domain::directory::Organization;
use potok_domain::operator::{ConfirmationKind, with_checked_powers};
use potok_domain::receive::{self, Arrived, Receipt};
use potok_domain::{DocumentRef, Entity, Event, strengthen};
use potok_store::SmallContent;
use potok_types::{BoxId, ContentHash};

use super::confirm::Confirming;
use super::{Messages, Parcel};
use crate::core::{CoreError, NewChange, Terms};
use crate::delivery::failed::Failed;

impl Messages {
    /// Writes the event to the receiving box, unless it is there already. `None`: there is nothing to deliver, or the box has erased
    /// the message.
    pub(super) async fn hand_over(
        &self,
        parcel: &Parcel,
        to: &Organization,
    ) -> Result<Option<Arrived>, Failed> {
        let Parcel { source, event, .. } = parcel;
        let links: Vec<DocumentRef> = source
            .documents()
            .flat_map(|(_, document)| {
                document.initial_documents.iter().chain(&document.subordinate_documents)
            })
            .copied()
            .filter(|link| link.message_id != source.message_id)
            .collect();
        let existing = self.core.existing_documents(to.box_id, links, &Scope::All).await?;
        let packets = self.core.open_packets(to.box_id, &existing).await?;
        let confirming =
            Confirming::of(&self.core, &*self.operator, source, event, ConfirmationKind::PassedOn, to)
                .await?;
        let (existing, packets, confirming) = (&existing, &packets, &confirming);
        let handed = self
            .core
            .commit_telling(to.box_id, Terms::default(), || async {
                let target = self.core.find_state(to.box_id, source.message_id).await?;
                let now = self.core.clock.now();
                let receipt =
                    receive::receive(source, event, &parcel.verdicts, target.as_deref(), to, now, existing);
                let told = receipt.arrived();
                let Receipt::New(mut arrived) = receipt else { return Ok((Vec::new(), told)) };
                receive::join(&mut arrived, |document| packets.get(&document).copied());
                let arrived = strengthen::in_place_of_originals(arrived, &parcel.copies);
                let arrived = with_checked_powers(arrived, target.as_deref(), &parcel.powers[1]);
                let mut contents = self.copied_contents(source.box_id, &arrived, &parcel.contents).await?;
                let arrived = confirming.put_into(arrived, &mut contents).await?;
                let mut change = match target {
                    None => NewChange::opening(to.box_id, arrived).ok_or(CoreError::CutOff)?,
                    Some(target) => NewChange::next(&target, arrived),
                };
                change.contents = contents;
                change.links = receive::links(&change.event);
                change.links.extend(self.core.found_by_name(&change.after, &change.event).await?);
                change.deliver_to = receive::onward(&change.after, &change.event, source.box_id);
                Ok::<_, Failed>((self.core.with_template(change).await?, told))
            })
            .await;
        match handed {
            Ok((_, told)) => Ok(told),
            Err(Failed::Erased(_)) => Ok(None),
            Err(failed) => Err(failed),
        }
    }

    /// The small contents of an arriving event, to be kept in the receiving box too. Large ones are shared by name.
    /// `made` were found or made on the way and are not written anywhere yet.
    async fn copied_contents(
        &self,
        from: BoxId,
        arrived: &Event,
        made: &[SmallContent],
    ) -> Result<Vec<SmallContent>, CoreError> {
        let mut copied: Vec<SmallContent> = made.to_vec();
        let known: HashSet<ContentHash> = made.iter().map(|kept| kept.hash).collect();
        let hashes: HashSet<ContentHash> = arrived
            .entities()
            .iter()
            .flat_map(Entity::contents)
            .filter(|content| content.size_bytes <= self.core.small_content_bytes)
            .map(|content| content.hash)
            .filter(|hash| !known.contains(hash))
            .collect();
        let hashes: Vec<ContentHash> = hashes.into_iter().collect();
        copied.extend(self.core.journal.small_contents(from, &hashes).await?);
        Ok(copied)
    }
}
