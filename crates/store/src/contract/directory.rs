//! The address book.

use potok_domain::directory::{
    AccessLevel, Address, AddressPlace, Department, DirectoryChange, DirectoryEvent, DirectoryEventKind,
    Employee, EmployeePower, GarAddress, GarElement, Organization, Permissions, ResolutionRoute,
    Restrictions, Routing, Subscription, USERS_BOX, Unsubscribed, User,
};
use potok_domain::powers::PowerName;
use potok_domain::{RequestTarget, Revision};
use potok_types::{BoxId, DepartmentId, EventId, OrgId, PowerId, RouteId, Ticks};

use super::fixture::{Open, START, StoreFixture};
use crate::{
    Append, AppendError, CertificateThumbprint, Member, Person, Staff, StreamAppend, StreamId, Token,
    TokensOf, UserCertificate,
};

fn department(fixture: &StoreFixture, name: &str) -> Department {
    Department {
        id: fixture.department(),
        parent: DepartmentId::ZERO,
        name: name.to_owned(),
        abbreviation: name.chars().take(1).collect(),
        kpp: Some("770101001".to_owned()),
        address: None,
        routing: Routing { by_kpp: true, by_address: false },
        created_at: fixture.now(),
    }
}

pub(super) fn organization(fixture: &StoreFixture, name: &str, inn: &str, kpp: Option<&str>) -> Organization {
    let org_id = OrgId::from_uuid(fixture.message().uuid());
    Organization {
        org_id,
        box_id: fixture.box_id(),
        inn: inn.to_owned(),
        kpp: kpp.map(str::to_owned),
        full_name: format!("Общество «{name}»"),
        short_name: name.to_owned(),
        ogrn: None,
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: format!("2BM-{org_id}"),
        counteragents_only: false,
        is_test: false,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_suspended: false,
        is_roaming: false,
        departments: Vec::new(),
    }
}

pub(super) fn user(fixture: &StoreFixture, login: &str) -> User {
    User {
        id: fixture.user(),
        login: login.to_owned(),
        last_name: "Иванова".to_owned(),
        first_name: "Анна".to_owned(),
        middle_name: None,
        is_service: false,
        is_blocked: false,
        is_registered: true,
    }
}

pub(super) fn employee(fixture: &StoreFixture, user: &User, organization: &Organization) -> Employee {
    Employee {
        user_id: user.id,
        box_id: organization.box_id,
        position: "бухгалтер".to_owned(),
        permissions: Permissions::full(),
        can_be_invited_for_chat: true,
        unsubscribed: Unsubscribed::default().with(Subscription::News, false),
        created_at: fixture.now(),
    }
}

fn address() -> Address {
    let gar = GarAddress {
        fias_id: "1".to_owned(),
        region_code: "77".to_owned(),
        street: Some(GarElement { abbreviation: "ул".to_owned(), name: "Ленина".to_owned() }),
        ..GarAddress::default()
    };
    Address { place: Some(AddressPlace::Gar(Box::new(gar))), code: None }
}

async fn by_box(fixture: &StoreFixture, box_id: BoxId) -> Option<Organization> {
    fixture.store.organization_by_box(box_id).await.expect("readable")
}

pub(super) async fn put_user(fixture: &StoreFixture, user: &User, hash: Option<&str>) -> bool {
    match fixture.change(USERS_BOX, DirectoryChange::User(user.clone()), hash).await {
        Ok(()) => true,
        Err(AppendError::LoginTaken(login)) if login == user.login => false,
        Err(error) => panic!("{error}"),
    }
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
                it.encrypts = true;
                it.restrictions = Restrictions {
                    liquidated_on: Some("2026-01-31".to_owned()),
                    block_requested_at: Some(fixture.now()),
                    is_blocked: true,
                };
                it.short_name = "Ромашка и Ко".to_owned();
                it.ifns_code = Some("7701".to_owned());
                it.foreign_code = Some("DE-1".to_owned());
                it.address = Some(address());
                let gone = it.departments.remove(1);
                let change = DirectoryChange::NoDepartment(gone.id);
                fixture.change(it.box_id, change, None).await.expect("writable");
            }
        }
        fixture.put_organization(&it).await;
        assert_eq!(by_box(&fixture, it.box_id).await.as_ref(), Some(&it));
        assert_eq!(fixture.store.organizations().await.expect("readable"), std::slice::from_ref(&it));
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
        fixture.put_organization(it).await;
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
    let inns = ["770100000012", "1", "7701000000"].map(str::to_owned);
    let found = store.organizations_by_inns(&inns).await.expect("readable");
    assert_eq!(found.iter().collect::<Vec<_>>(), [&person, &branch, &head]);
    let abroad = Organization { foreign_code: Some("DE-1".to_owned()), ..head };
    fixture.put_organization(&abroad).await;
    let of_code = async |code| store.organizations_by_foreign_code(code).await.expect("readable");
    assert_eq!(of_code("DE-1").await, [abroad]);
    assert!(of_code("DE").await.is_empty());
}

/// One department can be put without the others.
pub async fn departments_are_added_and_replaced(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut it = organization(&fixture, "Ромашка", "7701000000", None);
    it.departments = vec![department(&fixture, "Юг")];
    fixture.put_organization(&it).await;
    it.departments.push(department(&fixture, "Север"));
    fixture.put_department(it.box_id, &it.departments[1]).await;
    it.departments[0].name = "Дальний юг".to_owned();
    fixture.put_department(it.box_id, &it.departments[0]).await;
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

/// Replacing a user replaces all of it, the password too if there is another one.
pub async fn users_are_replaced_with_their_passwords(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut it = user(&fixture, "anna");
    // Who says nothing of the password leaves it as it is.
    for (hash, middle_name, is_service, kept) in [
        (Some("first"), None, false, "first"),
        (Some("second"), Some("Сергеевна"), true, "second"),
        (None, None, false, "second"),
    ] {
        it.middle_name = middle_name.map(str::to_owned);
        it.is_service = is_service;
        it.is_blocked = is_service;
        it.is_registered = !is_service;
        assert!(put_user(&fixture, &it, hash).await);
        assert_eq!(fixture.store.user(it.id).await.expect("readable").as_ref(), Some(&it));
        let password = fixture.store.password("anna").await.expect("readable").expect("she is there");
        assert_eq!((password.user, password.password_hash.as_deref()), (it.id, Some(kept)));
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
    for is_blocked in [true, true, false] {
        assert!(put_user(&fixture, &User { is_blocked, ..anna.clone() }, None).await);
        let expected = User { is_blocked, ..anna.clone() };
        assert_eq!(fixture.store.user(anna.id).await.expect("readable"), Some(expected));
        assert_eq!((password().await.as_deref(), left().await), (Some("kept"), 1));
    }
}

/// A person has a place in each of several organizations, with rights of its own.
pub async fn employees_come_back_with_their_organizations(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut second = organization(&fixture, "Б", "7701000000", None);
    second.departments = vec![department(&fixture, "Юг"), department(&fixture, "Север")];
    let first = organization(&fixture, "А", "7702000000", None);
    for it in [&second, &first] {
        fixture.put_organization(it).await;
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
    fixture.put_employee(&full).await;
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
                can_use_goskey: nth == 1,
                can_create_payment_orders: nth == 0,
                is_blocked: nth == 3,
                block_comment: (nth == 3).then(|| "уволен".to_owned()),
            },
            ..employee(&fixture, &person, &second)
        };
        fixture.put_employee(&partial).await;
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

/// Employees are listed with their users, those without an account of their own first, and counted; who is taken out is
/// listed no more, and known to have been there.
pub async fn employees_are_listed_and_taken_out(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let [it, other] = ["А", "Б"].map(|name| organization(&fixture, name, "7701000000", None));
    for it in [&it, &other] {
        fixture.put_organization(it).await;
    }
    let mut expected = Vec::new();
    for (nth, (login, is_registered)) in
        [("c", true), ("b", false), ("a", true), ("d", false)].into_iter().enumerate()
    {
        let user = User { is_registered, ..user(&fixture, login) };
        assert!(put_user(&fixture, &user, None).await);
        let employee = Employee {
            created_at: Ticks::new(fixture.now().get() + nth as i64),
            permissions: Permissions { is_administrator: login == "a", ..Permissions::full() },
            ..employee(&fixture, &user, &it)
        };
        fixture.put_employee(&employee).await;
        expected.push(Person { user, employee });
    }
    expected.sort_by_key(|person| (person.user.is_registered, person.employee.created_at));
    let staff =
        async |box_id, offset, limit| fixture.store.staff(box_id, offset, limit).await.expect("readable");
    for offset in 0..=5 {
        for limit in [0, 1, 3, 50] {
            let people = expected.iter().skip(offset as usize).take(limit as usize).cloned().collect();
            assert_eq!(staff(it.box_id, offset, limit).await, Staff { people, total: 4 });
        }
    }
    assert_eq!(staff(other.box_id, 0, 50).await.total, 0);

    let boss = expected.iter().find(|person| person.user.login == "a").expect("she is there").clone();
    let somebody = expected[0].user.id;
    let others = async |user| fixture.store.has_other_administrator(it.box_id, user).await.expect("readable");
    assert!(others(somebody).await && !others(boss.user.id).await);
    for is_blocked in [true, false] {
        assert!(put_user(&fixture, &User { is_blocked, ..boss.user.clone() }, None).await);
        assert_eq!(others(somebody).await, !is_blocked);
    }

    let was = async |user| fixture.store.was_employed(it.box_id, user).await.expect("readable");
    assert!(!was(boss.user.id).await);
    let change = DirectoryChange::NoEmployee(boss.user.id);
    fixture.change(it.box_id, change, None).await.expect("writable");
    assert!(was(boss.user.id).await && !was(somebody).await && !others(somebody).await);
    assert_eq!(fixture.store.member(it.box_id, boss.user.id).await.expect("readable"), None);
    assert!(fixture.store.memberships(boss.user.id).await.expect("readable").is_empty());
    assert_eq!(staff(it.box_id, 0, 50).await.total, 3);
    fixture.put_employee(&boss.employee).await;
    assert!(!was(boss.user.id).await);
}

/// A department is used by whoever has it for the own one or among the selected ones.
pub async fn departments_know_who_uses_them(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut it = organization(&fixture, "А", "7701000000", None);
    it.departments = ["own", "selected", "free"].map(|name| department(&fixture, name)).to_vec();
    fixture.put_organization(&it).await;
    let user = user(&fixture, "anna");
    assert!(put_user(&fixture, &user, None).await);
    let permissions = Permissions {
        department: it.departments[0].id,
        selected_departments: vec![it.departments[2].id, it.departments[1].id],
        ..Permissions::full()
    };
    let place = Employee { permissions, ..employee(&fixture, &user, &it) };
    fixture.put_employee(&place).await;
    let used = async |nth: usize| {
        let found = fixture.store.department_use(it.box_id, it.departments[nth].id).await.expect("readable");
        assert!(!found.has_documents);
        found.has_employees
    };
    assert!(used(0).await && used(1).await && used(2).await);
    let permissions = Permissions { selected_departments: Vec::new(), ..place.permissions.clone() };
    fixture.put_employee(&Employee { permissions, ..place }).await;
    assert!(used(0).await && !used(1).await && !used(2).await);
    fixture.change(it.box_id, DirectoryChange::NoEmployee(user.id), None).await.expect("writable");
    assert!(!used(0).await);
}

/// Every change of the directory is an event in the stream of its box, written with its rows or not at all.
pub async fn the_directory_has_a_history(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let it = organization(&fixture, "А", "7701000000", None);
    fixture.put_organization(&it).await;
    let [anna, ivan] = ["anna", "ivan"].map(|login| user(&fixture, login));
    assert!(put_user(&fixture, &anna, None).await);
    let stream = StreamId::directory(it.box_id);
    let revision = async || fixture.store.revision(it.box_id, stream).await.expect("readable");
    assert_eq!(revision().await, Revision(1));
    assert_eq!(fixture.store.revision(fixture.box_id(), stream).await.expect("readable"), Revision(0));

    let event = |change: DirectoryChange| DirectoryEvent {
        id: EventId::from_uuid(fixture.message().uuid()),
        at: fixture.now(),
        author: Some(anna.id),
        kind: DirectoryEventKind::EmployeeCreated,
        change,
    };
    let events = [
        event(DirectoryChange::User(ivan.clone())),
        event(DirectoryChange::Employee(Box::new(employee(&fixture, &ivan, &it)))),
    ];
    let append = |expected| {
        let stream = StreamAppend::of_directory(it.box_id, Revision(expected), &events);
        Append::new(it.box_id, vec![stream])
    };
    let refused = fixture.store.append(append(0)).await.expect_err("somebody was faster");
    assert!(matches!(refused, AppendError::Stale { found: Revision(1), .. }), "{refused}");
    assert_eq!(fixture.store.user(ivan.id).await.expect("readable"), None);
    fixture.must(append(1)).await;
    assert_eq!(revision().await, Revision(3));
    let told = fixture.store.directory_events(it.box_id, Revision(1), Revision(u32::MAX)).await;
    assert_eq!(told.expect("readable"), events);
    let only = fixture.store.directory_events(it.box_id, Revision(1), Revision(2)).await;
    assert_eq!(only.expect("readable"), &events[..1]);
    let place = fixture.store.member(it.box_id, ivan.id).await.expect("readable").expect("employed");
    assert_eq!(place.employee, employee(&fixture, &ivan, &it));

    // A login that is taken takes everything of the append with it.
    let taken = User { login: "ANNA".to_owned(), ..user(&fixture, "x") };
    let department = department(&fixture, "Юг");
    let events =
        [event(DirectoryChange::Department(Box::new(department))), event(DirectoryChange::User(taken))];
    let stream = StreamAppend::of_directory(it.box_id, Revision(3), &events);
    let refused = fixture.store.append(Append::new(it.box_id, vec![stream])).await;
    assert!(matches!(refused, Err(AppendError::LoginTaken(login)) if login == "ANNA"));
    assert!(by_box(&fixture, it.box_id).await.expect("it is there").departments.is_empty());
    assert_eq!(revision().await, Revision(3));

    // So does a certificate; one that nobody has comes with its user.
    let certificate = |user: &User, byte| UserCertificate {
        thumbprint: CertificateThumbprint([byte; 20]),
        der: vec![byte],
        user: user.id,
        added_at: fixture.now(),
    };
    let add = async |expected, new: &User, byte| {
        let events = [event(DirectoryChange::User(new.clone()))];
        let mut stream = StreamAppend::of_directory(it.box_id, Revision(expected), &events);
        stream.directory[0].certificate = Some(certificate(new, byte));
        fixture.store.append(Append::new(it.box_id, vec![stream])).await.map(drop)
    };
    let (olga, vera) = (user(&fixture, "olga"), user(&fixture, "vera"));
    add(3, &olga, 1).await.expect("nobody has it");
    assert!(matches!(add(4, &vera, 1).await, Err(AppendError::LoginTaken(login)) if login == "vera"));
    assert_eq!(fixture.store.user(vera.id).await.expect("readable"), None);
    add(4, &olga, 1).await.expect("it is her own");
    let kept = fixture.store.user_certificate(CertificateThumbprint([1; 20])).await.expect("readable");
    assert_eq!(kept, Some(certificate(&olga, 1)));

    // Rows stand in the stream of the directory.
    let message = fixture.message();
    let mut stream = super::fixture::stream(message, 0, vec![fixture.post(message)]);
    stream.directory = StreamAppend::of_directory(it.box_id, Revision(0), &events[..1]).directory;
    let refused = fixture.store.append(Append::new(it.box_id, vec![stream])).await;
    assert!(matches!(refused, Err(AppendError::Store(_))));
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
    let put = async |box_id, route: &ResolutionRoute| {
        fixture.change(box_id, DirectoryChange::Route(route.clone()), None).await.expect("writable");
    };
    for (box_id, route) in [(box_id, &second), (box_id, &first), (other_box, &elsewhere)] {
        put(box_id, route).await;
    }
    let of = async |box_id| fixture.store.resolution_routes(box_id).await.expect("readable");
    assert_eq!(of(box_id).await, [first.clone(), second.clone()]);
    assert_eq!(of(other_box).await, [elsewhere]);
    assert!(of(fixture.box_id()).await.is_empty());

    let shorter = ResolutionRoute { name: "0".to_owned(), stages: vec![head], ..second };
    put(box_id, &shorter).await;
    assert_eq!(of(box_id).await, [shorter.clone(), first.clone()]);
    let delete = async |box_id, route| {
        fixture.change(box_id, DirectoryChange::NoRoute(route), None).await.expect("writable")
    };
    delete(other_box, shorter.id).await;
    assert_eq!(of(box_id).await, [shorter.clone(), first.clone()]);
    delete(box_id, shorter.id).await;
    assert_eq!(of(box_id).await, [first]);
}

/// Powers of employees come back in the order in which they were attached, and those that were detached are remembered.
pub async fn powers_of_employees_come_and_go(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other_box, user, other) =
        (fixture.box_id(), fixture.box_id(), fixture.user(), fixture.user());
    let number = || PowerId::from_uuid(fixture.message().uuid());
    let power = |user, number, at: i64| EmployeePower {
        user,
        name: PowerName {
            number,
            issuer_inn: "9612345678".to_owned(),
            representative_inn: (at % 2 == 0).then(|| "961234567890".to_owned()),
        },
        is_default: at == START + 2,
        attached_at: Ticks::new(at),
    };
    let (a, b) = (number(), number());
    let (first, second) = (power(user, a, START), power(user, b, START + 2));
    let put = async |box_id, it: &EmployeePower| {
        let change = DirectoryChange::Power(Box::new(it.clone()));
        fixture.change(box_id, change, None).await.expect("writable");
    };
    let elsewhere = power(user, a, START + 1);
    for (box_id, it) in [(box_id, &second), (box_id, &first), (other_box, &elsewhere)] {
        put(box_id, it).await;
    }
    put(box_id, &power(other, a, START)).await;
    let store = &fixture.store;
    let of = async |box_id, user| store.employee_powers(box_id, user).await.expect("readable");
    assert_eq!(of(box_id, user).await, [first.clone(), second.clone()]);
    assert_eq!(of(other_box, user).await, [elsewhere]);
    assert_eq!(of(other_box, other).await, []);
    let ordinary = EmployeePower { is_default: false, ..second.clone() };
    put(box_id, &ordinary).await;
    assert_eq!(of(box_id, user).await, [first.clone(), ordinary.clone()]);

    let had = async |number| store.had_power(box_id, user, number).await.expect("readable");
    let since = async |at| store.powers_attached_since(box_id, user, Ticks::new(at)).await.expect("readable");
    assert_eq!((had(a).await, since(START).await, since(START + 1).await), (false, 2, 1));
    fixture.change(box_id, DirectoryChange::NoPower(user, a), None).await.expect("writable");
    assert_eq!(of(box_id, user).await, [ordinary]);
    assert_eq!((had(a).await, had(b).await, since(START).await), (true, false, 2));
    assert_eq!(of(box_id, other).await.len(), 1, "it is the user's own");
    let again = power(user, a, START + 4);
    put(box_id, &again).await;
    assert_eq!((had(a).await, of(box_id, user).await.last()), (false, Some(&again)));
}
