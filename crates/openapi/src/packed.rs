//! What the build packed.

use std::sync::LazyLock;

use serde_json::{Map, Value};

static SCHEMAS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/schemas"));

/// The bytes before they were packed. What the build wrote can be read.
pub(crate) fn unpacked(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::inflate::decompress_to_vec(bytes).unwrap_or_default()
}

/// The schemas of all structures and enums, by name without the package.
pub(crate) fn schemas() -> &'static Map<String, Value> {
    static READ: LazyLock<Map<String, Value>> =
        LazyLock::new(|| serde_json::from_slice(&unpacked(SCHEMAS)).unwrap_or_default());
    &READ
}
