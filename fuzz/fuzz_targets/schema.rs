#![no_main]

use potok_fns::schema::Schema;
use potok_fns::xml::Limits;

/// A schema of our own with what official ones use.
const OWN: &[u8] = include_bytes!("../../crates/fns/testdata/own.xsd");

// Schemas are compiled or refused, and documents are judged or refused; nothing may panic, and what is told has a place.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    static SCHEMA: std::sync::LazyLock<Schema> =
        std::sync::LazyLock::new(|| Schema::compile(OWN).expect("our own schema compiles"));
    if let Ok(found) = SCHEMA.validate(data, &Limits::SERVICE) {
        assert!(found.len() <= Schema::VIOLATIONS);
        assert!(found.iter().all(|violation| violation.place.starts_with('/')));
    }
    // A schema, a zero, and a document for it.
    let (schema, document) = data.split_at(data.iter().position(|&b| b == 0).unwrap_or(data.len()));
    if let Ok(schema) = Schema::compile(schema) {
        let _ = schema.validate(document.get(1..).unwrap_or_default(), &Limits::SERVICE);
    }
});
