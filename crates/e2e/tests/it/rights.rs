//! Rights count from the next call on, and cost the same however many documents there are.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{EntityQuery, GetDocumentsQuery};
use potok_testkit::{Letter, Org, World};
use potok_types::{DepartmentId, EntityId, MessageId};

/// Sends a letter of `from` to the department of `to`; its message and document.
async fn sent(
    world: &World,
    from: &Org,
    to: &Org,
    department: DepartmentId,
    text: &str,
) -> (MessageId, EntityId) {
    let mut letter = Letter::new(from.box_id(), to.box_id());
    letter.0.to_department_id = Some(department.to_string());
    letter.0.document_attachments[0].comment = Some(text.to_owned());
    let message = from.boss.post(&letter).await.unwrap();
    world.drain().await;
    (message.message_id.parse().unwrap(), message.entities[0].entity_id.parse().unwrap())
}

#[tokio::test]
async fn what_is_taken_away_is_gone_with_the_next_call() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let top = world.department(&b, "Верх", DepartmentId::ZERO).await.id;
    let below = world.department(&b, "Низ", top).await.id;
    let (message, document) = sent(&world, &a, &b, below, "x").await;
    let person = world.person(b.box_id(), "clerk@b", Permissions::none()).await;
    let query = EntityQuery::new(b.box_id(), message, document);
    let none = Permissions::none();
    let levels = [
        (Permissions { department: below, ..none.clone() }, true),
        (Permissions { department: top, ..none.clone() }, false),
        (
            Permissions { department: top, access: AccessLevel::DepartmentAndSubdepartments, ..none.clone() },
            true,
        ),
        (
            Permissions {
                access: AccessLevel::SelectedDepartments,
                selected_departments: vec![top, below],
                ..none.clone()
            },
            true,
        ),
        (
            Permissions {
                access: AccessLevel::SelectedDepartments,
                selected_departments: vec![top],
                ..none.clone()
            },
            false,
        ),
        (Permissions { access: AccessLevel::AllDocuments, ..none.clone() }, true),
        (Permissions { access: AccessLevel::AllDocuments, is_blocked: true, ..none.clone() }, false),
        (none, false),
    ];
    for (permissions, sees) in levels {
        let admin = world.app().admin();
        admin.put_employee(b.box_id(), person.user_id, "", permissions.clone()).await.unwrap();
        for client in [&person.client, &person.json] {
            let answer = client.get_entity_content_v4(&query).await;
            assert_eq!(answer.is_ok(), sees, "{permissions:?}");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn a_check_of_rights_reads_nothing_for_each_document() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let permissions = Permissions { department: sales, ..Permissions::none() };
    let person = world.person(b.box_id(), "clerk@b", permissions).await;
    let query =
        GetDocumentsQuery { department_id: Some(sales), ..GetDocumentsQuery::new(b.box_id(), "Any.Inbound") };
    // The same question in the same words is answered from memory.
    let other = GetDocumentsQuery { count: Some(99), ..query.clone() };
    let mut costs = Vec::new();
    for round in 0..3 {
        for number in 0..round * 6 + 1 {
            sent(&world, &a, &b, sales, &format!("{round} {number}")).await;
        }
        person.client.get_documents_v3(&query).await.unwrap();
        let before = world.readings();
        let list = person.client.get_documents_v3(&other).await.unwrap();
        costs.push(world.readings() - before);
        assert!(list.documents.len() > round);
    }
    assert_eq!(costs, [costs[0]; 3], "readings of the store for 1, 8 and 21 documents");
    world.end().await;
}
