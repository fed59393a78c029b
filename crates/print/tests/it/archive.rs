//! What PDF/A-2b (ISO 19005-2) asks of a file, looked for in its objects, which stand in our files one by one and unpacked.

use std::collections::BTreeMap;

use miniz_oxide::inflate::decompress_to_vec_zlib;
use potok_fns::xml::{Limits, check};

/// What has no place in an archive, or would have to keep rules that nothing here looks after: secrets, programs, actions,
/// forms, pictures, transparency, files in files, objects in streams.
const NEVER: [&str; 20] = [
    "/Encrypt",
    "/JS",
    "/JavaScript",
    "/AA",
    "/OpenAction",
    "/Annots",
    "/AcroForm",
    "/XObject",
    "/ExtGState",
    "/SMask",
    "/Group",
    "/CA",
    "/ca",
    "/BM",
    "/EmbeddedFiles",
    "/EF",
    "/ObjStm",
    "/LZWDecode",
    "/ColorSpace",
    "/Pattern",
];

/// Objects by their numbers: text, and unpacked stream.
type Objects = BTreeMap<String, (String, Vec<u8>)>;

/// Holds a file of ours to it.
pub(crate) fn holds(name: &str, pdf: &[u8]) {
    assert!(
        pdf.starts_with(b"%PDF-1.7\n%") && pdf[10..14].iter().all(|byte| *byte >= 0x80),
        "{name}: the head"
    );
    assert!(pdf.ends_with(b"%%EOF"), "{name}: the end");
    let (objects, trailer) = objects(pdf);
    let all: Vec<&String> = objects.values().map(|(text, _)| text).chain([&trailer]).collect();
    for text in &all {
        let mut keys = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '/');
        let found = keys.find(|key| NEVER.contains(key));
        assert_eq!(found, None, "{name}: {text}");
    }
    let id =
        trailer.split_once("/ID [<").map(|(_, id)| id.chars().take_while(char::is_ascii_hexdigit).count());
    assert_eq!(id, Some(32), "{name}: {trailer}");
    let root = referred(&objects, &trailer, "/Root");
    assert_eq!(root.0.matches("/S /GTS_PDFA1").count(), 1, "{name}: {}", root.0);
    let (_, profile) = referred(&objects, &root.0, "/DestOutputProfile");
    let length = u32::from_be_bytes(profile[..4].try_into().expect("four bytes"));
    assert_eq!(length as usize, profile.len(), "{name}: the profile of colours");
    assert_eq!([&profile[12..16], &profile[16..20], &profile[36..40]], [b"mntr", b"RGB ", b"acsp"], "{name}");
    let (text, metadata) = referred(&objects, &root.0, "/Metadata");
    assert!(text.contains("/Subtype /XML") && !text.contains("/Filter"), "{name}: {text}");
    check(metadata, &Limits::SERVICE).unwrap_or_else(|error| panic!("{name}: metadata: {error}"));
    let said = String::from_utf8_lossy(metadata);
    assert!(
        said.contains("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"),
        "{name}"
    );
    let fonts: Vec<&String> = all.into_iter().filter(|text| text.contains("/Subtype /Type0")).collect();
    assert!(!fonts.is_empty(), "{name}");
    for font in fonts {
        let (cid, _) = referred(&objects, font, "/DescendantFonts");
        let (descriptor, _) = referred(&objects, cid, "/FontDescriptor");
        let (file, face) = referred(&objects, descriptor, "/FontFile2");
        assert_eq!(number(file, "/Length1"), face.len(), "{name}: the face");
        let (_, glyphs) = referred(&objects, cid, "/CIDToGIDMap");
        let letters = String::from_utf8_lossy(&referred(&objects, font, "/ToUnicode").1).into_owned();
        let lists = letters.split("beginbfchar").skip(1).filter_map(|list| list.split("endbfchar").next());
        let codes = lists.flat_map(str::lines).filter_map(|line| line.strip_prefix('<')?.get(..4));
        for code in codes.map(|code| usize::from_str_radix(code, 16).expect("a code")) {
            assert_ne!(glyphs[2 * code..][..2], [0, 0], "{name}: nothing is drawn for {code:04x}");
        }
    }
}

fn objects(pdf: &[u8]) -> (Objects, String) {
    let mut found = Objects::new();
    let mut rest = pdf;
    while let Some(begin) = find(rest, b" 0 obj\n") {
        let number = rest[..begin].rsplit(|byte| !byte.is_ascii_digit()).next().expect("a number");
        let number = String::from_utf8_lossy(number).into_owned();
        rest = &rest[begin + 7..];
        let end = find(rest, b"endobj").expect("an end");
        let Some(stream) = find(&rest[..end], b"stream\n") else {
            found.insert(number, (String::from_utf8_lossy(&rest[..end]).into_owned(), Vec::new()));
            rest = &rest[end..];
            continue;
        };
        let text = String::from_utf8_lossy(&rest[..stream]).into_owned();
        let (bytes, behind) = rest[stream + 7..].split_at(self::number(&text, "/Length"));
        assert!(behind.starts_with(b"\nendstream\nendobj"), "{text}");
        let is_packed = text.contains("/Filter /FlateDecode");
        let bytes =
            if is_packed { decompress_to_vec_zlib(bytes).expect("a whole stream") } else { bytes.to_vec() };
        found.insert(number, (text, bytes));
        rest = behind;
    }
    (found, String::from_utf8_lossy(&rest[find(rest, b"trailer").expect("a trailer")..]).into_owned())
}

/// The object that a key refers to.
fn referred<'a>(objects: &'a Objects, text: &str, key: &str) -> &'a (String, Vec<u8>) {
    &objects[&number(text, key).to_string()]
}

/// The first number behind a key.
fn number(text: &str, key: &str) -> usize {
    let (_, behind) = text.split_once(&format!("{key} ")).unwrap_or_else(|| panic!("no {key} in {text}"));
    let digits = behind.trim_start_matches('[').chars().take_while(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap_or_else(|_| panic!("{key} in {text}"))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
