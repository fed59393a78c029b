//! What is answered outside the contract: signs of life, and the icon that browsers ask for by themselves.

use std::sync::atomic::Ordering;

use http::header::CACHE_CONTROL;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use potok_app::CoreError;
use potok_types::with_causes;

use crate::Edge;
use crate::answer::{Answer, TEXT};

/// The page at the path of the request, if there is one.
pub(crate) async fn find(edge: &Edge, parts: &Parts) -> Option<Answer> {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return None;
    }
    match parts.uri.path() {
        "/livez" => Some(Answer::ok(Some(TEXT), "alive")),
        "/readyz" => Some(ready(edge).await),
        potok_pages::ICON_PATH => Some(
            Answer::ok(Some("image/svg+xml"), potok_pages::ICON)
                .with(CACHE_CONTROL, HeaderValue::from_static("max-age=86400")),
        ),
        _ => None,
    }
}

/// Whether new requests are welcome: the store answers, takes changes, has the layout of this program and was not left for a copy,
/// contents are taken, and no stop has begun.
async fn ready(edge: &Edge) -> Answer {
    let refused =
        |text: &'static str| Answer::ok(Some(TEXT), text).with_status(StatusCode::SERVICE_UNAVAILABLE);
    if edge.is_stopping.load(Ordering::Acquire) {
        return refused("stopping");
    }
    match edge.app.admin().probe().await {
        Ok(None) => Answer::ok(Some(TEXT), "ready"),
        Ok(Some(remark)) => Answer::ok(Some(TEXT), format!("ready; {remark}")),
        Err(error @ CoreError::Content(_)) => {
            tracing::error!(error = with_causes(&error), "the folder of contents takes nothing");
            refused("the folder of contents takes nothing: its disk is full, or cannot be written")
        }
        Err(error) if error.is_unwritable() => {
            tracing::error!(error = with_causes(&error), "the store takes no changes");
            refused("the store takes no changes: its disk is full, or cannot be written")
        }
        Err(ref error @ CoreError::Store(ref store)) if store.is_other_layout() => {
            tracing::error!(error = with_causes(error), "the database has another layout than this program");
            refused(
                "the database has another layout than this program: run `potok migrate`, or the newer program",
            )
        }
        Err(ref error @ CoreError::Store(ref store)) if store.is_moved_away() => {
            tracing::error!(error = with_causes(error), "the store was left for a copy of it");
            refused(
                "the store was copied to another one, which is used in its place: start the server with the settings of that one",
            )
        }
        Err(error) => {
            tracing::error!(error = with_causes(&error), "the store does not answer");
            refused("the store does not answer")
        }
    }
}
