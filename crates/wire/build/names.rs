//! The names `prost` gives to things, so that generated code can speak of them.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

/// `Diadoc.Api.Proto.Events.BoxEvent` as a path inside the crate: `crate::proto::events::BoxEvent`.
pub(crate) fn rust_path(full_name: &str) -> String {
    let mut parts: Vec<&str> = full_name.split('.').collect();
    let name = parts.pop().expect("a split has at least one part");
    let mut path = String::from("crate::generated");
    for part in parts {
        path.push_str("::");
        path.push_str(&keyword_safe(part.to_snake_case()));
    }
    format!("{path}::{}", name.to_upper_camel_case())
}

/// `EntityId` as a field of a struct: `entity_id`.
pub(crate) fn rust_field(name: &str) -> String {
    keyword_safe(name.to_snake_case())
}

fn keyword_safe(name: String) -> String {
    match name.as_str() {
        "type" | "ref" | "match" | "move" | "use" | "in" | "for" | "where" | "enum" | "struct" | "box"
        | "final" => {
            format!("r#{name}")
        }
        _ => name,
    }
}
