//! What follows from the declaration of a method and its example.

use potok_testkit::sdk::api::{BodyKind, Example, Format, MethodSpec};
use potok_testkit::{RawAnswer, RawRequest};

use super::Seen;
use super::format::in_format;
use crate::walk::place::Place;
use crate::walk::{EVERYBODY, Who};

/// An id that nothing has, and a word that is no id.
const NOTHING: [&str; 2] = ["11111111-2222-4333-8444-555555555555", "x"];

/// Remembers an answer.
pub(super) fn note(seen: &mut Seen, answer: &RawAnswer) {
    seen.entry(answer.status).or_insert_with(|| answer.text());
}

/// Who may do what the example does.
fn callers() -> [Who; 2] {
    [Who::Plain, Who::Administrator]
}

/// Calls the method in all ways that follow from what it is.
pub(super) async fn all(place: &Place, spec: &MethodSpec, format: Format, seen: &mut Seen) {
    let example = spec.example.unwrap_or_else(|| panic!("{spec} has no example"));
    let send = async |request: RawRequest, seen: &mut Seen| {
        let answer = place.world().raw(in_format(spec, format, request)).await;
        note(seen, &answer);
    };
    let as_said = |who: Who| place.request(spec, &example, who, |_| None);
    // Nothing of these is done.
    send(RawRequest { verb: "PATCH".to_owned(), ..as_said(Who::Administrator) }, seen).await;
    for who in callers() {
        for request in malformed(spec, &as_said(who)) {
            note(seen, &place.world().raw(request).await);
        }
        for name in names(&example) {
            for nothing in NOTHING {
                let instead = |asked: &str| (asked == name).then(|| nothing.to_owned());
                send(place.request(spec, &example, who, instead), seen).await;
            }
        }
    }
    for who in EVERYBODY {
        send(as_said(who), seen).await;
    }
    // What is done already is refused by some.
    for who in callers() {
        send(as_said(who), seen).await;
    }
}

/// Calls it when the box is suspended.
pub(super) async fn suspended(place: &Place, spec: &MethodSpec, format: Format, seen: &mut Seen) {
    let example = spec.example.unwrap_or_else(|| panic!("{spec} has no example"));
    let request = place.request(spec, &example, Who::Administrator, |_| None);
    note(seen, &place.world().raw(in_format(spec, format, request)).await);
}

/// The request with parameters that are missing or are none, with bodies that are none, too large or of no type.
fn malformed(spec: &MethodSpec, request: &RawRequest) -> Vec<RawRequest> {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    let with =
        |pairs: &[String]| RawRequest { path: format!("{path}?{}", pairs.join("&")), ..request.clone() };
    let owned = || pairs.iter().map(|pair| (*pair).to_owned()).collect::<Vec<_>>();
    let mut all = Vec::new();
    for (nth, pair) in pairs.iter().enumerate() {
        let mut without = owned();
        without.remove(nth);
        all.push(with(&without));
        let mut wrong = owned();
        wrong[nth] = format!("{}=%20x", pair.split('=').next().unwrap_or(pair));
        all.push(with(&wrong));
    }
    // Optional ones as well.
    for param in spec.query.iter().filter(|param| !pairs.iter().any(|pair| pair.starts_with(param.name))) {
        let mut more = owned();
        more.push(format!("{}=%20x", param.name));
        all.push(with(&more));
    }
    if spec.request == BodyKind::Empty {
        return all;
    }
    let typed = |kind: &str| {
        let mut request = request.clone();
        request.headers.retain(|(name, _)| name != "Content-Type");
        request.header("Content-Type", kind)
    };
    all.push(typed("text/fancy"));
    // Bytes may be of any type, and packed by nobody.
    all.push(request.clone().header("Content-Encoding", "gzip"));
    all.push(RawRequest { body: "{\"".into(), ..typed("application/json") });
    all.push(RawRequest { body: vec![0xff; 3].into(), ..typed("application/x-protobuf") });
    all.push(RawRequest { body: "".into(), ..request.clone() });
    let length = spec.body_limit_bytes + 1;
    all.push(RawRequest { body: "".into(), ..request.clone() }.header("Content-Length", length.to_string()));
    all
}

/// The names in an example of what may not be there.
fn names(example: &Example) -> Vec<String> {
    let mut names = Vec::new();
    for text in [example.query, example.body] {
        for behind in text.split('{').skip(1) {
            let name = behind.split('}').next().unwrap_or_default();
            let is_name =
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if is_name && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}
