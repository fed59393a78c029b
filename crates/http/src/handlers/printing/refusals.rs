//! Why nothing is printed, as the client is told.

use potok_app::PrintError;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    PrintError {
        NotSupported { entity: sample::document() } => Conflict,
            "Name a document, or a receipt, refusal, request or title that answers one.";
        NoForm("5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0000".to_owned()) => Conflict,
            "Ask for the form again; whoever asked for it gets it.";
        TooLarge { document: sample::document() } => Conflict,
            "Get the contents one by one.";
    }
    pass Shelf;
    pass Core;
    log Operator;
}
