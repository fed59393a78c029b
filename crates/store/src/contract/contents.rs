//! Which contents are named.

use potok_domain::{Body, Change, Entity, Service};
use potok_types::{ContentHash, ContentRef, Ticks};

use super::fixture::{Open, START, StoreFixture, append, said, stream};
use crate::{Append, NewEvent, NewPart, PartOf, ShelfPart, SmallContent, StreamAppend};

/// A post that names `texts`.
pub(super) fn naming(fixture: &StoreFixture, post: &NewEvent, texts: &[&str]) -> NewEvent {
    let mut event = said(post);
    let Change::Posted(posted) = &mut event.change else { panic!("a post") };
    for text in texts {
        posted.entities.push(Entity {
            id: fixture.document().entity_id,
            parent: None,
            author: None,
            created_at: event.at,
            content: Some(ContentRef::of(text.as_bytes())),
            file_name: None,
            content_type_id: String::new(),
            version: None,
            need_receipt: false,
            is_encrypted: false,
            labels: Vec::new(),
            text: None,
            body: Body::Service(Service::Comment),
        });
    }
    NewEvent { stored: crate::stored::encode_event(&event).into(), ..post.clone() }
}

async fn note(fixture: &StoreFixture) {
    for _ in 0..100 {
        if fixture.store.note_content_names(2).await.expect("writable") {
            return;
        }
    }
    panic!("it has to come to an end");
}

/// Contents are unnamed until an event of any box, or a part on a shelf, names them.
pub async fn contents_are_named_by_events_and_shelves(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let hashes = ["a", "b", "c", "d"].map(|text| ContentHash::of(text.as_bytes()));
    let unnamed = async || fixture.store.unnamed_contents(&hashes).await.expect("readable");
    note(&fixture).await;
    assert_eq!(unnamed().await, hashes);

    for texts in [&["a"][..], &[], &["b", "a"], &[], &[]] {
        let message = fixture.message();
        let post = naming(&fixture, &fixture.post(message), texts);
        fixture.must(append(fixture.box_id(), message, 0, vec![post])).await;
    }
    // What lives in one box may be kept by name for another.
    let (message, small) =
        (fixture.message(), SmallContent { hash: hashes[1], bytes: b"b".as_slice().into() });
    let post = naming(&fixture, &fixture.post(message), &["b"]);
    let of_message = StreamAppend { contents: vec![small], ..stream(message, 0, vec![post]) };
    fixture.must(Append::new(fixture.box_id(), vec![of_message])).await;
    note(&fixture).await;
    assert_eq!(unnamed().await, hashes[2..]);
    note(&fixture).await;

    let end = Ticks::new(START + 1000);
    let part = ShelfPart { index: 0, content: ContentRef::of(b"c") };
    let new = NewPart {
        user: fixture.user(),
        name: "file".to_owned(),
        part,
        is_last: false,
        expires_at: end,
        of: PartOf::Any,
    };
    fixture.store.put_part(&new).await.expect("writable");
    assert_eq!(unnamed().await, hashes[3..]);
    let after = Ticks::new(START + 1001);
    assert_eq!(fixture.store.forget_expired_files(after).await.expect("writable"), 1);
    assert_eq!(unnamed().await, hashes[2..], "nothing but a forgotten file had it");

    let message = fixture.message();
    let late = naming(&fixture, &fixture.post(message), &["d"]);
    fixture.must(append(fixture.box_id(), message, 0, vec![late])).await;
    note(&fixture).await;
    assert_eq!(unnamed().await, [hashes[2]], "it goes on behind what was noted before");
}
