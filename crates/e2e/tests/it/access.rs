//! Who sees what, and how one logs in.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{
    BoxQuery, GetEventQuery, GetMessageQuery, GetMyOrganizationsQuery, GetNewEventsQuery,
    GetNewEventsV4Query, GetNewEventsV6Query,
};
use potok_testkit::sdk::proto::events::{
    DocumentAttachment, MessagePatchToPostV2, MessageToPost, UniversalMessageAttachment, UnsignedContent,
};
use potok_testkit::sdk::{Auth, Client, Error, RetryPolicy};
use potok_testkit::{Letter, RawRequest, World};
use potok_types::DepartmentId;

use crate::support::draft_of;

#[tokio::test]
async fn a_person_of_a_department_sees_its_documents_and_no_others() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await;
    let legal = world.department(&b, "Юристы", DepartmentId::ZERO).await;
    let clerk = Permissions {
        department: sales.id,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    let clerk = world.person(b.box_id(), "clerk@b", clerk).await;
    let both = Permissions {
        access: AccessLevel::SelectedDepartments,
        selected_departments: vec![sales.id, legal.id],
        ..Permissions::full()
    };
    let both = world.person(b.box_id(), "both@b", both).await;
    let mut ids = Vec::new();
    for department in [None, Some(sales.id), Some(legal.id)] {
        let letter = Letter(MessageToPost {
            to_department_id: department.map(|id| id.to_string()),
            ..Letter::new(a.box_id(), b.box_id()).0
        });
        ids.push(a.boss.post(&letter).await.unwrap().message_id);
    }
    world.drain().await;

    let v4 = clerk.client.get_new_events_v4(&GetNewEventsV4Query::new(b.box_id())).await.unwrap_err();
    assert_eq!(v4.status(), Some(403));
    let v5 = clerk.client.get_new_events_v5(&GetNewEventsV4Query::new(b.box_id())).await.unwrap();
    assert_eq!(v5.events.iter().map(|event| &event.event_id).collect::<Vec<_>>(), [&ids[1]]);
    let v6 = both.client.get_new_events_v6(&GetNewEventsV6Query::new(b.box_id())).await.unwrap();
    assert_eq!(v6.events.len(), 2, "the union of both departments");
    let mut named = GetNewEventsQuery::new(b.box_id());
    assert_eq!(clerk.client.get_new_events_v8(&named).await.unwrap().events.len(), 1, "the own department");
    let unnamed = both.client.get_new_events_v8(&named).await.unwrap_err();
    assert_eq!(unnamed.status(), Some(400));
    assert!(unnamed.to_string().contains("DepartmentId must be specified"), "{unnamed}");
    named.department_id = Some(legal.id);
    assert_eq!(both.client.get_new_events_v7(&named).await.unwrap().events.len(), 1);
    assert_eq!(clerk.client.get_new_events_v8(&named).await.unwrap_err().status(), Some(403));
    assert_eq!(b.boss.client.get_new_events_v8(&named).await.unwrap().events.len(), 1);
    let last = clerk
        .client
        .get_last_event_v2(&potok_testkit::sdk::api::methods::BoxQuery::new(b.box_id()))
        .await
        .unwrap();
    assert_eq!(last.0.map(|event| event.event_id), Some(ids[1].clone()));

    let event = GetEventQuery::new(b.box_id(), ids[1].parse::<potok_types::EventId>().unwrap());
    let denied = clerk.client.get_event_v3(&event).await.unwrap_err();
    assert_eq!(denied.status(), Some(403));
    assert!(denied.to_string().contains("User must have access to all departments"), "{denied}");
    let message = |id: &str| GetMessageQuery::new(b.box_id(), id.parse::<potok_types::MessageId>().unwrap());
    assert!(clerk.client.get_message_v6(&message(&ids[1])).await.is_ok());
    let foreign = clerk.client.get_message_v6(&message(&ids[2])).await.unwrap_err();
    assert_eq!(foreign.status(), Some(403));
    assert!(foreign.to_string().contains("У вас нет доступа к документу"), "{foreign}");
    world.end().await;
}

#[tokio::test]
async fn drafts_are_shown_to_those_who_see_all_documents() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await;
    let clerk = Permissions {
        department: sales.id,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    let clerk = world.person(b.box_id(), "clerk@b", clerk).await;
    let to_sales = MessageToPost {
        to_department_id: Some(sales.id.to_string()),
        ..Letter::new(a.box_id(), b.box_id()).0
    };
    let letter = a.boss.post(&Letter(to_sales)).await.unwrap().message_id;
    world.drain().await;
    let draft = draft_of(&b, &a, sales.id).await;

    let feed = GetNewEventsQuery::new(b.box_id());
    let last = BoxQuery::new(b.box_id());
    for (person, expected) in [(&clerk, vec![&letter]), (&b.boss, vec![&letter, &draft])] {
        let events = person.client.get_new_events_v8(&feed).await.unwrap().events;
        assert_eq!(events.iter().map(|event| &event.event_id).collect::<Vec<_>>(), expected);
        for shown in [person.client.get_last_event(&last).await, person.client.get_last_event_v2(&last).await]
        {
            assert_eq!(shown.unwrap().0.as_ref().map(|event| &event.event_id), expected.last().copied());
        }
    }
    world.end().await;
}

#[tokio::test]
async fn an_empty_feed_has_no_last_event() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    for path in ["/GetLastEvent", "/V2/GetLastEvent"] {
        let path = format!("{path}?boxId={}", a.box_id());
        let answer = world.raw(RawRequest::get(path).bearer(&a.boss.access_token)).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0));
    }
    world.end().await;
}

#[tokio::test]
async fn each_way_to_log_in_opens_the_same_box() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let user = world
        .app()
        .admin()
        .create_user(potok_testkit::app::admin::NewUser {
            login: "Пётр@ромашка.рф".to_owned(),
            password: Some("пароль".to_owned()),
            last_name: "Петров".to_owned(),
            first_name: "Пётр".to_owned(),
            ..Default::default()
        })
        .await
        .unwrap();
    world.app().admin().put_employee(a.box_id(), user.id, "Директор", Permissions::full()).await.unwrap();
    let robot =
        world.app().admin().create_client(Some("robot".to_owned()), "Robot", Some(user.id)).await.unwrap();
    let program = world.program();
    let refresh = world.app().admin().issue_refresh_token(&program.id, user.id).await.unwrap();
    let ways = [
        (program.id.clone(), Auth::password("ПЁТР@ромашка.рф", "пароль")),
        (program.id.clone(), Auth::refresh_token(program.secret.clone(), refresh.clone())),
        (robot.id.clone(), Auth::client_credentials(robot.secret.clone())),
    ];
    for (client_id, auth) in ways {
        let client = Client::builder(world.base_url(), client_id)
            .auth(auth)
            .retry(RetryPolicy::NEVER)
            .build()
            .unwrap();
        let mine = client.get_my_organizations(&GetMyOrganizationsQuery::new()).await.unwrap();
        assert_eq!(mine.organizations.len(), 1);
        assert_eq!(mine.organizations[0].boxes[0].box_id, a.box_id().to_string());
        let me = client.get_my_user_v2().await.unwrap();
        assert_eq!(me.user_id, user.id.to_string());
    }
    world.end().await;
}

/// What the client is told: status, machine code, text.
type Told = (u16, String, String);

fn told(status: u16, code: &str, text: &str) -> Told {
    (status, code.to_owned(), text.to_owned())
}

/// The SDK's words for a login that failed; the status of a grant is asked for beside it.
fn told_by(error: Error) -> Told {
    match error {
        Error::Refused(refusal) => (refusal.status, refusal.code.unwrap_or_default(), refusal.text),
        Error::Grant { error, description } => (0, error, description.unwrap_or_default()),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn each_wrong_way_to_log_in_is_refused_in_its_own_words() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let program = world.program();
    let refresh = world.app().admin().issue_refresh_token(&program.id, a.boss.user_id).await.unwrap();
    let wrong_password = told(401, "Http.Auth", "Wrong password provided for login");
    let wrong_secret = told(401, "invalid_client", "the client is unknown, or its secret is wrong");
    let wrong_token =
        told(400, "invalid_grant", "the refresh token is unknown, expired or issued to another client");
    let no_service = told(
        400,
        "unauthorized_client",
        "the client is not bound to a service account, which client_credentials needs",
    );
    let secret = &program.secret;
    let grant = |secret: &str, rest: &str| format!("client_id={}&client_secret={secret}&{rest}", program.id);
    let by_token =
        |secret: &str, token: &str| grant(secret, &format!("grant_type=refresh_token&refresh_token={token}"));
    for (auth, form, expected) in [
        (Auth::password(&a.boss.login, "другой"), None, wrong_password.clone()),
        (Auth::password("никто", "пароль"), None, wrong_password),
        (Auth::refresh_token("wrong", refresh.clone()), Some(by_token("wrong", &refresh)), wrong_secret),
        (Auth::refresh_token(secret.clone(), "wrong"), Some(by_token(secret, "wrong")), wrong_token),
        (
            Auth::client_credentials(secret.clone()),
            Some(grant(secret, "grant_type=client_credentials")),
            no_service,
        ),
    ] {
        let client =
            Client::builder(world.base_url(), program.id.clone()).auth(auth).retry(RetryPolicy::NEVER);
        let mut by_client = told_by(client.build().unwrap().get_my_user_v2().await.unwrap_err());
        if let Some(form) = form {
            let asked = RawRequest::post("/connect/token", form)
                .header("Content-Type", "application/x-www-form-urlencoded");
            by_client.0 = world.raw(asked).await.status;
        }
        assert_eq!(by_client, expected);
    }
    world.end().await;
}

#[tokio::test]
async fn a_shelf_is_private_and_a_message_takes_from_it() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let token = &a.boss.access_token;
    let upload = async |rest: &str, part: Vec<u8>| {
        let path = format!("/ShelfUpload?nameOnShelf=__userId__/big.bin&{rest}");
        let answer = world.raw(RawRequest::post(path, part).bearer(token)).await;
        (answer.status, answer.text())
    };
    assert_eq!(upload("partIndex=0", vec![1; 100_000]).await.0, 200);
    assert_eq!(upload("partIndex=2&isLastPart=1", vec![3; 100_000]).await, (200, "[1]".to_owned()));
    assert_eq!(upload("partIndex=1&isLastPart=False", vec![2; 100_000]).await.0, 200);
    let download = async |token: &str| {
        world.raw(RawRequest::get("/ShelfDownload?nameOnShelf=__userId__/big.bin").bearer(token)).await
    };
    let whole = download(token).await;
    assert_eq!((whole.status, whole.body.len()), (200, 300_000));
    assert_eq!(download(&b.boss.access_token).await.status, 404);

    let mut letter = Letter::new(a.box_id(), b.box_id());
    let document = DocumentAttachment { ..letter.0.document_attachments[0].clone() };
    letter.0.document_attachments[0] = document;
    let signed = &mut letter.0.document_attachments[0].signed_content;
    signed.content = None;
    signed.name_on_shelf = Some("big.bin".to_owned());
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let content = b
        .boss
        .client
        .get_entity_content_v4(&potok_testkit::sdk::api::methods::EntityQuery::new(
            b.box_id(),
            message.message_id.parse::<potok_types::MessageId>().unwrap(),
            message.entities[0].entity_id.parse::<potok_types::EntityId>().unwrap(),
        ))
        .await
        .unwrap();
    assert_eq!(content.0, whole.body);
    letter.0.document_attachments[0].signed_content.name_on_shelf = Some("other.bin".to_owned());
    let missing = a.boss.post(&letter).await.unwrap_err();
    assert_eq!(missing.status(), Some(400));
    let text = "MessageToPost.DocumentAttachments[0]: File 'other.bin' not found in temporary file storage";
    assert!(missing.to_string().contains(text), "{missing}");
    world.end().await;
}

#[tokio::test]
async fn universal_messages_need_a_right_of_their_own() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let patch = || MessagePatchToPostV2 {
        message_id: posted.message_id.clone(),
        universal_messages: vec![UniversalMessageAttachment {
            parent_entity_id: posted.entities[0].entity_id.clone(),
            code_group: Some(4),
            universal_message_content: UnsignedContent {
                content: Some(b"<a/>"[..].into()),
                ..UnsignedContent::default()
            },
            ..UniversalMessageAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    let without = Permissions { can_attach_universal_messages: false, ..Permissions::full() };
    let only = Permissions { can_create_documents: false, ..Permissions::full() };
    let denied = world.person(b.box_id(), "without@b", without).await.patch(patch()).await.unwrap_err();
    assert_eq!(denied.status(), Some(403));
    assert!(denied.to_string().contains("AttachUniversalMessages"), "{denied}");
    world.person(b.box_id(), "only@b", only).await.patch(patch()).await.unwrap();
    world.drain().await;
    world.end().await;
}
