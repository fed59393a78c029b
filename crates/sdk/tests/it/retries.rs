//! Coming back when the server says so.

use potok_sdk::api::methods::*;
use potok_sdk::api::{Empty, Endpoint};
use potok_sdk::proto::AcquireCounteragentResultV2;
use potok_sdk::proto::events::{Message, MessageToPost};
use potok_sdk::{Auth, Error, RetryPolicy};

use crate::server::{Reply, Server, reply};

fn posted() -> Message {
    Message { message_id: "ffbb6f4f-ba5e-4d7b-a5a7-8b2c2b1d8e07".to_owned(), ..Message::default() }
}

fn done() -> Reply {
    reply(200, potok_wire::encode_protobuf(&posted()))
}

/// Posts a message and says what came of it, the pauses and the number of requests.
async fn post(replies: Vec<Reply>, retry: RetryPolicy) -> (Result<Message, Error>, Vec<u64>, usize) {
    let server = Server::replying(replies).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).retry(retry).build().unwrap();
    let answer = client.post_message_v3(&OperationQuery::new(), MessageToPost::default()).await;
    (answer, server.pauses(), server.seen().len())
}

#[tokio::test]
async fn the_server_names_the_pause() {
    for (first, pauses) in [
        (reply(429, "").header("Retry-After", 3), vec![3]),
        (reply(429, ""), vec![1]),
        (reply(503, "").header("Retry-After", 7), vec![7]),
        (reply(503, "").header("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"), vec![1]),
        (
            reply(409, "Request processing is in progress. Please, retry later.").header("Retry-After", 2),
            vec![2],
        ),
        (reply(204, "").header("Retry-After", 5), vec![5]),
        (reply(200, "").header("Retry-After", 4), vec![4]),
    ] {
        let text = format!("{first:?}");
        let (answer, paused, requests) = post(vec![first, done()], RetryPolicy::default()).await;
        assert_eq!(answer.unwrap(), posted(), "{text}");
        assert_eq!((paused, requests), (pauses, 2), "{text}");
    }
}

#[tokio::test]
async fn what_would_fail_again_is_not_repeated() {
    for (status, text) in
        [(400, "x"), (402, "x"), (404, "x"), (409, "blocked sender"), (500, "x"), (501, "x")]
    {
        let (answer, paused, requests) =
            post(vec![reply(status, text), done()], RetryPolicy::default()).await;
        assert_eq!(answer.unwrap_err().status(), Some(status));
        assert_eq!((paused, requests), (vec![], 1), "{status}");
    }
}

#[tokio::test]
async fn patience_ends() {
    let busy = || reply(429, "slow down").header("Retry-After", 2);
    let (answer, paused, requests) = post(vec![busy()], RetryPolicy::default()).await;
    let error = answer.unwrap_err();
    assert_eq!(error.to_string(), "PostMessage V3: 429: slow down");
    assert_eq!(error.refusal().unwrap().retry_after.unwrap().as_secs(), 2);
    assert_eq!((paused, requests), (vec![2, 2, 2], 4));

    let (answer, paused, requests) = post(vec![busy(), done()], RetryPolicy::NEVER).await;
    assert_eq!(answer.unwrap_err().status(), Some(429));
    assert_eq!((paused, requests), (vec![], 1));

    let long = reply(503, "").header("Retry-After", 3600);
    let (answer, paused, requests) = post(vec![long, done()], RetryPolicy::default()).await;
    assert_eq!(answer.unwrap_err().status(), Some(503), "an hour is longer than the policy allows");
    assert_eq!((paused, requests), (vec![], 1));

    let (answer, ..) = post(vec![reply(204, "").header("Retry-After", 1)], RetryPolicy::default()).await;
    assert!(matches!(answer, Err(Error::NotReady { method: "PostMessage V3", .. })), "{answer:?}");
}

#[tokio::test]
async fn a_repetition_sends_the_same_body() {
    let server = Server::replying([reply(429, ""), done()]).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    let message = MessageToPost { from_box_id: "box".to_owned(), ..MessageToPost::default() };
    let query = OperationQuery { operation_id: Some("op 1".to_owned()) };
    client.post_message_v3(&query, message.clone()).await.unwrap();
    let [first, second] = server.seen().try_into().unwrap();
    assert_eq!(first.target, "/V3/PostMessage?operationId=op%201");
    assert_eq!((&first.target, &first.body), (&second.target, &second.body));
    assert_eq!(potok_wire::decode_protobuf_slice::<MessageToPost>(&second.body).unwrap(), message);
}

#[tokio::test]
async fn a_task_is_asked_after_until_it_is_done() {
    let result = AcquireCounteragentResultV2 { box_id: "box".to_owned(), ..Default::default() };
    let server = Server::replying([
        reply(204, "").header("Retry-After", 2),
        reply(204, "").header("Retry-After", 60),
        reply(204, ""),
        reply(200, potok_wire::encode_protobuf(&result)),
    ])
    .await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    let query = TaskQuery::new("task-1");
    assert_eq!(client.wait_for::<AcquireCounteragentResultV2Method, _>(&query).await.unwrap(), result);
    assert_eq!(server.pauses(), [2, 15, 15]);

    let server = Server::replying([reply(204, "")]).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    let error = client.wait_for::<AcquireCounteragentResultV2Method, _>(&query).await.unwrap_err();
    assert!(matches!(error, Error::NotReady { .. }), "{error}");
    assert_eq!(server.pauses().iter().sum::<u64>(), 300);

    let server = Server::replying([reply(409, "not found")]).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    let error = client.wait_for::<AcquireCounteragentResultV2Method, _>(&query).await.unwrap_err();
    assert_eq!(error.status(), Some(409));
}

/// The method has the name of the structure it answers with.
type AcquireCounteragentResultV2Method = potok_sdk::api::methods::AcquireCounteragentResultV2;

#[test]
fn the_method_and_its_structure_are_told_apart() {
    fn asks_nothing<E: Endpoint<Request = Empty>>() -> &'static str {
        E::SPEC.path
    }
    assert_eq!(asks_nothing::<AcquireCounteragentResultV2Method>(), "/V2/AcquireCounteragentResult");
}
