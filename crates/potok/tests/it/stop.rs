//! A stop loses nothing and waits for nobody who has nothing to say.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use tokio::net::TcpListener;

use crate::installation::{Installation, http};
use crate::process::{Served, admin};

/// Well under what a stop waits for requests that run.
const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn silent_connections_do_not_hold_a_stop_up() {
    let installation = Installation::start().await;
    let address = installation.running.address();
    let _silent = TcpStream::connect(address).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut start = [0; 12];
    idle.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    let began = Instant::now();
    installation.running.stop().await;
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_request_that_runs_is_answered() {
    let installation = Installation::start().await;
    let address = installation.running.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /ShelfUpload?nameOnShelf=__userId__/a&isLastPart=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Length: 4\r\nExpect: 100-continue\r\n\r\n",
        installation.user_token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server reads the body now, so the request has got past the door.
    let mut answer = vec![0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 100"));

    let stop = tokio::spawn(installation.running.stop());
    // The door closes first.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(b"done").await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    let rest = String::from_utf8(rest).unwrap();
    assert!(rest.starts_with("HTTP/1.1 200") && rest.ends_with("[]"), "{rest}");
    stop.await.unwrap();
}

/// Two test organizations with somebody who works in both; what a post of a signed letter needs.
struct Exchange {
    from: String,
    to: String,
    token: String,
}

fn exchange(data: &std::path::Path) -> Exchange {
    let login = "a@b.example";
    let words = ["user", "create", "--login", login, "--last-name", "А", "--first-name", "Б"];
    admin(data, &words).unwrap();
    let mut boxes = Vec::new();
    for (name, inn) in [("АО «Лютик»", "7802000020"), ("ООО «Ромашка»", "7701000010")] {
        let words = ["organization", "create", "--test", "--name", name, "--inn", inn];
        let id = admin(data, &words).unwrap()["box_id"].as_str().unwrap().to_owned();
        let words = ["employee", "add", "--box", &id, "--user", login, "--access", "all", "--may", "all"];
        admin(data, &words).unwrap();
        boxes.push(id);
    }
    admin(data, &["client", "create", "--name", "Tests", "--id", "tests"]).unwrap();
    let token = admin(data, &["token", "issue", "--user", login, "--client", "tests"]).unwrap();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let [from, to] = <[String; 2]>::try_from(boxes).unwrap();
    Exchange { from, to, token }
}

#[tokio::test]
async fn a_stop_ends_in_time_whatever_still_runs() {
    let folder = tempfile::TempDir::new().unwrap();
    let Exchange { from, to, token } = exchange(folder.path());
    // A time stamp authority that takes the question and never answers: the delivery waits for it.
    let authority = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tsa = format!("http://{}", authority.local_addr().unwrap());
    let served = Served::start(folder.path(), &["--stop-seconds", "0", "--tsa", &tsa]);
    let letter = serde_json::json!({
        "FromBoxId": from,
        "ToBoxId": to,
        "IsTest": true,
        "DocumentAttachments": [{
            "TypeNamedId": "Nonformalized",
            "SignedContent": {"Content": "0JTQvtCz0L7QstC+0YA=", "SignWithTestSignature": true},
            "Metadata": [{"Key": "FileName", "Value": "a.txt"}],
        }],
    });
    let posted = http()
        .post(format!("{}/V3/PostMessage", served.address()))
        .bearer_auth(token)
        .header("Content-Type", "application/json")
        .body(letter.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status().as_u16(), 200, "{}", posted.text().await.unwrap());
    let (_question, _) = authority.accept().await.unwrap();
    let began = Instant::now();
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(1));
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert!(log.last().unwrap()["message"].as_str().unwrap().contains("the time is over"), "{log:?}");
}
