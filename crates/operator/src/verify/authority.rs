//! Whether somebody who signed for an organization needs a power of attorney.

use potok_cms::{Certificate, SubjectKind};
use potok_domain::PowerOfAttorney;

/// What the certificate says about the right to sign for the organization with this INN and OGRN. A certificate that names
/// nobody is not the organization's.
pub fn power_of_attorney(certificate: &Certificate, inn: &str, ogrn: Option<&str>) -> PowerOfAttorney {
    let subject = certificate.subject();
    let is_same = |found: Option<&str>| found == Some(inn);
    let found = match subject.kind() {
        SubjectKind::LegalEntity => match subject.legal_inn() {
            Some(inn) => is_same(Some(inn)),
            // Foreign organizations have certificates without an INN.
            None => subject.ogrn().is_some() && subject.ogrn() == ogrn,
        },
        SubjectKind::IndividualEntity => is_same(subject.person_inn()),
        SubjectKind::PhysicalPerson if is_same(subject.person_inn()) => true,
        SubjectKind::PhysicalPerson => return PowerOfAttorney::RequiredOfPerson,
        SubjectKind::Unknown => false,
    };
    if found { PowerOfAttorney::NotRequired } else { PowerOfAttorney::Required }
}
