//! Files that the server makes, kept beside the tests.

use potok_testkit::sdk::api::Raw;

/// The file as it was, to the byte, but for what chance gives: ids and signatures. `POTOK_BLESS=1` takes what is now.
pub(crate) fn check_kept(name: &str, file: &Raw) {
    potok_golden::check(&potok_golden::path!("testdata/generated").join(name), steady(&file.0));
}

/// With zeros for guids and one word for signatures: the file stays one of its format.
fn steady(file: &[u8]) -> Vec<u8> {
    const SIGNATURE: &[u8] = b"c2lnbmF0dXJl";
    let mut out = Vec::with_capacity(file.len());
    let mut rest = file;
    while let Some(&first) = rest.first() {
        let is_base64 = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        let base64 = rest.iter().take_while(is_base64).count();
        let guid = rest.get(..36).filter(|text| {
            let dashes = text.iter().enumerate().filter(|(_, byte)| **byte == b'-').map(|(at, _)| at);
            dashes.eq([8, 13, 18, 23]) && text.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
        });
        let taken = if base64 >= 64 {
            out.extend_from_slice(SIGNATURE);
            base64
        } else if guid.is_some() {
            out.extend_from_slice(b"00000000-0000-0000-0000-000000000000");
            36
        } else {
            out.push(first);
            1
        };
        rest = &rest[taken..];
    }
    out
}
