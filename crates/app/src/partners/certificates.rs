//! `GetCounteragentCertificates`: to whom a document for a counteragent may be encrypted.

use potok_cms::{Certificate, UnixTime};
use potok_domain::relation::Status;
use potok_types::access::{BoxEmployee, EncryptsDocuments};
use potok_types::limits;

use super::{OtherSide, Partners, PartnersError};
use crate::Permit;

impl Partners {
    /// The certificates, DER, of those who work for the counteragent: by which they log in, and which are in date now. Whoever
    /// is blocked is left out. In the order in which they were added, `limits::COUNTERAGENT_CERTIFICATES` at most.
    ///
    /// # Errors
    /// [`PartnersError::NoCounteragent`] where the two are no partners, also when there is nobody of that name: which of the two is not told.
    pub async fn counteragent_certificates(
        &self,
        actor: &Permit<EncryptsDocuments<BoxEmployee>>,
        other: OtherSide,
    ) -> Result<Vec<Vec<u8>>, PartnersError> {
        let box_id = actor.box_id();
        let missing = PartnersError::NoCounteragent { box_id, other };
        let Some(other) = self.box_of(other).await? else { return Err(missing) };
        let (relations, _) = self.core.relations_and_groups(box_id, &[other]).await?;
        if !relations.iter().any(|relation| relation.status() == Some(Status::IsMyCounteragent)) {
            return Err(missing);
        }
        let now = UnixTime(self.core.clock.now().unix_seconds());
        let kept = self.logins.certificates_of_employees(other, limits::COUNTERAGENT_CERTIFICATES).await?;
        let is_in_date =
            |der: &Vec<u8>| Certificate::from_der(der).is_ok_and(|certificate| certificate.is_valid_at(now));
        Ok(kept.into_iter().map(|one| one.der).filter(is_in_date).collect())
    }
}
