//! Which format is read and which is written.

use potok_testkit::sdk::Format;
use potok_testkit::sdk::api::{MethodSpec, Payload as _, Verb, methods};
use potok_testkit::{RawRequest, World};

const JSON: Option<&str> = Some("application/json charset=utf-8");
const OTHER: Option<&str> = Some("application/octet-stream");

#[tokio::test]
async fn the_two_sides_are_chosen_independently() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut n = 0;
    for content_type in [None, JSON, OTHER] {
        for accept in [None, JSON, OTHER] {
            n += 1;
            let letter = potok_testkit::Letter::new(a.box_id(), b.box_id()).comment(&n.to_string()).0;
            let body = match content_type {
                JSON => letter.to_body(Format::Json),
                _ => letter.to_body(Format::Protobuf),
            };
            let mut request =
                RawRequest::post("//v3/POSTMESSAGE?OperationID", body).bearer(&a.boss.access_token);
            if let Some(value) = content_type {
                request = request.header("Content-Type", value);
            }
            request = request.header("Accept", accept.unwrap_or("*/*"));
            let answer = world.raw(request).await;
            assert_eq!(answer.status, 200, "{content_type:?} {accept:?}: {}", answer.text());
            let expected = match accept {
                JSON => "application/json; charset=utf-8",
                _ => "application/x-protobuf",
            };
            assert_eq!(answer.header("content-type"), Some(expected), "{content_type:?} {accept:?}");
            assert_eq!(answer.body.starts_with(b"{"), accept == JSON);
        }
    }
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn json_without_its_name_is_told_what_is_missing() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let request = RawRequest::post("/V3/PostMessage", "{\"FromBoxId\": \"x\"}").bearer(&a.boss.access_token);
    let answer = world.raw(request).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("Content-Type"), "{}", answer.text());
    world.end().await;
}

#[tokio::test]
async fn a_missing_required_field_is_named_in_both_formats() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let send = async |body: Vec<u8>, content_type: &str| {
        let request = RawRequest::post("/V3/PostMessage", body).bearer(&a.boss.access_token);
        world.raw(request.header("Content-Type", content_type)).await
    };
    let in_json =
        send(br#"{"fromBoxId": "x", "documentAttachments": [{}]}"#.to_vec(), "application/json").await;
    // FromBoxId = "x", DocumentAttachments = [an empty message].
    let in_protobuf = send(vec![0x0a, 1, b'x', 0x92, 0x02, 0], "application/x-protobuf").await;
    for answer in [in_json, in_protobuf] {
        assert_eq!(answer.status, 400);
        let text = answer.text();
        assert_eq!(text, "MessageToPost.DocumentAttachments[0].SignedContent is required field");
    }
    world.end().await;
}

#[tokio::test]
async fn what_is_not_built_says_so() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let get = async |path: String| world.raw(RawRequest::get(path).bearer(&a.boss.access_token)).await;
    let served = potok_http::served();
    let is_missing = |spec: &&&MethodSpec| !served.contains(spec.label) && !spec.is_gone();
    for spec in methods::all().iter().filter(is_missing) {
        let request = match spec.verb {
            Verb::Get => RawRequest::get(spec.path),
            _ => RawRequest::post(spec.path, Vec::new()),
        };
        let answer = world.raw(request.bearer(&a.boss.access_token)).await;
        assert_eq!(answer.status, 501, "{spec}");
        assert!(answer.text().contains(spec.name), "{}", answer.text());
    }
    assert_eq!(get("/NoSuchMethod".to_owned()).await.status, 404);
    assert_eq!(get("/V3/GetNewEvents".to_owned()).await.status, 410);
    world.end().await;
}
