//! What the box keeps of the people who sign titles: their certificates, and in what capacity they sign.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_cms::{Certificate, Thumbprint};
use potok_domain::directory::{ExtendedSigner, SignerDetails};
use potok_fns::FullName;
use potok_store::{CertificateThumbprint, SignerPlace};
use potok_titles::{SignerAsked, SignerFacts};
use potok_types::{BoxId, Invalid};

use super::generate::signer::facts;
use super::{Paper, PaperError};
use crate::Actor;
use crate::core::CoreError;
use crate::login::stored;
use crate::people::extended;

const PATH: &str = "the request body: Signers/Signer";
/// `SignerType` of who acts for a legal entity.
const LEGAL_ENTITY: i32 = 1;

impl Paper {
    /// What is known of the signer whom the data of a title name. `title` is the kind of title, if anything is kept for it.
    ///
    /// # Errors
    /// `CoreError::Invalid` names the certificate that cannot be read, and the power of attorney that nobody has registered.
    pub(super) async fn signer_facts(
        &self,
        actor: &Actor,
        asked: &SignerAsked,
        title: Option<i32>,
    ) -> Result<SignerFacts, PaperError> {
        let mut known = facts(PATH, asked, actor)?;
        if let Some((certificate, details)) = self.kept_signer(actor, asked, title).await? {
            complete(&mut known, actor, asked, &certificate, details);
        }
        Ok(known)
    }

    /// The certificate with this thumbprint, if it is that of an employee of the actor's box.
    pub(super) async fn certificate_of_employee(
        &self,
        actor: &Actor,
        thumbprint: CertificateThumbprint,
    ) -> Result<Option<Certificate>, PaperError> {
        let kept = self.certificates.user_certificate(thumbprint).await.map_err(CoreError::from)?;
        let Some(kept) = kept else { return Ok(None) };
        let holder = self.core.directory.member(actor.box_id(), kept.user).await.map_err(CoreError::from)?;
        Ok(holder.and_then(|_| Certificate::from_der(&kept.der).ok()))
    }

    /// The certificate of an employee of the actor's box, with what is said of its holder. Nothing is told of certificates of
    /// others, which are answered as those that nobody has.
    async fn kept_signer(
        &self,
        actor: &Actor,
        asked: &SignerAsked,
        title: Option<i32>,
    ) -> Result<Option<(Certificate, Option<SignerDetails>)>, PaperError> {
        let box_id = actor.box_id();
        let is_own =
            asked.box_id.as_deref().is_none_or(|id| id.parse::<BoxId>().is_ok_and(|id| id == box_id));
        let Some(thumbprint) = thumbprint(asked)?.filter(|_| is_own).map(stored) else { return Ok(None) };
        let Some(certificate) = self.certificate_of_employee(actor, thumbprint).await? else {
            return Ok(None);
        };
        let details = match title {
            None => None,
            Some(title) => {
                let place = SignerPlace { thumbprint, title };
                self.registers.signer_details(box_id, place).await.map_err(CoreError::from)?
            }
        };
        Ok(Some((certificate, details)))
    }
}

/// That of the certificate that the data name, if they name one.
pub(super) fn thumbprint(asked: &SignerAsked) -> Result<Option<Thumbprint>, Invalid> {
    if let Some(text) = &asked.thumbprint {
        let read = Thumbprint::parse(text).ok_or_else(|| {
            let reason = format!("{text:?} must be 40 hexadecimal digits");
            Invalid::new(format!("{PATH}/Certificate/@CertificateThumbprint"), reason)
        });
        return read.map(Some);
    }
    let Some(text) = &asked.certificate else { return Ok(None) };
    let dense: String = text.split_ascii_whitespace().collect();
    let read = STANDARD.decode(dense).ok().and_then(|bytes| Certificate::parse(&bytes).ok());
    Ok(read.map(|certificate| certificate.thumbprint()))
}

/// Adds what is kept. Certificates that the data have in full speak for themselves.
fn complete(
    known: &mut SignerFacts,
    actor: &Actor,
    asked: &SignerAsked,
    certificate: &Certificate,
    details: Option<SignerDetails>,
) {
    let signer = extended(certificate, details.clone().unwrap_or_default());
    if asked.certificate.is_none() {
        known.position_in_certificate = certificate.subject().title().map(str::to_owned);
        if !signer.surname.is_empty() {
            known.name = Some(FullName {
                last: signer.surname.clone(),
                first: signer.first_name.clone(),
                middle: signer.patronymic.clone(),
            });
        }
    }
    if let Some(said) = details {
        known.position_of_title = said.job_title;
        known.additional_info = said.signer_info;
        known.details = attributes(&signer, &actor.organization.inn);
    }
}

/// As `SignerDetails` of the data call them. A legal entity has an INN of 10 digits, a person one of 12; `own` is that of the
/// organization.
pub(super) fn attributes(signer: &ExtendedSigner, own: &str) -> Vec<(String, String)> {
    let said = &signer.details;
    let digits = if said.signer_type == Some(LEGAL_ENTITY) { 10 } else { 12 };
    let inns = [signer.inn.as_deref(), Some(own)];
    let number = |number: Option<i32>| number.map(|number| number.to_string());
    let all = [
        ("LastName", Some(signer.surname.clone())),
        ("FirstName", Some(signer.first_name.clone())),
        ("MiddleName", signer.patronymic.clone()),
        ("Position", signer.job_title.clone()),
        ("Inn", inns.into_iter().flatten().find(|inn| inn.len() == digits).map(str::to_owned)),
        ("RegistrationCertificate", said.registration_certificate.clone()),
        ("SignerType", number(said.signer_type)),
        ("SignerOrganizationName", signer.organization.clone()),
        ("SignerInfo", said.signer_info.clone()),
        ("SignerPowers", number(said.powers)),
        ("SignerStatus", number(said.status)),
        ("SignerPowersBase", said.powers_base.clone()),
        ("SignerOrgPowersBase", said.org_powers_base.clone()),
    ];
    let said = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    said.filter(|(_, value)| !value.is_empty()).collect()
}
