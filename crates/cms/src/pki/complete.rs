//! A complete infrastructure in one go.

use rand::CryptoRng;

use super::{Authority, Identity, Organization, Person, Role, Subject, Validity};
use crate::certificate::Certificate;
use crate::chain::Trust;
use crate::key::{KeyKind, SigningError};
use crate::revocation::RevocationList;

/// An organization and who signs for it.
#[derive(Clone, Debug)]
pub struct Members {
    /// The organization.
    pub organization: Organization,
    /// Its people, each with a position.
    pub people: Vec<(Person, String)>,
}

/// Everything that a test installation needs: a root, an authority below it, the operator's key, a time stamp
/// authority, and the people of some organizations.
#[derive(Clone, Debug)]
pub struct TestPki {
    /// The root, which installations trust.
    pub root: Authority,
    /// The authority that issued everything else.
    pub authority: Authority,
    /// The operator's key.
    pub operator: Identity,
    /// The key of the time stamp authority.
    pub time_stamping: Identity,
    /// People by organization, in the order they were given.
    pub people: Vec<Vec<Identity>>,
    /// Empty revocation lists of the root and the authority, good as long as the certificates.
    pub revocation_lists: [Vec<u8>; 2],
}

impl TestPki {
    /// Makes all keys of one kind and all certificates for one period.
    ///
    /// # Errors
    /// [`SigningError`] when a key could not be made.
    pub fn new(
        kind: KeyKind,
        operator: &Members,
        organizations: &[Members],
        validity: Validity,
        random: &mut impl CryptoRng,
    ) -> Result<Self, SigningError> {
        let root = Authority::root(&Subject::common_name("Тестовый корневой центр"), kind, validity, random)?;
        let name = Subject::common_name("Тестовый удостоверяющий центр");
        let role = Role::Authority { below: Some(0) };
        let authority = Authority::new(root.issue_identity(&name, kind, role, validity, random)?);

        let mut issue =
            |subject: &Subject, role| authority.issue_identity(subject, kind, role, validity, random);
        let employees = |members: &Members| -> Vec<Subject> {
            let people = members.people.iter();
            people.map(|(person, title)| Subject::employee(&members.organization, person, title)).collect()
        };
        let subject = employees(operator).into_iter().next();
        let subject = subject.unwrap_or_else(|| Subject::organization(&operator.organization));
        let operator = issue(&subject, Role::Signer)?;
        let time_stamping =
            issue(&Subject::common_name("Тестовая служба штампов времени"), Role::TimeStamping)?;
        let mut people = Vec::new();
        for members in organizations {
            let identities = employees(members).iter().map(|subject| issue(subject, Role::Signer)).collect();
            let identities: Result<Vec<Identity>, SigningError> = identities;
            people.push(identities?);
        }
        let revocation_lists =
            [root.revocation_list(&[], 1, validity)?, authority.revocation_list(&[], 1, validity)?];
        Ok(Self { root, authority, operator, time_stamping, people, revocation_lists })
    }

    /// Certificates that a signature carries beside the signer's own.
    pub fn chain(&self) -> Vec<Certificate> {
        vec![self.authority.certificate().clone()]
    }

    /// The trust store of an installation that believes this infrastructure.
    pub fn trust(&self) -> Trust {
        Trust {
            anchors: vec![self.root.certificate().clone()],
            intermediates: self.chain(),
            revocation_lists: self
                .revocation_lists
                .iter()
                .filter_map(|list| RevocationList::parse(list).ok())
                .collect(),
            ..Trust::default()
        }
    }
}
