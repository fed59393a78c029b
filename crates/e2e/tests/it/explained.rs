//! Why somebody sees a document or does not: told by the policy that the calls are held to.

use potok_testkit::app::admin::AccessTarget;
use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::EntityQuery;
use potok_testkit::sdk::proto::events::MessagePatchToPostV2;
use potok_testkit::{Letter, World};
use potok_types::access::{Access, Caller, Documents};
use potok_types::{DepartmentId, EntityId, MessageId};

use crate::actions::request;

#[tokio::test]
async fn what_is_explained_is_what_is_answered() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let [sales, legal] = ["Продажи", "Юристы"].map(|name| world.department(&b, name, DepartmentId::ZERO));
    let (sales, legal) = (sales.await.id, legal.await.id);
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.to_department_id = Some(sales.to_string());
    let sent = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let message: MessageId = sent.message_id.parse().unwrap();
    let document: EntityId = sent.entities[0].entity_id.parse().unwrap();
    let see = Access::of(Caller::Employee).documents(Documents::Named);
    for (nth, (department, access, sees)) in [
        (sales, AccessLevel::DepartmentOnly, true),
        (legal, AccessLevel::DepartmentOnly, false),
        (DepartmentId::ZERO, AccessLevel::DepartmentOnly, false),
        (DepartmentId::ZERO, AccessLevel::DepartmentAndSubdepartments, true),
        (legal, AccessLevel::AllDocuments, true),
        (sales, AccessLevel::SelectedDepartments, false),
    ]
    .into_iter()
    .enumerate()
    {
        let permissions = Permissions { department, access, ..Permissions::none() };
        let person = world.person(b.box_id(), &format!("person{nth}@b"), permissions).await;
        let target = AccessTarget::Document { message, document };
        let told = world.app().admin().explain_access(&person.login, target, &see, &[]).await.unwrap();
        let query = EntityQuery::new(b.box_id(), message, document);
        let answer = person.client.get_entity_content_v4(&query).await;
        let found = &told.steps.last().unwrap().found;
        assert_eq!((told.is_allowed, answer.is_ok()), (sees, sees), "{access:?}: {found}");
        assert!(found.contains("Продажи"), "{found}");
    }
    // Whoever is asked about it sees it all the same.
    let permissions = Permissions { department: legal, ..Permissions::none() };
    let person = world.person(b.box_id(), "asked@b", permissions).await;
    let asks = MessagePatchToPostV2 {
        message_id: message.to_string(),
        resolution_requests: request(&document.to_string(), 0, &person),
        ..MessagePatchToPostV2::default()
    };
    b.boss.patch(asks).await.unwrap();
    let target = AccessTarget::Document { message, document };
    let told = world.app().admin().explain_access(&person.login, target, &see, &[]).await.unwrap();
    let found = &told.steps.last().unwrap().found;
    assert!(told.is_allowed && found.contains("was asked for a resolution"), "{found}");
    world.end().await;
}
