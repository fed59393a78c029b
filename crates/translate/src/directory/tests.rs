//! Organizations and people in full.

use potok_domain::directory::{Department, Organization, Restrictions, Routing, User};
use potok_types::{BoxId, DepartmentId, OrgId, Ticks, UserId};
use potok_wire::to_json;
use serde_json::{Value, json};

use super::{
    OrganizationView, box_with_organization, organization, organization_list,
    organization_list_with_invitations, user_v2,
};

const GUID: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";

fn id<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| unreachable!("{text} is a guid"))
}

fn company() -> Organization {
    Organization {
        org_id: id::<OrgId>(GUID),
        box_id: id::<BoxId>(GUID),
        inn: "9147414342".to_owned(),
        kpp: Some("757645784".to_owned()),
        full_name: "Общество с ограниченной ответственностью «Ромашка»".to_owned(),
        short_name: "ООО «Ромашка»".to_owned(),
        ogrn: None,
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: "2BM-9147414342-757645784".to_owned(),
        counteragents_only: false,
        is_test: true,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_suspended: false,
        is_roaming: false,
        departments: vec![Department {
            id: id::<DepartmentId>(GUID),
            parent: DepartmentId::ZERO,
            name: "Закупки".to_owned(),
            abbreviation: "ОЗ".to_owned(),
            kpp: None,
            address: None,
            routing: Routing::default(),
            created_at: Ticks::new(0),
        }],
    }
}

fn value<M: potok_wire::WireMessage>(message: &M) -> Value {
    serde_json::from_slice(&to_json(message)).unwrap()
}

fn expected() -> Value {
    json!({
        "OrgId": GUID,
        // Clients read these of every organization, whatever they say.
        "OrgIdGuid": GUID,
        "JoinedDiadocTreaty": false,
        "InvitationCount": 0,
        "SearchCount": 0,
        "Inn": "9147414342",
        "Kpp": "757645784",
        "FullName": "Общество с ограниченной ответственностью «Ромашка»",
        "ShortName": "ООО «Ромашка»",
        "Boxes": [{
            "BoxId": "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru",
            "BoxIdGuid": GUID,
            "Title": "ООО «Ромашка»",
            "EncryptedDocumentsAllowed": false,
            "InvoiceFormatVersion": "v5_02",
        }],
        "FnsParticipantId": "2BM-9147414342-757645784",
        "Departments": [{
            "DepartmentId": GUID,
            "ParentDepartmentId": "00000000-0000-0000-0000-000000000000",
            "Name": "Закупки",
            "Abbreviation": "ОЗ",
            "IsDisabled": false,
        }],
        // The codec prints every flag, also one that says nothing.
        "IsEmployee": false,
        "HasCertificateToSign": false,
        "IsPilot": false,
        "IsActive": true,
        "IsTest": true,
        "IsBranch": false,
        "IsRoaming": false,
        "IsForeign": false,
        "IsOwner": false,
        "Sociability": "AllOrganizations",
        "OrganizationType": "Juridical",
        "ReadyForEpdStatus": "UndefinedEpdStatus",
    })
}

#[test]
fn an_organization_is_shown_with_its_box_and_departments() {
    assert_eq!(value(&organization(&company(), OrganizationView::default())), expected());
}

#[test]
fn a_box_carries_its_organization() {
    let mut shown = value(&box_with_organization(&company()));
    assert_eq!(shown["Organization"].take(), expected());
    assert_eq!(shown["BoxIdGuid"], GUID);
}

#[test]
fn my_organizations_are_those_i_work_in() {
    let shown = organization_list([&company()], OrganizationView::MINE);
    assert_eq!(shown.organizations[0].is_employee, Some(true));
    assert_eq!(organization(&company(), OrganizationView::default()).is_employee, None);
}

#[test]
fn invitations_are_counted_for_who_asks_for_relations() {
    let counted = organization_list_with_invitations([(&company(), 3)]);
    assert_eq!(counted.organizations[0].invitation_count, Some(3));
    assert_eq!(organization(&company(), OrganizationView::default()).invitation_count, None);
}

#[test]
fn an_individual_has_a_longer_number_and_a_cautious_one_takes_no_strangers() {
    let individual =
        Organization { inn: "500100732259".to_owned(), kpp: None, counteragents_only: true, ..company() };
    let shown = value(&organization(
        &individual,
        OrganizationView { without_departments: true, ..Default::default() },
    ));
    assert_eq!(shown["OrganizationType"], "Individual");
    assert_eq!(shown["Sociability"], "CounteragentsOnly");
    assert_eq!(shown["Departments"], json!([]));
    assert_eq!(shown["Kpp"], "");
}

#[test]
fn a_user_is_shown_with_the_full_name() {
    let user = User {
        id: id::<UserId>(GUID),
        login: "anna@romashka.example".to_owned(),
        last_name: "Иванова".to_owned(),
        first_name: "Анна".to_owned(),
        middle_name: None,
        is_service: false,
        is_blocked: false,
        is_registered: true,
    };
    assert_eq!(
        value(&user_v2(&user)),
        json!({
            "UserId": GUID,
            "Login": "anna@romashka.example",
            "FullName": { "LastName": "Иванова", "FirstName": "Анна" },
            "IsRegistered": true,
        })
    );
}
