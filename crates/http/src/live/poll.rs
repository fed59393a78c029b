//! `Prefer: wait=N` (RFC 7240, 4.3): an empty page of the feed is answered when something came, or after `N` seconds.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use potok_api::{MethodSpec, Verb};
use potok_app::Caller;
use potok_types::BoxId;
use tokio::time::Instant;

use super::{Waiting, Woken, of_its_own};
use crate::answer::Answer;
use crate::apart::Leave;
use crate::dispatch::{Asks, answered, caller};
use crate::preference::{self, PREFERENCE_APPLIED};
use crate::trace::Notes;
use crate::{ApiError, Edge};

/// Proxies seldom keep a silent connection longer.
const LONGEST: Duration = Duration::from_secs(50);

/// How long the caller would wait, by a method that has something to wait for; the first `wait` counts.
pub(crate) fn asked_to_wait(spec: &MethodSpec, headers: &HeaderMap) -> Option<Duration> {
    if spec.verb != Verb::Get || !spec.path.ends_with("/GetNewEvents") {
        return None;
    }
    preference::all(headers).find_map(|preference| {
        let (name, seconds) = preference.split_once('=')?;
        let seconds = seconds.trim().trim_matches('"').parse().ok()?;
        name.trim().eq_ignore_ascii_case("wait").then(|| Duration::from_secs(seconds).min(LONGEST))
    })
}

/// Who asks for the page, and for how long.
pub(crate) struct Waits {
    pub(crate) spec: &'static MethodSpec,
    pub(crate) parts: Parts,
    pub(crate) box_id: BoxId,
    pub(crate) longest: Duration,
}

/// Asks until there is something to answer. Each time the caller is looked at anew: a right that was taken away meanwhile shows
/// nothing.
///
/// # Errors
/// What the method refuses.
pub(crate) async fn poll(
    edge: &Arc<Edge>,
    waits: Waits,
    first: Option<Caller>,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    let Waits { spec, parts: read, box_id, longest } = waits;
    let parts = of_its_own(&read)?;
    drop(read);
    let end = Instant::now() + longest;
    // Before the first look, so that nothing happens unheard between it and the waiting.
    let mut waiting = Waiting::new(edge, box_id, first.as_ref())?;
    let mut who = first;
    let applied = HeaderValue::try_from(format!("wait={}", longest.as_secs())).ok();
    loop {
        let (parts_again, body, box_id) = (parts.clone(), Bytes::new(), Some(box_id));
        let asks = Asks { spec, parts: parts_again, caller: who, box_id, body, flow: None, trial: None };
        // Kept apart, because it is large and the waiting is long.
        let answer = Box::pin(answered(edge, asks, std::future::pending(), notes)).await?;
        if answer.is_empty_page
            && let Some(leave) = parts.extensions.get::<Leave>()
        {
            leave.ask();
        }
        if !answer.is_empty_page || waiting.woken(end).await != Woken::Look {
            return Ok(applied.into_iter().fold(answer, |answer, it| answer.with(PREFERENCE_APPLIED, it)));
        }
        who = Box::pin(caller(edge, spec, &parts, box_id, notes)).await?;
    }
}

#[cfg(test)]
mod tests {
    use potok_api::Endpoint as _;
    use potok_api::methods::{GetMessageV6, GetNewEventsV4, GetNewEventsV8};

    use super::*;
    use crate::preference::PREFER;

    fn asked(spec: &MethodSpec, values: &[&str]) -> Option<u64> {
        let values = values.iter().map(|value| (PREFER, HeaderValue::from_str(value).unwrap()));
        asked_to_wait(spec, &values.collect()).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_wait_is_read_as_preferences_are_written() {
        let spec = GetNewEventsV8::SPEC;
        for (values, seconds) in [
            (&["wait=10"][..], Some(10)),
            (&["respond-async, Wait = \"7\""], Some(7)),
            (&["respond-async", "wait=7; foo=bar"], Some(7)),
            (&["wait=86400"], Some(50)),
            (&["wait=0"], Some(0)),
            (&["wait=-1"], None),
            (&["wait"], None),
            (&["waiting=3"], None),
            (&[], None),
        ] {
            assert_eq!(asked(spec, values), seconds, "{values:?}");
        }
        assert_eq!(asked(GetNewEventsV4::SPEC, &["wait=5"]), Some(5));
        assert_eq!(asked(GetMessageV6::SPEC, &["wait=5"]), None);
    }
}
