//! What is refused of webhooks, as the client is told.

use potok_app::WebhookError;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    WebhookError {
        NoWebhook { box_id: sample::box_id(), id: sample::webhook() } => NotFound,
            "`GET /potok/v1/boxes/{boxId}/webhooks` lists them.";
        TooMany(sample::box_id()) => Conflict,
            "Delete one that is not needed.";
        Url { reason: "its scheme is ftp: https is expected".to_owned() } => BadRequest,
            "Give an address that the text allows; what is in a private network the operator of the server opens by `--webhook-ranges`.";
        TooManySecrets { box_id: sample::box_id(), id: sample::webhook() } => Conflict,
            "Wait, or end the old secrets.";
        Busy { box_id: sample::box_id(), id: sample::webhook() } => Conflict retry 1,
            "Repeat the call.";
    }
    pass Access;
    pass Core;
    log Unreadable;
}
