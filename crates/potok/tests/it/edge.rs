//! What every request meets before its method.

use potok_api::Date;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::installation::{Answer, Installation};

fn refused(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header("x-diadoc-errorcode").unwrap_or_default())
}

#[tokio::test]
async fn every_answer_has_a_trace_a_length_and_no_reporting() {
    let installation = Installation::start().await;
    let own = format!("/GetBox?boxId={}", installation.organization.box_id);
    for (verb, address) in [
        ("GET", "/livez"),
        ("GET", "/readyz"),
        ("GET", "/favicon.ico"),
        ("GET", &*own),
        ("GET", "/nothing"),
        ("POST", &*own),
        ("GET", "/V2/GetMyUser"),
        ("GET", "/GetUsers"),
    ] {
        let answer = installation.send(verb, address, &[], "").await;
        let trace = answer.header("x-kontur-trace-id").unwrap();
        assert!(trace.len() == 32 && trace.bytes().all(|byte| byte.is_ascii_hexdigit()), "{trace}");
        assert_eq!(answer.header("content-length"), Some(&*answer.body.len().to_string()), "{address}");
        for header in ["nel", "report-to", "reporting-endpoints", "transfer-encoding"] {
            assert!(answer.header(header).is_none(), "{address}: {header}");
        }
        if answer.status >= 400 {
            assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"), "{address}");
        }
        // Browsers ask for it by themselves, with every page.
        assert_eq!(
            answer.header("content-type") == Some("image/svg+xml"),
            address == "/favicon.ico",
            "{address}"
        );
    }
}

#[tokio::test]
async fn verbs_and_paths() {
    let installation = Installation::start().await;
    let own = format!("boxId={}", installation.organization.box_id);
    assert_eq!(refused(&installation.get("/Nothing").await), (404, "Http.NotFound"));
    let wrong = installation.send("DELETE", "/V2/GetEvent", &[], "").await;
    assert_eq!(refused(&wrong), (405, "Http.MethodNotAllowed"));
    assert_eq!(wrong.header("allow"), Some("GET, HEAD, OPTIONS"));
    let options = installation.send("OPTIONS", "/V3/PostMessage", &[], "").await;
    assert_eq!((options.status, options.header("allow")), (204, Some("POST, OPTIONS")));
    for path in ["/GetBox", "/getbox", "//GETBOX/", "/V1/GetBox"] {
        assert_eq!(installation.get(&format!("{path}?{own}")).await.status, 200, "{path}");
    }
    let token = format!("Bearer {}", installation.user_token);
    let get = installation.get(&format!("/GetBox?{own}")).await;
    let head = installation.send("HEAD", &format!("/GetBox?{own}"), &[("Authorization", &token)], "").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), get.header("content-length"));
}

#[tokio::test]
async fn who_calls_is_asked_before_what() {
    let installation = Installation::start().await;
    let address = "/V2/GetMyUser";
    for (header, text, challenge) in [
        ("Basic YTpi", "Authorization", None),
        ("DiadocAuth ddauth_api_client_id=other", "Invalid API client id", None),
        ("DiadocAuth ddauth_api_client_id=tests", "Invalid auth token", None),
        ("DiadocAuth ddauth_api_client_id=tests,ddauth_token=xx==", "Invalid auth token", None),
        ("Bearer", "Invalid auth token", Some("Bearer")),
        ("Bearer xx==", "Invalid auth token", Some("Bearer error=\"invalid_token\"")),
    ] {
        let answer = installation.send("GET", address, &[("Authorization", header)], "").await;
        assert_eq!(refused(&answer), (401, "Http.Auth"), "{header}");
        assert!(answer.text().contains(text), "{header}: {}", answer.text());
        assert_eq!(answer.header("www-authenticate"), challenge, "{header}");
    }
    let diadoc = format!("{}, ddauth_token={}", installation.client_only(), installation.user_token);
    assert_eq!(installation.send("GET", address, &[("Authorization", &diadoc)], "").await.status, 200);
}

#[tokio::test]
async fn bodies_are_read_by_type_and_size() {
    let installation = Installation::start().await;
    let token = format!("Bearer {}", installation.user_token);
    let own = format!("/V2/GetDocflows?boxId={}", installation.organization.box_id);
    let post = async |kind: Option<&str>, body: Vec<u8>| {
        let mut headers = vec![("Authorization", &*token)];
        headers.extend(kind.map(|kind| ("Content-Type", kind)));
        installation.send("POST", &own, &headers, body).await
    };
    let xml = post(Some("application/xml"), b"<a/>".to_vec()).await;
    assert_eq!(refused(&xml), (415, "Http.UnsupportedMediaType"));

    let json = post(None, b" {\"Requests\":[]}".to_vec()).await;
    assert_eq!(refused(&json), (400, "Http.BadRequest"));
    assert!(
        json.text().starts_with("Can't deserialize request body into type: GetDocflowBatchRequest"),
        "{}",
        json.text()
    );
    assert!(json.text().contains("Content-Type: application/json"), "{}", json.text());

    let wrong = post(Some("application/json"), b"{\"Requests\":7}".to_vec()).await;
    assert!(
        wrong.text().starts_with("Can't deserialize request body into type: GetDocflowBatchRequest"),
        "{}",
        wrong.text()
    );

    let limit = 4 * 1024 * 1024;
    assert_eq!(refused(&post(None, vec![0; limit + 1]).await), (413, "Http.RequestTooLarge"));
    // Zeros are no protobuf, but they are read.
    assert_eq!(refused(&post(None, vec![0; limit]).await), (400, "Http.BadRequest"));
}

/// Clients that write everything before they read see the refusal, and not a broken connection.
#[tokio::test]
async fn a_refused_body_is_still_taken() {
    let installation = Installation::start().await;
    let own = format!("/V3/PostMessage?boxId={}", installation.organization.box_id);
    let refused =
        installation.send("POST", &own, &[("Authorization", "Bearer wrong")], vec![0; 8 * 1024 * 1024]).await;
    assert_eq!(refused.status, 401);
}

/// A client that waits for permission to send is not asked to send what is refused anyway.
#[tokio::test]
async fn nobody_is_asked_to_continue_for_nothing() {
    let installation = Installation::start().await;
    let mut stream = TcpStream::connect(installation.running.address()).await.unwrap();
    let head = "POST /V3/PostMessage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\n\
                Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8(answer).unwrap(), "HTTP/1.1 401");
}

#[tokio::test]
async fn clients_that_call_too_often_wait() {
    let installation = Installation::start_with(|settings| {
        settings.http.requests_per_second = 1;
        settings.http.burst = 3;
    })
    .await;
    for _ in 0..3 {
        assert_eq!(installation.get("/V2/GetMyUser").await.status, 200);
    }
    let refused_answer = installation.get("/V2/GetMyUser").await;
    assert_eq!(refused(&refused_answer), (429, "Http.TooManyRequests"));
    assert_eq!(refused_answer.header("retry-after"), Some("1"));
    assert_eq!(
        installation.send("GET", "/V2/GetMyUser", &[], "").await.status,
        401,
        "who calls is asked first"
    );
    installation.clock.advance_seconds(1);
    assert_eq!(installation.get("/V2/GetMyUser").await.status, 200);
}

#[tokio::test]
async fn methods_retire_on_their_day() {
    let last_day: Date = "2026-02-01".parse().unwrap();
    let installation = Installation::start_with(|settings| {
        settings.http.retire.insert("GetEvent V2".to_owned(), last_day);
    })
    .await;
    let box_id = installation.organization.box_id;
    let query = format!("boxId={box_id}&eventId=4c422f4e-7ecd-492d-a652-3aa45007da1b");
    let before = installation.get(&format!("/V2/GetEvent?{query}")).await;
    assert_eq!(before.status, 404, "it is looked for");
    assert_eq!(before.header("sunset"), Some("Sun, 01 Feb 2026 23:59:59 GMT"));
    assert!(before.header("link").unwrap().contains("rel=\"sunset\""));
    installation.clock.advance_seconds(15 * 3600);
    let after = installation.get(&format!("/V2/GetEvent?{query}")).await;
    assert_eq!(refused(&after), (410, "DiadocApi.Gone"));
    assert!(after.text().contains("GetEvent V3"), "{}", after.text());
    let next = installation.get(&format!("/V3/GetEvent?{query}")).await;
    assert_eq!((next.status, next.header("sunset")), (404, None));
}

/// The rest of a request is not looked at for somebody who has no access to its box.
#[tokio::test]
async fn access_to_the_box_is_asked_before_the_rest_of_the_request() {
    let installation = Installation::start().await;
    let address = format!("/V2/GetEvent?boxId={}&eventId=nonsense", installation.organization.box_id);
    let stranger = format!("Bearer {}", installation.stranger_token);
    assert_eq!(installation.send("GET", &address, &[("Authorization", &stranger)], "").await.status, 403);
    assert_eq!(refused(&installation.get(&address).await), (400, "Http.BadRequest"));
    assert_eq!(refused(&installation.get("/V2/GetEvent?eventId=nonsense").await), (400, "Http.BadRequest"));
}

#[tokio::test]
async fn the_shelf_keeps_parts_and_names_the_missing_ones() {
    let installation = Installation::start().await;
    let token = format!("Bearer {}", installation.user_token);
    let put = async |rest: &str, kind: &str, body: &'static str| {
        let address = format!("/ShelfUpload?nameOnShelf=__userId__/a.txt&{rest}");
        installation.send("POST", &address, &[("Authorization", &token), ("Content-Type", kind)], body).await
    };
    let octets = "application/octet-stream";
    assert_eq!(put("partIndex=2&isLastPart=True", octets, "!").await.text(), "[0,1]");
    assert_eq!(put("partIndex=0", octets, "Hello").await.text(), "[1]");
    assert_eq!(installation.get("/ShelfDownload?nameOnShelf=__userId__/a.txt").await.status, 404);
    assert_eq!(put("partIndex=1&isLastPart=0", "base64", "LCB3b3JsZA==").await.text(), "[]");
    let whole = installation.get("/ShelfDownload?nameOnShelf=__userId__/a.txt").await;
    assert_eq!((whole.status, whole.text()), (200, "Hello, world!"));
    assert_eq!(whole.header("content-type"), Some("application/octet-stream"));
    assert_eq!(installation.get("/ShelfDownload?nameOnShelf=a.txt").await.status, 400);
}
