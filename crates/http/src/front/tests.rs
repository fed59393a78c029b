use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::header::{ETAG, VARY};
use http::{HeaderValue, StatusCode};
use hyper::body::Incoming;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::answer::Answer;
use crate::apart::{self, Apart, Served};
use crate::connections::{ConnectionLimits, Connections};
use crate::format::JSON;

/// What is answered to whom, by hyper or before it. Of each kind that is kept ready there is one.
fn made(request: &Request<Came>) -> Response {
    let asked = request.body().whole().unwrap_or_default();
    let text = format!("{} {} {} ", request.method(), request.uri(), request.headers().len());
    let body = Bytes::from([text.as_bytes(), &asked].concat());
    let tagged = |answer: Answer| {
        let answer = answer.with(ETAG, HeaderValue::from_static("W/\"1a\""));
        answer.with(VARY, HeaderValue::from_static("accept-encoding"))
    };
    let answer = match request.uri().path() {
        "/tagged" => tagged(Answer::ok(Some(JSON), body)),
        "/unchanged" => tagged(Answer::no_content().with_status(StatusCode::NOT_MODIFIED)),
        "/large" => Answer::ok(Some(JSON), vec![b'.'; 40_000]),
        "/packed" => Answer { packed: Some(body), ..Answer::ok(Some(JSON), vec![b'.'; 2000]) },
        "/nothing" => Answer::ok(None, Bytes::new()),
        "/refused" => Answer::ok(None, body).with_status(StatusCode::IM_A_TEAPOT),
        _ => Answer::ok(None, body),
    };
    answer.into_response(false)
}

/// What a client reads that sends `pieces`, each when the one before was taken, and then no more; and how many answers hyper had no part
/// in. Without a front that is none.
async fn read(pieces: &[Vec<u8>], has_front: bool) -> (Vec<u8>, usize) {
    let (mut client, server) = duplex(1 << 20);
    let met = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&met);
    let served = tokio::spawn(async move {
        let place = Arc::new(Connections::new(ConnectionLimits::default())).place().unwrap();
        let apart = Arc::<Apart>::default();
        let is_at_hand =
            |request: &Request<Came>| request.uri().path() != "/slow" && request.body().whole().is_some();
        let answer = |request: Request<Incoming>| {
            apart.begins();
            let (apart, connection) = (Arc::clone(&apart), Arc::clone(&place.connection));
            async move {
                let mut request = request.map(Came::from);
                request.body_mut().first().await;
                if is_at_hand(&request) {
                    Served::new(connection.begin_request(), Some(apart)).was_at_hand(&request);
                }
                Ok::<_, Infallible>(made(&request))
            }
        };
        let at_hand = |request: &Request<Came>| {
            let is_met = has_front && is_at_hand(request);
            is_met.then(|| {
                counted.fetch_add(1, Ordering::Relaxed);
                made(request)
            })
        };
        let stop = CancellationToken::new();
        apart::serve(server, Arc::clone(&apart), answer, at_hand, &place.connection, &stop).await;
    });
    for piece in pieces {
        // Who was refused is heard no more.
        let _gone = client.write_all(piece).await;
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
    }
    client.shutdown().await.unwrap();
    let mut read = Vec::new();
    client.read_to_end(&mut read).await.unwrap();
    served.await.unwrap();
    (read, met.load(Ordering::Relaxed))
}

/// The same with all dates alike: a second may pass between two runs.
fn dateless(read: &[u8]) -> Vec<u8> {
    const NAME: &[u8] = b"\r\ndate: ";
    let mut read = read.to_vec();
    for at in 0..read.len() {
        if read[at..].starts_with(NAME) {
            let date = &mut read[at + NAME.len()..][..29];
            assert!(date.ends_with(b" GMT"), "{}", String::from_utf8_lossy(date));
            date.fill(b'D');
        }
    }
    read
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\nAccept:  text/plain \r\n\r\n").into_bytes()
}

fn post(path: &str, body: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nHOST: a\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Both ways the same comes, and so many answers without hyper.
async fn check(pieces: &[Vec<u8>], without_hyper: usize) {
    let (all_of_hyper, none) = read(pieces, false).await;
    let (read, met) = read(pieces, true).await;
    let [read, expected] = [read, all_of_hyper].map(|read| dateless(&read));
    assert!(
        read == expected,
        "{}\n--- but of hyper ---\n{}",
        String::from_utf8_lossy(&read),
        String::from_utf8_lossy(&expected)
    );
    assert_eq!((met, none), (without_hyper, 0), "{}", String::from_utf8_lossy(&pieces.concat()));
}

#[tokio::test]
async fn answers_are_those_of_hyper_to_the_byte() {
    for path in ["/tagged?a=b%20c", "/unchanged", "/large", "/packed", "/nothing", "/refused", "/other"] {
        check(&[get(path)], 1).await;
        check(&[post(path, "a question")], 1).await;
        check(&[post(path, "")], 1).await;
    }
}

#[tokio::test]
async fn many_requests_are_answered_in_their_order() {
    let all: Vec<_> =
        (0..40).map(|nth| if nth % 3 == 0 { post("/tagged", "q") } else { get("/other") }).collect();
    check(&all, 40).await;
    check(&[all.concat()], 40).await;
    // Hyper has the slow one and, with it, what came along; it leaves with the first answer that was at hand.
    check(&[get("/other"), get("/slow"), get("/other"), get("/tagged")], 2).await;
    check(&[[get("/other"), get("/slow"), get("/slow")].concat(), get("/other"), get("/large")], 2).await;
}

#[tokio::test]
async fn what_is_not_plain_is_for_hyper() {
    let with = |header: &str| format!("GET /other HTTP/1.1\r\nHost: a\r\n{header}\r\n\r\n").into_bytes();
    let whole = post("/other", "a question");
    let (head, body) = whole.split_at(whole.len() - 4);
    let many: Vec<_> = (0..40).map(|nth| format!("x-{nth}: 1")).collect();
    for pieces in [
        vec![with("Connection: close")],
        vec![with("Connection: keep-alive, TE")],
        vec![with("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0")],
        vec![with("Upgrade: h2c")],
        vec![with("Expect: 100-continue")],
        vec![with("Content-Length: 1\r\nContent-Length: 1\r\n\r\na")],
        vec![with("Content-Length: +0")],
        vec![with("Folded: a\r\n b")],
        vec![with("No colon")],
        vec![with(&many.join("\r\n"))],
        vec![with(&format!("Long: {}", "l".repeat(20_000)))],
        vec![post("/other", &"q".repeat(40_000))],
        vec![b"GET /other HTTP/1.0\r\n\r\n".to_vec()],
        vec![b"GET /other HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".to_vec()],
        vec![b"HEAD /other HTTP/1.1\r\nHost: a\r\n\r\n".to_vec()],
        vec![b"GET http://a/other HTTP/2.0\r\n\r\n".to_vec()],
        vec![b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()],
        vec![b"\0\x16\x03\x01".to_vec()],
        vec![head.to_vec(), body.to_vec()],
        vec![b"GET /oth".to_vec(), b"er HTTP/1.1\r\n\r\n".to_vec()],
        vec![b"GET /other HTT".to_vec()],
        vec![],
    ] {
        check(&pieces, 0).await;
    }
    check(&[with("Connection: Keep-Alive"), with("Connection: close"), get("/other")], 1).await;
    // Whoever was in pieces once is not for hyper forever.
    let (begun, rest) = whole.split_at(30);
    check(&[begun.to_vec(), rest.to_vec(), get("/other"), get("/tagged")], 2).await;
}

#[tokio::test]
async fn a_server_that_stops_answers_nobody_who_has_not_begun() {
    let (mut client, server) = duplex(1 << 16);
    client.write_all(&get("/other")).await.unwrap();
    let mut io = Again::new(server, Arc::default());
    let never = |_: &Request<Came>| -> Option<Response> { unreachable!("it is not looked at") };
    let ended = answer(&mut io, &never, pin!(std::future::ready(()))).await;
    assert_eq!(ended, Ended::Over);
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let whole =
        |path: &'static str, body: String, is_post| if is_post { post(path, &body) } else { get(path) };
    prop_oneof![
        8 => (select(vec!["/tagged", "/unchanged", "/packed", "/slow", "/other", "/large"]), "[a-z]{0,9}", any::<bool>())
            .prop_map(move |(path, body, is_post)| whole(path, body, is_post)),
        1 => select(vec![
            &b"GET /other HTTP/1.1\r\nConnection: close\r\n\r\n"[..],
            b"HEAD /tagged HTTP/1.1\r\n\r\n",
            b"\r\n",
            b"GET / HTTP/1.0\r\n\r\n",
            b"POST /other HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        ]).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..20),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes, in whatever pieces, is answered as hyper alone answers it.
    #[test]
    fn no_splitting_and_no_garbage_changes_an_answer(asked in vec(piece(), 1..6), cuts in vec(any::<Index>(), 0..5)) {
        let all = asked.concat();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(all.len() + 1)).chain([0, all.len()]).collect();
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|ends| all[ends[0]..ends[1]].to_vec()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (expected, found) = runtime.block_on(async { (read(&pieces, false).await.0, read(&pieces, true).await.0) });
        let [found, expected] = [found, expected].map(|read| String::from_utf8_lossy(&dateless(&read)).into_owned());
        prop_assert_eq!(found, expected);
    }
}
