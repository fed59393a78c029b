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

use http::Uri;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
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

/// What is asked of a request that waits: who sends it, in which form it is answered, and from where a stream goes on.
static LOOKED_AT: [HeaderName; 4] = [AUTHORIZATION, ACCEPT, CONTENT_TYPE, events::LAST_EVENT_ID];

/// A copy of a request that is to wait, with those of its headers that are looked at again. What came is a part of the buffer into
/// which the connection read it, and would hold all of it.
fn of_its_own(parts: &Parts) -> Result<Parts, ApiError> {
    let (mut own, ()) = http::Request::new(()).into_parts();
    own.method = parts.method.clone();
    own.version = parts.version;
    own.uri = Uri::try_from(parts.uri.to_string()).map_err(|_| ApiError::internal())?;
    let values = |name: &HeaderName| parts.headers.get_all(name).iter();
    own.headers.reserve(LOOKED_AT.iter().flat_map(values).count());
    for name in &LOOKED_AT {
        for value in values(name) {
            let mut copy = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| ApiError::internal())?;
            copy.set_sensitive(value.is_sensitive());
            own.headers.append(name, copy);
        }
    }
    own.extensions = parts.extensions.clone();
    Ok(own)
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_request_that_waits_holds_nothing_of_what_was_read() {
        let read = Bytes::from_static(b"/V8/GetNewEvents?boxId=1 Bearer token text/plain");
        let path = Uri::from_maybe_shared(read.slice(..24)).unwrap();
        let (mut parts, ()) = http::Request::builder().uri(path).body(()).unwrap().into_parts();
        let mut value = HeaderValue::from_maybe_shared(read.slice(25..37)).unwrap();
        value.set_sensitive(true);
        parts.headers.append(AUTHORIZATION, value);
        parts.headers.append(ACCEPT, HeaderValue::from_maybe_shared(read.slice(38..)).unwrap());
        parts.headers.append(ACCEPT, HeaderValue::from_static("application/json"));
        parts.headers.append("prefer", HeaderValue::from_static("wait=1"));
        parts.extensions.insert(7_u8);
        let own = of_its_own(&parts).unwrap();
        parts.headers.remove("prefer");
        assert_eq!((&own.method, &own.uri, &own.headers), (&parts.method, &parts.uri, &parts.headers));
        assert!(own.headers[AUTHORIZATION].is_sensitive() && own.extensions.get::<u8>() == Some(&7));
        let places = |parts: &Parts| {
            let values = parts.headers.values().map(|value| value.as_bytes().as_ptr());
            values.chain([parts.uri.path().as_ptr()]).collect::<Vec<_>>()
        };
        let read = places(&parts);
        assert!(places(&own).iter().all(|place| !read.contains(place)));
    }
}
