//! Rights count from the next call on, and cost the same however many documents there are.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{EntityQuery, GetDocumentQuery, GetDocumentsQuery};
use potok_testkit::sdk::proto::events::MessagePatchToPostV2;
use potok_testkit::{Letter, Org, Person, World};
use potok_types::{DepartmentId, EntityId, MessageId};

use crate::actions::{cancellation, request, resolution};

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

#[tokio::test]
async fn who_is_asked_about_a_document_sees_it_wherever_it_lies() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let store = world.department(&b, "Склад", DepartmentId::ZERO).await.id;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let clerk = Permissions { department: store, can_add_resolutions: true, ..Permissions::none() };
    // Both may do the same, so that an answer that was made for one would go to the other.
    let asked = world.person(b.box_id(), "asked@b", clerk.clone()).await;
    let other = world.person(b.box_id(), "other@b", clerk).await;
    let (message, document) = sent(&world, &a, &b, sales, "asked about").await;
    let (_, hidden) = sent(&world, &a, &b, sales, "nobody was asked").await;
    let query = EntityQuery::new(b.box_id(), message, document);
    let sees = async |person: &Person| {
        let mut seen = Vec::new();
        for client in [&person.client, &person.json] {
            let content = client.get_entity_content_v4(&query).await;
            let shown = client.get_document_v3(&GetDocumentQuery::new(b.box_id(), message, document)).await;
            assert_eq!(content.is_ok(), shown.is_ok());
            assert!(shown.map_or_else(
                |error| error.status() == Some(403),
                |shown| shown.message_id == message.to_string()
            ));
            seen.push(content.is_ok());
        }
        assert_eq!(seen[0], seen[1], "in both formats");
        seen[0]
    };
    let patch =
        |patch: MessagePatchToPostV2| MessagePatchToPostV2 { message_id: message.to_string(), ..patch };
    assert_eq!((sees(&asked).await, sees(&other).await), (false, false));

    let requested = patch(MessagePatchToPostV2 {
        resolution_requests: request(&document.to_string(), 0, &asked),
        ..MessagePatchToPostV2::default()
    });
    let made = b.boss.patch(requested).await.unwrap().entities[0].entity_id.clone();
    assert_eq!((sees(&asked).await, sees(&other).await), (true, false));
    let of_hidden = EntityQuery::new(b.box_id(), message, hidden);
    assert!(asked.client.get_entity_content_v4(&of_hidden).await.is_err());
    // Who is asked may answer.
    let resolved = patch(MessagePatchToPostV2 {
        resolutions: resolution(&document.to_string(), 1),
        ..MessagePatchToPostV2::default()
    });
    assert_eq!(other.patch(resolved.clone()).await.unwrap_err().status(), Some(403));

    let withdrawn = patch(MessagePatchToPostV2 {
        resolution_request_cancellations: cancellation(&made),
        ..MessagePatchToPostV2::default()
    });
    b.boss.patch(withdrawn).await.unwrap();
    assert_eq!((sees(&asked).await, sees(&other).await), (false, false), "from the next call on");
    assert_eq!(asked.patch(resolved.clone()).await.unwrap_err().status(), Some(403));

    let again = patch(MessagePatchToPostV2 {
        resolution_requests: request(&document.to_string(), 2, &asked),
        ..MessagePatchToPostV2::default()
    });
    b.boss.patch(again).await.unwrap();
    assert_eq!((sees(&asked).await, sees(&other).await), (true, false));
    asked.patch(resolved).await.unwrap();
    assert!(sees(&asked).await, "what one approved");
    world.end().await;
}
