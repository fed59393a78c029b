//! A package with everything in it, and what it proves.

use potok_cms::pki::{Members, Organization, Person, TestPki, Validity};
use potok_cms::{Content, KeyKind, Language, Trust, UnixTime, sign};
use potok_evidence::{
    DocumentNote, Draft, FileKind, FileNote, Manifest, OperatorNote, Outcome, PowerNote, SignatureNote, Time,
    Verdict, Weight, rfc3339, verify,
};
use potok_fns::service::{Confirmation, ConfirmationKind, ConfirmedFile, Head};
use potok_fns::{
    Family, FileId, FnsDate, Identity, MoscowTime, Operator, PROGRAM_OF_OPERATOR, Participant, Version,
};
use rand::SeedableRng as _;

pub(crate) const NOW: UnixTime = UnixTime(1_769_936_400);
const DAY: i64 = 86_400;

fn members(name: &str, inn: &str) -> Members {
    let organization = Organization {
        name: name.to_owned(),
        inn: inn.to_owned(),
        ogrn: "1126605009600".to_owned(),
        city: "Екатеринбург".to_owned(),
    };
    let person = Person {
        surname: "Петрова".to_owned(),
        given_name: "Анна Сергеевна".to_owned(),
        snils: "11223344595".to_owned(),
        inn: "500100732259".to_owned(),
        email: None,
    };
    Members { organization, people: vec![(person, "Директор".to_owned())] }
}

pub(crate) fn pki(kind: KeyKind) -> TestPki {
    let mut random = rand::rngs::StdRng::seed_from_u64(7);
    let people = [members("ООО «Ромашка»", "9616279520")];
    let validity = Validity::days(UnixTime(NOW.0 - 10 * DAY), 365);
    TestPki::new(kind, &members("ООО «Оператор»", "9903000030"), &people, validity, &mut random)
        .expect("keys")
}

fn participant(inn: &str) -> Participant {
    Participant {
        identity: Identity::Organization {
            name: "ООО".to_owned(),
            inn: inn.to_owned(),
            kpp: "770101001".to_owned(),
        },
        fns_id: format!("2BM-{inn}-770101001-202601010000000000001"),
    }
}

/// Files of a package by name, with what is known of them; the manifest is not among them.
pub(crate) struct Made {
    pub(crate) pki: TestPki,
    pub(crate) bytes: Vec<u8>,
}

/// What a package is made of, to be changed before it is made.
pub(crate) struct Wishes {
    pub(crate) kind: KeyKind,
    pub(crate) document: Vec<u8>,
    pub(crate) verdict: Verdict,
    /// What is signed instead of the document.
    pub(crate) signed: Option<Vec<u8>>,
    pub(crate) with_lists: bool,
    /// The file of the power of attorney, and what else the manifest says of it.
    pub(crate) power: Option<(String, PowerNote)>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            kind: KeyKind::P256,
            document: "Договор поставки № 7".repeat(20).into_bytes(),
            verdict: Verdict::Valid,
            signed: None,
            with_lists: true,
            power: None,
        }
    }
}

pub(crate) fn package(wishes: &Wishes) -> Made {
    let pki = pki(wishes.kind);
    let person = &pki.people[0][0];
    let sign_as = |identity: &potok_cms::pki::Identity, content: &[u8]| {
        sign(Content::Bytes(content), &identity.certificate, &pki.chain(), &identity.key, NOW)
            .expect("a signature")
    };
    let manifest = Manifest {
        made_at: rfc3339(UnixTime(NOW.0 + 60)),
        program: "test".to_owned(),
        operator: OperatorNote { name: "ООО «Оператор»".to_owned(), ..OperatorNote::default() },
        documents: vec![DocumentNote { title: "Договор № 7".to_owned(), ..DocumentNote::default() }],
        ..Manifest::default()
    };
    let mut draft = Draft::new(manifest, Time { year: 2026, month: 2, day: 1, ..Time::default() });
    let add = |draft: &mut Draft, name: &str, content: &[u8], kind| {
        draft.add(name, content, FileNote::of(kind)).expect("there is room")
    };
    let document = add(&mut draft, "договор.txt", &wishes.document, FileKind::Document);
    let signature = sign_as(person, wishes.signed.as_ref().unwrap_or(&wishes.document));
    let signed = add(&mut draft, "договор.txt.1.sig", &signature, FileKind::Signature);
    let confirmation = confirmation(&signature);
    let confirmed = add(&mut draft, "DP_PDPOL.xml", &confirmation, FileKind::Confirmation);
    let of_operator = sign_as(&pki.operator, &confirmation);
    let of_operator = add(&mut draft, "DP_PDPOL.xml.1.sig", &of_operator, FileKind::Signature);
    let notes = [(signed, document, wishes.verdict), (of_operator, confirmed, Verdict::Valid)];
    for (file, of, verdict) in notes {
        draft.manifest.signatures.push(SignatureNote {
            file,
            of,
            box_id: String::new(),
            organization: String::new(),
            at: rfc3339(NOW),
            verdict,
            chain: Vec::new(),
        });
    }
    let mut power = PowerNote {
        of: "договор.txt.1.sig".to_owned(),
        number: "0a2b4c6d-1111-4222-8333-444455556666".to_owned(),
        ..PowerNote::default()
    };
    if let Some((text, note)) = &wishes.power {
        let signature = sign_as(person, text.as_bytes());
        let file = add(&mut draft, "power.xml", text.as_bytes(), FileKind::PowerOfAttorney);
        let signature = add(&mut draft, "power.xml.sig", &signature, FileKind::Signature);
        power = PowerNote { file, signature, register: note.register.clone(), ..power };
    }
    draft.manifest.powers_of_attorney.push(power);
    for certificate in [pki.authority.certificate(), pki.root.certificate(), &pki.operator.certificate] {
        add(&mut draft, "authority.cer", certificate.as_der(), FileKind::Certificate);
    }
    for list in pki.revocation_lists.iter().filter(|_| wishes.with_lists) {
        add(&mut draft, "revoked.crl", list, FileKind::RevocationList);
    }
    let sealing = draft.seal();
    let signature = sign_as(&pki.operator, sealing.to_sign());
    let bytes = sealing.finish(&signature).expect("there is room");
    Made { bytes, pki }
}

fn confirmation(signature: &[u8]) -> Vec<u8> {
    let at = MoscowTime::new(FnsDate::parse("01.02.2026").expect("a day"), 12, 0, 0).expect("a time");
    let file_id = FileId::new(Family::Pdpol, "2BM-9616279520-1", "2BM", at.date, uuid::Uuid::from_u128(5));
    let confirmation = Confirmation {
        head: Head { file_id, program: PROGRAM_OF_OPERATOR.to_owned(), version: Version::V1_03 },
        kind: ConfirmationKind::Received,
        operator: Operator {
            name: "ООО \"Оператор\"".into(), inn: "9903000030".into(), code: "2BM".into()
        },
        at,
        file: ConfirmedFile::new("договор.txt", vec![signature.to_vec()]),
        sender: participant("9616279520"),
        recipient: participant("9687654321"),
        signer: None,
    };
    confirmation.generate().expect("a confirmation")
}

/// What the reader trusts: the root alone, and no list.
pub(crate) fn root(made: &Made) -> Trust {
    Trust { anchors: vec![made.pki.root.certificate().clone()], ..Trust::default() }
}

fn told(made: &Made, trust: &Trust) -> (Outcome, Vec<(Weight, String)>) {
    let findings = verify(&made.bytes, trust, UnixTime(NOW.0 + DAY));
    let list = findings.list.iter();
    (
        findings.outcome(),
        list.map(|finding| (finding.weight, finding.text(Language::English).to_owned())).collect(),
    )
}

#[test]
fn everything_of_a_whole_package_is_proven() {
    for kind in [KeyKind::P256, KeyKind::Gost(potok_cms::gost::ParameterSet::CryptoProA)] {
        let made = package(&Wishes { kind, ..Wishes::default() });
        let (outcome, list) = told(&made, &root(&made));
        assert_eq!(outcome, Outcome::Proven, "{list:#?}");
        for words in [
            "the manifest is signed by the operator",
            "all files (9) are those of the export",
            "\"договор.txt\" was signed by: Петрова Анна Сергеевна, Директор, ООО «Ромашка», INN 9616279520; 2026-02-01T09:00:00Z",
            "\"DP_PDPOL.xml\" was signed by",
            "the operator received the file \"договор.txt\" with this signature 01.02.2026 12.00.00",
        ] {
            assert!(
                list.iter().any(|(weight, text)| *weight == Weight::Proven && text.contains(words)),
                "{words}: {list:#?}"
            );
        }
        let remarks: Vec<&String> =
            list.iter().filter(|(weight, _)| *weight == Weight::Remark).map(|(_, text)| text).collect();
        assert_eq!(remarks.len(), 2, "{remarks:#?}");
        assert!(remarks[0].contains("without a time stamp (2)"), "{remarks:#?}");
        assert!(remarks[1].contains("0a2b4c6d"), "{remarks:#?}");
    }
}

#[test]
fn what_is_not_proven_is_said() {
    let made = package(&Wishes::default());
    let (outcome, list) = told(&made, &Trust::default());
    assert_eq!(outcome, Outcome::NotProven);
    assert!(
        list.iter()
            .any(|(_, text)| text.contains("whose key that is, is not proven") && text.contains("--trust")),
        "{list:#?}"
    );
    // The files are the same nevertheless.
    assert!(
        list.iter().any(|(weight, text)| *weight == Weight::Proven && text.contains("all files")),
        "{list:#?}"
    );
    let other = pki(KeyKind::P384);
    let (outcome, _) = told(&made, &other.trust());
    assert_eq!(outcome, Outcome::NotProven);

    let (outcome, list) = told(&package(&Wishes { with_lists: false, ..Wishes::default() }), &root(&made));
    assert_eq!(outcome, Outcome::Proven);
    assert!(
        list.iter().any(|(weight, text)| *weight == Weight::Remark && text.contains("no list of that time")),
        "{list:#?}"
    );
}

#[test]
fn a_bad_signature_is_told_as_bad() {
    let signed = Some(b"another text".to_vec());
    let known = package(&Wishes { signed: signed.clone(), verdict: Verdict::Invalid, ..Wishes::default() });
    let (outcome, list) = told(&known, &root(&known));
    assert_eq!(outcome, Outcome::NotProven, "{list:#?}");
    // Nobody changed the archive; but the operator says what is not so.
    let claimed = package(&Wishes { signed, ..Wishes::default() });
    let (outcome, list) = told(&claimed, &root(&claimed));
    assert_eq!(outcome, Outcome::Broken, "{list:#?}");
    assert!(list.iter().any(|(_, text)| text.contains("other content was signed")), "{list:#?}");
}

#[test]
fn a_document_may_have_the_name_of_the_manifest() {
    let mut draft = Draft::new(Manifest::default(), Time { year: 2026, month: 1, day: 1, ..Time::default() });
    for name in ["manifest.json", "MANIFEST.JSON.P7S", "manifest.json"] {
        let taken = draft.add(name, b"mine", FileNote::of(FileKind::Document)).expect("there is room");
        assert!(taken.starts_with('_'), "{taken}");
    }
    let found = draft.find(FileKind::Document, b"mine").map(str::to_owned);
    assert_eq!(found.as_deref(), Some("_manifest.json"));
}
