#![no_main]

use potok_fns::recognize::{file_id, recognize};
use potok_fns::service::{Clarification, Confirmation, ConfirmationKind, Receipt, Revocation, plain_text};
use potok_fns::xml::{Document, Limits, check};

// What anybody may have sent is refused or read; nothing may panic, and both readers agree on what is XML.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let document = Document::parse(data, &Limits::SERVICE);
    assert_eq!(document.is_ok(), check(data, &Limits::SERVICE).is_ok());
    let _ = (recognize(data), file_id(data), plain_text(data));
    let _ = Confirmation::parse(data, ConfirmationKind::Received).map(|read| read.generate());
    let _ = Receipt::parse(data).map(|read| read.generate());
    let _ = Clarification::parse(data);
    let _ = Revocation::parse(data).map(|read| read.generate());
});
