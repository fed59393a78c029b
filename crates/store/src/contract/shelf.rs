//! Files on the shelf.

use potok_types::{ContentRef, Ticks, UserId};

use super::fixture::{Open, START, StoreFixture};
use crate::{NewPart, PartOf, ShelfFile, ShelfPart, ShelfUse};

fn part(index: u32, text: &str) -> ShelfPart {
    ShelfPart { index, content: ContentRef::of(text.as_bytes()) }
}

const END: Ticks = Ticks::new(START + 1000);

fn new(user: UserId, part: ShelfPart, is_last: bool) -> NewPart {
    NewPart { user, name: "file".to_owned(), part, is_last, expires_at: END, of: PartOf::Any }
}

async fn put_new(fixture: &StoreFixture, new: NewPart) -> ShelfFile {
    fixture.store.put_part(&new).await.expect("writable").expect("any file will do")
}

async fn put(fixture: &StoreFixture, user: UserId, part: ShelfPart, is_last: bool) -> ShelfFile {
    put_new(fixture, new(user, part, is_last)).await
}

async fn read(fixture: &StoreFixture, user: UserId, now: Ticks) -> Option<ShelfFile> {
    fixture.store.shelf_file(user, "file", now).await.expect("readable")
}

/// Parts come in any order; what is missing is known once the last one was announced; a part sent twice is there once.
pub async fn a_file_is_complete_when_every_part_is_there(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let user = fixture.user();
    assert_eq!(read(&fixture, user, fixture.now()).await, None);
    for (sent, is_last, parts, missing) in [
        (part(2, "c"), false, 1, None),
        (part(0, "x"), false, 2, None),
        (part(4, "e"), true, 3, Some(vec![1, 3])),
        (part(0, "a"), false, 3, Some(vec![1, 3])),
        (part(3, "d"), false, 4, Some(vec![1])),
        (part(1, "b"), false, 5, Some(vec![])),
    ] {
        let file = put(&fixture, user, sent, is_last).await;
        assert_eq!(file.parts.len(), parts);
        assert!(file.parts.contains(&sent));
        assert_eq!(file.part_count, missing.as_ref().map(|_| 5));
        assert_eq!(file.is_complete(), missing.as_ref().is_some_and(Vec::is_empty));
        assert_eq!(file.missing(), missing.unwrap_or_default());
        assert_eq!(read(&fixture, user, fixture.now()).await, Some(file));
    }
    let file = read(&fixture, user, fixture.now()).await.expect("it is there");
    assert_eq!(
        file.parts,
        ["a", "b", "c", "d", "e"].into_iter().zip(0..).map(|(t, i)| part(i, t)).collect::<Vec<_>>()
    );
}

/// A repeated call leaves a complete file complete; a new file of the same name is never mixed with the old one.
pub async fn a_part_that_differs_starts_a_complete_file_over(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let user = fixture.user();
    put(&fixture, user, part(0, "a"), false).await;
    let complete = put(&fixture, user, part(1, "b"), true).await;
    assert!(complete.is_complete());
    assert_eq!(
        put(&fixture, user, part(1, "b"), true).await,
        complete,
        "the answer was lost, the call repeated"
    );
    assert_eq!(put(&fixture, user, part(0, "a"), false).await, complete);

    let started = put(&fixture, user, part(0, "A"), false).await;
    assert_eq!((started.parts, started.part_count), (vec![part(0, "A")], None));
    let again = put(&fixture, user, part(1, "b"), true).await;
    assert_eq!((again.parts.clone(), again.is_complete()), (vec![part(0, "A"), part(1, "b")], true));

    let shorter = put(&fixture, user, part(0, "one"), true).await;
    assert_eq!((shorter.parts.clone(), shorter.is_complete()), (vec![part(0, "one")], true));
}

/// A part of a begun file needs one that waits for it, or has it.
pub async fn a_part_of_a_begun_file_needs_one_that_waits(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let user = fixture.user();
    let more = async |part: ShelfPart, is_last, now| {
        let new = NewPart { of: PartOf::Begun(now), ..new(user, part, is_last) };
        fixture.store.put_part(&new).await.expect("writable")
    };
    assert_eq!(more(part(1, "b"), true, END).await, None, "nothing has begun");
    assert_eq!(read(&fixture, user, END).await, None);
    put(&fixture, user, part(0, "a"), false).await;
    let late = Ticks::new(END.get() + 1);
    assert_eq!(more(part(1, "b"), true, late).await, None, "it has ended");
    let file = more(part(2, "c"), true, END).await.expect("it waits");
    assert_eq!(file.missing(), [1]);
    assert!(more(part(2, "C"), true, END).await.is_some_and(|file| file.parts.contains(&part(2, "C"))));
    let complete = more(part(1, "b"), false, END).await.expect("it waits");
    assert!(complete.is_complete());
    assert_eq!(more(part(1, "b"), false, END).await.as_ref(), Some(&complete), "the call is repeated");
    assert_eq!(more(part(1, "B"), false, END).await, None, "it is complete");
    assert_eq!(more(part(3, "d"), true, END).await, None);
    assert_eq!(read(&fixture, user, END).await, Some(complete));
    assert!(fixture.store.delete_shelf_file(user, "file").await.expect("writable"));
    assert!(!fixture.store.delete_shelf_file(user, "file").await.expect("writable"));
    assert_eq!(read(&fixture, user, END).await, None);
    assert_eq!(fixture.store.shelf_use(user, END).await.expect("readable"), ShelfUse::default());
}

/// A file is there until its end, which moves with each part, and is gone after it.
pub async fn files_expire(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (user, other) = (fixture.user(), fixture.user());
    put(&fixture, user, part(0, "a"), true).await;
    let later = Ticks::new(END.get() + 500);
    put(&fixture, other, part(0, "a"), false).await;
    let file = put_new(&fixture, NewPart { expires_at: later, ..new(other, part(1, "b"), true) }).await;
    assert_eq!(file.expires_at, later);

    let after_end = Ticks::new(END.get() + 1);
    assert!(read(&fixture, user, END).await.is_some());
    assert_eq!(read(&fixture, user, after_end).await, None, "expired, though not yet forgotten");
    assert!(read(&fixture, other, after_end).await.is_some());
    assert_eq!(fixture.store.forget_expired_files(END).await.expect("writable"), 0);
    assert_eq!(fixture.store.forget_expired_files(after_end).await.expect("writable"), 1);
    assert_eq!(read(&fixture, user, START_OF_TIME).await, None);
    assert_eq!(read(&fixture, other, START_OF_TIME).await.map(|file| file.parts.len()), Some(2));

    let fresh = put(&fixture, user, part(1, "b"), false).await;
    assert_eq!(fresh.parts, [part(1, "b")], "nothing of the forgotten file comes back");
}

const START_OF_TIME: Ticks = Ticks::new(0);

/// Two users have two files of one name, and one user has files of many names.
pub async fn files_of_users_are_private(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (one, other) = (fixture.user(), fixture.user());
    put(&fixture, one, part(0, "a"), true).await;
    assert_eq!(read(&fixture, other, fixture.now()).await, None);
    put(&fixture, other, part(0, "b"), true).await;
    let third = NewPart { name: "File".to_owned(), ..new(one, part(0, "c"), false) };
    let third = put_new(&fixture, third).await;
    assert_eq!(third.parts, [part(0, "c")]);
    for (user, text) in [(one, "a"), (other, "b")] {
        assert_eq!(
            read(&fixture, user, fixture.now()).await.map(|file| file.parts),
            Some(vec![part(0, text)])
        );
    }
}

/// All parts of a user's files count until their file ends, also before it is forgotten.
pub async fn what_a_user_has_on_the_shelf_is_counted(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (user, other) = (fixture.user(), fixture.user());
    let used = async |now| fixture.store.shelf_use(user, now).await.expect("readable");
    assert_eq!(used(END).await, ShelfUse::default());
    put(&fixture, user, part(0, "abc"), false).await;
    put(&fixture, user, part(3, "de"), false).await;
    put(&fixture, other, part(0, "x"), true).await;
    let later = Ticks::new(END.get() + 500);
    let second = NewPart { name: "second".to_owned(), expires_at: later, ..new(user, part(0, "abcd"), true) };
    put_new(&fixture, second).await;
    assert_eq!(used(END).await, ShelfUse { parts: 3, bytes: 9 });
    put(&fixture, user, part(3, "longer"), false).await;
    assert_eq!(used(END).await, ShelfUse { parts: 3, bytes: 13 });
    assert_eq!(used(Ticks::new(END.get() + 1)).await, ShelfUse { parts: 1, bytes: 4 });
}
