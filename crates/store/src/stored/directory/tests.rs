use std::path::Path;

use potok_domain::RequestTarget;
use potok_domain::directory::{
    AccessLevel, AccessRequest, AddressPlace, Department, DirectoryChange, DirectoryEventKind, Employee,
    EmployeePower, ForeignAddress, GarAddress, GarDivision, GarElement, GarHouse, Organization, Permissions,
    ResolutionRoute, Restrictions, Routing, RussianAddress, Subscription, Unsubscribed, User,
};
use potok_domain::powers::PowerName;
use potok_types::{BoxId, DepartmentId, EventId, OrgId, PowerId, RouteId, Ticks, UserId};
use uuid::Uuid;

use super::*;

fn word(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn element(name: &str) -> Option<GarElement> {
    Some(GarElement { abbreviation: "ул".to_owned(), name: name.to_owned() })
}

fn addresses() -> [Address; 4] {
    let russian = RussianAddress {
        zip_code: word("101000"),
        region: "77".to_owned(),
        territory: word("1"),
        city: word("2"),
        locality: word("3"),
        street: word("4"),
        building: word("5"),
        block: word("6"),
        apartment: word("7"),
        other_information: word("8"),
    };
    let house = GarHouse {
        house: GarElement::default(),
        further: [(word("1"), word("к")), (word("2"), word("стр"))],
    };
    let gar = GarAddress {
        fias_id: "f".to_owned(),
        zip_code: word("0"),
        region_code: "66".to_owned(),
        municipal_district: element("1"),
        urban_settlement: element("2"),
        city: element("3"),
        planning_structure: element("4"),
        street: element("5"),
        stead: word("6"),
        house: Some(house),
        room_within_building: element("7"),
        room_within_apartment: element("8"),
        division: GarDivision::Administrative,
        district: element("9"),
        settlement: element("10"),
    };
    let foreign = ForeignAddress { country: "276".to_owned(), address: "Berlin".to_owned() };
    let address = |place| Address { place: Some(place), code: word("code") };
    [
        address(AddressPlace::Russian(Box::new(russian))),
        address(AddressPlace::Foreign(foreign)),
        address(AddressPlace::Gar(Box::new(gar))),
        Address::default(),
    ]
}

/// Every kind of event, with nothing left empty.
fn events() -> Vec<DirectoryEvent> {
    let id = Uuid::from_u128;
    let [russian, foreign, gar, _] = addresses();
    let organization = Organization {
        org_id: OrgId::from_uuid(id(1)),
        box_id: BoxId::from_uuid(id(2)),
        inn: "7701".to_owned(),
        kpp: word("7702"),
        full_name: "Общество".to_owned(),
        short_name: "О".to_owned(),
        ogrn: word("10277"),
        ifns_code: word("7701"),
        address: Some(gar),
        foreign_code: word("DE"),
        fns_participant_id: "2BM".to_owned(),
        counteragents_only: true,
        is_test: true,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_suspended: true,
        // Younger than the samples.
        is_roaming: false,
        departments: Vec::new(),
    };
    let department = Department {
        id: DepartmentId::from_uuid(id(3)),
        parent: DepartmentId::from_uuid(id(4)),
        name: "Юг".to_owned(),
        abbreviation: "Ю".to_owned(),
        kpp: word("7703"),
        address: Some(russian),
        routing: Routing { by_kpp: true, by_address: true },
        created_at: Ticks::new(5),
    };
    let employee = Employee {
        user_id: UserId::from_uuid(id(6)),
        box_id: organization.box_id,
        position: "бухгалтер".to_owned(),
        permissions: Permissions {
            department: department.id,
            access: AccessLevel::SelectedDepartments,
            selected_departments: vec![department.id, department.parent],
            is_blocked: true,
            block_comment: word("уволен"),
            ..Permissions::full()
        },
        can_be_invited_for_chat: true,
        unsubscribed: Unsubscribed::default().with(Subscription::News, false),
        created_at: Ticks::new(7),
    };
    let user = User {
        id: employee.user_id,
        login: "a@b".to_owned(),
        last_name: "Иванова".to_owned(),
        first_name: "Анна".to_owned(),
        middle_name: word("Павловна"),
        is_service: true,
        is_blocked: true,
        is_registered: true,
    };
    let stages = vec![
        RequestTarget::User { id: user.id, name: "И".to_owned() },
        RequestTarget::Department { id: department.id, name: "Ю".to_owned() },
    ];
    let route = ResolutionRoute { id: RouteId::from_uuid(id(8)), name: "Р".to_owned(), stages };
    let number = PowerId::from_uuid(id(11));
    let name =
        PowerName { number, issuer_inn: "9612345678".to_owned(), representative_inn: word("961234567890") };
    let power = EmployeePower { user: user.id, name, is_default: true, attached_at: Ticks::new(12) };
    let elsewhere = Department { address: Some(foreign), ..department.clone() };
    let changes = [
        DirectoryChange::Organization(Box::new(organization)),
        DirectoryChange::Department(Box::new(department.clone())),
        DirectoryChange::Department(Box::new(elsewhere)),
        DirectoryChange::NoDepartment(department.id),
        DirectoryChange::Employee(Box::new(employee)),
        DirectoryChange::NoEmployee(user.id),
        DirectoryChange::Route(route),
        DirectoryChange::NoRoute(RouteId::from_uuid(id(8))),
        DirectoryChange::User(user),
        DirectoryChange::Power(Box::new(power.clone())),
        DirectoryChange::NoPower(power.user, power.name.number),
    ];
    let kinds = DirectoryEventKind::ALL.into_iter().cycle();
    let event = |(nth, (change, kind)): (usize, (DirectoryChange, DirectoryEventKind))| DirectoryEvent {
        id: EventId::from_uuid(id(100 + nth as u128)),
        at: Ticks::new(9),
        author: (nth % 2 == 0).then(|| UserId::from_uuid(id(10))),
        kind,
        change,
    };
    changes.into_iter().zip(kinds).enumerate().map(event).collect()
}

#[test]
fn what_is_kept_is_read_as_it_was() {
    // What came after the samples were written.
    let user = UserId::from_uuid(Uuid::from_u128(6));
    let asking = [AccessRequest::Pending, AccessRequest::Declined]
        .map(|request| DirectoryChange::AccessRequest { user, request });
    let DirectoryChange::Organization(organization) = events().swap_remove(0).change else {
        panic!("the first one is about an organization")
    };
    let encrypts = DirectoryChange::Organization(Box::new(Organization { encrypts: true, ..*organization }));
    let later = asking.into_iter().chain([encrypts]);
    let later = later.map(|change| DirectoryEvent { change, ..events().swap_remove(0) });
    for event in events().into_iter().chain(later) {
        assert_eq!(decode_directory_event(&encode_directory_event(&event)).expect("just written"), event);
    }
    for address in addresses() {
        assert_eq!(decode_address(&encode_address(&address)).expect("just written"), address);
    }
    for kind in DirectoryEventKind::ALL {
        assert_eq!(DirectoryEventKind::from_number(kind as u8), Some(kind));
    }
}

/// The first version as it was written once, an event a line in hexadecimal: it is read for ever. `POTOK_WRITE_SAMPLES=1`
/// writes the file if it is missing.
#[test]
fn every_event_ever_written_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/directory/v1.txt");
    if std::env::var_os("POTOK_WRITE_SAMPLES").is_some() && !path.exists() {
        let line = |event: &DirectoryEvent| hex(&encode_directory_event(event)) + "\n";
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        std::fs::write(&path, events().iter().map(line).collect::<String>()).expect("writable");
    }
    let kept = std::fs::read_to_string(&path).expect("the samples are there");
    let read: Vec<_> =
        kept.lines().map(|line| decode_directory_event(&bytes(line)).expect("it was written once")).collect();
    assert_eq!(read, events());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| (byte as char).to_digit(16).expect("a digit") as u8;
    pairs.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)).collect()
}

#[test]
fn what_is_no_event_is_refused() {
    let bytes = encode_directory_event(&events()[0]);
    for length in 0..bytes.len() {
        decode_directory_event(&bytes[..length]).expect_err("it was cut off");
    }
    let mut newer = bytes.clone();
    newer[1] = 9;
    assert!(matches!(
        decode_directory_event(&newer),
        Err(StoredFormError::UnknownVersion { version: 9, .. })
    ));
}
