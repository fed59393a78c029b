//! What is refused of signing, as the client is told.

use potok_app::SigningError;
use potok_domain::signing::SigningRefusal;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    SigningError {
        NoKey { path: "certificateThumbprint", wanted: "in date".to_owned() } => NotFound,
            "`potok admin key add` holds a key for a user.";
        NoBox { path: "CloudSignRequest.Files[0].Content.DocumentId.BoxId".to_owned(), box_id: sample::box_id() } => Forbidden,
            "Name an entity of a box in which you work.";
        NoTask(sample::task()) => NotFound,
            "Begin again; ask as the user who began, within a day.";
        BadCode => BadConfirmationCode,
            "Ask the holder of the key for the code that was told last.";
        TooLate => ExpiredConfirmation,
            "Begin again with `CloudSign`.";
        Failed("the holder of the key refused to sign".to_owned()) => Conflict,
            "Begin again when the reason is gone.";
        Busy(sample::task()) => Conflict retry 1,
            "Repeat the call.";
    }
    pass Core;
    pass Refused;
}

refusals! {
    SigningRefusal {
        NotWaiting(sample::task()) => Conflict,
            "Begin again.";
        ByCode(sample::task()) => Conflict,
            "`potok admin key code` makes a code.";
        WithoutCode(sample::task()) => Conflict,
            "`potok admin key confirm` confirms it.";
    }
}
