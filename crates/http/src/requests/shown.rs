//! Kept requests for people: bodies in both forms, and the call as `curl` makes it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use potok_api::{BodyKind, Format, QueryMap, content_type};
use potok_types::{BoxId, Ticks};
use potok_wire::Structure;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Body, Entry};

/// Which requests are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Part of the label of a method, in any case.
    pub(crate) method: Option<String>,
    /// `404`, or `4xx` for all of them.
    pub(crate) status: Option<String>,
    pub(crate) box_id: Option<BoxId>,
    pub(crate) client_id: Option<String>,
    pub(crate) trace_id: Option<String>,
    pub(crate) limit: usize,
}

impl Wanted {
    /// Reads a query; what is not understood asks for nothing.
    pub(crate) fn of(query: &str) -> Self {
        let map = QueryMap::parse(query);
        let text = |name: &'static str| {
            let param = potok_api::ParamSpec { name, required: false, kind: potok_api::ParamKind::Text };
            map.text(&param).ok().flatten()
        };
        Self {
            method: text("method").map(|method| method.to_lowercase()),
            status: text("status").map(|status| status.to_lowercase()),
            box_id: text("box").and_then(|id| id.parse().ok()),
            client_id: text("client"),
            trace_id: text("trace"),
            limit: text("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50),
        }
    }

    pub(super) fn fits(&self, entry: &Entry) -> bool {
        let status = entry.status.to_string();
        let of_status = |wanted: &String| match wanted.strip_suffix("xx") {
            Some(class) => status.starts_with(class),
            None => status == *wanted,
        };
        let label = entry.spec.map_or("", |spec| spec.label).to_lowercase();
        self.method.as_ref().is_none_or(|method| label.contains(method))
            && self.status.as_ref().is_none_or(of_status)
            && self.box_id.is_none_or(|box_id| entry.box_id == Some(box_id))
            && self.client_id.as_ref().is_none_or(|client| entry.client_id.as_ref() == Some(client))
            && self.trace_id.as_ref().is_none_or(|trace| entry.trace_id.to_string() == *trace)
    }
}

pub(super) fn list(entries: &[Entry]) -> String {
    Value::Array(entries.iter().map(one).collect()).to_string()
}

/// One as JSON.
pub(crate) fn one(entry: &Entry) -> Value {
    let Entry { spec, formats, status, .. } = entry;
    let kinds = spec.map_or((BodyKind::Raw, BodyKind::Raw), |spec| (spec.request, spec.response));
    json!({
        "at": time(entry.at),
        "trace_id": entry.trace_id.to_string(),
        "method": spec.map(|spec| spec.label),
        "verb": entry.verb,
        "target": entry.target,
        "status": status,
        "duration_us": entry.duration_us,
        "client_id": entry.client_id,
        "box_id": entry.box_id.map(|id| id.guid()),
        "refusal": entry.refusal().map(|text| json!({"code": entry.code, "text": text})),
        "headers": entry.headers,
        "request": body(&entry.body, kinds.0, formats.request),
        "answer": if entry.refusal().is_some() { Value::Null } else { body(&entry.answer, kinds.1, formats.response) },
        "curl": curl(entry),
    })
}

/// In ISO 8601, UTC.
fn time(at: Ticks) -> Option<String> {
    OffsetDateTime::from_unix_timestamp_nanos(at.unix_nanoseconds()).ok()?.format(&Rfc3339).ok()
}

/// A body in both forms, where it is a structure that was kept whole.
fn body(body: &Body, kind: BodyKind, format: Format) -> Value {
    let mut told = json!({"bytes": body.length, "is_whole": body.is_whole()});
    match kind {
        BodyKind::Wire(name) if body.is_whole() && body.length > 0 => {
            // What cannot be read was refused, and the refusal says why.
            if let Some((json, protobuf)) = both(name, format, &body.kept) {
                told["json"] = json;
                told["protobuf"] = BASE64_STANDARD.encode(protobuf).into();
            }
        }
        _ if body.kept.is_empty() => {}
        _ => match std::str::from_utf8(&body.kept) {
            Ok(text) => told["text"] = text.into(),
            Err(_) => told["base64"] = BASE64_STANDARD.encode(&body.kept).into(),
        },
    }
    told
}

/// A structure in both formats. The one that it came in is passed through the other one's tables too: people see what was understood.
fn both(name: &str, format: Format, bytes: &Bytes) -> Option<(Value, Vec<u8>)> {
    let structure = Structure::named(name)?;
    let (json, protobuf) = match format {
        Format::Protobuf => (structure.json(bytes).ok()?, bytes.to_vec()),
        Format::Json => {
            let protobuf = structure.protobuf(bytes).ok()?;
            (structure.json(&protobuf.clone().into()).ok()?, protobuf)
        }
    };
    Some((serde_json::from_slice(&json).ok()?, protobuf))
}

/// The call for a shell. Secrets are masked in it, so the token has to be put in its place.
fn curl(entry: &Entry) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let mut out = format!(
        "curl -X {} {}",
        entry.verb,
        quoted(&format!("$BASE{}", entry.target)).replace("'$BASE", "\"$BASE\"'")
    );
    let wanted = ["authorization", "accept", "content-type", "x-solution-info", "prefer"];
    for (name, value) in entry.headers.iter().filter(|(name, _)| wanted.contains(&name.as_str())) {
        out.push_str(" \\\n  -H ");
        out.push_str(&quoted(&format!("{name}: {value}")));
    }
    if entry.body.length > 0 {
        let is_text = entry.formats.request == Format::Json || content_type_is_text(entry);
        match std::str::from_utf8(&entry.body.kept) {
            Ok(text) if is_text && entry.body.is_whole() => {
                out.push_str(" \\\n  --data-binary ");
                out.push_str(&quoted(text));
            }
            _ => out.push_str(" \\\n  --data-binary @body"),
        }
    }
    out
}

fn content_type_is_text(entry: &Entry) -> bool {
    let kind = entry.spec.map_or(BodyKind::Raw, |spec| spec.request);
    content_type(kind, entry.formats.request).is_some_and(|it| it.starts_with("text/"))
}
