//! Whether somebody who signed for an organization needs a power of attorney.

use potok_cms::{Certificate, SubjectKind};
use potok_domain::PowerOfAttorney;
use potok_domain::directory::Organization;

/// What the certificate says about the right to sign for `signer`; `None` when it does not tell whose it is.
pub(super) fn power_of_attorney(certificate: &Certificate, signer: &Organization) -> Option<PowerOfAttorney> {
    let subject = certificate.subject();
    let is_same = |found: Option<&str>| found == Some(signer.inn.as_str());
    let found = match subject.kind() {
        SubjectKind::LegalEntity => match subject.legal_inn() {
            Some(inn) => is_same(Some(inn)),
            // Foreign organizations have certificates without an INN.
            None => subject.ogrn().is_some() && subject.ogrn() == signer.ogrn.as_deref(),
        },
        SubjectKind::IndividualEntity => is_same(subject.person_inn()),
        SubjectKind::PhysicalPerson if is_same(subject.person_inn()) => true,
        SubjectKind::PhysicalPerson => return Some(PowerOfAttorney::RequiredOfPerson),
        SubjectKind::Unknown => return None,
    };
    Some(if found { PowerOfAttorney::NotRequired } else { PowerOfAttorney::Required })
}
