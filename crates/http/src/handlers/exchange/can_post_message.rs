//! `POST /CanPostMessage`: what `PostMessage` would refuse.

use http::StatusCode;
use potok_api::methods::CanPostMessage;
use potok_translate::post;
use potok_wire::proto::events::{MessageValidationError, MessageValidationResult};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<CanPostMessage, _>(v1);
}

async fn v1(mut call: Call<CanPostMessage>) -> Result<Answer, ApiError> {
    let told = match post::message_to_post(std::mem::take(&mut call.body)) {
        Ok(command) => call.exchange().can_post_message(&call.permit, command).await.map_err(ApiError::from),
        Err(unreadable) => Err(unreadable.into()),
    };
    let errors = match told {
        Ok(()) => Vec::new(),
        Err(error) if is_verdict(&error) => vec![shown(error)],
        Err(error) => return Err(error),
    };
    Ok(call.answer(&MessageValidationResult { errors }))
}

/// It says something of the message, and not of the server or of how busy it is.
fn is_verdict(error: &ApiError) -> bool {
    error.retry_after_seconds.is_none()
        && [
            StatusCode::BAD_REQUEST,
            StatusCode::FORBIDDEN,
            StatusCode::NOT_FOUND,
            StatusCode::CONFLICT,
            StatusCode::NOT_IMPLEMENTED,
        ]
        .contains(&error.status())
}

fn shown(error: ApiError) -> MessageValidationError {
    MessageValidationError { message: error.text, code: Some(error.code.as_str().to_owned()) }
}
