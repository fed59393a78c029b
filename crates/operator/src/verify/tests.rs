use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use bytes::Bytes;
use potok_cms::pki::{Authority, Identity, Role, Subject, TestPki, Validity};
use potok_cms::revocation::Revocation;
use potok_cms::{Content, KeyKind, RevocationList, Trust, UnixTime, gost, sign};
use potok_domain::directory::Organization;
use potok_domain::{PowerOfAttorney, SubjectKind};
use potok_seams::{Judgement, LoadError, SignatureToCheck, SignatureVerifier, SignedBytes};
use potok_types::{ContentRef, EntityId, ManualClock, Ticks};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::testing::{AT, INN, organization, organization_of, person, pki};
use super::*;
use crate::trust::TrustOptions;

const DOCUMENT: &[u8] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Файл/>".as_bytes();

struct Given(Bytes);

#[async_trait]
impl SignedBytes for Given {
    async fn load(&self, _: ContentRef) -> Result<Bytes, LoadError> {
        Ok(self.0.clone())
    }
}

fn verifier(trust: Trust) -> Verifier {
    let now = Ticks::from_unix_seconds(AT.0);
    let store = TrustStore::of(trust, now);
    Verifier::new(Arc::new(store), Offload::default(), Arc::new(ManualClock::new(now)))
}

async fn judge_as(inn: &str, trust: Trust, signature: Vec<u8>, content: &[u8]) -> Judgement {
    let given = SignatureToCheck {
        signature: EntityId::ZERO,
        signer: Arc::new(organization_of(inn)),
        bytes: signature.into(),
        signed: ContentRef::of(content),
        given_at: Ticks::from_unix_seconds(AT.0),
    };
    let content = Given(Bytes::copy_from_slice(content));
    let mut judged = verifier(trust).verify(&[given], &content).await.unwrap();
    judged.pop().unwrap()
}

async fn judge(trust: Trust, signature: Vec<u8>, content: &[u8]) -> Judgement {
    judge_as(INN, trust, signature, content).await
}

fn signed_by(identity: &Identity, pki: &TestPki, content: &[u8], at: UnixTime) -> Vec<u8> {
    sign(Content::Bytes(content), &identity.certificate, &pki.chain(), &identity.key, at).unwrap()
}

fn issued(authority: &Authority, subject: &Subject, validity: Validity) -> Identity {
    let mut random = StdRng::seed_from_u64(2);
    authority.issue_identity(subject, KeyKind::P256, Role::Signer, validity, &mut random).unwrap()
}

fn year() -> Validity {
    Validity::days(UnixTime(AT.0 - 86_400), 365)
}

#[tokio::test]
async fn a_good_signature_is_good_in_every_algorithm_and_wrapping() {
    let pki = pki();
    let kinds = [
        KeyKind::Gost(gost::ParameterSet::Tc26A256),
        KeyKind::Gost(gost::ParameterSet::Tc26A512),
        KeyKind::Rsa2048,
        KeyKind::P384,
    ];
    let mut identities: Vec<Identity> = pki.people[0].clone();
    let subject = Subject::employee(&organization(INN), &person(), "Директор");
    for kind in kinds {
        let mut random = StdRng::seed_from_u64(3);
        let identity = pki.authority.issue_identity(&subject, kind, Role::Signer, year(), &mut random);
        identities.push(identity.unwrap());
    }
    for identity in &identities {
        let der = signed_by(identity, &pki, DOCUMENT, AT);
        let text = base64::prelude::BASE64_STANDARD.encode(&der);
        let pem = format!("-----BEGIN CMS-----\n{text}\n-----END CMS-----\n");
        // Programs that do not know the length in advance write none.
        let ber = [&[0x30, 0x80], value_of(&der), &[0, 0]].concat();
        let ber_text = base64::prelude::BASE64_STANDARD.encode(&ber).into_bytes();
        for (given, kept) in [
            (der.clone(), &der),
            (text.into_bytes(), &der),
            (pem.into_bytes(), &der),
            (ber.clone(), &ber),
            (ber_text, &ber),
        ] {
            let accepted = verifier(pki.trust()).accept(given.clone().into()).await.unwrap();
            assert_eq!(accepted, kept, "the bytes that came are kept");
            let judged = judge(pki.trust(), given, DOCUMENT).await;
            assert!(judged.verdict.is_valid && judged.words.is_empty(), "{:?}", judged.words);
            assert_eq!(judged.verdict.power_of_attorney, Some(PowerOfAttorney::NotRequired));
            let found = judged.verdict.verification.unwrap();
            assert!(found.is_of_content && found.is_chain_valid());
            let named: Vec<ContentRef> = judged.certificates.iter().map(|der| ContentRef::of(der)).collect();
            assert_eq!(found.contents().collect::<Vec<_>>(), named);
            assert_eq!(named.len(), 3, "signer, authority, root");
            assert_eq!(judged.certificates[0], identity.certificate.as_der());
        }
    }
}

/// Is it of the content, the faults of the signer's certificate, and words that have to be told.
struct Bad {
    name: &'static str,
    trust: Trust,
    signature: Vec<u8>,
    is_of_content: bool,
    faults: u32,
    words: &'static [&'static str],
}

fn bad_ones() -> Vec<Bad> {
    let pki = pki();
    let person_of_org = &pki.people[0][0];
    let good = signed_by(person_of_org, &pki, DOCUMENT, AT);
    let mut corrupted = good.clone();
    let last = corrupted.len() - 1;
    corrupted[last] ^= 1;
    let subject = Subject::employee(&organization(INN), &person(), "Директор");
    let before = Validity::days(UnixTime(AT.0 - 20 * 86_400), 10);
    let later = Validity::days(UnixTime(AT.0 + 86_400), 10);
    let mut random = StdRng::seed_from_u64(4);
    let stranger = Authority::root(&Subject::common_name("Чужой центр"), KeyKind::P256, year(), &mut random);
    let stranger = stranger.unwrap();
    let by_stranger = issued(&stranger, &subject, year());
    let revocation = Revocation { time: UnixTime(AT.0 - 3_600), reason: 1 };
    let list = pki.authority.revocation_list(&[(person_of_org.certificate.clone(), revocation)], 2, year());
    let mut with_revoked = pki.trust();
    with_revoked.revocation_lists.push(RevocationList::parse(&list.unwrap()).unwrap());
    let self_signed =
        Identity { certificate: stranger.certificate().clone(), key: stranger.identity().key.clone() };
    let alone = |identity: &Identity| {
        sign(Content::Bytes(DOCUMENT), &identity.certificate, &[], &identity.key, AT).unwrap()
    };
    let base64 = base64::prelude::BASE64_STANDARD.encode(DOCUMENT);
    vec![
        Bad {
            name: "corrupted",
            trust: pki.trust(),
            signature: corrupted,
            is_of_content: false,
            faults: 0,
            words: &["Значение подписи неверно", "Подпишите файл заново"],
        },
        Bad {
            name: "another document",
            trust: pki.trust(),
            signature: signed_by(person_of_org, &pki, b"another", AT),
            is_of_content: false,
            faults: 0,
            words: &["подписано другое содержимое", "подписан другой документ"],
        },
        Bad {
            name: "base64 was signed",
            trust: pki.trust(),
            signature: signed_by(person_of_org, &pki, base64.as_bytes(), AT),
            is_of_content: false,
            faults: 0,
            words: &["Вероятная причина: подписан текст base64"],
        },
        Bad {
            name: "expired",
            trust: pki.trust(),
            signature: signed_by(&issued(&pki.authority, &subject, before), &pki, DOCUMENT, AT),
            is_of_content: true,
            faults: 1,
            words: &["срок действия сертификата истёк", "действует с 12.01.2026 по 22.01.2026", "Иванов"],
        },
        Bad {
            name: "not valid yet",
            trust: pki.trust(),
            signature: signed_by(&issued(&pki.authority, &subject, later), &pki, DOCUMENT, AT),
            is_of_content: true,
            faults: 1,
            words: &["ещё не начался", "Подпишите сертификатом, который действует"],
        },
        Bad {
            name: "unknown issuer",
            trust: pki.trust(),
            signature: alone(&by_stranger),
            is_of_content: true,
            faults: 65_536,
            words: &["издатель сертификата неизвестен", "которому доверяет этот сервер"],
        },
        Bad {
            name: "untrusted root",
            trust: pki.trust(),
            signature: alone(&self_signed),
            is_of_content: true,
            faults: 32 | 16,
            words: &["корневой сертификат не входит в число доверенных", "добавить корневой сертификат"],
        },
        Bad {
            name: "revoked",
            trust: with_revoked,
            signature: good,
            is_of_content: true,
            faults: 4,
            words: &["сертификат отозван", "не отозван"],
        },
    ]
}

#[tokio::test]
async fn every_fault_has_its_outcome_and_words() {
    for Bad { name, trust, signature, is_of_content, faults, words } in bad_ones() {
        let judged = judge(trust, signature, DOCUMENT).await;
        assert!(!judged.verdict.is_valid, "{name}");
        let found = judged.verdict.verification.unwrap();
        assert_eq!((found.is_of_content, found.chain[0].faults), (is_of_content, faults), "{name}");
        let told = judged.words.join(". ");
        for words in words {
            assert!(told.contains(words), "{name}: {words:?} is not in {told:?}");
        }
    }
}

#[tokio::test]
async fn who_signs_for_whom_decides_about_powers_of_attorney_and_nothing_else() {
    let pki = pki();
    let issue = |subject: &Subject| issued(&pki.authority, subject, year());
    let employee = issue(&Subject::employee(&organization(INN), &person(), "Директор"));
    let proprietor = issue(&Subject::proprietor(&person(), "304500116000157"));
    let natural = issue(&Subject::person(&person()));
    let nameless = issue(&Subject::common_name("Робот"));
    let (own, foreign) = (Some(PowerOfAttorney::NotRequired), Some(PowerOfAttorney::Required));
    for (name, identity, inn, expected) in [
        ("its own organization", &employee, INN, own),
        ("another organization", &employee, "7707083893", foreign),
        ("a proprietor for himself", &proprietor, "961234567890", own),
        ("a proprietor for an organization", &proprietor, INN, foreign),
        ("a person for himself", &natural, "961234567890", own),
        ("a person for an organization", &natural, INN, Some(PowerOfAttorney::RequiredOfPerson)),
        ("nobody knows who", &nameless, INN, foreign),
    ] {
        let judged = judge_as(inn, pki.trust(), signed_by(identity, &pki, DOCUMENT, AT), DOCUMENT).await;
        assert!(judged.verdict.is_valid, "{name}: it is not refused");
        assert_eq!(judged.verdict.power_of_attorney, expected, "{name}");
    }
}

/// Whatever road its bytes came by: the organization decides, not who made the signature.
#[tokio::test]
async fn test_signatures_count_in_test_organizations_only() {
    let tests = pki();
    let signature = signed_by(&tests.people[0][0], &tests, DOCUMENT, AT);
    let now = Ticks::from_unix_seconds(AT.0);
    let store = Arc::new(TrustStore::open(TrustOptions::default(), tests.trust(), now).unwrap());
    let verifier = Verifier::new(store, Offload::default(), Arc::new(ManualClock::new(now)));
    let content = Given(Bytes::from_static(DOCUMENT));
    for is_test in [true, false] {
        let given = SignatureToCheck {
            signature: EntityId::ZERO,
            signer: Arc::new(Organization { is_test, ..organization_of(INN) }),
            bytes: signature.clone().into(),
            signed: ContentRef::of(DOCUMENT),
            given_at: now,
        };
        let judged = verifier.verify(&[given], &content).await.unwrap().pop().unwrap();
        assert_eq!(judged.verdict.is_valid, is_test);
        let told = judged.words.join(". ");
        assert_eq!(told.contains("тестовая подпись"), !is_test, "{told}");
        let found = judged.verdict.verification.unwrap();
        assert_eq!((found.is_of_content, found.is_chain_valid()), (true, is_test));
    }
}

/// One message of bad signatures costs about as much as one of them.
#[tokio::test]
async fn the_search_for_causes_ends_within_one_message() {
    let pki = pki();
    let large = vec![b'x'; 1 << 20];
    let bad = signed_by(&pki.people[0][0], &pki, b"another", AT);
    let one = SignatureToCheck {
        signature: EntityId::ZERO,
        signer: Arc::new(organization_of(INN)),
        bytes: bad.into(),
        signed: ContentRef::of(&large),
        given_at: Ticks::from_unix_seconds(AT.0),
    };
    let given = vec![one; 40];
    let judged = verifier(pki.trust()).verify(&given, &Given(large.into())).await.unwrap();
    let causes =
        judged.iter().filter(|judged| judged.words.join("").contains("подписан другой документ")).count();
    assert!((1..=2).contains(&causes), "{causes} of 40 were searched to the end");
    assert!(judged.iter().all(|judged| judged.words.join("").contains("подписано другое содержимое")));
}

/// The head of a DER element: where its value begins.
fn value_of(der: &[u8]) -> &[u8] {
    let long = usize::from(der[1] & 0x7f);
    &der[if der[1] < 0x80 { 2 } else { 2 + long }..]
}

fn element(tag: u8, value: &[u8]) -> Vec<u8> {
    let len = u16::try_from(value.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, len[0], len[1]], value].concat()
}

/// The same signature with the document inside.
fn attached(signature: &[u8], content: &[u8]) -> Vec<u8> {
    const DATA: &[u8] = &[0x30, 0x0b, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    let info = value_of(signature);
    let (kind, signed) = info.split_at(11);
    let signed = value_of(value_of(signed));
    let at = signed.windows(DATA.len()).position(|window| window == DATA).unwrap();
    let inside = element(0x30, &[&DATA[2..], &element(0xa0, &element(4, content))].concat());
    let signed = [&signed[..at], &inside, &signed[at + DATA.len()..]].concat();
    element(0x30, &[kind, &element(0xa0, &element(0x30, &signed))].concat())
}

#[tokio::test]
async fn what_is_no_detached_signature_is_refused_in_words() {
    let pki = pki();
    let good = signed_by(&pki.people[0][0], &pki, DOCUMENT, AT);
    for (given, expected) in [
        (b"".to_vec(), "nothing was given"),
        (b"no signature at all".to_vec(), "neither DER, nor PEM, nor base64"),
        (good[..good.len() - 1].to_vec(), "cannot be read"),
        (pki.root.certificate().as_der().to_vec(), "not an electronic signature"),
        (vec![0x30; 2 << 20], "at most 1048576 are read"),
        (attached(&good, DOCUMENT), "a detached signature is needed"),
    ] {
        let error = verifier(pki.trust()).accept(given.clone().into()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        let judged = judge(pki.trust(), given, DOCUMENT).await;
        assert!(!judged.verdict.is_valid && judged.verdict.verification.is_none());
        assert!(judged.words.last().unwrap().contains("отсоединённую"), "{:?}", judged.words);
    }
}

#[tokio::test]
async fn a_signature_tells_who_signed() {
    let pki = pki();
    let signature = signed_by(&pki.people[0][0], &pki, DOCUMENT, AT);
    let described = verifier(Trust::default()).describe(signature.into()).await.unwrap().unwrap();
    assert_eq!(described.signing_time, Some(Ticks::from_unix_seconds(AT.0)));
    assert_eq!(described.thumbprint, pki.people[0][0].certificate.thumbprint().to_string());
    let days = (described.not_before.as_str(), described.not_after.as_str());
    assert_eq!(days, ("31.01.2026 09:00:00", "31.01.2027 09:00:00"));
    assert_eq!(described.inn.as_deref(), Some(INN));
    assert_eq!(described.organization.as_deref(), Some("ООО «Ромашка»"));
    assert_eq!(described.first_name.as_deref(), Some("Иван Иванович"));
    assert_eq!(described.surname.as_deref(), Some("Иванов"));
    assert_eq!(described.position.as_deref(), Some("Директор"));
    assert_eq!(described.email.as_deref(), Some("ivanov@example.ru"));
    assert_eq!(described.issuer.as_deref(), Some("Тестовый удостоверяющий центр"));
    assert_eq!(described.subject, SubjectKind::LegalEntity);
    assert_eq!(verifier(Trust::default()).describe(Bytes::from_static(b"x")).await, Ok(None));
}
