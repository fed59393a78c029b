//! The feed of a box without asking again and again: a page that waits for its first event ([`poll()`]), and a stream of events
//! ([`events`]).
//!
//! Both are `GetNewEvents` asked once more when something happened in the box, with everything that it checks, so they give
//! what it gives, in its order and by its positions.

mod events;
mod places;
mod poll;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use potok_app::{Caller, Listener};
use potok_types::BoxId;
use tokio::time::Instant;

pub(crate) use events::{answer, box_of};
pub(crate) use places::Places;
pub(crate) use poll::{Waits, asked_to_wait, poll};
pub(crate) use stream::Live;

use crate::{ApiError, Edge};
use places::Place;

/// Without a sign from this node the store is looked at anyway after so long: another node may have written.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Somebody who waits for a box.
struct Waiting {
    edge: Arc<Edge>,
    rings: Listener,
    _place: Place,
}

/// Why the waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Woken {
    /// Something may have happened.
    Look,
    /// The time is over.
    TimeOver,
    /// The server stops.
    Stop,
}

impl Waiting {
    /// Hears of everything that happens in the box from now on.
    ///
    /// # Errors
    /// 429 when too many wait already.
    fn new(edge: &Arc<Edge>, box_id: BoxId, who: Option<&Caller>) -> Result<Self, ApiError> {
        let user = who.and_then(|caller| caller.user.as_ref()).map(|user| user.id);
        let place = edge.places.take(user)?;
        Ok(Self { edge: Arc::clone(edge), rings: edge.app.listen_to_feed(box_id), _place: place })
    }

    /// Waits until it is worth looking into the feed again, at most until `end`.
    async fn woken(&mut self, end: Instant) -> Woken {
        let look_again = Instant::now() + LOOK_AGAIN;
        tokio::select! {
            () = self.edge.stop.cancelled() => Woken::Stop,
            () = self.rings.rung() => Woken::Look,
            () = tokio::time::sleep_until(end.min(look_again)) => {
                if end <= look_again { Woken::TimeOver } else { Woken::Look }
            }
        }
    }
}
