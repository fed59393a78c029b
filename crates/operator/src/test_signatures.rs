//! What `SignWithTestSignature` makes: real signatures by certificates of the server's own authority.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_cms::pki::{Organization, Person, Subject};
use potok_cms::{Fresh, UnixTime, oid};
use potok_domain::directory;
use potok_seams::{NotSigned, TestSignature, TestSignatures};
use potok_types::{Entropy, with_causes};
use quick_cache::sync::Cache;

use crate::test_pki::TestKeys;
use crate::{Offload, Signer};

/// Certificates that are remembered; those of others are made anew when they sign again.
const REMEMBERED: usize = 1_000;

/// Signs for everybody: whoever asks gets a certificate in the name of the organization and the person, made on demand.
pub struct TestSigner {
    keys: Arc<TestKeys>,
    entropy: Arc<dyn Entropy>,
    offload: Offload,
    issued: Arc<Cache<Subject, Arc<Signer>>>,
}

impl TestSigner {
    /// Signs by certificates of `keys`.
    pub fn new(keys: Arc<TestKeys>, entropy: Arc<dyn Entropy>, offload: Offload) -> Self {
        Self { keys, entropy, offload, issued: Arc::new(Cache::new(REMEMBERED)) }
    }
}

#[async_trait]
impl TestSignatures for TestSigner {
    async fn sign(&self, request: TestSignature<'_>) -> Result<Bytes, NotSigned> {
        let subject = subject(request.organization, request.user, request.position);
        let at = UnixTime(request.at.unix_seconds());
        let (keys, entropy) = (Arc::clone(&self.keys), Arc::clone(&self.entropy));
        let (issued, content) = (Arc::clone(&self.issued), request.content);
        // Two letters with the same file are told apart by their signatures, also when they are signed within one second.
        // Drawn here, not beside the other work: what is drawn in turn is the same whenever the work is done.
        let mut fresh = Fresh([0; 32]);
        self.entropy.fill(&mut fresh.0);
        let work = move || -> Result<Bytes, NotSigned> {
            let unsigned = |error: &dyn std::error::Error| NotSigned::Failed { reason: with_causes(error) };
            let issue = || keys.issue(&subject, at, &*entropy).map(Arc::new);
            let mut signer = issued.get_or_insert_with(&subject, issue).map_err(|error| unsigned(&error))?;
            if !signer.certificate.is_valid_at(at) {
                signer = issue().map_err(|error| unsigned(&error))?;
                issued.insert(subject.clone(), Arc::clone(&signer));
            }
            signer.sign_freshly(&content, at, fresh).map_err(|error| unsigned(&error))
        };
        self.offload.serve(work).await?
    }
}

/// How a certificate names a person of an organization. What the server does not know about somebody is left out.
pub fn subject(organization: &directory::Organization, user: &directory::User, position: &str) -> Subject {
    let directory::Organization { inn, kpp, short_name, ogrn, .. } = organization;
    let directory::User { last_name, first_name, middle_name, .. } = user;
    let given_name = match middle_name {
        Some(middle_name) => format!("{first_name} {middle_name}"),
        None => first_name.clone(),
    };
    let ogrn = ogrn.clone().unwrap_or_default();
    let person = |inn: &str| Person {
        surname: last_name.clone(),
        given_name: given_name.clone(),
        inn: inn.to_owned(),
        snils: String::new(),
        email: None,
    };
    // An individual has twelve digits, and the certificate is the person's own.
    if inn.len() == 12 {
        return Subject::proprietor(&person(inn), &ogrn);
    }
    let organization =
        Organization { name: short_name.clone(), inn: inn.clone(), ogrn: ogrn.clone(), city: String::new() };
    // KPP has no attribute of its own; authorities put it beside the other numbers.
    let numbers = [("INN", Some(inn)), ("KPP", kpp.as_ref()), ("OGRN", Some(&ogrn))];
    let numbers = numbers.iter().filter_map(|(name, value)| {
        value.filter(|value| !value.is_empty()).map(|value| format!("{name}={value}"))
    });
    let numbers = numbers.collect::<Vec<_>>().join("/");
    Subject::employee(&organization, &person(""), position).with(oid::UNSTRUCTURED_NAME, numbers)
}

#[cfg(test)]
mod tests {
    use potok_cms::{Content, SignedData, SubjectKind, Verification, verify};
    use potok_types::{BoxId, OrgId, SeededEntropy, Ticks, UserId};

    use super::*;

    const AT: Ticks = Ticks::from_unix_nanoseconds(1_795_255_200_000_000_000);

    fn organization(inn: &str) -> directory::Organization {
        directory::Organization {
            org_id: OrgId::ZERO,
            box_id: BoxId::ZERO,
            inn: inn.to_owned(),
            kpp: Some("770101001".to_owned()),
            full_name: "Общество «Ромашка»".to_owned(),
            short_name: "ООО «Ромашка»".to_owned(),
            ogrn: None,
            ifns_code: None,
            address: None,
            foreign_code: None,
            fns_participant_id: String::new(),
            counteragents_only: false,
            is_test: true,
            encrypts: false,
            restrictions: directory::Restrictions::default(),
            is_suspended: false,
            is_roaming: false,
            departments: Vec::new(),
        }
    }

    fn user(last_name: &str) -> directory::User {
        directory::User {
            id: UserId::ZERO,
            login: String::new(),
            last_name: last_name.to_owned(),
            first_name: "Анна".to_owned(),
            middle_name: Some("Павловна".to_owned()),
            is_service: false,
            is_blocked: false,
            is_registered: true,
        }
    }

    struct Fixture {
        signer: TestSigner,
        keys: Arc<TestKeys>,
        _folder: tempfile::TempDir,
    }

    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        let operator = crate::documents::test_operator();
        let keys =
            TestKeys::open(&folder.path().join("pki"), &operator, UnixTime(AT.unix_seconds()), &*entropy)
                .unwrap();
        let keys = Arc::new(keys);
        let signer = TestSigner::new(Arc::clone(&keys), entropy, Offload::default());
        Fixture { signer, keys, _folder: folder }
    }

    impl Fixture {
        async fn sign(&self, inn: &str, last_name: &str, at: Ticks) -> Bytes {
            let (organization, user) = (organization(inn), user(last_name));
            let content = Bytes::from_static(b"document");
            let request =
                TestSignature {
                    organization: &organization, user: &user, position: "Директор", content, at
                };
            self.signer.sign(request).await.unwrap()
        }

        fn verify(&self, signature: &[u8], at: Ticks) -> Verification {
            verify(signature, Content::Bytes(b"document"), UnixTime(at.unix_seconds()), &self.keys.trust())
                .unwrap()
        }
    }

    fn certificate(signature: &[u8]) -> potok_cms::Certificate {
        SignedData::parse(signature).unwrap().signer_certificate().unwrap().clone()
    }

    #[tokio::test]
    async fn the_certificate_names_organization_and_person() {
        let fixture = fixture();
        let signature = fixture.sign("7701000010", "Лебедева", AT).await;
        assert!(fixture.verify(&signature, AT).is_valid());
        let certificate = certificate(&signature);
        let subject = certificate.subject();
        assert_eq!(subject.kind(), SubjectKind::LegalEntity);
        assert_eq!(subject.legal_inn(), Some("7701000010"));
        assert_eq!(subject.organization(), Some("ООО «Ромашка»"));
        assert_eq!((subject.surname(), subject.given_name()), (Some("Лебедева"), Some("Анна Павловна")));
        assert_eq!(subject.title(), Some("Директор"));
        assert_eq!(subject.get(oid::UNSTRUCTURED_NAME), Some("INN=7701000010/KPP=770101001"));
        assert_eq!((subject.ogrn(), subject.snils()), (None, None), "unknown is left out");
    }

    #[tokio::test]
    async fn the_same_content_signed_within_one_second_gets_another_signature() {
        let fixture = fixture();
        let first = fixture.sign("7701000010", "Лебедева", AT).await;
        let second = fixture.sign("7701000010", "Лебедева", AT).await;
        assert_eq!(certificate(&first), certificate(&second));
        assert_ne!(first, second);
        assert!(fixture.verify(&first, AT).is_valid() && fixture.verify(&second, AT).is_valid());
    }

    #[tokio::test]
    async fn an_individual_signs_in_the_own_name() {
        let fixture = fixture();
        let signature = fixture.sign("770100001011", "Лебедева", AT).await;
        assert!(fixture.verify(&signature, AT).is_valid());
        let certificate = certificate(&signature);
        assert_eq!(certificate.subject().inn(), Some("770100001011"));
        assert_eq!(certificate.subject().legal_inn(), None);
    }

    #[tokio::test]
    async fn certificates_are_remembered_until_their_time_is_over() {
        let fixture = fixture();
        let of = async |name: &str, at| certificate(&fixture.sign("7701000010", name, at).await);
        let first = of("Лебедева", AT).await;
        assert_eq!(of("Лебедева", AT).await, first);
        assert_ne!(of("Орлова", AT).await, first);
        let later = AT.plus_seconds(400 * 86_400);
        let second = of("Лебедева", later).await;
        assert_ne!(second, first);
        assert!(second.is_valid_at(UnixTime(later.unix_seconds())));
        assert_eq!(of("Лебедева", later).await, second);
    }
}
