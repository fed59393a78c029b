//! Relations to other boxes: folds of their streams, and the one way in which they change.

use potok_domain::directory::Organization;
use potok_domain::relation::{
    self, Consequence, GroupChange, GroupEvent, Groups, Reception, Relation, RelationChange, RelationEvent,
    Status,
};
use potok_store::stored::{StoredFormError, decode_group_event, decode_relation_event};
use potok_store::{Append, AppendError, NewEvent, StoreError, StreamAppend, StreamId, Wanted};
use potok_types::{BoxId, EventId, UserId};

use super::commit::{CommitError, NewChange, TRIES, Terms};
use super::relation_step::RelationStep;
use super::{Core, CoreError};

fn unreadable(error: StoredFormError) -> StoreError {
    StoreError { action: "read relations", source: Box::new(error) }
}

/// What stored events of a relation come to.
fn relation_of(me: BoxId, other: BoxId, stored: Option<Vec<bytes::Bytes>>) -> Result<Relation, StoreError> {
    let events = stored.unwrap_or_default().iter().map(|stored| decode_relation_event(stored)).collect();
    let events: Vec<RelationEvent> = Result::map_err(events, unreadable)?;
    Ok(Relation::replay(me, other, &events))
}

fn groups_of(stored: Option<Vec<bytes::Bytes>>) -> Result<Groups, StoreError> {
    let events = stored.unwrap_or_default().iter().map(|stored| decode_group_event(stored)).collect();
    let events: Vec<GroupEvent> = Result::map_err(events, unreadable)?;
    Ok(Groups::replay(&events))
}

impl Core {
    /// What `others` are to the box, in their order, and the groups of its counteragents; one reading of the store.
    pub(crate) async fn relations_and_groups(
        &self,
        box_id: BoxId,
        others: &[BoxId],
    ) -> Result<(Vec<Relation>, Groups), StoreError> {
        let mut wanted: Vec<Wanted> =
            others.iter().map(|other| Wanted::all(StreamId::relation(*other))).collect();
        wanted.push(Wanted::all(StreamId::groups(box_id)));
        let mut found = self.journal.streams(box_id, &wanted).await?;
        let groups = groups_of(found.pop().flatten())?;
        let relations = others.iter().zip(found).map(|(other, found)| relation_of(box_id, *other, found));
        Ok((relations.collect::<Result<_, _>>()?, groups))
    }

    /// What `other` lets the box do. The other box is asked, as the address book is: its word is the one that counts.
    pub(crate) async fn reception(&self, other: BoxId, box_id: BoxId) -> Result<Reception, StoreError> {
        Ok(self.standing(other, box_id).await?.reception)
    }

    /// Whether the organization agrees to everybody who invites it.
    pub(crate) fn agrees_to_everybody(&self, organization: &Organization) -> bool {
        !self.partners_only && !organization.counteragents_only
    }

    /// What events of messages do to relations of the box, at most one step for each other box.
    pub(crate) async fn relations_after(
        &self,
        box_id: BoxId,
        changes: &[NewChange],
    ) -> Result<Vec<RelationStep>, StoreError> {
        let mut steps: Vec<RelationStep> = Vec::new();
        for change in changes {
            let Some((other, meant)) = relation::consequence(&change.after, &change.event) else { continue };
            if steps.iter().any(|step| step.before.other == other) {
                continue;
            }
            // The messages of partners change nothing about that.
            let is_partner =
                async || Ok(self.standing(box_id, other).await?.status == Some(Status::IsMyCounteragent));
            if meant == Consequence::Exchanged && is_partner().await? {
                continue;
            }
            let (mut relations, _) = self.relations_and_groups(box_id, &[other]).await?;
            let Some(before) = relations.pop() else { continue };
            let invites = matches!(meant, Consequence::Invited { .. });
            let is_welcome = invites && {
                let found = self.organization(other).await?;
                found.is_some_and(|found| self.agrees_to_everybody(&found))
            };
            let by = change.event.author();
            let act = relation::follows(&before, meant, is_welcome, self.clock.now());
            steps.extend(act.map(|act| RelationStep { change: RelationChange::Mine { act, by }, before }));
        }
        Ok(steps)
    }

    /// The groups of the counteragents of the box.
    pub(crate) async fn groups(&self, box_id: BoxId) -> Result<Groups, StoreError> {
        let wanted = [Wanted::all(StreamId::groups(box_id))];
        groups_of(self.journal.streams(box_id, &wanted).await?.pop().flatten())
    }

    /// Changes a relation as `decide` wants it, which is asked again when others changed it meanwhile; it is shown the groups
    /// too. Whether something was written.
    ///
    /// # Errors
    /// What `decide` says; else [`CommitError`].
    pub(crate) async fn change_relation<E: From<CommitError>>(
        &self,
        box_id: BoxId,
        other: BoxId,
        terms: Terms<'_>,
        decide: impl Fn(&Relation, &Groups) -> Result<Option<RelationChange>, E>,
    ) -> Result<bool, E> {
        for _ in 0..TRIES {
            let found = self.relations_and_groups(box_id, &[other]).await;
            let (relations, groups) = found.map_err(CommitError::from)?;
            let before = relations.into_iter().next().unwrap_or_else(|| Relation::none(box_id, other));
            let step = decide(&before, &groups)?.map(|change| RelationStep { change, before });
            let must_deliver =
                step.as_ref().is_some_and(|step| matches!(step.change, RelationChange::Mine { .. }));
            let is_changed = step.is_some();
            if !is_changed && terms.settles.is_none() {
                return Ok(false);
            }
            let streams = step.map(|step| step.append(self.clock.now())).into_iter().collect();
            let append = Append { settles: terms.settles, ..Append::new(box_id, streams) };
            match self.journal.append(append).await {
                Ok(_) => {
                    if must_deliver {
                        self.deliveries.ring(box_id);
                    }
                    return Ok(is_changed);
                }
                Err(AppendError::Stale { .. }) => {}
                Err(error) => return Err(CommitError::of(error, StreamId::relation(other)).into()),
            }
        }
        Err(CommitError::Busy(StreamId::relation(other)).into())
    }

    /// Changes the groups of the box as `decide` wants it: how they are then, and whether something was written.
    ///
    /// # Errors
    /// What `decide` says; else [`CommitError`].
    pub(crate) async fn change_groups<E: From<CommitError>>(
        &self,
        box_id: BoxId,
        by: UserId,
        decide: impl Fn(&Groups) -> Result<Option<GroupChange>, E>,
    ) -> Result<Groups, E> {
        let id = EventId::from_uuid(self.entropy.id());
        for _ in 0..TRIES {
            let mut groups = self.groups(box_id).await.map_err(CommitError::from)?;
            let Some(change) = decide(&groups)? else { return Ok(groups) };
            let event = GroupEvent { id, at: self.clock.now(), by, change };
            let events = vec![NewEvent::of_groups(box_id, &event)];
            let of_groups = StreamAppend::new(StreamId::groups(box_id), groups.revision(), events);
            match self.journal.append(Append::new(box_id, vec![of_groups])).await {
                Ok(_) => {
                    groups.apply(&event.change);
                    return Ok(groups);
                }
                Err(AppendError::Stale { .. }) => {}
                Err(error) => return Err(CommitError::of(error, StreamId::groups(box_id)).into()),
            }
        }
        Err(CommitError::Busy(StreamId::groups(box_id)).into())
    }

    /// The act of the other side in the one event of a relation that is to be delivered.
    pub(crate) async fn relation_event(
        &self,
        box_id: BoxId,
        wanted: Wanted,
    ) -> Result<Option<RelationEvent>, CoreError> {
        let found = self.journal.streams(box_id, &[wanted]).await?;
        let stored = found.into_iter().flatten().flatten().next();
        Ok(stored.map(|stored| decode_relation_event(&stored)).transpose().map_err(unreadable)?)
    }
}
