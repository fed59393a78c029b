//! The ready bytes of events, and whether their places in the feed are right.

use potok_store::{Derived, DerivedEvent, Difference, FeedEntry};
use potok_types::{BoxId, EventId};

use crate::{Failure, RebuildStmt, Row, Sql, SqlWrite, args, feed};

/// An event of which something is not as it should be.
pub(super) struct Differing {
    /// Its row in the journal, and which event of the message it is.
    row: i64,
    nth: usize,
    id: EventId,
    is_ready: bool,
    is_in_place: bool,
}

impl Differing {
    pub(super) fn differences(&self) -> impl Iterator<Item = Difference> + use<> {
        let ready = (!self.is_ready).then_some(Difference::Ready(self.id));
        let place = (!self.is_in_place).then_some(Difference::Feed(self.id));
        ready.into_iter().chain(place)
    }
}

/// An event as it is kept.
struct Kept {
    row: i64,
    id: EventId,
    is_ready: bool,
    place: Option<Place>,
}

/// Its row of the feed.
struct Place {
    event: i64,
    at: i64,
    message_type: i64,
    profile: i64,
}

/// `None`: the message has other events.
pub(super) async fn compare(
    sql: &mut impl Sql,
    box_id: BoxId,
    derived: &Derived,
) -> Result<Option<Vec<Differing>>, Failure> {
    let expected = &derived.events;
    let mut kept = Vec::with_capacity(expected.len());
    sql.each(RebuildStmt::Events, &args![box_id, derived.message_id], |row| {
        let ready: &[u8] = row.get(2)?;
        let is_ready = expected.get(kept.len()).is_some_and(|derived| derived.ready[..] == *ready);
        kept.push(Kept { row: row.get(0)?, id: row.get(1)?, is_ready, place: place(row)? });
        Ok(())
    })
    .await?;
    if !kept.iter().map(|kept| kept.id).eq(expected.iter().map(|derived| derived.id)) {
        return Ok(None);
    }
    let mut differing = Vec::new();
    for (nth, (kept, derived)) in kept.iter().zip(expected).enumerate() {
        let is_in_place = is_in_place(sql, box_id, kept, derived).await?;
        if !(kept.is_ready && is_in_place) {
            differing.push(Differing {
                row: kept.row,
                nth,
                id: kept.id,
                is_ready: kept.is_ready,
                is_in_place,
            });
        }
    }
    Ok(Some(differing))
}

fn place(row: &dyn Row) -> Result<Option<Place>, Failure> {
    let Some(event) = row.get(3)? else { return Ok(None) };
    Ok(Some(Place { event, at: row.get(4)?, message_type: row.get(5)?, profile: row.get(6)? }))
}

async fn is_in_place(
    sql: &mut impl Sql,
    box_id: BoxId,
    kept: &Kept,
    derived: &DerivedEvent,
) -> Result<bool, Failure> {
    let FeedEntry { at, message_type, .. } = &derived.feed;
    let Some(place) = &kept.place else { return Ok(false) };
    let is_of_event = place.event == kept.row
        && place.at == at.get()
        && place.message_type == i64::from(*message_type as i32);
    Ok(is_of_event && feed::profile_of(sql, box_id, &derived.feed).await? == Some((place.profile, true)))
}

pub(super) async fn put_right(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    derived: &Derived,
    differing: &[Differing],
) -> Result<(), Failure> {
    let unready = differing.iter().filter(|event| !event.is_ready);
    let unready =
        unready.map(|event| args![box_id, event.row, &derived.events[event.nth].ready[..]]).collect();
    sql.execute_each(RebuildStmt::ReplaceReady, &unready).await
}
