//! Pages on which people sign in, allow programs and devices what they ask for, and sign out.
//!
//! The contract names where browsers come in (`/connect/authorize`, `/device`, `/connect/endsession`); what the pages send is
//! found here, beside it.

mod authorize;
mod device;
mod end_session;
mod provider;
mod sign_in;
mod visit;

use std::sync::Arc;

use http::Method;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::request::Parts;
use potok_room::Holder;

pub(crate) use authorize::authorize;
pub(crate) use device::device;
pub(crate) use end_session::end_session;
pub(crate) use visit::{Visit, redirect};

use crate::answer::Answer;
use crate::body::{self, Announced};
use crate::came::Came;
use crate::peer::Peer;
use crate::trace::Notes;
use crate::{ApiError, Edge};

/// Forms are small: a login with its password, an answer with the request that it is about.
const FORM_BYTES: u64 = 32 * 1024;

/// What the pages lead to.
#[derive(Clone, Copy)]
enum Place {
    Stylesheet,
    SignIn,
    SentSignIn,
    SentProvider,
    BackFromProvider,
    SentAnswer,
    SentDevice,
    SentEnd,
}

fn place(parts: &Parts) -> Option<Place> {
    let is_read = parts.method == Method::GET || parts.method == Method::HEAD;
    match (parts.uri.path(), is_read, parts.method == Method::POST) {
        (potok_pages::STYLESHEET_PATH, true, _) => Some(Place::Stylesheet),
        ("/signin", true, _) => Some(Place::SignIn),
        ("/signin", _, true) => Some(Place::SentSignIn),
        ("/signin/provider", _, true) => Some(Place::SentProvider),
        ("/signin/callback", true, _) => Some(Place::BackFromProvider),
        ("/connect/authorize", _, true) => Some(Place::SentAnswer),
        ("/device", _, true) => Some(Place::SentDevice),
        ("/connect/endsession", _, true) => Some(Place::SentEnd),
        _ => None,
    }
}

/// Whether the request is of a page.
pub(crate) fn is_page(parts: &Parts) -> bool {
    place(parts).is_some()
}

/// Answers a request of a page.
pub(crate) async fn answer(
    edge: &Arc<Edge>,
    parts: Parts,
    request_body: &mut Came,
    announced: &Announced,
    notes: &Notes,
) -> Answer {
    let _set_once = notes.label.set("page");
    visited(edge, parts, request_body, announced).await.unwrap_or_else(Answer::from)
}

async fn visited(
    edge: &Arc<Edge>,
    parts: Parts,
    request_body: &mut Came,
    announced: &Announced,
) -> Result<Answer, ApiError> {
    let Some(place) = place(&parts) else { return Err(ApiError::internal()) };
    if let (Some(limits), Some(peer)) = (&edge.limits, parts.extensions.get::<Peer>()) {
        limits.count_address(peer.0)?;
    }
    let holder = Holder::new(parts.extensions.get::<Peer>().map(|peer| peer.0.ip()));
    let body = body::read(announced, request_body, FORM_BYTES, edge.app.room(), holder).await?;
    let visit = Visit::new(Arc::clone(edge), parts, &body);
    match place {
        Place::Stylesheet => Ok(Answer::ok(Some("text/css; charset=utf-8"), potok_pages::STYLESHEET)
            .with(CACHE_CONTROL, HeaderValue::from_static("max-age=3600"))),
        Place::SignIn => sign_in::page(visit).await,
        Place::SentSignIn => sign_in::sent(visit).await,
        Place::SentProvider => provider::begin(visit).await,
        Place::BackFromProvider => provider::back(visit).await,
        Place::SentAnswer => authorize::sent(visit).await,
        Place::SentDevice => device::sent(visit).await,
        Place::SentEnd => end_session::sent(visit).await,
    }
}
