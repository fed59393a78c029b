//! Departments, as everybody sees them and administrators change them.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{
    BoxQuery, DepartmentByOrganizationQuery, DepartmentQuery, EmployeeQuery, EntityQuery, PageQuery,
};
use potok_testkit::sdk::proto::departments::{
    Department, DepartmentAddressPatch, DepartmentKppPatch, DepartmentNamingPatch, DepartmentRoutingPatch,
    DepartmentToCreate, DepartmentToUpdate, ParentDepartmentPatch, Routing,
};
use potok_testkit::sdk::proto::events::{DocumentAttachment, MetadataItem};
use potok_testkit::sdk::proto::{Address, ForeignAddress, RussianAddress};
use potok_testkit::{Letter, Org, RawRequest, World, formal};
use potok_types::{BoxId, DepartmentId, EntityId, MessageId, OrgId};

use crate::support::refused;

fn new(name: &str) -> DepartmentToCreate {
    DepartmentToCreate {
        parent_department_id: None,
        name: name.to_owned(),
        abbreviation: name.chars().take(1).collect(),
        kpp: None,
        address: None,
        routing: Routing { kpp: false, address: false },
    }
}

fn moscow() -> Box<Address> {
    let russian = RussianAddress {
        region: "77".to_owned(),
        street: Some("Ленина".to_owned()),
        ..RussianAddress::default()
    };
    Box::new(Address { russian_address: Some(russian), ..Address::default() })
}

fn named(org: &Org, id: &str) -> DepartmentQuery {
    DepartmentQuery::new(org.box_id(), id.parse::<DepartmentId>().unwrap())
}

async fn made(org: &Org, body: DepartmentToCreate) -> Department {
    org.boss.client.admin_create_department(&BoxQuery::new(org.box_id()), body).await.unwrap()
}

#[tokio::test]
async fn a_department_is_made_changed_and_deleted() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let boss = &a.boss;
    let south = made(
        &a,
        DepartmentToCreate {
            kpp: Some("770101001".to_owned()),
            address: Some(moscow()),
            routing: Routing { kpp: true, address: true },
            ..new("Юг")
        },
    )
    .await;
    assert_eq!((south.address.clone(), south.routing.kpp), (Some(moscow()), true));
    assert_eq!(south.parent_department_id.as_deref(), Some(&*DepartmentId::ZERO.to_string()));
    let below =
        DepartmentToCreate { parent_department_id: Some(south.id.clone()), ..new("Дальний юг") };
    let below = boss.json.admin_create_department(&BoxQuery::new(a.box_id()), below).await.unwrap();

    // The head first, then the others as they were made.
    let list = boss.client.admin_get_departments(&PageQuery::new(a.box_id())).await.unwrap();
    assert_eq!(list.total_count, 3);
    assert_eq!(list.departments[1..], [south.clone(), below.clone()]);
    let head = &list.departments[0];
    assert_eq!((&*head.name, head.creation_timestamp.ticks), (&*a.organization.short_name, 0));
    assert_eq!((&*head.id, head.parent_department_id.as_deref()), (&*DepartmentId::ZERO.to_string(), None));
    let last = PageQuery { page: Some(2), count: Some(2), ..PageQuery::new(a.box_id()) };
    let page = boss.json.admin_get_departments(&last).await.unwrap();
    assert_eq!((page.departments, page.total_count), (vec![below.clone()], 3));
    for id in [&head.id, &south.id] {
        let found = boss.client.admin_get_department(&named(&a, id)).await.unwrap();
        assert!(list.departments.contains(&found));
        // Anybody sees the small one, also of another organization.
        let small = b.boss.client.get_department_v2(&named(&a, id)).await.unwrap();
        let by_organization =
            DepartmentByOrganizationQuery::new(a.organization.org_id, id.parse::<DepartmentId>().unwrap());
        let shown = b.boss.json.get_department(&by_organization).await.unwrap();
        assert_eq!((&shown.department_id, &shown.name), (&small.department_id, &small.name));
        assert_eq!((&small.department_id, &small.name, small.address), (id, &found.name, found.address));
    }

    let patch = DepartmentToUpdate {
        parent_department: Some(ParentDepartmentPatch {
            parent_department_id: DepartmentId::ZERO.to_string(),
        }),
        department_naming: Some(DepartmentNamingPatch {
            name: "Север".to_owned(),
            abbreviation: "С".to_owned(),
        }),
        ..DepartmentToUpdate::default()
    };
    let north = boss.client.admin_update_department(&named(&a, &below.id), patch).await.unwrap();
    assert_eq!((&*north.name, &north.creation_timestamp), ("Север", &below.creation_timestamp));
    let cleared = DepartmentToUpdate {
        kpp: Some(DepartmentKppPatch { kpp: None }),
        address: Some(DepartmentAddressPatch { address: None }),
        routing: Some(DepartmentRoutingPatch { kpp: false, address: false }),
        ..DepartmentToUpdate::default()
    };
    let bare = boss.json.admin_update_department(&named(&a, &south.id), cleared).await.unwrap();
    assert_eq!((bare.kpp, bare.address, &*bare.name), (None, None, "Юг"), "what is not named stays");

    boss.client.admin_delete_department(&named(&a, &south.id)).await.unwrap();
    assert_eq!(refused(boss.client.admin_delete_department(&named(&a, &south.id)).await).0, 404);
    let left = boss.client.admin_get_departments(&PageQuery::new(a.box_id())).await.unwrap();
    assert_eq!(left.departments[1..], [north]);
    world.end().await;
}

/// The head was there before every time: JSON has no time for it, and protobuf, which needs one, has zero.
#[tokio::test]
async fn the_head_has_no_time() {
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", "9612345678").await;
    made(&a, new("Юг")).await;
    let path = format!("/admin/GetDepartments?boxId={}", a.box_id());
    let asked = RawRequest::get(path).bearer(&a.boss.access_token).header("Accept", "application/json");
    let shown: serde_json::Value = serde_json::from_slice(&world.raw(asked).await.body).unwrap();
    let times = |nth: usize| &shown["Departments"][nth]["CreationTimestamp"];
    assert!(
        times(0).is_null() && shown["Departments"][0].as_object().unwrap().contains_key("CreationTimestamp")
    );
    assert!(times(1)["Ticks"].as_i64().unwrap() > 0, "{shown}");
    let page = PageQuery::new(a.box_id());
    for client in [&a.boss.client, &a.boss.json] {
        let list = client.admin_get_departments(&page).await.unwrap();
        assert_eq!(list.departments[0].creation_timestamp.ticks, 0);
    }
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_place() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (boss, of_box) = (&a.boss, BoxQuery::new(a.box_id()));
    let foreign = made(&b, new("Чужое")).await;
    let mut two_forms = moscow();
    two_forms.foreign_address =
        Some(ForeignAddress { country: "276".to_owned(), address: "Berlin".to_owned() });
    for (body, expected) in [
        (new("  "), (400, "DepartmentToCreate.Name: a department needs a name")),
        (new(&"д".repeat(256)), (400, "DepartmentToCreate.Name: 256 characters: at most 255 fit")),
        (
            DepartmentToCreate { kpp: Some("77".to_owned()), ..new("Юг") },
            (400, "DepartmentToCreate.Kpp: \"77\" must be nine digits"),
        ),
        (
            DepartmentToCreate { routing: Routing { kpp: true, address: false }, ..new("Юг") },
            (400, "DepartmentToCreate.Routing.Kpp: the department has no KPP"),
        ),
        (
            DepartmentToCreate { routing: Routing { kpp: false, address: true }, ..new("Юг") },
            (400, "DepartmentToCreate.Routing.Address: the department has no address"),
        ),
        (
            DepartmentToCreate { address: Some(two_forms), ..new("Юг") },
            (400, "DepartmentToCreate.Address: give the address in one form"),
        ),
        (
            DepartmentToCreate { parent_department_id: Some("x".to_owned()), ..new("Юг") },
            (400, "DepartmentToCreate.ParentDepartmentId: \"x\" is not a valid"),
        ),
        (
            DepartmentToCreate { parent_department_id: Some(foreign.id.clone()), ..new("Юг") },
            (404, "Department wasn't found"),
        ),
    ] {
        let (status, told) = refused(boss.client.admin_create_department(&of_box, body).await);
        assert!(status == expected.0 && told.contains(expected.1), "{told}");
    }
    let list = boss.client.admin_get_departments(&PageQuery::new(a.box_id())).await.unwrap();
    assert_eq!(list.total_count, 1, "nothing was half done");

    let top = made(&a, new("Верх")).await;
    let below =
        made(&a, DepartmentToCreate { parent_department_id: Some(top.id.clone()), ..new("Низ") }).await;
    let under = |id: &str| DepartmentToUpdate {
        parent_department: Some(ParentDepartmentPatch { parent_department_id: id.to_owned() }),
        ..DepartmentToUpdate::default()
    };
    for (id, parent, expected) in [
        (&top.id, &below.id, (409, "cannot lie below")),
        (&top.id, &top.id, (409, "cannot lie below")),
        (&top.id, &foreign.id, (404, "Department wasn't found")),
        (&foreign.id, &top.id, (404, "Department wasn't found")),
        (&DepartmentId::ZERO.to_string(), &top.id, (409, "the head department is the organization itself")),
    ] {
        let (status, told) =
            refused(boss.client.admin_update_department(&named(&a, id), under(parent)).await);
        assert!(status == expected.0 && told.contains(expected.1), "{told}");
    }
    for (page, count) in [(Some(0), None), (None, Some(0)), (None, Some(101))] {
        let wrong = PageQuery { page, count, ..PageQuery::new(a.box_id()) };
        assert_eq!(refused(boss.client.admin_get_departments(&wrong).await).0, 400);
    }
    let nowhere = DepartmentQuery::new(BoxId::ZERO, DepartmentId::ZERO);
    assert_eq!(refused(boss.client.get_department_v2(&nowhere).await).0, 404);
    let nowhere = DepartmentByOrganizationQuery::new(OrgId::ZERO, DepartmentId::ZERO);
    assert_eq!(refused(boss.client.get_department(&nowhere).await).0, 404);
    assert_eq!(refused(boss.client.get_department_v2(&named(&a, &foreign.id)).await).0, 404);
    assert_eq!(refused(boss.client.admin_get_department(&named(&a, &foreign.id)).await).0, 404);
    world.end().await;
}

#[tokio::test]
async fn a_department_in_use_stays() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let top = made(&a, new("Верх")).await;
    let below =
        made(&a, DepartmentToCreate { parent_department_id: Some(top.id.clone()), ..new("Низ") }).await;
    let delete = async |id: &str| a.boss.client.admin_delete_department(&named(&a, id)).await;
    let (status, told) = refused(delete(&top.id).await);
    assert!(status == 409 && told.contains("it has departments below it"), "{told}");
    assert_eq!(refused(delete(&DepartmentId::ZERO.to_string()).await).0, 409);

    let id: DepartmentId = below.id.parse().unwrap();
    let permissions = Permissions {
        access: AccessLevel::SelectedDepartments,
        selected_departments: vec![id],
        ..Permissions::none()
    };
    let clerk = world.person(a.box_id(), "clerk@a", permissions).await;
    let (status, told) = refused(delete(&below.id).await);
    assert!(status == 409 && told.contains("it has employees"), "{told}");
    let of_clerk = EmployeeQuery::new(a.box_id(), clerk.user_id);
    a.boss.client.delete_employee(&of_clerk).await.unwrap();

    let mut letter = Letter::new(b.box_id(), a.box_id());
    letter.0.to_department_id = Some(below.id.clone());
    b.boss.post(&letter).await.unwrap();
    world.drain().await;
    let (status, told) = refused(delete(&below.id).await);
    assert!(status == 409 && told.contains("it has documents: move them"), "{told}");
    world.end().await;
}

/// Where a document lies that came without a department is seen by those who see it.
#[tokio::test]
async fn a_document_comes_to_the_department_whose_code_it_names() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let routed = DepartmentToCreate {
        kpp: Some("968701002".to_owned()),
        routing: Routing { kpp: true, address: false },
        ..new("Юг")
    };
    let south = made(&b, routed).await;
    made(&b, DepartmentToCreate { kpp: Some("968701003".to_owned()), ..new("Север") }).await;
    let named = made(&b, new("Склад")).await;
    let sees_only = async |department: &str| {
        let permissions = Permissions { department: department.parse().unwrap(), ..Permissions::none() };
        world.person(b.box_id(), &format!("{department}@b"), permissions).await
    };
    let people = [
        sees_only(&south.id).await,
        sees_only(&named.id).await,
        sees_only(&DepartmentId::ZERO.to_string()).await,
    ];
    for (inn, kpp, to, expected) in [
        (&*b.organization.inn, "968701002", None, 0),
        (&*b.organization.inn, "968701002", Some(&named.id), 1),
        // Nobody asks for it, nobody has it, it is somebody else's.
        (&*b.organization.inn, "968701003", None, 2),
        (&*b.organization.inn, "968701004", None, 2),
        ("7701000010", "968701002", None, 2),
    ] {
        let mut letter = Letter::new(a.box_id(), b.box_id());
        letter.0.to_department_id = to.cloned();
        let document = std::mem::take(&mut letter.0.document_attachments[0]);
        let item = |key: &str, value: &str| MetadataItem { key: key.to_owned(), value: value.to_owned() };
        letter.0.document_attachments[0] = formal(DocumentAttachment {
            type_named_id: "UniversalTransferDocument".to_owned(),
            function: Some("ДОП".to_owned()),
            metadata: vec![item("BuyerInn", inn), item("BuyerKpp", kpp)],
            ..document
        });
        letter.0.document_attachments[0].comment = Some(format!("{inn} {kpp} {to:?}"));
        let message = a.boss.post(&letter).await.unwrap();
        world.drain().await;
        let document: EntityId = message.entities[0].entity_id.parse().unwrap();
        let query = EntityQuery::new(b.box_id(), message.message_id.parse::<MessageId>().unwrap(), document);
        let mut seen = Vec::new();
        for person in &people {
            seen.push(person.client.get_entity_content_v4(&query).await.is_ok());
        }
        let who: Vec<bool> = (0..people.len()).map(|nth| nth == expected).collect();
        assert_eq!(seen, who, "{inn} {kpp} {to:?}");
    }
    world.end().await;
}
