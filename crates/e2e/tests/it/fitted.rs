//! Answers that the client has already, and answers that it takes packed.

use std::cell::Cell;

use bytes::Bytes;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::{Letter, Org, Person, RawAnswer, RawRequest, World, WorldOptions};

struct Stage {
    world: World,
    from: Org,
    to: Org,
    sent: Cell<u32>,
}

impl Stage {
    async fn set(compress: bool) -> Self {
        let options = WorldOptions {
            settings: Box::new(move |settings| settings.http.compress = compress),
            on_postgres: false,
            nodes: 1,
            ..WorldOptions::default()
        };
        let world = World::start_with(options).await;
        let (from, to) = world.two_sides().await;
        let stage = Self { world, from, to, sent: Cell::new(0) };
        stage.send().await;
        stage
    }

    async fn send(&self) {
        self.sent.set(self.sent.get() + 1);
        let letter = Letter::new(self.from.box_id(), self.to.box_id()).comment(&self.sent.get().to_string());
        self.from.boss.post(&letter).await.unwrap();
        self.world.drain().await;
    }

    async fn page(&self, who: &Person, accept: &str, headers: &[(&str, &str)]) -> RawAnswer {
        let request = RawRequest::get(format!("/V8/GetNewEvents?boxId={}", self.to.box_id()));
        let request = request.bearer(&who.access_token).header("Accept", accept);
        let add = |request: RawRequest, (name, value): &(&str, &str)| request.header(name, *value);
        self.world.raw(headers.iter().fold(request, add)).await
    }
}

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/x-protobuf";

/// The body of an answer in chunks, each as its length says.
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = chunks.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..end]).unwrap(), 16).unwrap();
        let body = &chunks[end + 2..];
        if length == 0 {
            return whole;
        }
        whole.extend_from_slice(&body[..length]);
        chunks = &body[length + 2..];
    }
}

#[tokio::test]
async fn who_has_the_answer_is_told_so_until_something_changes() {
    let stage = Stage::set(false).await;
    let boss = &stage.to.boss;
    for accept in [JSON, PROTOBUF] {
        let first = stage.page(boss, accept, &[]).await;
        let tag = first.header("etag").unwrap().to_owned();
        assert!(tag.starts_with("W/\""), "{tag}");
        for known in [&tag[..], "*", &format!("\"0\", {tag}")] {
            let unchanged = stage.page(boss, accept, &[("If-None-Match", known)]).await;
            assert_eq!((unchanged.status, unchanged.header("etag")), (304, Some(&tag[..])), "{known}");
            assert!(unchanged.body.is_empty() && unchanged.header("content-type").is_none());
        }
        let other = stage.page(boss, accept, &[("If-None-Match", "W/\"0\"")]).await;
        assert_eq!((other.status, &other.body), (200, &first.body));
        stage.send().await;
        let changed = stage.page(boss, accept, &[("If-None-Match", &tag)]).await;
        assert_eq!(changed.status, 200);
        assert!(changed.body.len() > first.body.len());
        assert!(changed.header("etag").is_some_and(|now| now != tag));
    }
    let [json, protobuf] = [JSON, PROTOBUF].map(|accept| stage.page(boss, accept, &[]));
    assert_ne!(json.await.header("etag"), protobuf.await.header("etag"), "they are other bytes");
    stage.world.end().await;
}

#[tokio::test]
async fn a_tag_opens_nothing_and_changes_nothing() {
    let stage = Stage::set(false).await;
    let tag = stage.page(&stage.to.boss, JSON, &[]).await.header("etag").unwrap().to_owned();
    let stranger = stage.page(&stage.from.boss, JSON, &[("If-None-Match", &tag)]).await;
    assert_eq!((stranger.status, stranger.header("etag")), (403, None));
    let blocked = Permissions { is_blocked: true, ..Permissions::none() };
    let admin = stage.world.app().admin();
    admin.put_employee(stage.to.box_id(), stage.to.boss.user_id, "", blocked).await.unwrap();
    assert_eq!(stage.page(&stage.to.boss, JSON, &[("If-None-Match", &tag)]).await.status, 403);
    stage.world.end().await;
}

#[tokio::test]
async fn an_answer_is_packed_for_who_asks_where_that_is_allowed() {
    let stage = Stage::set(true).await;
    let boss = &stage.to.boss;
    for _ in 0..20 {
        stage.send().await;
    }
    for accept in [JSON, PROTOBUF] {
        let plain = stage.page(boss, accept, &[]).await;
        assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("accept-encoding")));
        // Packed for the first time, and as it was packed then.
        for _ in 0..2 {
            let packed = stage.page(boss, accept, &[("Accept-Encoding", "gzip, deflate")]).await;
            assert_eq!(packed.header("content-encoding"), Some("gzip"));
            assert_eq!(
                packed.header("transfer-encoding"),
                Some("chunked"),
                "as the official client needs it"
            );
            assert_eq!(packed.header("content-length"), None);
            assert_eq!(packed.header("etag"), plain.header("etag"));
            assert_eq!(packed.header("content-type"), plain.header("content-type"));
            let body = joined(&packed.body);
            assert!(body.len() < plain.body.len() / 2, "{} of {}", body.len(), plain.body.len());
            assert_eq!(Bytes::from(potok_zip::gunzip(&body, plain.body.len()).unwrap()), plain.body);
        }
        let refused = stage.page(boss, accept, &[("Accept-Encoding", "gzip;q=0")]).await;
        assert_eq!((refused.header("content-encoding"), &refused.body), (None, &plain.body));
        let tag = plain.header("etag").unwrap();
        let known = stage.page(boss, accept, &[("Accept-Encoding", "gzip"), ("If-None-Match", tag)]).await;
        assert_eq!((known.status, known.header("content-encoding")), (304, None));
    }
    stage.world.end().await;
}

#[tokio::test]
async fn nothing_is_packed_where_that_is_not_allowed_nor_what_is_short() {
    for compress in [false, true] {
        let stage = Stage::set(compress).await;
        let boxes = RawRequest::get("/GetMyOrganizations").bearer(&stage.to.boss.access_token);
        let gzip = [("Accept-Encoding", "gzip")];
        let short = stage.world.raw(boxes.header("Accept", JSON).header(gzip[0].0, gzip[0].1)).await;
        assert!(short.status == 200 && short.body.len() < 1024 && short.header("content-encoding").is_none());
        let page = stage.page(&stage.to.boss, JSON, &gzip).await;
        assert_eq!(page.header("content-encoding").is_some(), compress);
        assert_eq!(page.header("content-length").is_some(), !compress);
        stage.world.end().await;
    }
}
