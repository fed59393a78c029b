//! What the shelf refuses, as the client is told.

use potok_app::ShelfError;

use crate::refusals::refusals;

refusals! {
    ShelfError {
        NoFile("contract.pdf".to_owned()) => NotFound,
            "Upload all parts, the last one with `isLastPart=true`; files stay for a while only.";
        TooLarge("contract.pdf".to_owned()) => BadRequest,
            "Split the file.";
    }
    pass Core;
}
