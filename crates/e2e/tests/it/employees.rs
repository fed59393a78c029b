//! People of an organization, as its administrators see and change them.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{
    BoxQuery, EmployeeQuery, GetMyCertificatesQuery, OrganizationQuery, PageQuery,
};
use potok_testkit::sdk::proto::employees::subscriptions::{Subscription, SubscriptionsToUpdate};
use potok_testkit::sdk::proto::employees::{
    AuthorizationPermissionPatch, Employee, EmployeeAction, EmployeeDepartmentPatch,
    EmployeeDocumentAccessLevelPatch, EmployeeIsAdministratorPatch, EmployeePermissions,
    EmployeePermissionsPatch, EmployeePositionPatch, EmployeeSelectedDepartmentsPatch, EmployeeToCreate,
    EmployeeToCreateByCertificate, EmployeeToCreateByLogin, EmployeeToCreateCredentials, EmployeeToUpdate,
};
use potok_testkit::sdk::proto::{DocumentAccessLevel, FullName};
use potok_testkit::{Org, Person, World};
use potok_types::{DepartmentId, UserId};

use crate::support::refused;

/// Орлова Мария Ивановна, главный бухгалтер; it names no INN.
pub(crate) const CERTIFICATE: &[u8] = include_bytes!("../../testdata/signer.cer");

fn query(org: &Org, user: UserId) -> EmployeeQuery {
    EmployeeQuery::new(org.box_id(), user)
}

fn by_login(login: &str, department: DepartmentId) -> EmployeeToCreate {
    EmployeeToCreate {
        credentials: EmployeeToCreateCredentials {
            login: Some(EmployeeToCreateByLogin {
                login: login.to_owned(),
                full_name: Some(FullName {
                    last_name: "Петрова".to_owned(),
                    first_name: "Анна".to_owned(),
                    middle_name: None,
                }),
            }),
            certificate: None,
        },
        position: Some("Кладовщик".to_owned()),
        can_be_invited_for_chat: true,
        permissions: EmployeePermissions {
            user_department_id: department.to_string(),
            is_administrator: false,
            document_access_level: DocumentAccessLevel::SelectedDepartments as i32,
            selected_department_ids: vec![department.to_string()],
            actions: vec![EmployeeAction { name: "signdocuments".to_owned(), is_allowed: true }],
            authorization_permission: None,
        },
    }
}

pub(crate) fn by_certificate(content: &'static [u8], basis: Option<&str>) -> EmployeeToCreate {
    let given = EmployeeToCreateByCertificate {
        content: content.into(),
        access_basis: basis.map(str::to_owned),
        email: None,
    };
    let credentials = EmployeeToCreateCredentials { login: None, certificate: Some(given) };
    EmployeeToCreate { credentials, ..by_login("", DepartmentId::ZERO) }
}

pub(crate) fn user_of(employee: &Employee) -> UserId {
    employee.user.user_id.parse().unwrap()
}

fn allowed(employee: &Employee) -> Vec<&str> {
    let actions = employee.permissions.actions.iter();
    actions.filter(|action| action.is_allowed).map(|action| &*action.name).collect()
}

#[tokio::test]
async fn an_employee_comes_is_changed_and_goes() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&a, "Продажи", DepartmentId::ZERO).await.id;
    let (boss, of_box) = (&a.boss, BoxQuery::new(a.box_id()));
    let made = boss.client.create_employee(&of_box, by_login("anna@a", sales)).await.unwrap();
    let anna = user_of(&made);
    assert_eq!(made.user.login.as_deref(), Some("anna@a"));
    assert_eq!(made.user.full_name.as_ref().map(|name| &*name.last_name), Some("Петрова"));
    assert!(!made.user.is_registered && made.can_be_invited_for_chat);
    assert_eq!((&*made.position, made.permissions.document_access_level), ("Кладовщик", 3));
    assert_eq!(allowed(&made), ["SignDocuments"], "what is not named is denied");
    assert_eq!(made.permissions.actions.len(), 9);
    assert_eq!(boss.json.get_employee(&query(&a, anna)).await.unwrap(), made);

    // The same person elsewhere: the account is known by then, and its name stays.
    let elsewhere = BoxQuery::new(b.box_id());
    let there =
        b.boss.json.create_employee(&elsewhere, by_login("ANNA@a", DepartmentId::ZERO)).await.unwrap();
    assert_eq!(there.user, made.user);

    // Those without an account of their own come first, and are no users yet.
    let list = boss.client.get_employees(&PageQuery::new(a.box_id())).await.unwrap();
    let logins: Vec<_> = list.employees.iter().map(|one| one.user.login.as_deref().unwrap()).collect();
    assert_eq!((&logins[..], list.total_count), (&["anna@a", &*boss.login][..], 2));
    let second = PageQuery { page: Some(2), count: Some(1), ..PageQuery::new(a.box_id()) };
    let page = boss.json.get_employees(&second).await.unwrap();
    assert_eq!((page.employees, page.total_count), (list.employees[1..].to_vec(), 2));
    let users = boss.client.get_organization_users_v2(&of_box).await.unwrap();
    assert_eq!(users.users.iter().map(|user| &user.id).collect::<Vec<_>>(), [&users.current_user_id]);
    let by_organization = OrganizationQuery::new(a.organization.org_id);
    assert_eq!(boss.json.get_organization_users(&by_organization).await.unwrap(), users);

    let patch = EmployeeToUpdate {
        position: Some(EmployeePositionPatch {
            position: Some("Начальник склада".to_owned())
        }),
        permissions: Some(EmployeePermissionsPatch {
            department: Some(EmployeeDepartmentPatch { department_id: DepartmentId::ZERO.to_string() }),
            is_administrator: Some(EmployeeIsAdministratorPatch { is_administrator: true }),
            document_access_level: Some(EmployeeDocumentAccessLevelPatch {
                document_access_level: DocumentAccessLevel::AllDocuments as i32,
            }),
            actions: vec![
                EmployeeAction { name: "SignDocuments".to_owned(), is_allowed: false },
                EmployeeAction { name: "UseGoskey".to_owned(), is_allowed: true },
            ],
            ..EmployeePermissionsPatch::default()
        }),
        ..EmployeeToUpdate::default()
    };
    let changed = boss.client.update_employee(&query(&a, anna), patch).await.unwrap();
    assert_eq!(allowed(&changed), ["UseGoskey"], "only what is named changes");
    assert!(changed.permissions.is_administrator && changed.can_be_invited_for_chat);
    assert!(changed.permissions.selected_department_ids.is_empty(), "all documents are seen");
    assert_eq!(changed.creation_timestamp, made.creation_timestamp);
    let nothing = boss.json.update_employee(&query(&a, anna), EmployeeToUpdate::default()).await.unwrap();
    assert_eq!(nothing, changed);

    // Rights are there with the next call, and gone with the next one.
    let anna = world.known_person(a.box_id(), anna, "anna@a").await;
    assert_eq!(anna.client.get_my_employee(&of_box).await.unwrap(), changed);
    let block = |is_blocked, comment: Option<&str>| EmployeeToUpdate {
        permissions: Some(EmployeePermissionsPatch {
            authorization_permission: Some(AuthorizationPermissionPatch {
                is_blocked,
                comment: comment.map(str::to_owned),
            }),
            ..EmployeePermissionsPatch::default()
        }),
        ..EmployeeToUpdate::default()
    };
    let of_anna = query(&a, anna.user_id);
    let blocked = boss.client.update_employee(&of_anna, block(true, Some("в отпуске"))).await.unwrap();
    let permission = blocked.permissions.authorization_permission.unwrap();
    assert_eq!((permission.is_blocked, permission.comment.as_deref()), (true, Some("в отпуске")));
    assert_eq!(refused(anna.client.get_my_employee(&of_box).await).0, 403);
    boss.json.update_employee(&of_anna, block(false, None)).await.unwrap();
    anna.json.get_my_employee(&of_box).await.unwrap();

    boss.client.delete_employee(&of_anna).await.unwrap();
    assert_eq!(refused(anna.client.get_my_employee(&of_box).await).0, 403);
    boss.json.delete_employee(&of_anna).await.unwrap();
    let (status, words) = refused(boss.client.get_employee(&of_anna).await);
    assert!(status == 404 && words.contains("is no employee of box"), "{words}");
    assert_eq!(refused(boss.client.delete_employee(&query(&a, UserId::ZERO)).await).0, 404);
    let again = boss.client.create_employee(&of_box, by_login("anna@a", sales)).await.unwrap();
    assert_eq!(user_of(&again), anna.user_id, "who was deleted can be employed again");
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_place() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (boss, of_box) = (&a.boss, BoxQuery::new(a.box_id()));
    let elsewhere = world.department(&b, "Чужое", DepartmentId::ZERO).await.id;
    let good = || by_login("anna@a", DepartmentId::ZERO);
    let login = |text: &str| {
        let mut body = good();
        body.credentials.login.as_mut().unwrap().login = text.to_owned();
        body
    };
    let permissions = |change: fn(&mut EmployeePermissions)| {
        let mut body = good();
        change(&mut body.permissions);
        body
    };
    let both = EmployeeToCreate {
        credentials: EmployeeToCreateCredentials {
            login: good().credentials.login,
            certificate: by_certificate(CERTIFICATE, None).credentials.certificate,
        },
        ..good()
    };
    for (body, words) in [
        (both, "EmployeeToCreate.Credentials: give exactly one of Login and Certificate"),
        (login(""), "EmployeeToCreate.Credentials.Login.Login is required field"),
        (login("anna"), "EmployeeToCreate.Credentials.Login.Login: \"anna\" is no e-mail address"),
        (login(&format!("{}@a", "x".repeat(300))), "EmployeeToCreate.Credentials.Login.Login: "),
        (by_certificate(b"none", None), "EmployeeToCreate.Credentials.Certificate.Content: "),
        (
            permissions(|may| may.document_access_level = -1),
            "EmployeeToCreate.Permissions.DocumentAccessLevel: use DepartmentOnly",
        ),
        (
            permissions(|may| may.actions[0].name = "Everything".to_owned()),
            "EmployeeToCreate.Permissions.Actions[0].Name: unknown action \"Everything\": use one of CreateDocuments",
        ),
        (
            permissions(|may| may.user_department_id = "x".to_owned()),
            "EmployeeToCreate.Permissions.UserDepartmentId: \"x\" is not a valid",
        ),
        (
            by_login("anna@a", elsewhere),
            "EmployeeToCreate.Permissions.UserDepartmentId: the organization has no department",
        ),
    ] {
        let (status, told) = refused(boss.client.create_employee(&of_box, body).await);
        assert!(status == 400 && told.contains(words), "{told}");
    }
    let stays = boss.client.get_employees(&PageQuery::new(a.box_id())).await.unwrap();
    assert_eq!(stays.total_count, 1, "nothing was half done");

    let anna = user_of(&boss.client.create_employee(&of_box, good()).await.unwrap());
    let (status, told) = refused(boss.json.create_employee(&of_box, good()).await);
    assert!(status == 409 && told.contains("UpdateEmployee"), "{told}");
    let selected = EmployeeToUpdate {
        permissions: Some(EmployeePermissionsPatch {
            selected_departments: Some(EmployeeSelectedDepartmentsPatch {
                selected_department_ids: vec![DepartmentId::ZERO.to_string(), elsewhere.to_string()],
            }),
            ..EmployeePermissionsPatch::default()
        }),
        ..EmployeeToUpdate::default()
    };
    let (status, told) = refused(boss.client.update_employee(&query(&a, anna), selected).await);
    let place = "EmployeeToUpdate.Permissions.SelectedDepartments.SelectedDepartmentIds[1]: ";
    assert!(status == 400 && told.contains(place), "{told}");
    assert_eq!(
        refused(boss.client.update_employee(&query(&a, UserId::ZERO), EmployeeToUpdate::default()).await).0,
        404
    );

    let commented = |chars: usize| EmployeeToUpdate {
        permissions: Some(EmployeePermissionsPatch {
            authorization_permission: Some(AuthorizationPermissionPatch {
                is_blocked: true,
                comment: Some("я".repeat(chars)),
            }),
            ..EmployeePermissionsPatch::default()
        }),
        ..EmployeeToUpdate::default()
    };
    let (status, told) = refused(boss.client.update_employee(&query(&a, anna), commented(501)).await);
    let place = "EmployeeToUpdate.Permissions.AuthorizationPermission.Comment: ";
    assert!(status == 400 && told.contains(place), "{told}");
    boss.client.update_employee(&query(&a, anna), commented(500)).await.unwrap();

    // Somebody has to be left who administers.
    let demoted = EmployeeToUpdate {
        permissions: Some(EmployeePermissionsPatch {
            is_administrator: Some(EmployeeIsAdministratorPatch { is_administrator: false }),
            ..EmployeePermissionsPatch::default()
        }),
        ..EmployeeToUpdate::default()
    };
    let own = query(&a, boss.user_id);
    let (status, told) = refused(boss.client.update_employee(&own, demoted).await);
    assert!(status == 409 && told.contains("is the last administrator"), "{told}");
    assert_eq!(refused(boss.json.delete_employee(&own).await).0, 409);

    for (page, count) in [(Some(0), None), (None, Some(0)), (None, Some(51))] {
        let wrong = PageQuery { page, count, ..PageQuery::new(a.box_id()) };
        assert_eq!(refused(boss.client.get_employees(&wrong).await).0, 400);
    }
    world.end().await;
}

#[tokio::test]
async fn somebody_is_employed_by_certificate() {
    let world = World::start().await;
    // The certificate is of November.
    world.clock().advance_seconds(300 * 24 * 3600);
    let (a, b) = world.two_sides().await;
    let of_box = BoxQuery::new(a.box_id());
    // Whose certificate does not name the organization's INN acts for it only with a reason.
    let bare = by_certificate(CERTIFICATE, None);
    let (status, told) = refused(a.boss.client.create_employee(&of_box, bare).await);
    let place = "EmployeeToCreate.Credentials.Certificate.AccessBasis: ";
    assert!(status == 400 && told.contains(place), "{told}");
    let basis = || by_certificate(CERTIFICATE, Some("доверенность 1 от 01.02.2026"));
    let made = a.boss.client.create_employee(&of_box, basis()).await.unwrap();
    let name = made.user.full_name.clone().unwrap();
    assert_eq!(
        (&*name.last_name, &*name.first_name, name.middle_name.as_deref()),
        ("Орлова", "Мария", Some("Ивановна"))
    );
    assert!(made.user.is_registered, "whoever holds the key can log in");
    let maria = world.known_person(a.box_id(), user_of(&made), "maria").await;
    let held = maria.client.get_my_certificates(&GetMyCertificatesQuery::new(a.box_id())).await.unwrap();
    let json = maria.json.get_my_certificates(&GetMyCertificatesQuery::new(a.box_id())).await.unwrap();
    let held = &held.certificates[..];
    assert_eq!((held.len(), json.certificates.len()), (1, 1));
    assert_eq!(json.certificates[0].thumbprint, held[0].thumbprint);
    assert_eq!((held[0].is_default(), held[0].user_last_name.as_deref()), (true, Some("Орлова")));
    let none = a.boss.client.get_my_certificates(&GetMyCertificatesQuery::new(a.box_id())).await.unwrap();
    assert!(none.certificates.is_empty());

    // It is the same person elsewhere.
    let there = BoxQuery::new(b.box_id());
    let second = b.boss.client.create_employee(&there, basis()).await.unwrap();
    assert_eq!(second.user, made.user);
    world.end().await;
}

#[tokio::test]
async fn everybody_chooses_notifications_and_administrators_do_for_others() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let clerk = world.person(a.box_id(), "clerk@a", narrow()).await;
    let of_clerk = query(&a, clerk.user_id);
    let all = clerk.client.get_subscriptions(&of_clerk).await.unwrap();
    assert!(all.subscriptions.len() == 10 && all.subscriptions.iter().all(|one| one.is_subscribed));
    let change = |id: &str| SubscriptionsToUpdate {
        subscriptions: vec![Subscription { id: id.to_owned(), is_subscribed: false }],
    };
    let off = |list: &[Subscription]| {
        let off = list.iter().filter(|one| !one.is_subscribed);
        off.map(|one| one.id.clone()).collect::<Vec<_>>()
    };
    let told = clerk.json.update_subscriptions(&of_clerk, change("News")).await.unwrap();
    assert_eq!((told.subscriptions.len(), off(&told.subscriptions)), (10, vec!["News".to_owned()]));
    a.boss.client.update_subscriptions(&of_clerk, change("ChatMessages")).await.unwrap();
    let told = a.boss.json.get_subscriptions(&of_clerk).await.unwrap();
    assert_eq!(off(&told.subscriptions), ["News", "ChatMessages"]);

    let (status, words) = refused(clerk.client.update_subscriptions(&of_clerk, change("Nothing")).await);
    assert!(status == 400 && words.contains("SubscriptionsToUpdate.Subscriptions[0].Id: unknown"), "{words}");
    assert_eq!(refused(clerk.client.get_subscriptions(&query(&a, a.boss.user_id)).await).0, 403);
    assert_eq!(refused(a.boss.client.get_subscriptions(&query(&a, UserId::ZERO)).await).0, 404);
    world.end().await;
}

fn narrow() -> Permissions {
    Permissions { access: AccessLevel::DepartmentOnly, ..Permissions::none() }
}

#[tokio::test]
async fn the_caller_is_told_as_a_user_in_both_versions() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let Person { client, json, user_id, login, .. } = &a.boss;
    let v1 = client.get_my_user().await.unwrap();
    assert_eq!(v1.id.as_deref(), Some(&*user_id.to_string()));
    assert_eq!((v1.last_name.as_deref(), v1.first_name.as_deref()), (Some("Иванов"), Some("Иван")));
    assert_eq!(json.get_my_user().await.unwrap(), v1);
    assert_eq!(client.get_my_user_v2().await.unwrap().login.as_deref(), Some(&**login));
    world.end().await;
}
