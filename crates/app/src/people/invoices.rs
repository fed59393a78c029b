//! `CanSendInvoice`, `SendFnsRegistrationMessage`: certificates for signing invoices. The register is the server's own: nothing
//! is sent to anybody.

use bytes::Bytes;
use potok_cms::Certificate;
use potok_domain::directory::{AddressPlace, Organization};
use potok_types::access::{Administers, BoxEmployee};
use potok_types::{ContentHash, Invalid};

use super::{People, PeopleError};
use crate::Permit;
use crate::login::out_of_date;

impl People {
    /// Lets pass a certificate that the organization has registered and that is in date.
    ///
    /// # Errors
    /// `CoreError::Invalid` for bytes that are no certificate; [`PeopleError::NotForInvoices`].
    pub async fn must_sign_invoices(
        &self,
        actor: &Permit<BoxEmployee>,
        certificate: &Bytes,
    ) -> Result<(), PeopleError> {
        let certificate = read("the body", certificate)?;
        let now = self.core.clock.now();
        let hash = ContentHash::of(certificate.as_der());
        let is_registered = self.registers.signs_invoices(actor.box_id(), hash).await?;
        if is_registered && out_of_date(&certificate, now).is_none() {
            return Ok(());
        }
        let thumbprint = certificate.thumbprint().to_string();
        Err(PeopleError::NotForInvoices { thumbprint, box_id: actor.box_id() })
    }

    /// Registers certificates beside those that the organization has registered before.
    ///
    /// # Errors
    /// [`PeopleError::TestInvoices`], [`PeopleError::NoRequisites`]; `CoreError::Invalid` names the certificate.
    pub async fn register_for_invoices(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        certificates: &[Bytes],
    ) -> Result<(), PeopleError> {
        const PATH: &str = "FnsRegistrationMessageInfo.Certificates";
        if certificates.is_empty() {
            return Err(Invalid::new(PATH, "name at least one certificate").into());
        }
        let organization = &administrator.organization;
        let now = self.core.clock.now();
        let mut hashes = Vec::with_capacity(certificates.len());
        for (nth, bytes) in certificates.iter().enumerate() {
            let path = format!("{PATH}[{nth}]");
            let certificate = read(&path, bytes)?;
            if let Some(why) = out_of_date(&certificate, now) {
                return Err(Invalid::new(path, why).into());
            }
            let inn = certificate.subject().inn().unwrap_or_default();
            if inn != organization.inn {
                let reason =
                    format!("it names the INN {inn:?}, and the organization has {}", organization.inn);
                return Err(Invalid::new(path, reason).into());
            }
            hashes.push(ContentHash::of(certificate.as_der()));
        }
        if organization.is_test {
            return Err(PeopleError::TestInvoices(organization.box_id));
        }
        let missing = missing(organization);
        if !missing.is_empty() {
            return Err(PeopleError::NoRequisites {
                box_id: organization.box_id,
                missing: missing.join(", "),
            });
        }
        let by = administrator.user.id;
        Ok(self.registers.register_for_invoices(administrator.box_id(), &hashes, by, now).await?)
    }
}

fn read(path: &str, bytes: &[u8]) -> Result<Certificate, Invalid> {
    Certificate::parse(bytes).map_err(|error| Invalid::new(path, error.to_string()))
}

/// Requisites without which nobody is registered, by the names of their fields.
fn missing(organization: &Organization) -> Vec<&'static str> {
    let region = match organization.address.as_ref().and_then(|address| address.place.as_ref()) {
        Some(AddressPlace::Russian(it)) => it.region.as_str(),
        Some(AddressPlace::Gar(it)) => it.region_code.as_str(),
        Some(AddressPlace::Foreign(_)) | None => "",
    };
    let is_there = [
        ("Ogrn", organization.ogrn.is_some()),
        ("IfnsCode", organization.ifns_code.is_some()),
        ("Address (its region)", !region.trim().is_empty()),
    ];
    is_there.into_iter().filter(|(_, is_there)| !is_there).map(|(name, _)| name).collect()
}
