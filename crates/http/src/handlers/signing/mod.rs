//! Signing with keys that the server holds.

mod refusals;

use http::HeaderValue;
use http::header::RETRY_AFTER;
use potok_api::{Endpoint, Maybe};
use potok_app::Held;

use crate::answer::Answer;
use crate::call::Call;

/// When to ask again.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// What came of a task; until something did, that it is to be asked for again.
fn told<E, R>(call: &Call<E>, found: Option<R>) -> Answer
where
    E: Endpoint<Access: Held, Response = Maybe<R>>,
{
    match found {
        Some(found) => call.answer(&Maybe(Some(found))),
        None => Answer::no_content().with(RETRY_AFTER, RETRY_SECONDS),
    }
}

potok_modules::modules! { "src/handlers/signing" except refusals => registered }
