//! Receipts that the server makes, signs by a key that it holds, and posts.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{AutoSignReceiptsQuery, TaskQuery};
use potok_testkit::sdk::proto::AutosignReceiptsResult;
use potok_testkit::sdk::proto::events::DocumentAttachment;
use potok_testkit::{Letter, Org, PAPER, Person, World, formal};
use potok_types::DepartmentId;

use crate::support::feed;
use crate::{remote_signing, signatures};

const RECEIPT: i32 = 2;

/// The same bytes posted again would be taken for a repetition of the first post, so each has a number.
async fn invoice(a: &Org, b: &Org, number: u8, department: Option<DepartmentId>) {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.to_department_id = department.map(|id| id.to_string());
    letter.0.document_attachments[0] = formal(DocumentAttachment {
        type_named_id: "UniversalTransferDocument".to_owned(),
        function: Some("СЧФДОП".to_owned()),
        comment: Some(number.to_string()),
        ..Letter::document("a.xml", PAPER)
    });
    a.boss.post(&letter).await.unwrap();
}

async fn receipts(person: &Person) -> usize {
    let events = feed(person).await.into_iter();
    let entities = events.filter_map(|event| event.patch).flat_map(|patch| patch.entities);
    entities.filter(|entity| entity.attachment_type() as i32 == RECEIPT).count()
}

/// What the task came to, the same in both formats.
async fn told(person: &Person, task: &str) -> Option<AutosignReceiptsResult> {
    let query = TaskQuery::new(task);
    let told = person.client.auto_sign_receipts_result(&query).await.unwrap().0;
    assert_eq!(person.json.auto_sign_receipts_result(&query).await.unwrap().0, told);
    told
}

async fn begin(person: &Person) -> String {
    let query = AutoSignReceiptsQuery::new(person.box_id);
    person.client.auto_sign_receipts(&query).await.unwrap().task_id.unwrap()
}

#[tokio::test]
async fn receipts_that_are_owed_are_signed_once() {
    let folder = tempfile::tempdir().unwrap();
    let pki = signatures::pki(folder.path());
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let legal = world.department(&b, "Юристы", DepartmentId::ZERO).await.id;
    let admin = world.app().admin();
    let key = remote_signing::key_file(&pki, folder.path());
    admin.add_held_key(&b.boss.login, key.clone(), false).await.unwrap();
    for (number, department) in [(1, None), (2, None), (3, Some(legal))] {
        invoice(&a, &b, number, department).await;
    }
    world.drain().await;

    let task = begin(&b.boss).await;
    world.sign().await;
    assert_eq!(told(&b.boss, &task).await, None, "nobody confirmed it");
    assert_eq!(receipts(&b.boss).await, 0);
    let waiting = admin.waiting_signings(None).await.unwrap();
    assert_eq!(waiting.len(), 1);
    admin.answer_signing(waiting[0].id, true).await.unwrap();
    world.sign().await;
    let done = AutosignReceiptsResult { signed_receipts_count: 3, next_batch_key: String::new() };
    assert_eq!(told(&b.boss, &task).await, Some(done));
    world.drain().await;
    assert_eq!((receipts(&b.boss).await, receipts(&a.boss).await), (3, 3));

    // Nothing is owed any more.
    let task = begin(&b.boss).await;
    let waiting = admin.waiting_signings(None).await.unwrap();
    admin.answer_signing(waiting[0].id, true).await.unwrap();
    world.sign().await;
    assert_eq!(told(&b.boss, &task).await.unwrap().signed_receipts_count, 0);

    // Who sees one department signs for that; who is refused by the holder signs nothing.
    let of_legal = Permissions {
        department: legal,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    let clerk = world.person(b.box_id(), "clerk", of_legal).await;
    admin.add_held_key("clerk", key, true).await.unwrap();
    for (number, department) in [(4, None), (5, Some(legal))] {
        invoice(&a, &b, number, department).await;
    }
    world.drain().await;
    let task = begin(&clerk).await;
    let left = begin(&b.boss).await;
    world.sign().await;
    assert_eq!(told(&clerk, &task).await.unwrap().signed_receipts_count, 1);
    let waiting = admin.waiting_signings(None).await.unwrap();
    admin.answer_signing(waiting[0].id, false).await.unwrap();
    let error = b.boss.client.auto_sign_receipts_result(&TaskQuery::new(left.as_str())).await.unwrap_err();
    assert_eq!(error.status(), Some(404));
    let error = b.boss.client.auto_sign_receipts_result(&TaskQuery::new(task.as_str())).await.unwrap_err();
    assert_eq!(error.status(), Some(404), "it is not the boss's");
    let mut wrong = AutoSignReceiptsQuery::new(b.box_id());
    wrong.batch_key = Some("x".to_owned());
    let error = b.boss.client.auto_sign_receipts(&wrong).await.unwrap_err();
    assert!(error.status() == Some(400) && error.to_string().contains("batchKey"), "{error}");
    world.drain().await;
    world.end().await;
}

/// A batch is a hundred documents; the key of its result leads to the rest of them, whatever was signed meanwhile.
#[tokio::test]
async fn the_key_of_a_batch_leads_to_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let pki = signatures::pki(folder.path());
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let key = remote_signing::key_file(&pki, folder.path());
    world.app().admin().add_held_key(&b.boss.login, key, true).await.unwrap();
    for number in 0..102 {
        invoice(&a, &b, number, None).await;
    }
    world.drain().await;
    let task = begin(&b.boss).await;
    world.sign().await;
    let first = told(&b.boss, &task).await.unwrap();
    assert_eq!(first.signed_receipts_count, 100);
    let mut behind = AutoSignReceiptsQuery::new(b.box_id());
    behind.batch_key = Some(first.next_batch_key).filter(|key| !key.is_empty());
    assert!(behind.batch_key.is_some(), "two documents are left");
    let task = b.boss.json.auto_sign_receipts(&behind).await.unwrap().task_id.unwrap();
    world.sign().await;
    let last = AutosignReceiptsResult { signed_receipts_count: 2, next_batch_key: String::new() };
    assert_eq!(told(&b.boss, &task).await, Some(last));
    // Behind the same place nothing is owed any more.
    let task = b.boss.client.auto_sign_receipts(&behind).await.unwrap().task_id.unwrap();
    world.sign().await;
    assert_eq!(told(&b.boss, &task).await.unwrap().signed_receipts_count, 0);
    world.drain().await;
    assert_eq!((receipts(&b.boss).await, receipts(&a.boss).await), (102, 102));
    world.end().await;
}
