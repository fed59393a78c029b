//! Time stamps on signatures, from an authority on this machine.

use std::sync::Arc;

use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::{Content, KeyKind, Trust, UnixTime, tsa, verify};
use potok_testkit::sdk::api::methods::EntityQuery;
use potok_testkit::{Letter, Person, World, WorldOptions};
use rand::SeedableRng as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Names, feed};

/// 2026-02-01T09:00:00Z, as in every world.
const NOW: UnixTime = UnixTime(1_769_936_400);

fn authority() -> Identity {
    let mut random = rand::rngs::StdRng::seed_from_u64(7);
    let validity = Validity { from: UnixTime(NOW.0 - 86_400), to: UnixTime(NOW.0 + 86_400) };
    let root =
        Authority::root(&Subject::common_name("Корень"), KeyKind::P256, validity, &mut random).unwrap();
    let name = Subject::common_name("Служба штампов времени");
    root.issue_identity(&name, KeyKind::P256, Role::TimeStamping, validity, &mut random).unwrap()
}

/// Answers requests for time stamps as long as the test runs; its address.
async fn serve(identity: Identity) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/tsp", listener.local_addr().unwrap());
    let identity = Arc::new(identity);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            answer(socket, &identity).await;
        }
    });
    url
}

async fn answer(mut socket: TcpStream, identity: &Identity) {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let read = socket.read(&mut buffer).await.unwrap();
        assert_ne!(read, 0, "the request is whole");
        bytes.extend_from_slice(&buffer[..read]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        assert!(head.contains("content-type: application/timestamp-query"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if bytes.len() < end + 4 + length.parse::<usize>().unwrap() {
            continue;
        }
        let body = tsa::respond(&bytes[end + 4..], identity, NOW, 1).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        socket.write_all(&[head.as_bytes(), &body].concat()).await.unwrap();
        return;
    }
}

async fn world(url: String) -> World {
    World::start_with(WorldOptions {
        settings: Box::new(move |settings| settings.operator.tsa = Some(url.clone())),
        ..WorldOptions::default()
    })
    .await
}

/// How many time stamps a signature of the letter carries; it is good in any case.
async fn stamps(person: &Person, message: &str, signature: &str) -> usize {
    let query = EntityQuery::new(
        person.box_id,
        message.parse::<potok_types::MessageId>().unwrap(),
        signature.parse::<potok_types::EntityId>().unwrap(),
    );
    let bytes = person.client.get_entity_content_v4(&query).await.unwrap().0;
    let content = Content::Bytes(b"the text of a contract");
    let found = verify(&bytes, content, NOW, &Trust::default()).unwrap();
    assert!(found.is_signature_of_content());
    assert!(found.first().timestamps.iter().all(|stamp| stamp.covers_signature && stamp.signature_valid));
    found.first().timestamps.len()
}

#[tokio::test]
async fn the_sender_keeps_the_strengthened_copy_and_the_recipient_gets_it() {
    let world = world(serve(authority()).await).await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    let s = message.entities[1].entity_id.clone();
    let mut names = Names::with(&[(&m, "M"), (&d, "d1"), (&s, "s1")]);
    let in_a = feed(&a.boss).await;
    assert_eq!(
        names.lines(&in_a),
        ["Message M: [d1 Nonformalized, s1 Signature(d1)]", "Patch P1: [e1 Signature(s1)] delivered=M whole",]
    );
    assert_eq!(names.lines(&feed(&b.boss).await), ["Message M: [d1 Nonformalized, s1 Signature(d1)]"]);
    let copy = in_a[1].patch.as_ref().unwrap().entities[0].entity_id.clone();
    assert_eq!(stamps(&a.boss, &m, &s).await, 0, "what was posted stays as it was");
    assert_eq!(stamps(&a.boss, &m, &copy).await, 1);
    assert_eq!(stamps(&b.boss, &m, &s).await, 1);
    world.end().await;
}

#[tokio::test]
async fn without_an_answer_the_delivery_goes_on() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/tsp", listener.local_addr().unwrap());
    drop(listener);
    let world = world(url).await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let s = message.entities[1].entity_id.clone();
    assert_eq!(stamps(&b.boss, &message.message_id, &s).await, 0);
    world.end().await;
}
