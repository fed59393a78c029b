//! Whatever is written is read again as it was: any values that a format allows, in any of its versions.

use potok_fns::service::{
    Clarification, ClarificationPurpose, Confirmation, ConfirmationKind, ConfirmedDocument, ConfirmedFile,
    Head, Receipt, ReceiptAuthor, Revocation,
};
use potok_fns::{
    ElectronicPower, Family, FileId, FnsDate, Foreign, ForeignKind, FullName, Identity, MoscowTime, Operator,
    PaperPower, Participant, PowerShown, SignatureType, Signer, SignerStatus, Version,
};
use potok_types::Ticks;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

/// Text of 1 to `most` characters, mostly short, of everything that XML can hold.
fn text(most: usize) -> BoxedStrategy<String> {
    let character = prop_oneof![
        6 => prop::char::range('А', 'я'),
        3 => prop::char::range(' ', '~'),
        1 => select(vec!['\t', '\n', '\r', '\u{85}', '\u{98}', '\u{A0}', '₽', '№', '«', '\u{FFFD}', '\u{10FFFF}', '😀']),
    ];
    prop_oneof![
        9 => prop::collection::vec(character.clone(), 1..=most.min(12)),
        1 => prop::collection::vec(character, most.min(1000)),
    ]
    .prop_map(String::from_iter)
    .boxed()
}

fn moment() -> impl Strategy<Value = MoscowTime> {
    // 1950 to 2090, by seconds from 1970.
    (-631_000_000_i64..3_780_000_000)
        .prop_map(|seconds| MoscowTime::at(Ticks::UNIX_EPOCH.plus_seconds(seconds)))
}

fn date() -> impl Strategy<Value = FnsDate> {
    moment().prop_map(|at| at.date)
}

fn fns_id() -> &'static str {
    "[A-Za-z0-9@.-]{4,46}"
}

fn full_name() -> impl Strategy<Value = FullName> {
    (text(60), text(60), of(text(60))).prop_map(|(last, first, middle)| FullName { last, first, middle })
}

fn identity(version: Version) -> BoxedStrategy<Identity> {
    let newer = version == Version::V1_03;
    let kpp =
        if newer { "[1-9][0-9]{3}[0-9A-Z]{2}[0-9]{3}" } else { "[0-9][1-9][0-9]{2}[0-9A-F]{2}[0-9]{3}" };
    let organization = (text(1000), "[1-9][0-9]{9}", kpp)
        .prop_map(|(name, inn, kpp)| Identity::Organization { name, inn, kpp });
    let person = || ("[0-9][1-9][0-9]{10}", full_name());
    let entrepreneur = person().prop_map(|(inn, name)| Identity::Entrepreneur { inn, name });
    if !newer {
        return prop_oneof![organization, entrepreneur].boxed();
    }
    let person = person().prop_map(|(inn, name)| Identity::Person { inn, name });
    let kind = select(vec![ForeignKind::Organization, ForeignKind::Person]);
    let foreign = (kind, of("[0-9]{3}"), of(text(1000)), of(text(50)), of(text(255))).prop_map(
        |(kind, country, name, tax_code, other)| {
            Identity::Foreign(Foreign { kind, country, name, tax_code, other })
        },
    );
    prop_oneof![organization, entrepreneur, person, foreign].boxed()
}

fn participant(version: Version) -> impl Strategy<Value = Participant> {
    (fns_id(), identity(version)).prop_map(|(fns_id, identity)| Participant { fns_id, identity })
}

fn operator() -> impl Strategy<Value = Operator> {
    (text(1000), "[1-9][0-9]{9}", "[A-Za-z0-9@.-]{3}").prop_map(|(name, inn, code)| Operator {
        name,
        inn,
        code,
    })
}

fn head(family: Family, version: Version) -> impl Strategy<Value = Head> {
    (fns_id(), fns_id(), date(), any::<u128>(), text(40)).prop_map(move |(to, by, date, guid, program)| {
        Head { file_id: FileId::new(family, &to, &by, date, Uuid::from_u128(guid)), program, version }
    })
}

fn file(longest: usize, most: usize) -> impl Strategy<Value = ConfirmedFile> {
    let signature = prop::collection::vec(any::<u8>(), 1..50);
    (text(longest), prop::collection::vec(signature, 1..=most))
        .prop_map(|(name, signatures)| ConfirmedFile { name, signatures })
}

fn positioned() -> impl Strategy<Value = Signer> {
    (text(1000), full_name()).prop_map(|(position, name)| Signer {
        position: Some(position),
        name,
        ..Signer::default()
    })
}

fn signer(version: Version) -> BoxedStrategy<Signer> {
    if version != Version::V1_03 {
        return positioned().boxed();
    }
    let electronic = (text(36), date(), of(text(50)), of(date()), text(500)).prop_map(
        |(number, issued, internal_number, internal_date, storage)| ElectronicPower {
            number: number.chars().chain("-".repeat(36).chars()).take(36).collect(),
            issued,
            internal_number,
            internal_date,
            shown: PowerShown::FromStorage,
            storage: Some(storage),
        },
    );
    let paper = (date(), text(50), of(text(1000)), of(full_name()))
        .prop_map(|(issued, number, details, issuer)| PaperPower { issued, number, details, issuer });
    let kinds = vec![SignatureType::Qualified, SignatureType::Simple, SignatureType::NonQualified];
    (0..3, of(select(kinds)), of(text(255)), full_name(), of(electronic), of(paper))
        .prop_map(|(status, signature_type, position, name, electronic, paper)| {
            let status = match status {
                0 => Some(SignerStatus::Entitled),
                _ if electronic.is_some() => Some(SignerStatus::ElectronicPower),
                _ if paper.is_some() => Some(SignerStatus::PaperPower),
                _ => None,
            };
            Signer { status, signature_type, position, name, electronic, paper }
        })
        .boxed()
}

fn about(version: Version) -> BoxedStrategy<Option<ConfirmedDocument>> {
    if version == Version::V1_03 {
        return Just(None).boxed();
    }
    let revision = || (of(text(3)), of(date()));
    of((text(1000), text(256), date(), revision(), (of(text(256)), of(date())), revision()).prop_map(
        |(name, number, date, revision, correction, correction_revision)| ConfirmedDocument {
            name,
            number,
            date,
            revision_number: revision.0,
            revision_date: revision.1,
            correction_number: correction.0,
            correction_date: correction.1,
            correction_revision_number: correction_revision.0,
            correction_revision_date: correction_revision.1,
        },
    ))
    .boxed()
}

fn confirmation(kind: ConfirmationKind, version: Version) -> impl Strategy<Value = Confirmation> {
    let family = kind.family();
    let signer = if version == Version::V1_03 {
        of(positioned()).boxed()
    } else {
        positioned().prop_map(Some).boxed()
    };
    let file = file(family.longest_confirmed_name(version), 3);
    (head(family, version), operator(), moment(), file, participant(version), participant(version), signer)
        .prop_map(move |(head, operator, at, file, sender, recipient, signer)| Confirmation {
            head,
            kind,
            operator,
            at,
            file,
            sender,
            recipient,
            signer,
        })
}

fn receipt(version: Version) -> impl Strategy<Value = Receipt> {
    let author = prop_oneof![
        participant(version).prop_map(ReceiptAuthor::Participant),
        (fns_id(), operator()).prop_map(|(fns_id, operator)| ReceiptAuthor::Operator { fns_id, operator }),
    ];
    let file = file(Family::Izvpol.longest_confirmed_name(version), 3);
    let head = head(Family::Izvpol, version);
    (head, participant(version), moment(), file, about(version), author, signer(version)).prop_map(
        |(head, participant, at, file, document, author, signer)| Receipt {
            head,
            participant,
            at,
            file,
            document,
            author,
            signer,
        },
    )
}

fn clarification(version: Version) -> impl Strategy<Value = Clarification> {
    let parties = (participant(version), participant(version));
    let file = file(Family::Uvutoch.longest_confirmed_name(version), 1);
    let text = prop_oneof![Just(String::new()), text(1000)];
    (head(Family::Uvutoch, version), parties, moment(), file, text, about(version), signer(version)).prop_map(
        |(head, (participant, author), at, file, text, document, signer)| Clarification {
            head,
            participant,
            at,
            file,
            text,
            document,
            author,
            signer,
        },
    )
}

fn revocation(version: Version) -> impl Strategy<Value = Revocation> {
    let parties = (participant(version), participant(version));
    let file = file(Family::Prannul.longest_confirmed_name(version), 3);
    let signer = (of(text(1000)), full_name()).prop_map(|(position, name)| Signer {
        position,
        name,
        ..Signer::default()
    });
    (head(Family::Prannul, version), parties, file, prop_oneof![Just(String::new()), text(1000)], of(signer))
        .prop_map(|(head, (participant, addressee), file, text, signer)| Revocation {
            head,
            participant,
            file,
            text,
            addressee,
            signer,
        })
}

fn versions(family: Family) -> impl Strategy<Value = Version> {
    select(family.versions())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn confirmations(value in select(vec![ConfirmationKind::Received, ConfirmationKind::PassedOn])
        .prop_flat_map(|kind| versions(kind.family()).prop_flat_map(move |version| confirmation(kind, version))))
    {
        let bytes = value.generate().unwrap();
        keep(&bytes, &value.head);
        prop_assert_eq!(Confirmation::parse(&bytes, value.kind), Ok(value));
    }

    #[test]
    fn receipts(value in versions(Family::Izvpol).prop_flat_map(receipt)) {
        let bytes = value.generate().unwrap();
        keep(&bytes, &value.head);
        prop_assert_eq!(Receipt::parse(&bytes), Ok(value));
    }

    #[test]
    fn clarifications(value in versions(Family::Uvutoch).prop_flat_map(clarification)) {
        let bytes = value.generate(ClarificationPurpose::SignatureRejection).unwrap();
        keep(&bytes, &value.head);
        prop_assert_eq!(Clarification::parse(&bytes), Ok(value));
    }

    #[test]
    fn revocations(value in versions(Family::Prannul).prop_flat_map(revocation)) {
        let bytes = value.generate().unwrap();
        keep(&bytes, &value.head);
        prop_assert_eq!(Revocation::parse(&bytes), Ok(value));
    }
}

/// Writes what was made into the folder of `POTOK_FNS_KEEP`, for whoever wants to hold it to the official schemas.
fn keep(bytes: &[u8], head: &Head) {
    if let Some(folder) = std::env::var_os("POTOK_FNS_KEEP") {
        let name = format!("{}_{}", head.version, head.file_id.file_name());
        std::fs::write(std::path::Path::new(&folder).join(name), bytes)
            .expect("the folder of POTOK_FNS_KEEP exists");
    }
}
