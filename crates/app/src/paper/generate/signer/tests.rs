use bytes::Bytes;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_domain::access::Scope;
use potok_domain::directory::{Employee, Organization, Permissions, Restrictions, Unsubscribed, User};
use potok_types::{BoxId, OrgId, Ticks, UserId};

use super::*;
use potok_domain::paper::SignerDetails;

/// Орлова Мария Ивановна, главный бухгалтер.
const CERTIFICATE: &[u8] = include_bytes!("../../../../../e2e/testdata/signer.cer");

fn actor() -> Actor {
    let user = User {
        id: UserId::ZERO,
        login: "x".to_owned(),
        last_name: "Иванов".to_owned(),
        first_name: "Пётр".to_owned(),
        middle_name: None,
        is_service: false,
        is_blocked: false,
        is_registered: true,
    };
    let organization = Organization {
        org_id: OrgId::ZERO,
        box_id: BoxId::ZERO,
        inn: "9612345678".to_owned(),
        kpp: None,
        full_name: "ООО «Ромашка»".to_owned(),
        short_name: "Ромашка".to_owned(),
        ogrn: None,
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: "2BM-9612345678".to_owned(),
        counteragents_only: false,
        is_test: false,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_suspended: false,
        is_roaming: false,
        departments: Vec::new(),
    };
    let employee = Employee {
        user_id: UserId::ZERO,
        box_id: BoxId::ZERO,
        position: "Кладовщик".to_owned(),
        permissions: Permissions::full(),
        can_be_invited_for_chat: false,
        unsubscribed: Unsubscribed::default(),
        created_at: Ticks::new(0),
    };
    Actor {
        user: Arc::new(user),
        organization: Arc::new(organization),
        employee: Arc::new(employee),
        scope: Scope::All,
    }
}

/// Status, name and position, or the field that is wrong.
fn shown(given: &GivenSigner, wanted: Wanted) -> String {
    // The box knows one certificate.
    let kept = Certificate::parse(CERTIFICATE).unwrap();
    let kept = Some(&kept).filter(|kept| thumbprint(given) == Some(kept.thumbprint()));
    match resolve(given, &actor(), wanted, kept) {
        Ok(Signer { status, name, position, .. }) => {
            let middle = name.middle.unwrap_or_default();
            let position = position.unwrap_or_else(|| "-".to_owned());
            let status = status.map(|status| format!("{status:?} ")).unwrap_or_default();
            format!("{status}{} {} {middle}, {position}", name.last, name.first)
        }
        Err(invalid) => format!("wrong: {}", invalid.path),
    }
}

#[test]
fn contracts_are_filled_from_the_certificate_and_the_employee() {
    let bytes = format!("<Certificate CertificateBytes=\"{}\"/>", STANDARD.encode(CERTIFICATE));
    let unknown = "<Certificate CertificateThumbprint=\"00\"/>";
    let known = Certificate::parse(CERTIFICATE).unwrap().thumbprint();
    let known = format!("<Certificate CertificateThumbprint=\"{known}\"/>");
    let fio = "<Fio LastName=\"Ким\" FirstName=\"Яна\"/>";
    let position =
        |source: &str, text: &str| format!("<Position PositionSource=\"{source}\">{text}</Position>");
    let paper =
        "<PowerOfAttorney><Paper InternalNumber=\"1\" RegistrationDate=\"01.02.2025\"/></PowerOfAttorney>";
    let stored = "<PowerOfAttorney><Electronic MethodOfProviding=\"1\"><Storage UseDefault=\"true\"/></Electronic></PowerOfAttorney>";
    for (inside, wanted, expected) in [
        (String::new(), Wanted::NameAndRight, "Entitled Иванов Пётр , -"),
        (bytes.clone(), Wanted::NameAndRight, "Entitled Орлова Мария Ивановна, -"),
        (format!("{bytes}{fio}"), Wanted::NameAndRight, "Entitled Ким Яна , -"),
        (unknown.to_owned(), Wanted::NameAndRight, "Entitled Иванов Пётр , -"),
        (known.clone(), Wanted::NameAndRight, "Entitled Орлова Мария Ивановна, -"),
        (
            format!("{known}{}", position("Certificate", "x")),
            Wanted::NameAndRight,
            "Entitled Орлова Мария Ивановна, Главный бухгалтер",
        ),
        (position("Employee", "x"), Wanted::NameAndRight, "Entitled Иванов Пётр , Кладовщик"),
        (
            format!("{bytes}{}", position("Certificate", "x")),
            Wanted::NameAndRight,
            "Entitled Орлова Мария Ивановна, Главный бухгалтер",
        ),
        (position("Certificate", "x"), Wanted::NameAndRight, "Entitled Иванов Пётр , x"),
        (position("Manual", "Директор"), Wanted::NameAndPosition, "Иванов Пётр , Директор"),
        (position("Manual", ""), Wanted::NameAndPosition, "wrong: X: Signer/Position"),
        (paper.to_owned(), Wanted::NameAndRight, "PaperPower Иванов Пётр , -"),
        (stored.to_owned(), Wanted::NameAndRight, "wrong: X: Signer/PowerOfAttorney/Electronic/Storage"),
        ("<Name/>".to_owned(), Wanted::NameAndRight, "wrong: X"),
        (
            "<Certificate CertificateBytes=\"AAAA\"/>".to_owned(),
            Wanted::NameAndRight,
            "wrong: X: Signer/Certificate/@CertificateBytes",
        ),
    ] {
        let xml = format!("<Signer>{inside}</Signer>").into();
        assert_eq!(shown(&GivenSigner::Contract { path: "X", xml }, wanted), expected, "{inside}");
    }
}

#[test]
fn details_win_over_the_certificate() {
    let details = SignerDetails {
        surname: "Ким".to_owned(),
        first_name: "Яна".to_owned(),
        patronymic: Some(String::new()),
        job_title: None,
    };
    let certificate = Some(Bytes::from_static(CERTIFICATE));
    let none = SignerByDetails { path: "S", certificate: None, thumbprint: None, details: None };
    for (given, expected) in [
        (
            SignerByDetails { certificate: certificate.clone(), ..none.clone() },
            "Орлова Мария Ивановна, Главный бухгалтер",
        ),
        (
            SignerByDetails { certificate, details: Some(details), ..none.clone() },
            "wrong: S.SignerDetails.JobTitle",
        ),
        (
            SignerByDetails { thumbprint: Some("00".to_owned()), ..none.clone() },
            "wrong: S.SignerCertificateThumbprint",
        ),
        (
            SignerByDetails {
                thumbprint: Some(Certificate::parse(CERTIFICATE).unwrap().thumbprint().to_string()),
                ..none.clone()
            },
            "Орлова Мария Ивановна, Главный бухгалтер",
        ),
        (none, "wrong: S"),
    ] {
        assert_eq!(shown(&GivenSigner::Details(given), Wanted::NameAndPosition), expected);
    }
}
