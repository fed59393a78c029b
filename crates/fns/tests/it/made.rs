//! Documents with as little and as much in them as each version of each format allows, kept as golden files: whoever has
//! the official schemas can hold them to the files.

use potok_fns::service::{
    Clarification, ClarificationPurpose, Confirmation, ConfirmationKind, ConfirmedDocument, ConfirmedFile,
    Head, Receipt, ReceiptAuthor, Revocation,
};
use potok_fns::{
    ElectronicPower, Family, FileId, FnsDate, Foreign, ForeignKind, FullName, Identity, MoscowTime, Operator,
    PaperPower, Participant, PowerShown, SignatureType, Signer, SignerStatus, Version,
};
use uuid::Uuid;

const SELLER: &str = "2BM-9901000010-990101001-202611010900000000001";
const BUYER: &str = "2BM-990400000409-202611010945000000003";
/// What is not easy to write: quotes, markup, letters outside of windows-1251, line breaks.
const HARD: &str = "«Ёлка» & <сын> \"д'Арк\" ₽ 日本 \t конец\nстроки №";

fn date() -> FnsDate {
    FnsDate::parse("29.02.2028").expect("a leap year")
}

fn at() -> MoscowTime {
    MoscowTime::new(date(), 23, 59, 59).expect("the last second of a day")
}

fn head(family: Family, version: Version, full: bool) -> Head {
    let creator = if matches!(family, Family::Pdpol | Family::Pdotpr) { "2BM" } else { BUYER };
    let guid = Uuid::from_u128(0x5c0f_0b52_7a63_4a0a_9a0e_0d5b_8a6f_2000 + u128::from(full));
    Head {
        file_id: FileId::new(family, SELLER, creator, date(), guid),
        program: if full { "Поток 0.1.0 & \"друзья\"".into() } else { "Diadoc 1.0".into() },
        version,
    }
}

fn name(full: bool) -> FullName {
    FullName {
        last: "Соколов".into(), first: "Роман".into(), middle: full.then(|| "Ильич".into())
    }
}

fn organization() -> Participant {
    let identity =
        Identity::Organization { name: HARD.into(), inn: "9901000010".into(), kpp: "9901AF001".into() };
    Participant { fns_id: SELLER.into(), identity }
}

fn entrepreneur(full: bool) -> Participant {
    Participant {
        fns_id: BUYER.into(),
        identity: Identity::Entrepreneur { inn: "990400000409".into(), name: name(full) },
    }
}

/// Who takes part in documents of 1.03, where more kinds of participants exist.
fn newer(full: bool) -> [Participant; 2] {
    let foreign = Foreign {
        kind: if full { ForeignKind::Organization } else { ForeignKind::Person },
        country: Some("156".into()),
        name: Some("北京 Trading".into()),
        tax_code: full.then(|| "CN-77".into()),
        other: full.then(|| HARD.into()),
    };
    let person = Identity::Person { inn: "990400000409".into(), name: name(full) };
    [
        Participant { fns_id: "2BM-foreign@1.x".into(), identity: Identity::Foreign(foreign) },
        Participant { fns_id: BUYER.into(), identity: person },
    ]
}

fn parties(version: Version, full: bool) -> [Participant; 2] {
    if version == Version::V1_03 { newer(full) } else { [organization(), entrepreneur(full)] }
}

fn operator() -> Operator {
    Operator { name: "ООО \"Оператор\"".into(), inn: "9903000030".into(), code: "2BM".into() }
}

fn file(signatures: usize) -> ConfirmedFile {
    let name = "ON_NSCHFDOPPR_2BM-9902000020_2BM-9901000010_20261121_5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0000_0_0_0_0_0_00.xml";
    ConfirmedFile::new(name, (1..=signatures).map(|n| vec![0x30, 0x80, n as u8]).collect())
}

fn positioned(full: bool) -> Signer {
    Signer {
        position: Some(if full { HARD.into() } else { "Бухгалтер".into() }),
        name: name(full),
        ..Signer::default()
    }
}

fn with_powers(full: bool) -> Signer {
    if !full {
        return Signer { name: name(false), ..Signer::default() };
    }
    Signer {
        status: Some(SignerStatus::ElectronicPower),
        signature_type: Some(SignatureType::NonQualified),
        electronic: Some(ElectronicPower {
            number: "0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11".into(),
            issued: date(),
            internal_number: Some("17/€".into()),
            internal_date: Some(date()),
            shown: PowerShown::FromStorage,
            storage: Some("https://m4d.nalog.gov.ru/emchd/check-status?a=1&b=2".into()),
        }),
        paper: Some(PaperPower {
            issued: date(),
            number: "5".into(),
            details: Some(HARD.into()),
            issuer: Some(name(true)),
        }),
        ..positioned(true)
    }
}

fn about(full: bool) -> ConfirmedDocument {
    let text = |text: &str| full.then(|| text.to_owned());
    ConfirmedDocument {
        name: "Счет-фактура".into(),
        number: "КБ-1042".into(),
        date: date(),
        revision_number: text("1"),
        revision_date: full.then(date),
        correction_number: text("КБ-1043"),
        correction_date: full.then(date),
        correction_revision_number: text("2"),
        correction_revision_date: full.then(date),
    }
}

fn signer(version: Version, full: bool) -> Signer {
    if version == Version::V1_03 { with_powers(full) } else { positioned(full) }
}

/// Every document with its name.
fn documents() -> Vec<(String, Vec<u8>)> {
    let mut made = Vec::new();
    for family in Family::ALL {
        for &version in family.versions() {
            for (extent, full) in [("minimal", false), ("full", true)] {
                let name = format!("{}_{version}_{extent}.xml", family.prefix()[3..].to_lowercase());
                made.push((name, document(family, version, full)));
            }
        }
    }
    made
}

fn document(family: Family, version: Version, full: bool) -> Vec<u8> {
    let [first, second] = parties(version, full);
    let head = head(family, version, full);
    let old = version != Version::V1_03;
    match family {
        Family::Pdpol | Family::Pdotpr => Confirmation {
            head,
            kind: if family == Family::Pdpol {
                ConfirmationKind::Received
            } else {
                ConfirmationKind::PassedOn
            },
            operator: operator(),
            at: at(),
            file: file(if full { 3 } else { 1 }),
            sender: first,
            recipient: second,
            signer: (old || full).then(|| positioned(full)),
        }
        .generate(),
        Family::Izvpol => Receipt {
            head,
            participant: second,
            at: at(),
            file: file(if full { 3 } else { 1 }),
            document: (old && full).then(|| about(full)),
            author: match (old, full) {
                (true, false) => ReceiptAuthor::Operator { fns_id: String::new(), operator: operator() },
                (false, false) => {
                    ReceiptAuthor::Operator { fns_id: "2BM-operator".into(), operator: operator() }
                }
                _ => ReceiptAuthor::Participant(first),
            },
            signer: signer(version, full),
        }
        .generate(),
        Family::Uvutoch => Clarification {
            head,
            participant: second,
            at: at(),
            file: file(1),
            text: if full { HARD.repeat(100) } else { String::new() },
            document: old.then(|| about(full)),
            author: first,
            signer: signer(version, full),
        }
        .generate(if full {
            ClarificationPurpose::AmendmentRequest
        } else {
            ClarificationPurpose::SignatureRejection
        }),
        Family::Prannul => Revocation {
            head,
            participant: entrepreneur(full),
            file: file(if full { 3 } else { 1 }),
            text: if full { HARD.repeat(40) } else { String::new() },
            addressee: organization(),
            signer: full.then(|| positioned(true)),
        }
        .generate(),
    }
    .unwrap_or_else(|error| panic!("{family:?} {version}: {error}"))
}

#[test]
fn documents_are_as_kept() {
    let folder = potok_golden::Folder::new(potok_golden::path!("testdata/made"));
    for (name, bytes) in documents() {
        folder.check(&name, &bytes);
        let written = crate::samples::again(&bytes, &name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(written == bytes, "{name} is not read as it was written");
    }
    folder.finish();
}
