#![no_main]

use potok_cms::signed_data::Timestamp;
use potok_cms::{Limits, tsa};

// Whatever an authority answers is refused or read, and what can be read can be put into a signature; nothing may panic.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let limits = Limits::default();
    if let Ok(token) = tsa::token(data) {
        let _ = Timestamp::parse(&token, &limits).map(|stamp| stamp.covers(data));
    }
    if let Ok(stamp) = Timestamp::parse(data, &limits) {
        let _ = (stamp.time(), stamp.policy(), stamp.covers(data), stamp.is_weak());
    }
    // The same bytes as the signature, and as the token that goes into it.
    if let Ok(strengthened) = tsa::strengthen(data, data) {
        let _ = potok_cms::SignedData::parse(&strengthened);
    }
});
