//! What a caller may cost: beyond the bounds of `docs/bounds.md` a call is refused before its work is done, and others are
//! served meanwhile.

use potok_testkit::app::admin::NewUser;
use potok_testkit::sdk::Format;
use potok_testkit::sdk::api::Payload as _;
use potok_testkit::sdk::api::methods::EntityQuery;
use potok_testkit::sdk::proto::LoginPassword;
use potok_testkit::sdk::proto::events::{
    DocumentAttachment, DocumentSignature, MessagePatchToPost, MessageToPost, MetadataItem, SignedContent,
};
use potok_testkit::{Letter, Person, RawAnswer, RawRequest, World, WorldOptions};

fn refused(answer: &RawAnswer) -> (u16, &str, Option<&str>) {
    (answer.status, answer.header("x-diadoc-errorcode").unwrap_or_default(), answer.header("retry-after"))
}

async fn post(
    world: &World,
    person: &Person,
    path: &str,
    body: &impl potok_testkit::sdk::api::Payload,
) -> RawAnswer {
    world.raw(RawRequest::post(path, body.to_body(Format::Protobuf)).bearer(&person.access_token)).await
}

#[tokio::test]
async fn too_much_of_anything_is_refused_with_its_place_and_limit() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let readings = world.readings();
    let signature = DocumentSignature {
        parent_entity_id: message.entities[0].entity_id.clone(),
        sign_with_test_signature: Some(true),
        ..DocumentSignature::default()
    };
    let patch = MessagePatchToPost {
        box_id: a.box_id().to_string(),
        message_id: message.message_id.clone(),
        signatures: vec![signature; 20_000],
        ..MessagePatchToPost::default()
    };
    let answer = post(&world, &a.boss, "/V3/PostMessagePatch", &patch).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.text(),
        "MessagePatchToPost.Signatures: more than 200 elements are given, which is the limit; send the others in another \
         call"
    );
    let letter = MessageToPost {
        from_box_id: a.box_id().to_string(),
        to_box_id: Some(b.box_id().to_string()),
        document_attachments: vec![DocumentAttachment {
            type_named_id: "Nonformalized".to_owned(),
            metadata: vec![MetadataItem {
                key: "DocumentNumber".to_owned(), value: "слово ".repeat(1000)
            }],
            signed_content: SignedContent {
                name_on_shelf: Some("nothing".to_owned()),
                ..SignedContent::default()
            },
            ..DocumentAttachment::default()
        }],
        ..MessageToPost::default()
    };
    let answer = post(&world, &a.boss, "/V3/PostMessage", &letter).await;
    assert_eq!(answer.status, 400);
    let place = "MessageToPost.DocumentAttachments[0].Metadata[0].Value: more than 1000 characters are given";
    assert!(answer.text().starts_with(place), "{}", answer.text());
    assert!(world.readings() - readings < 10, "nothing but who calls was looked up");
    let long = format!("/V8/GetNewEvents?boxId={}&typeNamedId={}", a.box_id(), "a,".repeat(201));
    assert_eq!(world.raw(RawRequest::get(long).bearer(&a.boss.access_token)).await.status, 400);
    world.end().await;
}

#[tokio::test]
async fn wrong_passwords_make_the_next_attempt_wait() {
    let world = World::start().await;
    let new = NewUser { login: "anna".to_owned(), password: Some("secret".to_owned()), ..NewUser::default() };
    world.app().admin().create_user(new).await.unwrap();
    let client = format!("DiadocAuth ddauth_api_client_id={}", world.program().id);
    let attempt = async |login: &str, password: &str| {
        let body = LoginPassword { login: login.to_owned(), password: password.to_owned() };
        let request = RawRequest::post("/V3/Authenticate?type=password", body.to_body(Format::Protobuf));
        world.raw(request.header("Authorization", &*client)).await
    };
    let login = "anna";
    for guess in 0..6 {
        assert_eq!(attempt(login, &guess.to_string()).await.status, 401, "{guess}");
    }
    let waits = attempt(login, "secret").await;
    assert_eq!(refused(&waits), (429, "Http.TooManyRequests", Some("1")));
    assert_eq!(attempt("somebody else", "secret").await.status, 401, "others do not wait");
    world.clock().advance_seconds(1);
    assert_eq!(attempt(login, "wrong").await.status, 401);
    assert_eq!(refused(&attempt(login, "secret").await).2, Some("2"));
    world.clock().advance_seconds(2);
    assert_eq!(attempt(login, "secret").await.status, 200);
    assert_eq!(attempt(login, "wrong").await.status, 401, "all is forgiven");
    world.end().await;
}

/// A body that finds no memory is refused; what is small has its own share.
#[tokio::test]
async fn without_memory_large_bodies_come_again_and_small_calls_go_on() {
    let world = World::start_with(WorldOptions {
        settings: Box::new(|settings| {
            let options = potok_room::MemoryOptions { small_bytes: 1 << 20, large_bytes: 1 << 20 };
            settings.app.room.memory = potok_room::Memory::new(options);
        }),
        ..WorldOptions::default()
    })
    .await;
    let (a, _) = world.two_sides().await;
    let part = RawRequest::post("/ShelfUpload?nameOnShelf=__userId__/a&partIndex=0", vec![7; 2 << 20]);
    let answer = world.raw(part.bearer(&a.boss.access_token)).await;
    assert_eq!(refused(&answer), (503, "Http.ServiceUnavailable", Some("1")));
    let part = RawRequest::post("/ShelfUpload?nameOnShelf=__userId__/a&partIndex=0", vec![7; 100_000]);
    assert_eq!(world.raw(part.bearer(&a.boss.access_token)).await.status, 200);
    world.end().await;
}

/// A comma before a closing bracket is forgiven by a copy of the text, which needs room like the text itself.
#[tokio::test]
async fn a_copy_without_commas_needs_memory_too() {
    let world = World::start_with(WorldOptions {
        settings: Box::new(|settings| {
            // Room for the body, for what is read out of it, and for no third of its size.
            let options = potok_room::MemoryOptions { small_bytes: 1 << 20, large_bytes: 900_000 };
            settings.app.room.memory = potok_room::Memory::new(options);
        }),
        ..WorldOptions::default()
    })
    .await;
    let (a, _) = world.two_sides().await;
    let ask = async |comma: &str, length: usize| {
        let text = format!(r#"{{"Filter": "{}"{comma}}}"#, "a".repeat(length));
        let request = RawRequest::post(format!("/V2/GetDocflows?boxId={}", a.box_id()), text.into_bytes());
        world.raw(request.header("Content-Type", "application/json").bearer(&a.boss.access_token)).await
    };
    for (comma, length) in [("", 300_000), (",", 1_000), (",", 200_000)] {
        let answer = ask(comma, length).await;
        assert!(answer.text().contains("0 requests were given"), "{comma:?} {length}: {}", answer.text());
    }
    assert_eq!(refused(&ask(",", 300_000).await), (503, "Http.ServiceUnavailable", Some("1")));
    world.end().await;
}

/// Large contents go out piece by piece, whole and with their length.
#[tokio::test]
async fn large_contents_are_sent_in_pieces() {
    let world = World::start_with(WorldOptions {
        settings: Box::new(|settings| {
            // Room for two pieces, and for nothing that is loaded as a whole.
            let options = potok_room::MemoryOptions { small_bytes: 4 << 20, large_bytes: 3 << 20 };
            settings.app.room.memory = potok_room::Memory::new(options);
        }),
        ..WorldOptions::default()
    })
    .await;
    let (a, b) = world.two_sides().await;
    // Parts that are freed where they were read: larger ones keep their room until another thread has freed them.
    let part =
        |fill: u8| (0..1_000_000_u32).map(|n| fill ^ (n.wrapping_mul(31) >> 3) as u8).collect::<Vec<u8>>();
    let whole = [1, 2, 3, 4].map(part).concat();
    for (index, rest) in [(0, ""), (1, ""), (2, ""), (3, "&isLastPart=1")] {
        let path = format!("/ShelfUpload?nameOnShelf=__userId__/big.bin&partIndex={index}{rest}");
        let request = RawRequest::post(path, part(index + 1)).bearer(&a.boss.access_token);
        assert_eq!(world.raw(request).await.status, 200);
    }
    let download = RawRequest::get("/ShelfDownload?nameOnShelf=__userId__/big.bin");
    let answer = world.raw(download.bearer(&a.boss.access_token)).await;
    assert_eq!(answer.header("content-length"), Some("4000000"));
    assert!(answer.status == 200 && answer.body == whole);
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = Letter::document("big.pdf", part(1));
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let query = EntityQuery::new(
        b.box_id(),
        message.message_id.parse::<potok_types::MessageId>().unwrap(),
        message.entities[0].entity_id.parse::<potok_types::EntityId>().unwrap(),
    );
    assert_eq!(b.boss.client.get_entity_content_v4(&query).await.unwrap().0, part(1));
    world.end().await;
}

/// What is loaded to be signed is counted as long as the server signs it. What came with the call is there already.
#[tokio::test]
async fn a_test_signature_needs_room_for_what_it_signs() {
    let world = World::start_with(WorldOptions {
        settings: Box::new(|settings| {
            let options = potok_room::MemoryOptions { small_bytes: 1 << 20, large_bytes: 1 << 20 };
            settings.app.room.memory = potok_room::Memory::new(options);
        }),
        ..WorldOptions::default()
    })
    .await;
    let (a, b) = world.two_sides().await;
    let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature();
    letter.0.document_attachments[0] = Letter::document("contract.pdf", vec![7; 600_000]);
    letter.0.document_attachments[0].need_recipient_signature = Some(true);
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let signed = async || {
        let signature = DocumentSignature {
            parent_entity_id: message.entities[0].entity_id.clone(),
            sign_with_test_signature: Some(true),
            ..DocumentSignature::default()
        };
        let patch = MessagePatchToPost {
            box_id: b.box_id().to_string(),
            message_id: message.message_id.clone(),
            signatures: vec![signature],
            ..MessagePatchToPost::default()
        };
        post(&world, &b.boss, "/V3/PostMessagePatch", &patch).await
    };
    let others = world.app().room().memory.take(600_000).unwrap();
    assert_eq!(refused(&signed().await), (503, "Http.ServiceUnavailable", Some("1")));
    drop(others);
    assert_eq!(signed().await.status, 200);
    world.drain().await;
    world.end().await;
}

/// Nobody may hold all the memory there is for large bodies: beyond a share of it the others of the same user are told to come
/// again, and those of other users go on.
#[tokio::test]
async fn bodies_that_are_held_leave_room_for_those_of_other_users() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let memory = &world.app().room().memory;
    let uploaded = async |person: &Person| {
        let part = RawRequest::post("/ShelfUpload?nameOnShelf=__userId__/a&partIndex=0", vec![7; 500_000]);
        world.raw(part.bearer(&person.access_token)).await.status
    };
    let mut held = Vec::new();
    while let Ok(body) = memory.of(potok_room::Holder::new(a.boss.user_id)).take(1 << 20) {
        held.push(body);
    }
    assert!(held.len() >= 100, "the largest body there is has room: {} MiB", held.len());
    assert_eq!((uploaded(&a.boss).await, uploaded(&b.boss).await), (503, 200));
    held.clear();
    assert_eq!(uploaded(&a.boss).await, 200);
    world.end().await;
}
