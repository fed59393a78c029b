//! `GetMyCertificates`.

use potok_cms::{self as cms, Certificate, UnixTime};
use potok_domain::SubjectKind;
use potok_domain::directory::HeldCertificate;
use potok_types::Ticks;
use potok_types::access::BoxEmployee;

use super::{People, PeopleError};
use crate::Permit;

impl People {
    /// The certificates of the caller that are in date now: those by which it logs in, in the order in which they were added, then
    /// those of keys that the server holds for it.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn my_certificates(
        &self,
        actor: &Permit<BoxEmployee>,
    ) -> Result<Vec<HeldCertificate>, PeopleError> {
        let now = UnixTime(self.core.clock.now().unix_seconds());
        let kept = self.logins.user_certificates(actor.user.id).await?;
        let read = kept.iter().filter_map(|one| Certificate::from_der(&one.der).ok());
        let mut all: Vec<HeldCertificate> =
            read.filter(|certificate| certificate.is_valid_at(now)).map(|one| held(&one)).collect();
        let keys = self.held_keys.held_keys(actor.user.id).await?;
        let here = keys.iter().filter_map(|key| Certificate::from_der(&key.certificate).ok());
        let here = here.filter(|certificate| certificate.is_valid_at(now));
        all.extend(here.map(|one| HeldCertificate { is_held_here: true, ..held(&one) }));
        Ok(all)
    }
}

pub(crate) fn held(certificate: &Certificate) -> HeldCertificate {
    let subject = certificate.subject();
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let (first_name, middle_name) = given_names(subject.given_name());
    HeldCertificate {
        thumbprint: certificate.thumbprint().to_string(),
        valid_from: Ticks::from_unix_seconds(certificate.not_before().0),
        valid_to: Ticks::from_unix_seconds(certificate.not_after().0),
        organization: owned(subject.organization()),
        inn: owned(subject.inn()),
        last_name: owned(subject.surname()),
        first_name,
        middle_name,
        short_name: owned(subject.common_name()),
        kind: match subject.kind() {
            cms::SubjectKind::LegalEntity => SubjectKind::LegalEntity,
            cms::SubjectKind::IndividualEntity => SubjectKind::IndividualEntity,
            cms::SubjectKind::PhysicalPerson => SubjectKind::PhysicalPerson,
            cms::SubjectKind::Unknown => SubjectKind::Unknown,
        },
        is_held_here: false,
    }
}

/// The given name of a certificate holds the patronymic too.
pub(crate) fn given_names(given: Option<&str>) -> (Option<String>, Option<String>) {
    match given.map(|given| given.split_once(' ').unwrap_or((given, ""))) {
        Some((first, middle)) => {
            let middle = Some(middle.trim().to_owned()).filter(|middle| !middle.is_empty());
            (Some(first.to_owned()), middle)
        }
        None => (None, None),
    }
}
