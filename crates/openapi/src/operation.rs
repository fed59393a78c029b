//! One method as an operation of OpenAPI.

use potok_api::{
    Area, BodyKind, Caller, Deprecation, Format, MethodSpec, ParamKind, ParamSpec, Verb, content_type,
    successor, sunset_header,
};
use serde_json::{Map, Value, json};

use crate::statuses;

/// A name of letters and digits: `GetEventV2`, `ConnectToken`.
pub fn operation_id(spec: &MethodSpec) -> String {
    let mut name = String::new();
    let mut is_begin = true;
    for c in spec.label.chars() {
        match c.is_ascii_alphanumeric() {
            true if is_begin => name.push(c.to_ascii_uppercase()),
            true => name.push(c),
            false => {}
        }
        is_begin = !c.is_ascii_alphanumeric();
    }
    name
}

/// The operation.
pub(crate) fn operation(spec: &MethodSpec) -> Value {
    let mut operation = json!({
        "operationId": operation_id(spec),
        "summary": spec.summary,
        "tags": [spec.area.title()],
        "parameters": parameters(spec),
        "responses": responses(spec),
        "security": security(spec.access.caller),
        "x-access": spec.access.to_string(),
        "x-body-limit-bytes": spec.body_limit_bytes,
    });
    let mut set = |key: &str, value: Value| operation[key] = value;
    if let Some(body) = request_body(spec) {
        set("requestBody", body);
    }
    if !spec.note.is_empty() {
        set("description", json!(spec.note));
    }
    if spec.deprecation != Deprecation::None {
        set("deprecated", json!(true));
        if let Some(next) = successor(spec) {
            set("x-replaced-by", json!(operation_id(next)));
        }
    }
    if let Some(date) = sunset_header(spec) {
        set("x-sunset", json!(date));
    }
    operation
}

fn parameters(spec: &MethodSpec) -> Vec<Value> {
    let of_query = |param: &ParamSpec| {
        let mut told = json!({
            "name": param.name,
            "in": "query",
            "required": param.required,
            "schema": kind(param.kind),
        });
        match param.kind {
            ParamKind::List => {
                told["style"] = json!("form");
                told["explode"] = json!(false);
            }
            ParamKind::Flag => told["allowEmptyValue"] = json!(true),
            _ => {}
        }
        if let Some(example) = exemplary(spec, param) {
            told["example"] = example;
        }
        told
    };
    spec.query.iter().map(of_query).collect()
}

/// The value in the call that works, if it is there. Names in braces stand for values that another server has.
fn exemplary(spec: &MethodSpec, param: &ParamSpec) -> Option<Value> {
    let query = spec.example?.query;
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let (_, value) = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(param.name))?;
    Some(match param.kind {
        ParamKind::Int => json!(value.parse::<i64>().ok()?),
        ParamKind::Flag | ParamKind::Bool => json!(!matches!(value, "false" | "0")),
        ParamKind::List => json!(value.split(',').collect::<Vec<_>>()),
        _ => json!(unescaped(value)),
    })
}

/// Examples escape little.
fn unescaped(value: &str) -> String {
    value.replace("%20", " ").replace("%2B", "+").replace("%2F", "/")
}

/// The value of a parameter, as it is documented; more is forgiven.
fn kind(kind: ParamKind) -> Value {
    match kind {
        ParamKind::Text | ParamKind::Opaque | ParamKind::IndexKey => json!({"type": "string"}),
        ParamKind::BoxId => json!({"$ref": "#/components/schemas/BoxId"}),
        ParamKind::Guid => json!({"type": "string", "format": "uuid"}),
        ParamKind::Flag | ParamKind::Bool => json!({"type": "boolean"}),
        ParamKind::Int => {
            json!({"type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX})
        }
        ParamKind::List => json!({"type": "array", "items": {"type": "string"}}),
    }
}

/// Schemes of which one has to be followed; none for methods that ask nobody.
fn security(caller: Caller) -> Value {
    match caller {
        // OAuth clients name themselves in the form.
        Caller::Anyone | Caller::OAuthClient => json!([]),
        Caller::Bearer => json!([{"bearer": []}]),
        _ => json!([{"bearer": []}, {"diadocAuth": []}]),
    }
}

fn essence(kind: BodyKind, format: Format) -> Option<&'static str> {
    content_type(kind, format).map(|it| it.split(';').next().unwrap_or(it))
}

/// The schema of a structure, by its full name.
pub(crate) fn structure(name: &str) -> Value {
    let short = name.strip_prefix("Diadoc.Api.Proto.").unwrap_or(name);
    json!({"$ref": format!("#/components/schemas/{short}")})
}

/// A body in every form that it may have; `None` when there is none.
fn content(kind: BodyKind) -> Option<Value> {
    let mut forms = Map::new();
    match kind {
        BodyKind::Empty => return None,
        BodyKind::Wire(name) => {
            forms.insert(essence(kind, Format::Json)?.to_owned(), json!({"schema": structure(name)}));
            forms.insert(essence(kind, Format::Protobuf)?.to_owned(), json!({"x-protobuf-message": name}));
        }
        BodyKind::Raw => {
            forms.insert(essence(kind, Format::Json)?.to_owned(), json!({}));
        }
        BodyKind::Text | BodyKind::Html => {
            forms.insert(essence(kind, Format::Json)?.to_owned(), json!({"schema": {"type": "string"}}));
        }
        BodyKind::Form => {
            let schema = json!({"type": "object", "additionalProperties": {"type": "string"}});
            forms.insert(essence(kind, Format::Json)?.to_owned(), json!({"schema": schema}));
        }
        BodyKind::Json => {
            forms.insert(essence(kind, Format::Json)?.to_owned(), json!({"schema": {"type": "object"}}));
        }
    }
    Some(Value::Object(forms))
}

fn request_body(spec: &MethodSpec) -> Option<Value> {
    if spec.verb == Verb::Get {
        return None;
    }
    let mut content = content(spec.request)?;
    if let (Some(example), Some(json)) = (&spec.example, content.get_mut("application/json"))
        && let Ok(body) = serde_json::from_str::<Value>(example.body)
    {
        json["example"] = body;
    }
    Some(json!({"required": true, "content": content}))
}

fn responses(spec: &MethodSpec) -> Value {
    let mut all = Map::new();
    for &(status, name, meaning) in statuses::of(spec) {
        // What has a handler is not answered as removed.
        if status == 410 && !spec.is_gone() {
            continue;
        }
        let told = match status {
            200 | 206 => {
                let mut done = json!({"description": meaning, "headers": traced()});
                if let Some(content) = answered(spec) {
                    done["content"] = content;
                }
                done
            }
            201..400 => json!({"description": meaning, "headers": traced()}),
            _ => {
                let form = if statuses::is_of_oauth(spec) { "OAuth" } else { "" };
                json!({"$ref": format!("#/components/responses/{name}{form}")})
            }
        };
        all.insert(status.to_string(), told);
    }
    Value::Object(all)
}

/// The body of a 200.
fn answered(spec: &MethodSpec) -> Option<Value> {
    let mut told = content(spec.response)?;
    if matches!(spec.area, Area::Print | Area::Forwarding) && spec.response == BodyKind::Raw {
        told["application/pdf"] = json!({});
    }
    Some(told)
}

fn traced() -> Value {
    json!({"X-Kontur-Trace-Id": {"$ref": "#/components/headers/TraceId"}})
}
