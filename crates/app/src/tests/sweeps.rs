//! Contents that nothing names are taken away, and no others.

use std::sync::Arc;

use potok_domain::command::{PostMessage, Source};
use potok_store::Fault;
use potok_types::ContentHash;

use super::{Boxes, letter, text};
use crate::App;
use crate::admin::Swept;

const HOUR: i64 = 3600;

/// A letter whose document does not live beside its event.
fn large(boxes: &Boxes, name: &str) -> (PostMessage<Source>, ContentHash) {
    let content = name.repeat(70_000);
    let mut letter = letter(&boxes.a, &boxes.b, name);
    letter.documents[0].content = text(&content);
    (letter, ContentHash::of(content.as_bytes()))
}

/// Once around.
async fn sweep(app: &App) -> u64 {
    let mut removed = 0;
    for _ in 0..=u8::MAX {
        let Swept { contents, drafts } = app.admin().sweep().await.expect("nothing fails");
        assert_eq!(drafts, 0);
        removed += contents;
    }
    removed
}

async fn is_there(boxes: &Boxes, hash: ContentHash) -> bool {
    boxes.app.deliveries().core.contents.get(hash).await.expect("readable").is_some()
}

#[tokio::test]
async fn contents_of_refused_posts_are_taken_away_and_no_others() {
    let boxes = Boxes::new().await;
    let (kept, kept_hash) = large(&boxes, "k");
    boxes.post(kept, "kept").await.expect("nothing speaks against it");
    let (lost, lost_hash) = large(&boxes, "l");
    boxes.journal.plan([Fault::Refused]);
    boxes.post(lost, "lost").await.expect_err("the store failed");
    assert!(is_there(&boxes, lost_hash).await);
    assert_eq!(sweep(&boxes.app).await, 0, "whoever put it may be about to name it");
    boxes.clock.advance_seconds(HOUR);
    assert_eq!(sweep(&boxes.app).await, 0, "the clock may have been set forward");
    assert_eq!(sweep(&boxes.app).await, 1);
    assert!(!is_there(&boxes, lost_hash).await && is_there(&boxes, kept_hash).await);
    boxes.drain().await;
    assert!(is_there(&boxes, kept_hash).await);
    assert_eq!(sweep(&boxes.app).await, 0);
}

/// The bytes have been there without a name for long when somebody posts them again, and the sweep comes between the bytes and
/// the event.
#[tokio::test]
async fn a_post_that_runs_loses_nothing() {
    let boxes = Boxes::new().await;
    let (first, hash) = large(&boxes, "x");
    boxes.journal.plan([Fault::Refused]);
    boxes.post(first, "first").await.expect_err("the store failed");
    boxes.clock.advance_seconds(2 * HOUR);
    assert_eq!(sweep(&boxes.app).await, 0);
    let app = Arc::clone(&boxes.app);
    boxes.journal.plan([Fault::meanwhile(async move {
        assert_eq!(sweep(&app).await, 0);
    })]);
    let (second, _) = large(&boxes, "x");
    boxes.post(second, "second").await.expect("nothing speaks against it");
    assert_eq!(boxes.journal.faults_left(), 0);
    assert!(is_there(&boxes, hash).await);
    boxes.clock.advance_seconds(2 * HOUR);
    for _ in 0..3 {
        assert_eq!(sweep(&boxes.app).await, 0);
    }
    assert!(is_there(&boxes, hash).await);
}
