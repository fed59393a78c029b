//! The colours of the documents, said once: PDF/A wants to know what red, green and blue mean.

/// A profile of sRGB, version 2 of the format, with one exponent for its curves.
pub(crate) fn srgb() -> Vec<u8> {
    let text = |tag: &[u8; 4], text: &str| -> Vec<u8> {
        let mut bytes = [&tag[..], &[0; 4]].concat();
        if tag == b"desc" {
            bytes.extend(u32::try_from(text.len() + 1).expect("a short text").to_be_bytes());
            bytes.extend(text.bytes().chain([0]));
            // No name in Unicode, and none for Macintosh.
            bytes.extend([0; 4 + 4 + 2 + 1 + 67]);
        } else {
            bytes.extend(text.bytes().chain([0]));
        }
        bytes
    };
    let xyz = |values: [f64; 3]| -> Vec<u8> {
        let mut bytes = b"XYZ \0\0\0\0".to_vec();
        values.iter().for_each(|value| bytes.extend(fixed(*value)));
        bytes
    };
    // 2.2 in units of 1/256.
    let curve = b"curv\0\0\0\0\0\0\0\x01\x02\x33".to_vec();
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", text(b"desc", "sRGB")),
        (b"cprt", text(b"text", "No copyright")),
        (b"wtpt", xyz([0.9642, 1.0, 0.8249])),
        (b"rXYZ", xyz([0.436_07, 0.222_49, 0.013_92])),
        (b"gXYZ", xyz([0.385_15, 0.716_87, 0.097_08])),
        (b"bXYZ", xyz([0.143_07, 0.060_61, 0.714_1])),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut index = u32::try_from(tags.len()).expect("nine").to_be_bytes().to_vec();
    let mut data = Vec::new();
    let start = HEADER + 4 + 12 * tags.len();
    for (tag, bytes) in &tags {
        index.extend(*tag);
        index.extend(long(start + data.len()));
        index.extend(long(bytes.len()));
        data.extend(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut header = long(start + data.len()).to_vec();
    header.extend([0; 4]);
    header.extend([2, 0x10, 0, 0]);
    header.extend(b"mntrRGB XYZ ");
    header.extend([2026, 1, 1, 0, 0, 0].iter().flat_map(|part: &u16| part.to_be_bytes()));
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend([0.9642, 1.0, 0.8249].iter().flat_map(|value| fixed(*value)));
    header.resize(HEADER, 0);
    [header, index, data].concat()
}

const HEADER: usize = 128;

fn long(value: usize) -> [u8; 4] {
    u32::try_from(value).expect("a profile is small").to_be_bytes()
}

/// A number with sixteen bits behind the point.
#[expect(clippy::cast_possible_truncation, reason = "the numbers of the profile are below two")]
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}
