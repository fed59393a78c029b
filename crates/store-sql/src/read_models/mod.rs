//! Read models, compared with the journal and made again from it.

mod documents;
mod events;
mod feed;
mod strays;

use async_trait::async_trait;
use potok_domain::DocumentRef;
use potok_store::{
    Compared, Derived, Difference, FeedEntry, KeptLink, ReadModels, RebuildPlace, StoreError, Stray,
    StreamKind,
};
use potok_types::{BoxId, EventId, MessageId};

use crate::journal::revision;
use crate::{
    Backend, Batch, Failure, JournalStmt, RebuildStmt, Session, Sql, SqlStore, SqlWrite, Value, args,
};

pub(crate) use documents::forget as forget_documents;
pub(crate) use feed::put_right as add_up_feed;

/// What differs of one message.
struct Found {
    events: Vec<events::Differing>,
    documents: Vec<documents::Differing>,
    links: Vec<(DocumentRef, DocumentRef)>,
}

impl Found {
    fn differences(&self) -> Vec<Difference> {
        let mut differences: Vec<Difference> =
            self.events.iter().flat_map(events::Differing::differences).collect();
        differences.extend(self.documents.iter().map(documents::Differing::difference));
        differences.extend(self.links.iter().map(|(referrer, _)| Difference::Link(*referrer)));
        differences
    }
}

/// `None`: the message has other events.
async fn find(sql: &mut impl Sql, box_id: BoxId, derived: &Derived) -> Result<Option<Found>, Failure> {
    let Some(events) = events::compare(sql, box_id, derived).await? else { return Ok(None) };
    let documents = documents::compare(sql, box_id, derived).await?;
    Ok(Some(Found { events, documents, links: missing_links(sql, box_id, derived).await? }))
}

async fn missing_links(
    sql: &mut impl Sql,
    box_id: BoxId,
    derived: &Derived,
) -> Result<Vec<(DocumentRef, DocumentRef)>, Failure> {
    let mut is_there = vec![false; derived.links.len()];
    sql.each_of(RebuildStmt::HasLink, &link_args(box_id, &derived.links), |place, _| {
        is_there[place] = true;
        Ok(())
    })
    .await?;
    let missing = derived.links.iter().zip(is_there).filter(|(_, is_there)| !is_there).map(|(link, _)| *link);
    let missing: Vec<(DocumentRef, DocumentRef)> = missing.collect();
    // Nothing links to a message that was erased.
    let ends: Batch<'_> = missing
        .iter()
        .flat_map(|(referrer, base)| [referrer.message_id, base.message_id])
        .map(|message| args![box_id, StreamKind::MESSAGE.number(), message])
        .collect();
    let mut is_erased = vec![false; missing.len()];
    sql.each_of(JournalStmt::Revision, &ends, |place, row| {
        is_erased[place / 2] |= revision(row)?.is_none();
        Ok(())
    })
    .await?;
    Ok(missing.into_iter().zip(is_erased).filter(|(_, is_erased)| !is_erased).map(|(link, _)| link).collect())
}

fn link_args(box_id: BoxId, links: &[(DocumentRef, DocumentRef)]) -> Batch<'static> {
    links
        .iter()
        .map(|(referrer, base)| {
            args![box_id, base.message_id, base.entity_id, referrer.message_id, referrer.entity_id]
        })
        .collect()
}

async fn compare(sql: &mut impl Sql, box_id: BoxId, derived: &Derived) -> Result<Compared, Failure> {
    let found = find(sql, box_id, derived).await?;
    Ok(found.map_or(Compared::Moved, |found| Compared::Differences(found.differences())))
}

async fn put_right<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    derived: &Derived,
) -> Result<Compared, Failure> {
    session.sql.enter(box_id).await?;
    // What is remembered may be what was damaged.
    session.heads.clear();
    let Some(found) = find(&mut session.sql, box_id, derived).await? else { return Ok(Compared::Moved) };
    events::put_right(&mut session.sql, box_id, derived, &found.events).await?;
    documents::put_right(session, box_id, &found.documents).await?;
    session.sql.execute_each(JournalStmt::InsertLink, &link_args(box_id, &found.links)).await?;
    Ok(Compared::Differences(found.differences()))
}

/// After which to go on; nothing comes before every id.
fn behind(id: Option<impl Into<Value<'static>>>) -> Value<'static> {
    id.map_or(Value::Bytes(&[]), Into::into)
}

#[async_trait]
impl<B: Backend> ReadModels for SqlStore<B> {
    async fn next_box(&self, after: Option<BoxId>) -> Result<Option<BoxId>, StoreError> {
        self.ask("list boxes", after, |sql, after| {
            Box::pin(async move {
                let next: Option<Option<BoxId>> =
                    sql.row(RebuildStmt::NextBox, &args![behind(*after)], |row| row.get(0)).await?;
                Ok(next.flatten())
            })
        })
        .await
    }

    async fn messages_behind(
        &self,
        box_id: BoxId,
        after: Option<MessageId>,
        limit: usize,
    ) -> Result<Vec<MessageId>, StoreError> {
        self.ask("list messages", (box_id, after, limit), |sql, (box_id, after, limit)| {
            Box::pin(async move {
                let args = args![*box_id, behind(*after), *limit];
                sql.rows(RebuildStmt::Messages, &args, |row| row.get(0)).await
            })
        })
        .await
    }

    async fn count_messages(&self) -> Result<u64, StoreError> {
        self.ask("count messages", (), |sql, ()| {
            Box::pin(async move {
                let count: Option<i64> = sql.row(RebuildStmt::CountMessages, &[], |row| row.get(0)).await?;
                Ok(count.unwrap_or(0).unsigned_abs())
            })
        })
        .await
    }

    async fn compare(&self, box_id: BoxId, derived: &Derived) -> Result<Compared, StoreError> {
        self.view("compare a message with its events", (box_id, derived.clone()), |sql, (box_id, derived)| {
            Box::pin(compare(sql, *box_id, derived))
        })
        .await
    }

    async fn put_right(&self, box_id: BoxId, derived: &Derived) -> Result<Compared, StoreError> {
        self.rewrite("put a message right", (box_id, derived.clone()), |session, (box_id, derived)| {
            Box::pin(put_right(session, *box_id, derived))
        })
        .await
    }

    async fn compare_feed(&self, box_id: BoxId) -> Result<Vec<Difference>, StoreError> {
        self.view("add up the feed", box_id, |sql, box_id| {
            Box::pin(async move { Ok(feed::differing(sql, *box_id).await?.differences()) })
        })
        .await
    }

    async fn put_feed_right(
        &self,
        box_id: BoxId,
        entries: &[(EventId, FeedEntry)],
    ) -> Result<Vec<Difference>, StoreError> {
        self.rewrite("put a feed right", (box_id, entries.to_vec()), |session, (box_id, entries)| {
            Box::pin(feed::put_right(session, *box_id, entries))
        })
        .await
    }

    async fn compare_counteragents(
        &self,
        box_id: BoxId,
        after: Option<BoxId>,
        is_put_right: bool,
    ) -> Result<(Vec<Difference>, Option<BoxId>), StoreError> {
        self.compare_places(box_id, after, is_put_right).await
    }

    async fn strays(&self, box_id: Option<BoxId>) -> Result<Vec<Stray>, StoreError> {
        self.find_strays(box_id).await
    }

    async fn links_behind(
        &self,
        box_id: BoxId,
        after: Option<&KeptLink>,
        limit: usize,
    ) -> Result<Vec<KeptLink>, StoreError> {
        self.ask("list links", (box_id, after.cloned(), limit), |sql, (box_id, after, limit)| {
            Box::pin(strays::links(sql, *box_id, after.as_ref(), *limit))
        })
        .await
    }

    async fn remove_strays(&self, box_id: Option<BoxId>, strays: &[Stray]) -> Result<(), StoreError> {
        self.rewrite("take stray rows away", (box_id, strays.to_vec()), |session, (box_id, strays)| {
            Box::pin(async move {
                strays::remove(&mut session.sql, *box_id, strays).await?;
                session.heads.clear();
                Ok(())
            })
        })
        .await
    }

    async fn rebuild_place(&self) -> Result<Option<RebuildPlace>, StoreError> {
        self.ask("find where a rebuild was left", (), |sql, ()| {
            Box::pin(sql.row(RebuildStmt::Place, &[], |row| {
                Ok(RebuildPlace {
                    box_id: row.get(0)?,
                    message_id: row.get(1)?,
                    messages: row.get::<i64>(2)?.unsigned_abs(),
                    differences: row.get::<i64>(3)?.unsigned_abs(),
                })
            }))
        })
        .await
    }

    async fn put_rebuild_place(&self, place: Option<RebuildPlace>) -> Result<(), StoreError> {
        self.rewrite("remember where a rebuild stands", place, |session, place| {
            session.touches_nothing();
            Box::pin(async move {
                session.sql.execute(RebuildStmt::DeletePlace, &[]).await?;
                let Some(place) = place else { return Ok(()) };
                let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
                let args =
                    args![place.box_id, place.message_id, number(place.messages), number(place.differences)];
                session.sql.execute(RebuildStmt::PutPlace, &args).await.map(drop)
            })
        })
        .await
    }
}
