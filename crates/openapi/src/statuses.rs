//! What the statuses of answers mean, and what comes with them.

use potok_api::{Area, Caller, MethodSpec};
use serde_json::{Value, json};

/// Every status that a method may have, with the name of its answer and what it means.
pub(crate) static ALL: &[(u16, &str, &str)] = &[
    (200, "Done", "Done."),
    (204, "Nothing", "There is nothing to tell, or nothing yet."),
    (206, "Part", "A part of the content, as `Range` asks for it."),
    (302, "Elsewhere", "The browser goes on elsewhere."),
    (400, "BadRequest", "The request cannot be understood, or asks for what cannot be."),
    (401, "Unauthorized", "It is not known who calls, or the token is not good any more."),
    (402, "PaymentRequired", "The organization may not use the API."),
    (403, "Forbidden", "The caller has no access to the box, to the documents, or to this action."),
    (404, "NotFound", "What the call names is not there."),
    (405, "MethodNotAllowed", "The path knows other verbs: the header `Allow` names them."),
    (409, "Conflict", "The state of what the call names does not allow it, or somebody was faster."),
    (410, "Gone", "The method was removed."),
    (413, "TooLarge", "The body is longer than the method takes."),
    (415, "UnsupportedMediaType", "The body has a type or an encoding that the method does not take."),
    (416, "NoSuchRange", "The content has no bytes where `Range` asks for them."),
    (429, "TooManyRequests", "Too many calls: repeat this one after `Retry-After` seconds."),
    (500, "Internal", "A fault of the server. `X-Kontur-Trace-Id` finds it in the log."),
    (501, "NotImplemented", "The server does not have the method, or a part of it, yet."),
    (503, "NoRoom", "There is no room for the call now: repeat it after `Retry-After` seconds."),
];

/// Those of one method, rising. 405 is that of other verbs on the same path.
pub(crate) fn of(spec: &MethodSpec) -> impl Iterator<Item = &'static (u16, &'static str, &'static str)> {
    ALL.iter().filter(|(status, ..)| spec.may_answer(*status))
}

/// Whether a refusal of the method may come in another form than a text: OAuth 2.0 has its own, and browsers are shown a page.
pub(crate) fn is_of_oauth(spec: &MethodSpec) -> bool {
    spec.area == Area::Oidc || spec.access.caller == Caller::OAuthClient
}

/// The answers that methods share, for `components/responses`: refusals, by name; with `OAuth` behind it where it may be JSON.
pub(crate) fn shared() -> Value {
    let mut all = serde_json::Map::new();
    for &(status, name, meaning) in ALL.iter().filter(|(status, ..)| *status >= 400) {
        let mut headers = json!({
            "X-Kontur-Trace-Id": {"$ref": "#/components/headers/TraceId"},
            "X-Diadoc-ErrorCode": {"$ref": "#/components/headers/ErrorCode"},
        });
        if matches!(status, 429 | 503) {
            headers["Retry-After"] = json!({"$ref": "#/components/headers/RetryAfter"});
        }
        let text = json!({"schema": {"type": "string"}});
        let plain = json!({"description": meaning, "headers": headers, "content": {"text/plain": text}});
        let mut oauth = plain.clone();
        oauth["content"]["application/json"] = json!({"schema": {
            "type": "object",
            "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
            "required": ["error"],
        }});
        oauth["content"]["text/html"] = text;
        all.insert(name.to_owned(), plain);
        all.insert(format!("{name}OAuth"), oauth);
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_contract_has_a_meaning() {
        for spec in potok_api::methods::all() {
            for status in spec.status_codes {
                assert!(ALL.iter().any(|(known, ..)| known == status), "{spec}: {status}");
            }
        }
    }
}
