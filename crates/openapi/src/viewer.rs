//! Pages about the API: an index of all methods, and a page for each. Plain HTML, without scripts, and with nothing from elsewhere.

use std::fmt::{Display, Write as _};

use potok_api::methods::{self, Area};
use potok_api::{BodyKind, Deprecation, MethodSpec, successor};
use serde_json::Value;

use crate::{operation, operation_id, packed, statuses};

/// The stylesheet of the pages, light and dark.
pub const STYLESHEET: &str = include_str!("viewer.css");

/// A structure is shown with those inside it down to this depth; deeper ones have a name only.
const DEPTH: usize = 2;

/// Text in the place of a value of HTML.
struct Escaped<T>(T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.to_string().chars() {
            match c {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Appends to the page. Writing to a string cannot fail.
macro_rules! put {
    ($out:expr, $($text:tt)*) => {{ let _infallible = write!($out, $($text)*); }};
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/openapi/pages.css\"></head>\
         <body><main>{body}</main></body></html>",
        title = Escaped(title)
    )
}

/// All methods, area by area.
pub fn index() -> String {
    let mut out = format!(
        "<h1>Methods of the API</h1><p>{} methods. For programs: <a href=\"/openapi.json\">OpenAPI 3.1</a>, \
         <a href=\"/protos\">proto files and descriptors</a>.</p><nav aria-label=\"Areas\"><ul>",
        methods::all().len()
    );
    for area in Area::ALL {
        put!(out, "<li><a href=\"#{}\">{}</a></li>", area.file(), Escaped(area.title()));
    }
    out.push_str("</ul></nav>");
    for area in Area::ALL {
        put!(out, "<h2 id=\"{}\">{}</h2><table><tbody>", area.file(), Escaped(area.title()));
        for spec in methods::all().iter().filter(|spec| spec.area == *area) {
            put!(
                out,
                "<tr><th scope=\"row\"><a href=\"/openapi/{}\">{}</a></th><td>{}{}</td></tr>",
                operation_id(spec),
                Escaped(spec.label),
                Escaped(spec.summary),
                mark(spec)
            );
        }
        out.push_str("</tbody></table>");
    }
    page("Methods of the API", &out)
}

fn mark(spec: &MethodSpec) -> &'static str {
    match spec.deprecation {
        Deprecation::Gone => " <em>removed</em>",
        Deprecation::None => "",
        _ => " <em>obsolete</em>",
    }
}

/// The page of the method with this [`operation_id`]; `None` when there is none.
pub fn method(id: &str) -> Option<String> {
    let spec = methods::all().iter().find(|spec| operation_id(spec).eq_ignore_ascii_case(id))?;
    let mut out = format!(
        "<p><a href=\"/openapi\">All methods</a></p><h1>{}{}</h1><p><code>{} {}</code></p><p>{}</p>",
        Escaped(spec.label),
        mark(spec),
        spec.verb,
        Escaped(spec.path),
        Escaped(spec.summary)
    );
    if !spec.note.is_empty() {
        put!(out, "<p>{}</p>", Escaped(spec.note));
    }
    if let Some(next) = successor(spec).filter(|_| spec.deprecation != Deprecation::None) {
        put!(
            out,
            "<p>Use <a href=\"/openapi/{}\">{}</a> instead.</p>",
            operation_id(next),
            Escaped(next.label)
        );
    }
    put!(out, "<p>Access: <code>{}</code></p>", Escaped(spec.access));
    parameters(spec, &mut out);
    body("Request", spec.request, &mut out);
    if spec.request != BodyKind::Empty {
        put!(out, "<p>At most {} bytes.</p>", spec.body_limit_bytes);
    }
    body("Answer", spec.response, &mut out);
    out.push_str("<h2>Statuses</h2><table><tbody>");
    for (status, _, meaning) in statuses::of(spec) {
        put!(out, "<tr><th scope=\"row\">{status}</th><td>{}</td></tr>", Escaped(meaning));
    }
    out.push_str("</tbody></table>");
    example(spec, &mut out);
    Some(page(spec.label, &out))
}

fn parameters(spec: &MethodSpec, out: &mut String) {
    if spec.query.is_empty() {
        return;
    }
    out.push_str("<h2>Parameters</h2><table><tbody>");
    for param in spec.query {
        let need = if param.required { " <strong>required</strong>" } else { "" };
        put!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{:?}{need}</td></tr>",
            Escaped(param.name),
            param.kind
        );
    }
    out.push_str("</tbody></table>");
}

fn body(title: &str, kind: BodyKind, out: &mut String) {
    match kind {
        BodyKind::Empty => put!(out, "<h2>{title}</h2><p>No body.</p>"),
        BodyKind::Wire(name) => {
            put!(out, "<h2>{title}: <code>{}</code></h2>", Escaped(kind));
            let reference = operation::structure(name);
            fields(reference["$ref"].as_str().unwrap_or_default(), DEPTH, out);
        }
        other => put!(out, "<h2>{title}</h2><p>{}</p>", Escaped(other)),
    }
}

/// The fields of a structure as a table; those of structures inside it can be unfolded.
fn fields(reference: &str, depth: usize, out: &mut String) {
    let name = reference.rsplit('/').next().unwrap_or_default();
    let Some(schema) = packed::schemas().get(name) else { return };
    let Some(properties) = schema["properties"].as_object().filter(|all| !all.is_empty()) else { return };
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    out.push_str("<table><tbody>");
    for (field, value) in properties {
        let (is_list, value) = match value.get("items") {
            Some(items) => (true, items),
            None => (false, value.pointer("/anyOf/0").unwrap_or(value)),
        };
        let reference = value["$ref"].as_str();
        let told = reference
            .map_or_else(|| value["format"].as_str().or(value["type"].as_str()), |it| it.rsplit('/').next());
        let list = if is_list { "list of " } else { "" };
        let need = if required.contains(&field.as_str()) { " <strong>required</strong>" } else { "" };
        put!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{list}{}{need}",
            Escaped(field),
            Escaped(told.unwrap_or_default())
        );
        if let Some(reference) = reference {
            inside(reference, depth, out);
        }
        out.push_str("</td></tr>");
    }
    out.push_str("</tbody></table>");
}

/// What a named structure or enum is.
fn inside(reference: &str, depth: usize, out: &mut String) {
    let name = reference.rsplit('/').next().unwrap_or_default();
    let Some(schema) = packed::schemas().get(name) else { return };
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<_> = values.iter().filter_map(Value::as_str).collect();
        put!(out, "<br><small>{}</small>", Escaped(values.join(" · ")));
    } else if depth > 0 {
        out.push_str("<details><summary>fields</summary>");
        fields(reference, depth - 1, out);
        out.push_str("</details>");
    }
}

/// A call that works, for `curl`.
fn example(spec: &MethodSpec, out: &mut String) {
    let Some(example) = &spec.example else { return };
    let query = if example.query.is_empty() { String::new() } else { format!("?{}", example.query) };
    let mut call = format!(
        "curl -X {} \"$BASE{}{query}\" \\\n  -H \"Authorization: Bearer $TOKEN\"",
        spec.verb, spec.path
    );
    if let BodyKind::Wire(_) = spec.response {
        call.push_str(" \\\n  -H \"Accept: application/json\"");
    }
    if !example.body.is_empty() {
        if let BodyKind::Wire(_) = spec.request {
            call.push_str(" \\\n  -H \"Content-Type: application/json; charset=utf-8\"");
        }
        put!(call, " \\\n  --data-binary '{}'", example.body);
    }
    put!(
        out,
        "<h2>A call</h2><p>Values stand for the names in braces.</p><pre><code>{}</code></pre>",
        Escaped(call)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_a_page_and_none_runs_or_loads_anything() {
        let mut pages = vec![index()];
        pages.extend(methods::all().iter().map(|spec| method(&operation_id(spec)).unwrap()));
        for page in &pages {
            for forbidden in ["<script", "style=", "<style", " onclick", "http:", "https:", "src="] {
                let allowed = forbidden.starts_with("http") && page.contains("<pre>");
                assert!(allowed || !page.contains(forbidden), "{forbidden} in {page}");
            }
        }
        assert!(pages.iter().all(|page| page.len() < 400_000), "{:?}", pages.iter().map(String::len).max());
        assert_eq!(method("Nothing"), None);
        assert!(method("getmessagev6").unwrap().contains("<code>GET /V6/GetMessage"), "in any case");
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(Escaped("<a href=\"x\">&").to_string(), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
