//! What goes over the line, and what becomes of the answer.

use std::error::Error as _;
use std::time::Duration;

use potok_sdk::api::methods::*;
use potok_sdk::api::{Format, Maybe, Raw};
use potok_sdk::proto::docflow::{GetDocflowBatchRequest, GetDocflowBatchResponse};
use potok_sdk::proto::events::BoxEvent;
use potok_sdk::{Auth, Client, Error};
use potok_types::{BoxId, EventId};

use crate::server::{Server, reply};

fn box_id() -> BoxId {
    "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru".parse().unwrap()
}

fn event() -> BoxEvent {
    BoxEvent { event_id: "ffbb6f4f-ba5e-4d7b-a5a7-8b2c2b1d8e07".to_owned(), ..BoxEvent::default() }
}

fn event_query() -> GetEventQuery {
    GetEventQuery::new(box_id(), event().event_id.parse::<EventId>().unwrap())
}

#[tokio::test]
async fn a_call_in_protobuf() {
    let server = Server::replying([reply(200, potok_wire::encode_protobuf(&event()))]).await;
    let client = server.client().auth(Auth::Token("t0=".to_owned())).solution_info("acme").build().unwrap();

    let answer = client.get_event_v2(&event_query()).await.unwrap();

    assert_eq!(answer, event());
    let [seen] = server.seen().try_into().unwrap();
    assert_eq!(seen.verb, "GET");
    assert_eq!(
        seen.target,
        "/V2/GetEvent?boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3&eventId=ffbb6f4f-ba5e-4d7b-a5a7-8b2c2b1d8e07"
    );
    for (name, value) in [
        ("Authorization", Some("DiadocAuth ddauth_api_client_id=client-1,ddauth_token=t0=")),
        ("Accept", Some("application/x-protobuf")),
        ("X-Solution-Info", Some("acme")),
        ("Content-Type", None),
        ("Accept-Encoding", None),
    ] {
        assert_eq!(seen.header(name), value, "{name}");
    }
    assert!(seen.header("User-Agent").unwrap().starts_with("Potok Rust SDK="));
}

#[tokio::test]
async fn a_call_in_json() {
    let server = Server::replying([
        reply(200, "{\"Documents\":[]}").header("Content-Type", "application/json; charset=utf-8")
    ])
    .await;
    let client =
        server.client().auth(Auth::AccessToken("at".to_owned())).format(Format::Json).build().unwrap();

    let answer =
        client.get_docflows_v2(&BoxQuery::new(box_id()), GetDocflowBatchRequest::default()).await.unwrap();

    assert_eq!(answer, GetDocflowBatchResponse::default());
    let [seen] = server.seen().try_into().unwrap();
    assert_eq!((seen.verb.as_str(), seen.path()), ("POST", "/V2/GetDocflows"));
    assert_eq!(String::from_utf8(seen.body.clone()).unwrap(), "{\"Requests\":[]}");
    assert_eq!(seen.header("Authorization"), Some("Bearer at"));
    assert_eq!(seen.header("Accept"), Some("application/json"));
    assert_eq!(seen.header("Content-Type"), Some("application/json; charset=utf-8"));
}

#[tokio::test]
async fn the_answer_is_read_as_it_says_not_as_it_was_asked() {
    let server = Server::replying([reply(200, potok_wire::encode_protobuf(&event()))]).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).format(Format::Json).build().unwrap();
    assert_eq!(client.get_event_v3(&event_query()).await.unwrap(), event());
}

#[tokio::test]
async fn bytes_and_texts_go_as_they_are() {
    let server = Server::replying([reply(200, "name.bin"), reply(200, vec![0, 255, 1])]).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();

    let name = client.shelf_upload_v2(&ShelfUploadQuery::new(), Raw::from(vec![7, 0, 7])).await.unwrap();
    let bytes = client.shelf_download_v2(&ShelfDownloadQuery::new(name.0.as_str())).await.unwrap();

    assert_eq!(name.0, "name.bin");
    assert_eq!(&bytes.0[..], [0, 255, 1]);
    let seen = server.seen();
    assert_eq!(seen[0].body, [7, 0, 7]);
    assert_eq!(seen[0].header("Content-Type"), Some("application/octet-stream"));
    assert_eq!(seen[0].target, "/V2/ShelfUpload");
    assert_eq!(seen[1].target, "/V2/ShelfDownload?fileName=name.bin");
}

#[tokio::test]
async fn a_base_with_a_path_keeps_it() {
    let server = Server::replying([reply(200, potok_wire::encode_protobuf(&event()))]).await;
    let client = Client::builder(format!("{}/behind/", server.url), "c").auth(Auth::Token("t".to_owned()));
    client.build().unwrap().get_event_v3(&event_query()).await.unwrap();
    assert_eq!(server.paths(), ["/behind/V3/GetEvent"]);
}

#[tokio::test]
async fn nothing_to_say_is_an_answer_where_the_method_has_it() {
    let server = Server::replying([reply(204, "")]).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    assert_eq!(client.get_last_event_v2(&BoxQuery::new(box_id())).await.unwrap(), Maybe(None));
    let error = client.get_event_v3(&event_query()).await.unwrap_err();
    assert_eq!(error.status(), Some(204), "{error}");
}

#[tokio::test]
async fn a_refusal_tells_all_it_knows() {
    let server = Server::replying([reply(403, "Access to Box [1f20] is denied\n")
        .header("X-Diadoc-ErrorCode", "DiadocApi.Forbidden")
        .header("X-Kontur-Trace-Id", "0af7651916cd43dd8448eb211c80319c")])
    .await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();

    let error = client.get_event_v2(&event_query()).await.unwrap_err();

    assert_eq!(
        error.to_string(),
        "GetEvent V2: 403 DiadocApi.Forbidden: Access to Box [1f20] is denied (trace 0af7651916cd43dd8448eb211c80319c)"
    );
    let refusal = error.refusal().unwrap();
    assert_eq!((refusal.status, refusal.code.as_deref()), (403, Some("DiadocApi.Forbidden")));
    assert_eq!(refusal.text, "Access to Box [1f20] is denied");
    assert_eq!(refusal.retry_after, None);
}

#[tokio::test]
async fn an_answer_that_is_not_the_structure_is_told_apart() {
    let server = Server::replying([reply(200, [255, 255, 255])]).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    let error = client.get_event_v2(&event_query()).await.unwrap_err();
    assert!(matches!(error, Error::Answer { method: "GetEvent V2", .. }), "{error}");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn time_runs_out() {
    let server = Server::scripted(|_| None).await;
    let client = server.client().timeout(Duration::from_millis(20)).build().unwrap();
    let error = client.get_box(&BoxQuery::new(box_id())).await.unwrap_err();
    assert!(matches!(error, Error::Transport { timed_out: true, method: "GetBox", .. }), "{error:?}");
}

#[tokio::test]
async fn nobody_is_there() {
    let client = Client::builder("http://127.0.0.1:1", "c").build().unwrap();
    let error =
        client.authenticate_confirm_v3(&AuthenticateConfirmQuery::new("s3cret"), Raw::default()).await;
    let error = error.unwrap_err();
    assert!(matches!(error, Error::Transport { timed_out: false, .. }), "{error:?}");
    assert!(
        !format!("{error:?}").contains("s3cret"),
        "a token of the query does not reach the logs: {error:?}"
    );
}

#[test]
fn wrong_settings_are_named() {
    for (url, info, expected) in [
        ("nowhere", "ok", "base url \"nowhere\" is no address"),
        ("ftp://host", "ok", "base url \"ftp://host\": http:// or https:// and a host are expected"),
        ("http://host", "a\nb", "solution info"),
    ] {
        let error = Client::builder(url, "c").solution_info(info).build().unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}

#[test]
fn a_client_for_https_can_be_built() {
    Client::builder("https://diadoc-api.kontur.ru", "c").build().unwrap();
}
