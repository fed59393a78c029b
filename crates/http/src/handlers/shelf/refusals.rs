//! What the shelf refuses, as the client is told.

use potok_app::ShelfError;

use crate::refusals::refusals;

refusals! {
    ShelfError {
        NoFile("contract.pdf".to_owned()) => NotFound,
            "Upload all parts, the last one with `isLastPart=true`; files stay for a while only.";
        NotBegun("0f8fad5b.pdf".to_owned()) => BadRequest,
            "Begin a new upload with `ShelfUploadPartInit`.";
        TooLarge("contract.pdf".to_owned()) => BadRequest,
            "Split the file.";
        OverQuota { login: "user@romashka.example".to_owned(), bytes: 4_294_967_000, parts: 1431, quota: 4_294_967_296 }
            => Forbidden,
            "Wait until files have left the shelf, or let the administrator raise the quota.";
    }
    pass Core;
}
