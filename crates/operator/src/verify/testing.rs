//! A test infrastructure for the tests of this crate.

use potok_cms::pki::{Members, Organization, Person, TestPki, Validity};
use potok_cms::{KeyKind, UnixTime};
use potok_domain::directory;
use potok_types::{BoxId, OrgId};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// 2026-02-01T09:00:00Z.
pub(crate) const AT: UnixTime = UnixTime(1_769_936_400);
/// The INN of the organization whose people sign.
pub(crate) const INN: &str = "9612345678";

pub(crate) fn organization(inn: &str) -> Organization {
    Organization {
        name: "ООО «Ромашка»".to_owned(),
        inn: inn.to_owned(),
        ogrn: "1126605009600".to_owned(),
        city: "Екатеринбург".to_owned(),
    }
}

pub(crate) fn person() -> Person {
    Person {
        surname: "Иванов".to_owned(),
        given_name: "Иван Иванович".to_owned(),
        inn: "961234567890".to_owned(),
        snils: "12345678901".to_owned(),
        email: Some("ivanov@example.ru".to_owned()),
    }
}

/// An authority, an operator and one person of one organization, valid for a year around [`AT`].
pub(crate) fn pki() -> TestPki {
    let organization = organization(INN);
    let operator = Members { organization: organization.clone(), people: Vec::new() };
    let members = Members { organization, people: vec![(person(), "Директор".to_owned())] };
    let validity = Validity::days(UnixTime(AT.0 - 86_400), 365);
    let mut random = StdRng::seed_from_u64(1);
    TestPki::new(KeyKind::P256, &operator, &[members], validity, &mut random).unwrap()
}

/// The organization with this INN in the directory.
pub(crate) fn organization_of(inn: &str) -> directory::Organization {
    directory::Organization {
        org_id: OrgId::ZERO,
        box_id: BoxId::ZERO,
        inn: inn.to_owned(),
        kpp: None,
        full_name: "ООО «Ромашка»".to_owned(),
        short_name: "Ромашка".to_owned(),
        ogrn: None,
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: String::new(),
        counteragents_only: false,
        is_test: false,
        encrypts: false,
        restrictions: directory::Restrictions::default(),
        is_suspended: false,
        is_roaming: false,
        departments: Vec::new(),
    }
}
