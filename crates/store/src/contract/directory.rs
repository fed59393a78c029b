//! The address book.

use potok_domain::RequestTarget;
use potok_domain::directory::{
    AccessLevel, Department, Employee, Organization, Permissions, ResolutionRoute, User,
};
use potok_types::{BoxId, DepartmentId, OrgId, RouteId};

use super::fixture::{Open, StoreFixture};
use crate::{Member, Token, TokensOf};

fn department(fixture: &StoreFixture, name: &str) -> Department {
    Department {
        id: fixture.department(),
        parent: DepartmentId::ZERO,
        name: name.to_owned(),
        abbreviation: name.chars().take(1).collect(),
        kpp: Some("770101001".to_owned()),
    }
}

fn organization(fixture: &StoreFixture, name: &str, inn: &str, kpp: Option<&str>) -> Organization {
    let org_id = OrgId::from_uuid(fixture.message().uuid());
    Organization {
        org_id,
        box_id: fixture.box_id(),
        inn: inn.to_owned(),
        kpp: kpp.map(str::to_owned),
        full_name: format!("Общество «{name}»"),
        short_name: name.to_owned(),
        ogrn: None,
        fns_participant_id: format!("2BM-{org_id}"),
        counteragents_only: false,
        is_test: false,
        is_suspended: false,
        departments: Vec::new(),
    }
}

fn user(fixture: &StoreFixture, login: &str) -> User {
    User {
        id: fixture.user(),
        login: login.to_owned(),
        last_name: "Иванова".to_owned(),
        first_name: "Анна".to_owned(),
        middle_name: None,
        is_service: false,
        is_blocked: false,
    }
}

fn employee(fixture: &StoreFixture, user: &User, organization: &Organization) -> Employee {
    Employee {
        user_id: user.id,
        box_id: organization.box_id,
        position: "бухгалтер".to_owned(),
        permissions: Permissions::full(),
        created_at: fixture.now(),
    }
}

async fn by_box(fixture: &StoreFixture, box_id: BoxId) -> Option<Organization> {
    fixture.store.organization_by_box(box_id).await.expect("readable")
}

async fn put_user(fixture: &StoreFixture, user: &User, hash: Option<&str>) -> bool {
    fixture.store.put_user(user, hash).await.expect("writable")
}

/// Every field of an organization comes back, also after it was replaced, and its departments with it, in order.
pub async fn organizations_come_back_as_they_were_put(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut it = organization(&fixture, "Ромашка", "7701000000", Some("770101001"));
    for round in 0..3 {
        match round {
            0 => {}
            1 => {
                it.ogrn = Some("1027700000000".to_owned());
                it.counteragents_only = true;
                it.departments = ["Я", "А", "М"].map(|name| department(&fixture, name)).to_vec();
                it.departments[2].parent = it.departments[0].id;
                it.departments[2].kpp = None;
            }
            _ => {
                it.kpp = None;
                it.is_test = true;
                it.is_suspended = true;
                it.short_name = "Ромашка и Ко".to_owned();
                it.departments.remove(1);
                it.box_id = fixture.box_id();
            }
        }
        let old_box = by_box(&fixture, it.box_id).await.map_or(it.box_id, |old| old.box_id);
        fixture.store.put_organization(&it).await.expect("writable");
        assert_eq!(by_box(&fixture, it.box_id).await.as_ref(), Some(&it));
        assert_eq!(fixture.store.organizations().await.expect("readable"), std::slice::from_ref(&it));
        assert_eq!(old_box, it.box_id);
    }
    assert_eq!(by_box(&fixture, fixture.box_id()).await, None);
}

/// An organization is found by box, id, INN with and without KPP, and participant id; lists are by name.
pub async fn organizations_are_found_by_every_name(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let branch = organization(&fixture, "Б", "7701000000", Some("780101001"));
    let head = organization(&fixture, "В", "7701000000", Some("770101001"));
    let person = organization(&fixture, "А", "770100000012", None);
    for it in [&branch, &head, &person] {
        fixture.store.put_organization(it).await.expect("writable");
    }
    let store = &fixture.store;
    for it in [&branch, &head, &person] {
        assert_eq!(store.organization(it.org_id).await.expect("readable").as_ref(), Some(it));
        assert_eq!(by_box(&fixture, it.box_id).await.as_ref(), Some(it));
        let found = store.organization_by_fns_id(&it.fns_participant_id).await.expect("readable");
        assert_eq!(found.as_ref(), Some(it));
    }
    for (inn, kpp, expected) in [
        ("7701000000", None, vec![&branch, &head]),
        ("7701000000", Some("770101001"), vec![&head]),
        ("7701000000", Some("000000000"), vec![]),
        ("770100000012", None, vec![&person]),
        ("770100000012", Some("770101001"), vec![]),
        ("7701", None, vec![]),
    ] {
        let found = store.organizations_by_inn(inn, kpp).await.expect("readable");
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{inn} {kpp:?}");
    }
    let all = store.organizations().await.expect("readable");
    assert_eq!(all.iter().collect::<Vec<_>>(), [&person, &branch, &head]);
    assert_eq!(store.organization_by_fns_id("2BM").await.expect("readable"), None);
}

/// One department can be put without the others.
pub async fn departments_are_added_and_replaced(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut it = organization(&fixture, "Ромашка", "7701000000", None);
    it.departments = vec![department(&fixture, "Юг")];
    fixture.store.put_organization(&it).await.expect("writable");
    it.departments.push(department(&fixture, "Север"));
    fixture.store.put_department(it.box_id, &it.departments[1]).await.expect("writable");
    it.departments[0].name = "Дальний юг".to_owned();
    fixture.store.put_department(it.box_id, &it.departments[0]).await.expect("writable");
    assert_eq!(by_box(&fixture, it.box_id).await, Some(it));
}

/// «ИВАН@…» is «иван@…»; another user cannot have either.
pub async fn logins_are_unique_in_any_case_of_any_alphabet(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut ivan = user(&fixture, "Иван@Ромашка.рф");
    let anna = user(&fixture, "Anna@romashka.ru");
    assert!(put_user(&fixture, &ivan, Some("hash of ivan")).await);
    assert!(put_user(&fixture, &anna, None).await);
    for (login, expected) in [
        ("иван@ромашка.рф", Some(ivan.id)),
        ("ИВАН@РОМАШКА.РФ", Some(ivan.id)),
        ("ANNA@ROMASHKA.RU", Some(anna.id)),
        ("anna", None),
    ] {
        let found = fixture.store.user_by_login(login).await.expect("readable");
        assert_eq!(found.map(|user| user.id), expected, "{login}");
        let password = fixture.store.password(login).await.expect("readable");
        assert_eq!(password.map(|password| password.user), expected, "{login}");
    }
    for taken in ["ИВАН@ромашка.рф", "anna@ROMASHKA.ru"] {
        assert!(!put_user(&fixture, &user(&fixture, taken), None).await, "{taken}");
    }
    ivan.login = "ANNA@romashka.ru".to_owned();
    assert!(!put_user(&fixture, &ivan, None).await, "a login cannot be taken over either");
    ivan.login = "ИВАН@Ромашка.рф".to_owned();
    assert!(
        put_user(&fixture, &ivan, Some("hash of ivan")).await,
        "one's own login can be written differently"
    );
    assert_eq!(fixture.store.users().await.expect("readable"), [anna, ivan]);
}

/// Replacing a user replaces all of it, the password too.
pub async fn users_are_replaced_with_their_passwords(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut it = user(&fixture, "anna");
    for (hash, middle_name, is_service) in
        [(Some("first"), None, false), (Some("second"), Some("Сергеевна"), true), (None, None, false)]
    {
        it.middle_name = middle_name.map(str::to_owned);
        it.is_service = is_service;
        it.is_blocked = is_service;
        assert!(put_user(&fixture, &it, hash).await);
        assert_eq!(fixture.store.user(it.id).await.expect("readable").as_ref(), Some(&it));
        let password = fixture.store.password("anna").await.expect("readable").expect("she is there");
        assert_eq!((password.user, password.password_hash.as_deref()), (it.id, hash));
    }
    assert_eq!(fixture.store.user(fixture.user()).await.expect("readable"), None);
}

/// With another password, and with a block, the tokens of the user go; the rest of the user stays.
pub async fn users_lose_their_tokens_with_their_password_and_when_blocked(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (anna, ivan) = (user(&fixture, "anna"), user(&fixture, "ivan"));
    for it in [&anna, &ivan] {
        assert!(put_user(&fixture, it, Some("old")).await);
    }
    let nobody = fixture.user();
    let issue = async || {
        for (number, user) in [(1, anna.id), (2, anna.id), (3, ivan.id)] {
            let token = Token { user, ..super::credentials::token(&fixture, number, "client") };
            fixture.store.put_token(&token).await.expect("writable");
        }
    };
    let left = async || fixture.store.tokens(&TokensOf::All).await.expect("readable").len();
    let password =
        async || fixture.store.password("ANNA").await.expect("readable").expect("known").password_hash;
    for hash in [Some("new"), None] {
        issue().await;
        assert_eq!(fixture.store.set_password(anna.id, hash).await.expect("writable"), Some(2));
        assert_eq!((password().await.as_deref(), left().await), (hash, 1));
    }
    assert_eq!(fixture.store.set_password(nobody, None).await.expect("writable"), None);
    fixture.store.set_password(anna.id, Some("kept")).await.expect("writable");
    issue().await;
    for (is_blocked, revoked) in [(true, 2), (true, 0), (false, 0)] {
        let done = fixture.store.set_user_blocked(anna.id, is_blocked).await.expect("writable");
        assert_eq!(done, Some(revoked), "{is_blocked}");
        let expected = User { is_blocked, ..anna.clone() };
        assert_eq!(fixture.store.user(anna.id).await.expect("readable"), Some(expected));
        assert_eq!((password().await.as_deref(), left().await), (Some("kept"), 1));
    }
    assert_eq!(fixture.store.set_user_blocked(nobody, true).await.expect("writable"), None);
}

/// A person has a place in each of several organizations, with rights of its own.
pub async fn employees_come_back_with_their_organizations(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut second = organization(&fixture, "Б", "7701000000", None);
    second.departments = vec![department(&fixture, "Юг"), department(&fixture, "Север")];
    let first = organization(&fixture, "А", "7702000000", None);
    for it in [&second, &first] {
        fixture.store.put_organization(it).await.expect("writable");
    }
    let person = user(&fixture, "anna");
    let stranger = user(&fixture, "stranger");
    for it in [&person, &stranger] {
        assert!(put_user(&fixture, it, None).await);
    }
    let full = employee(&fixture, &person, &first);
    let levels = [
        AccessLevel::SelectedDepartments,
        AccessLevel::DepartmentOnly,
        AccessLevel::DepartmentAndSubdepartments,
        AccessLevel::AllDocuments,
    ];
    fixture.store.put_employee(&full).await.expect("writable");
    for (nth, access) in levels.into_iter().enumerate() {
        let partial = Employee {
            position: format!("место {nth}"),
            permissions: Permissions {
                department: second.departments[nth % 2].id,
                is_administrator: false,
                access,
                selected_departments: second.departments.iter().take(nth % 3).map(|it| it.id).collect(),
                can_create_documents: nth == 0,
                can_sign_documents: nth == 1,
                can_delete_restore_documents: nth == 2,
                can_add_resolutions: nth == 3,
                can_request_resolutions: nth % 2 == 0,
                can_manage_counteragents: nth % 2 == 1,
                can_attach_universal_messages: nth == 2,
                is_blocked: nth == 3,
            },
            ..employee(&fixture, &person, &second)
        };
        fixture.store.put_employee(&partial).await.expect("writable");
        let expected = [
            Member { organization: first.clone(), employee: full.clone() },
            Member { organization: second.clone(), employee: partial },
        ];
        let found = fixture.store.member(second.box_id, person.id).await.expect("readable");
        assert_eq!(found.as_ref(), Some(&expected[1]));
        assert_eq!(fixture.store.memberships(person.id).await.expect("readable"), expected);
    }
    assert_eq!(fixture.store.member(first.box_id, stranger.id).await.expect("readable"), None);
    assert!(fixture.store.memberships(stranger.id).await.expect("readable").is_empty());
}

/// Suspending touches one box only.
pub async fn a_box_is_suspended_and_freed(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let [it, other] = ["А", "Б"].map(|name| organization(&fixture, name, "7701000000", None));
    for it in [&it, &other] {
        fixture.store.put_organization(it).await.expect("writable");
    }
    for is_suspended in [true, true, false] {
        assert!(fixture.store.set_suspended(it.box_id, is_suspended).await.expect("writable"));
        assert_eq!(by_box(&fixture, it.box_id).await, Some(Organization { is_suspended, ..it.clone() }));
        assert_eq!(by_box(&fixture, other.box_id).await, Some(other.clone()));
    }
    assert!(!fixture.store.set_suspended(fixture.box_id(), true).await.expect("writable"));
}

/// Routes are read by name with their stages in order, are replaced whole, and stay in their box.
pub async fn routes_of_approval_come_back_in_order(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other_box) = (fixture.box_id(), fixture.box_id());
    let person = |name: &str| RequestTarget::User { id: fixture.user(), name: name.to_owned() };
    let head = RequestTarget::Department { id: DepartmentId::ZERO, name: "Общество".to_owned() };
    let store = RequestTarget::Department { id: fixture.department(), name: "Склад".to_owned() };
    let route = |name: &str, stages: &[RequestTarget]| ResolutionRoute {
        id: RouteId::from_uuid(fixture.message().uuid()),
        name: name.to_owned(),
        stages: stages.to_vec(),
    };
    let second = route("Б", &[person("Иванов"), store.clone(), head.clone(), person("Петров"), store]);
    let first = route("А", std::slice::from_ref(&head));
    let elsewhere = route("В", std::slice::from_ref(&head));
    for (box_id, route) in [(box_id, &second), (box_id, &first), (other_box, &elsewhere)] {
        fixture.store.put_resolution_route(box_id, route).await.expect("writable");
    }
    let of = async |box_id| fixture.store.resolution_routes(box_id).await.expect("readable");
    assert_eq!(of(box_id).await, [first.clone(), second.clone()]);
    assert_eq!(of(other_box).await, [elsewhere]);
    assert!(of(fixture.box_id()).await.is_empty());

    let shorter = ResolutionRoute { name: "0".to_owned(), stages: vec![head], ..second };
    fixture.store.put_resolution_route(box_id, &shorter).await.expect("writable");
    assert_eq!(of(box_id).await, [shorter.clone(), first.clone()]);
    let delete =
        async |box_id, route| fixture.store.delete_resolution_route(box_id, route).await.expect("writable");
    assert!(!delete(other_box, shorter.id).await);
    assert!(delete(box_id, shorter.id).await);
    assert!(!delete(box_id, shorter.id).await);
    assert_eq!(of(box_id).await, [first]);
}
