//! Large contents before a message names them.

use bytes::Bytes;
use potok_app::{Permit, ShelfError, ShelfUpload, Source, Subject};
use potok_stories::{Who, user_of};
use potok_types::access::{Owner, User};
use potok_types::{UserId, limits};

use crate::fixture::AppFixture;

struct Person {
    user: Permit<User>,
    owner: Permit<Owner>,
}

async fn person(fixture: &AppFixture, id: UserId) -> Person {
    let caller = fixture.caller(id).await;
    let callers = fixture.app.callers();
    Person {
        user: callers.permit(Some(&caller), Subject::default()).await.unwrap(),
        owner: callers.permit(Some(&caller), Subject::default()).await.unwrap(),
    }
}

/// Bytes that come at once.
pub(crate) struct AtOnce(pub(crate) Bytes);

impl Source for AtOnce {
    type Error = ShelfError;

    async fn next(&mut self) -> Result<Option<Bytes>, ShelfError> {
        let bytes = std::mem::take(&mut self.0);
        Ok((!bytes.is_empty()).then_some(bytes))
    }
}

/// Puts `bytes` on the shelf; the parts that are missing.
async fn put(
    fixture: &AppFixture,
    person: &Person,
    name: &str,
    (part_index, is_last): (u32, bool),
    bytes: Vec<u8>,
) -> Result<Vec<u32>, ShelfError> {
    let upload = ShelfUpload { name: name.to_owned(), part_index, is_last };
    fixture.app.shelf().upload(&person.user, &upload, AtOnce(bytes.into())).await
}

const FILE: &str = "a.pdf";

#[tokio::test]
async fn parts_come_in_any_order_and_the_missing_ones_are_named() {
    let fixture = AppFixture::start().await;
    let person = person(&fixture, user_of(Who::A)).await;
    let shelf = fixture.app.shelf();
    assert_eq!(
        put(&fixture, &person, FILE, (1, false), b"b".to_vec()).await.unwrap(),
        [0_u32; 0],
        "the last one is not known"
    );
    assert_eq!(put(&fixture, &person, FILE, (3, true), b"d".to_vec()).await.unwrap(), [0, 2]);
    assert_eq!(put(&fixture, &person, FILE, (0, false), b"a".to_vec()).await.unwrap(), [2]);
    let early = shelf.download(&person.owner, "a.pdf").await;
    assert!(matches!(early, Err(ShelfError::NoFile(name)) if name == "a.pdf"));
    assert!(put(&fixture, &person, FILE, (2, false), b"c".to_vec()).await.unwrap().is_empty());
    let mut pieces = shelf.download(&person.owner, "a.pdf").await.unwrap();
    assert_eq!(pieces.length(), 4);
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await.unwrap() {
        whole.extend_from_slice(&piece);
    }
    assert_eq!(whole, b"abcd");
    assert_eq!(shelf.document(&person.owner, "a.pdf").await.unwrap().unwrap(), &b"abcd"[..]);
}

#[tokio::test]
async fn a_file_is_its_owners_and_goes_with_its_time() {
    let fixture = AppFixture::start().await;
    let (owner, other) = (person(&fixture, user_of(Who::A)).await, person(&fixture, user_of(Who::B)).await);
    let shelf = fixture.app.shelf();
    put(&fixture, &owner, FILE, (0, true), b"a".to_vec()).await.unwrap();
    assert!(matches!(shelf.download(&other.owner, "a.pdf").await, Err(ShelfError::NoFile(_))));
    fixture.clock.advance_seconds(limits::SHELF_LIFETIME_SECONDS - 60);
    shelf.download(&owner.owner, "a.pdf").await.unwrap();
    fixture.clock.advance_seconds(120);
    assert!(matches!(shelf.download(&owner.owner, "a.pdf").await, Err(ShelfError::NoFile(_))));
    assert_eq!(fixture.app.admin().forget_expired().await.unwrap().files, 1);
}

#[tokio::test]
async fn each_user_has_a_quota() {
    let quota = 64 * 1024;
    let fixture = AppFixture::start_with(|options| options.shelf_user_bytes = quota).await;
    let (owner, other) = (person(&fixture, user_of(Who::A)).await, person(&fixture, user_of(Who::B)).await);
    let shelf = fixture.app.shelf();
    put(&fixture, &owner, "a", (0, true), vec![1; 40_000]).await.unwrap();
    let refused = put(&fixture, &owner, "b", (0, true), vec![1; 30_000]).await.unwrap_err();
    let text = refused.to_string();
    for words in
        ["the shelf of boss@A holds 40000 bytes", "quota of 65536 bytes", "7 days", "shelf_user_bytes"]
    {
        assert!(text.contains(words), "{text}");
    }
    assert!(shelf.download(&owner.owner, "b").await.is_err(), "nothing of it is there");
    put(&fixture, &owner, "a", (0, true), vec![1; 40_000]).await.expect("a repeated call takes no more room");
    put(&fixture, &other, "b", (0, true), vec![1; 60_000]).await.expect("everybody has a quota of their own");
    // Short parts are as dear as files of a disk.
    for name in ["c", "d", "e"] {
        put(&fixture, &owner, name, (0, true), vec![1; 1]).await.unwrap();
    }
    let refused = put(&fixture, &owner, "f", (0, true), vec![1; 1]).await;
    assert!(matches!(refused, Err(ShelfError::OverQuota { parts: 4, .. })));
    fixture.clock.advance_seconds(limits::SHELF_LIFETIME_SECONDS + 1);
    put(&fixture, &owner, "b", (0, true), vec![1; 60_000]).await.expect("the old files have gone");
}

#[tokio::test]
async fn bytes_of_files_that_left_the_shelf_are_taken_away() {
    let fixture = AppFixture::start().await;
    let person = person(&fixture, user_of(Who::A)).await;
    let shelf = fixture.app.shelf();
    let admin = fixture.app.admin();
    let sweep = async || {
        let mut removed = 0;
        for _ in 0..=u8::MAX {
            removed += admin.sweep().await.unwrap().contents;
        }
        removed
    };
    put(&fixture, &person, FILE, (0, false), b"a".to_vec()).await.unwrap();
    put(&fixture, &person, FILE, (1, true), b"b".to_vec()).await.unwrap();
    fixture.clock.advance_seconds(limits::SHELF_LIFETIME_SECONDS - 60);
    assert_eq!(sweep().await, 0);
    shelf.download(&person.owner, "a.pdf").await.unwrap();
    fixture.clock.advance_seconds(120);
    assert_eq!(sweep().await, 0, "they are forgotten first");
    admin.forget_expired().await.unwrap();
    assert_eq!(sweep().await, 2);
    assert_eq!(sweep().await, 0);
}
