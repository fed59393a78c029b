//! Files that come to the shelf under names that the server gives: whole or in parts, and back again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{
    EntityQuery, ShelfDownloadQuery, ShelfUploadPartInitQuery, ShelfUploadPartQuery, ShelfUploadQuery,
};
use potok_testkit::{Letter, Person, RawAnswer, RawRequest, World};
use potok_types::limits;
use sha2::{Digest as _, Sha256};

/// Bytes that are different everywhere.
fn bytes(length: usize) -> Vec<u8> {
    (0..length as u64).map(|nth| (nth.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

async fn begin(person: &Person, part: &[u8]) -> String {
    let query = ShelfUploadPartInitQuery {
        file_extension: Some(".pdf".to_owned()),
        ..ShelfUploadPartInitQuery::new()
    };
    person.client.shelf_upload_part_init(&query, Raw(part.to_vec().into())).await.unwrap().0
}

async fn send(world: &World, person: &Person, name: &str, rest: &str, part: &[u8]) -> RawAnswer {
    let path = format!("/ShelfUploadPart?fileName={name}&{rest}");
    world.raw(RawRequest::post(path, part.to_vec()).bearer(&person.access_token)).await
}

async fn download(person: &Person, name: &str) -> Vec<u8> {
    person.client.shelf_download_v2(&ShelfDownloadQuery::new(name)).await.unwrap().0.to_vec()
}

#[tokio::test]
async fn parts_come_in_any_order_and_again_and_after_a_restart() {
    let mut world = World::start().await;
    let (a, b) = world.two_sides().await;
    let file = bytes(400_000);
    let parts: Vec<&[u8]> = file.chunks(100_000).collect();
    let name = begin(&a.boss, parts[0]).await;
    assert!(name.ends_with(".pdf") && name.is_ascii(), "{name}");
    let told = send(&world, &a.boss, &name, "partIndex=3&isLastPart=True", parts[3]).await;
    assert_eq!((told.status, told.text()), (200, "[1,2]".to_owned()));
    assert_eq!(send(&world, &a.boss, &name, "partIndex=1", b"another").await.text(), "[2]");
    let unfinished = a.boss.client.shelf_download_v2(&ShelfDownloadQuery::new(name.as_str())).await;
    assert_eq!(unfinished.unwrap_err().status(), Some(404));
    world.restart().await;
    let boss = world.known_person(a.box_id(), a.boss.user_id, &a.boss.login).await;
    let other = world.known_person(b.box_id(), b.boss.user_id, &b.boss.login).await;
    assert_eq!(send(&world, &boss, &name, "partIndex=1&isLastPart=False", parts[1]).await.text(), "[2]");
    let query =
        ShelfUploadPartQuery { is_last_part: Some(false), ..ShelfUploadPartQuery::new(name.as_str(), 2) };
    let left = boss.json.shelf_upload_part(&query, Raw(parts[2].to_vec().into())).await.unwrap();
    assert_eq!(left.0, "[]");
    assert_eq!(download(&boss, &name).await, file);

    // What is complete stays as it is: somebody may have named it already.
    assert_eq!(send(&world, &boss, &name, "partIndex=2", parts[2]).await.text(), "[]", "a repeated call");
    for (rest, part) in [("partIndex=2", parts[1]), ("partIndex=4&isLastPart=True", parts[0])] {
        let refused = send(&world, &boss, &name, rest, part).await;
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains("waits for this part"), "{}", refused.text());
    }
    assert_eq!(download(&boss, &name).await, file);
    let old = format!("/ShelfDownload?nameOnShelf=__userId__/{name}");
    assert_eq!(world.raw(RawRequest::get(old).bearer(&boss.access_token)).await.body, file);

    // The file is the caller's own, and that others have it is not told.
    for (person, name) in [(&other, name.as_str()), (&boss, "0.pdf")] {
        let refused = send(&world, person, name, "partIndex=1", b"x").await;
        let told = refused.text().replace(name, "…");
        assert_eq!(refused.status, 400);
        assert!(told.starts_with("fileName: no upload \"…\" of yours waits for this part"), "{told}");
        let refused = person.client.shelf_download_v2(&ShelfDownloadQuery::new(name)).await.unwrap_err();
        assert_eq!(refused.status(), Some(404));
    }
    for (rest, words) in
        [("partIndex=-1", "from 0 to 9999"), ("partIndex=10000", "from 0 to 9999"), ("", "partIndex")]
    {
        let refused = send(&world, &boss, &name, rest, b"x").await;
        assert!(refused.status == 400 && refused.text().contains(words), "{}", refused.text());
    }
    let path = format!("/ShelfUploadPart?fileName={name}&partIndex=1");
    let announced = RawRequest::post(path, Vec::new()).bearer(&boss.access_token);
    let announced = announced.header("Content-Length", (70 * 1024 * 1024 + 1).to_string());
    assert_eq!(world.raw(announced).await.status, 413);
    world.end().await;
}

#[tokio::test]
async fn parts_come_at_once() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let file = bytes(1_600_000);
    let parts: Vec<&[u8]> = file.chunks(100_000).collect();
    let name = begin(&a.boss, parts[0]).await;
    let last = parts.len() - 1;
    let sent = (1..parts.len()).map(|index| {
        let (client, name, part) = (a.boss.client.clone(), name.clone(), parts[index].to_vec());
        let query = ShelfUploadPartQuery {
            is_last_part: Some(index == last),
            ..ShelfUploadPartQuery::new(name, index as i64)
        };
        async move { client.shelf_upload_part(&query, Raw(part.into())).await.unwrap().0 }
    });
    let mut all = tokio::task::JoinSet::new();
    sent.for_each(|one| drop(all.spawn(one)));
    let told = all.join_all().await;
    assert!(told.iter().any(|missing| missing == "[]"), "{told:?}");
    assert_eq!(download(&a.boss, &name).await, file);
    world.end().await;
}

#[tokio::test]
async fn bytes_with_another_hash_are_not_taken() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let token = &a.boss.access_token;
    let digest = |bytes: &[u8]| format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(bytes)));
    let name = begin(&a.boss, b"first ").await;
    let path = format!("/ShelfUploadPart?fileName={name}&partIndex=1&isLastPart=1");
    let part = |said: &[u8]| {
        RawRequest::post(path.as_str(), "second").bearer(token).header("Content-Digest", digest(said))
    };
    let refused = world.raw(part(b"Second")).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("another digest than header Content-Digest says"), "{}", refused.text());
    let unfinished = a.boss.client.shelf_download_v2(&ShelfDownloadQuery::new(name.as_str())).await;
    assert_eq!(unfinished.unwrap_err().status(), Some(404), "nothing of it was kept");
    assert_eq!(world.raw(part(b"second")).await.text(), "[]");
    assert_eq!(download(&a.boss, &name).await, b"first second");

    let file = bytes(5 << 20);
    let whole = |said: &[u8]| {
        RawRequest::post("/V2/ShelfUpload", file.clone()).bearer(token).header("Content-Digest", digest(said))
    };
    assert_eq!(world.raw(whole(b"other")).await.status, 400);
    let kept = world.raw(whole(&file)).await;
    assert_eq!(kept.status, 200, "{}", kept.text());
    assert_eq!(download(&a.boss, &kept.text()).await, file);
    let init = RawRequest::post("/ShelfUploadPartInit", "x").bearer(token).header("Content-MD5", "x");
    let refused = world.raw(init).await;
    assert!(refused.status == 400 && refused.text().contains("header Content-MD5"), "{}", refused.text());
    world.end().await;
}

#[tokio::test]
async fn whole_files_are_read_in_ranges_and_named_by_messages() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let token = &a.boss.access_token;
    let file = bytes((9 << 20) + 5);
    let query = ShelfUploadQuery { file_extension: Some("xml".to_owned()) };
    let name = a.boss.client.shelf_upload_v2(&query, Raw(file.clone().into())).await.unwrap().0;
    assert!(name.ends_with(".xml"), "{name}");
    let path = format!("/V2/ShelfDownload?fileName={name}");
    let get = async |headers: &[(&str, &str)]| {
        let mut request = RawRequest::get(path.as_str()).bearer(token);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        world.raw(request).await
    };
    let whole = get(&[]).await;
    assert_eq!((whole.status, whole.body == file), (200, true));
    let tag = whole.header("etag").unwrap().to_owned();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let as_file = format!("attachment; filename=\"{name}\"");
    assert_eq!(whole.header("content-disposition"), Some(as_file.as_str()));
    let length = file.len();
    // Inside of a part, over the border of two, and the end.
    for (first, last) in [(0, 0), (100, 99_999), ((4 << 20) - 10, (4 << 20) + 10), (length - 3, length - 1)] {
        let range = format!("bytes={first}-{last}");
        let part = get(&[("Range", &range), ("If-Range", &tag)]).await;
        assert_eq!((part.status, part.body[..] == file[first..=last]), (206, true), "{range}");
        let place = format!("bytes {first}-{last}/{length}");
        assert_eq!(part.header("content-range"), Some(place.as_str()));
    }
    assert_eq!(get(&[("Range", "bytes=-5")]).await.body, file[length - 5..]);
    let of_other = get(&[("Range", "bytes=5-9"), ("If-Range", "\"0\"")]).await;
    assert_eq!(
        (of_other.status, of_other.body.len()),
        (200, length),
        "it is another file than the client knows"
    );
    let beyond = get(&[("Range", &format!("bytes={length}-"))]).await;
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{length}").as_str()));

    let mut letter = Letter::new(a.box_id(), b.box_id());
    let signed = &mut letter.0.document_attachments[0].signed_content;
    (signed.content, signed.name_on_shelf) = (None, Some(name));
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let query = EntityQuery::new(
        b.box_id(),
        message.message_id.parse::<potok_types::MessageId>().unwrap(),
        message.entities[0].entity_id.parse::<potok_types::EntityId>().unwrap(),
    );
    assert_eq!(b.boss.client.get_entity_content_v4(&query).await.unwrap().0, file);
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_a_whole_file_is_refused() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let token = &a.boss.access_token;
    let post = async |path: &str, body: Vec<u8>| world.raw(RawRequest::post(path, body).bearer(token)).await;
    for wrong in ["a/b", "a%20b", "..................", "a%26b"] {
        let refused = post(&format!("/V2/ShelfUpload?fileExtension={wrong}"), b"x".to_vec()).await;
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(refused.text().starts_with("fileExtension: "), "{}", refused.text());
    }
    assert_eq!(post("/V2/ShelfUpload", Vec::new()).await.status, 200, "an empty file is one");
    let in_base64 = RawRequest::post("/V2/ShelfUpload", STANDARD.encode(b"contract"))
        .bearer(token)
        .header("Content-Type", "base64");
    let name = world.raw(in_base64).await.text();
    assert_eq!(download(&a.boss, &name).await, b"contract");
    let nobody = world.raw(RawRequest::post("/V2/ShelfUpload", "x")).await;
    assert_eq!(nobody.status, 401);
    world.end().await;
}

#[tokio::test]
async fn what_nobody_uses_within_a_week_is_collected() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let name = begin(&a.boss, &bytes(300_000)).await;
    let whole = ShelfUploadQuery::new();
    let whole = a.boss.client.shelf_upload_v2(&whole, Raw(bytes(300_001).into())).await.unwrap().0;
    let later = limits::SHELF_LIFETIME_SECONDS - 10;
    world.clock().advance_seconds(later);
    let again = world.known_person(a.box_id(), a.boss.user_id, &a.boss.login).await;
    world.app().admin().forget_expired().await.unwrap();
    assert_eq!(download(&again, &whole).await.len(), 300_001);
    assert_eq!(
        send(&world, &again, &name, "partIndex=1", b"x").await.text(),
        "[]",
        "it lives a week from now on"
    );
    world.clock().advance_seconds(20);
    world.app().admin().forget_expired().await.unwrap();
    let gone = again.client.shelf_download_v2(&ShelfDownloadQuery::new(whole)).await.unwrap_err();
    assert_eq!(gone.status(), Some(404));
    assert_eq!(send(&world, &again, &name, "partIndex=2&isLastPart=1", b"y").await.text(), "[]");
    assert_eq!(download(&again, &name).await.len(), 300_002);
    world.end().await;
}
