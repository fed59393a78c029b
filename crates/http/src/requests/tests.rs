use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderValue, Uri};
use potok_api::{Format, by_label};
use potok_types::Ticks;
use potok_wire::encode_protobuf;
use potok_wire::proto::events::MessageToPost;
use serde_json::Value;

use super::*;

fn entry(label: &str, status: u16, body: &[u8], format: Format) -> Entry {
    let mut all = HeaderMap::new();
    all.insert("authorization", HeaderValue::from_static("Bearer hunter2"));
    all.insert("accept", HeaderValue::from_static("application/json"));
    let bytes = Bytes::copy_from_slice(body);
    Entry {
        at: Ticks::from_unix_nanoseconds(1_769_936_400_000_000_000),
        trace_id: TraceId::default(),
        spec: by_label(label),
        verb: "POST".to_owned(),
        target: target(&"/V3/PostMessage?operationId=1&token=hunter2".parse::<Uri>().unwrap()),
        headers: headers(&all),
        formats: Formats { request: format, response: Format::Json },
        client_id: Some("erp".to_owned()),
        box_id: None,
        body: Body::of(&bytes, bytes.len() as u64),
        status,
        duration_us: 5,
        code: Some("DiadocApi.BadRequest".to_owned()),
        answer: Body::of(&Bytes::from_static(b"why"), 3),
    }
}

fn shown(requests: &Requests, query: &str) -> Vec<Value> {
    let list: Value = serde_json::from_str(&requests.shown(&Wanted::of(query))).unwrap();
    list.as_array().unwrap().clone()
}

#[test]
fn a_body_is_shown_in_both_forms_whichever_it_came_in() {
    let message = MessageToPost { from_box_id: "b".to_owned(), ..MessageToPost::default() };
    let protobuf = encode_protobuf(&message);
    let requests = Requests::new(10);
    requests.keep(entry("PostMessage V3", 400, &protobuf, Format::Protobuf));
    requests.keep(entry("PostMessage V3", 400, br#"{"FromBoxId":"b"}"#, Format::Json));
    for one in shown(&requests, "") {
        assert_eq!(one["request"]["json"]["FromBoxId"], "b", "{one}");
        assert_eq!(one["request"]["protobuf"], BASE64_STANDARD.encode(&protobuf), "{one}");
        assert_eq!(
            (&one["refusal"]["text"], &one["refusal"]["code"]),
            (&"why".into(), &"DiadocApi.BadRequest".into())
        );
    }
    let newest = &shown(&requests, "limit=1")[0];
    let curl = newest["curl"].as_str().unwrap();
    assert!(
        curl.contains(r#"--data-binary '{"FromBoxId":"b"}'"#) && curl.contains("\"$BASE\"'/V3/PostMessage"),
        "{curl}"
    );
    assert!(!requests.shown(&Wanted::of("")).contains("hunter2"), "no secret is kept");
    assert!(holds_secrets(by_label("Authenticate V3")) && holds_secrets(by_label("/connect/token")));
    assert!(!holds_secrets(by_label("PostMessage V3")));
}

#[test]
fn they_are_found_by_what_is_known_of_them() {
    let requests = Requests::new(10);
    requests.keep(entry("PostMessage V3", 400, b"", Format::Json));
    requests.keep(entry("GetMessage V5", 404, b"", Format::Json));
    requests.keep(entry("GetMessage V6", 200, b"", Format::Json));
    for (query, count) in [
        ("method=getmessage", 2),
        ("status=4xx", 2),
        ("status=404", 1),
        ("status=4xx&method=post", 1),
        ("client=erp", 3),
        ("client=other", 0),
        ("trace=00000000000000000000000000000000", 3),
        ("limit=2", 2),
    ] {
        assert_eq!(shown(&requests, query).len(), count, "{query}");
    }
}

#[test]
fn no_more_is_kept_than_there_is_room_for() {
    let requests = Requests::new(3);
    for _ in 0..10 {
        requests.keep(entry("GetMessage V5", 200, b"", Format::Json));
    }
    assert_eq!(requests.kept().entries.len(), 3);
    let large = vec![b'x'; 10 * BODY_BYTES];
    let requests = Requests::new(100_000);
    for _ in 0..1_000 {
        requests.keep(entry("ShelfUpload", 200, &large, Format::Json));
    }
    let kept = requests.kept();
    assert!(kept.bytes <= ROOM_BYTES && kept.entries.len() < 300, "{} {}", kept.bytes, kept.entries.len());
    assert_eq!(kept.bytes, kept.entries.iter().map(Entry::weight).sum::<usize>());
    assert!(!kept.entries[0].body.is_whole());
}
