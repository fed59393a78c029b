//! The whole contract as one document of OpenAPI 3.1.

use potok_api::methods;
use serde_json::{Map, Value, json};

use crate::{beside, operation, packed, statuses};

const ABOUT: &str = "The Diadoc HTTP API as this server answers it. Structures come and go as JSON or as Protocol Buffers: what a body \
    is, `Content-Type` says, and what an answer has to be, `Accept`; without them both are Protocol Buffers. Paths are read in \
    any case, and those without a version also as `/V1/…`. `/protos` has the proto files.";

/// The document of a server of this version, as JSON text.
pub fn document(version: &str) -> String {
    let mut paths = Map::new();
    for spec in methods::all() {
        let path = paths.entry(spec.path.to_owned()).or_insert_with(|| json!({}));
        path[spec.verb.as_str().to_ascii_lowercase()] = operation::operation(spec);
    }
    paths.extend(beside::paths());
    let mut schemas = packed::schemas().clone();
    schemas.extend(beside::schemas());
    schemas.insert(
        "BoxId".to_owned(),
        json!({
            "type": "string",
            "description": "A GUID; programs also send its 32 digits with `@diadoc.ru` behind them.",
            "pattern": "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$|^[0-9a-fA-F]{32}@diadoc\\.ru$",
        }),
    );
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Potok",
            "version": version,
            "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": methods::Area::ALL.iter().map(|area| json!({"name": area.title()})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": statuses::shared(),
            "headers": headers(),
            "securitySchemes": schemes(),
        },
    });
    document.to_string()
}

fn headers() -> Value {
    json!({
        "TraceId": {
            "description": "The name of this call in the log of the server.",
            "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        },
        "ErrorCode": {"description": "The kind of refusal, for programs.", "schema": {"type": "string"}},
        "RetryAfter": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}},
    })
}

fn schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token of OpenID Connect, from `/connect/token`.",
        },
        "diadocAuth": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`DiadocAuth ddauth_api_client_id=…, ddauth_token=…`, with a token from `/V3/Authenticate`. Obsolete.",
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn read() -> Value {
        serde_json::from_str(&document("1")).unwrap()
    }

    /// Every text after `$ref`.
    fn references<'a>(value: &'a Value, all: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => {
                all.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, all));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, all)),
            _ => {}
        }
    }

    #[test]
    fn every_method_is_an_operation_of_its_own() {
        let document = read();
        let paths = document["paths"].as_object().unwrap();
        let operations: Vec<&Value> =
            paths.values().flat_map(|path| path.as_object().unwrap().values()).collect();
        let names: BTreeSet<_> = operations.iter().map(|it| it["operationId"].as_str().unwrap()).collect();
        // The stream, and nine of webhooks.
        let expected = methods::all().len() + 10;
        assert_eq!((operations.len(), names.len()), (expected, expected));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = read();
        let mut all = BTreeSet::new();
        references(&document, &mut all);
        assert!(all.len() > 300, "{}", all.len());
        for reference in all {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn structures_are_as_json_has_them() {
        let document = read();
        let of = |name: &str| document["components"]["schemas"][name].clone();
        let patch = of("Events.MessagePatch");
        assert!(patch["properties"].get("DeliveredEventId").is_some(), "the name of JSON");
        assert!(patch["properties"].get("DeliveredPatchId").is_none());
        assert_eq!(of("Documents.Document")["properties"]["EntityIdGuid"]["readOnly"], true);
        let post = of("Events.MessageToPost");
        assert_eq!(post["required"], json!(["FromBoxId"]));
        assert_eq!(post["properties"]["StrictDraftValidation"]["default"], true);
        assert_eq!(post["properties"]["LockMode"]["default"], "None");
    }
}
