//! `ExtendedSignerDetails`: in what capacity the holder of a certificate signs.

use potok_cms::{Certificate, Thumbprint};
use potok_domain::directory::{ExtendedSigner, SignerDetails};
use potok_store::SignerPlace;
use potok_types::Invalid;
use potok_types::access::BoxEmployee;

use super::{People, PeopleError, held};
use crate::Permit;
use crate::login::stored;

impl People {
    /// What the organization says of the holder of a certificate for titles of one kind (its number of the API).
    ///
    /// # Errors
    /// `CoreError::Invalid` for what is no thumbprint; [`PeopleError::NotOwnCertificate`]; [`PeopleError::NoSigner`].
    pub async fn signer(
        &self,
        actor: &Permit<BoxEmployee>,
        thumbprint: &str,
        title: i32,
    ) -> Result<ExtendedSigner, PeopleError> {
        let (place, certificate) = self.signer_place(actor, thumbprint, title).await?;
        let said = self.registers.signer_details(actor.box_id(), place).await?;
        match (said, certificate) {
            (Some(details), Some(certificate)) => Ok(extended(&certificate, details)),
            _ => Err(PeopleError::NoSigner { thumbprint: thumbprint.to_owned(), title }),
        }
    }

    /// Says it, in the place of what was said before.
    ///
    /// # Errors
    /// As [`Self::signer`], but `CoreError::Invalid` where no employee has the certificate, and for what is not said though the rest
    /// asks for it ([`SignerDetails::check`]).
    pub async fn put_signer(
        &self,
        actor: &Permit<BoxEmployee>,
        thumbprint: &str,
        title: i32,
        details: SignerDetails,
    ) -> Result<ExtendedSigner, PeopleError> {
        let (place, certificate) = self.signer_place(actor, thumbprint, title).await?;
        let Some(certificate) = certificate else {
            let reason = format!(
                "no employee of box {} has certificate {thumbprint}: GetMyCertificates lists those of the caller",
                actor.box_id().guid()
            );
            return Err(Invalid::new("thumbprint", reason).into());
        };
        details.check(title, held(&certificate).organization.as_deref())?;
        let (by, at) = (actor.user.id, self.core.clock.now());
        self.registers.put_signer_details(actor.box_id(), place, &details, by, at).await?;
        Ok(extended(&certificate, details))
    }

    /// The certificate, if an employee has it. Who is no administrator names the own ones only, and hears the same of those
    /// of others and of those that nobody has.
    async fn signer_place(
        &self,
        actor: &Permit<BoxEmployee>,
        text: &str,
        title: i32,
    ) -> Result<(SignerPlace, Option<Certificate>), PeopleError> {
        let thumbprint = Thumbprint::parse(text)
            .ok_or_else(|| Invalid::new("thumbprint", format!("{text:?} must be 40 hexadecimal digits")))?;
        let thumbprint = stored(thumbprint);
        let kept = self.logins.user_certificate(thumbprint).await?;
        let is_own = kept.as_ref().is_some_and(|kept| kept.user == actor.user.id);
        if !is_own && !actor.employee.permissions.is_administrator {
            return Err(PeopleError::NotOwnCertificate(text.to_owned()));
        }
        let mut certificate = None;
        if let Some(kept) = kept
            && (is_own || self.core.directory.member(actor.box_id(), kept.user).await?.is_some())
        {
            certificate = Certificate::from_der(&kept.der).ok();
        }
        Ok((SignerPlace { thumbprint, title }, certificate))
    }
}

/// What an organization says of the holder of a certificate, with what the certificate says.
pub(crate) fn extended(certificate: &Certificate, details: SignerDetails) -> ExtendedSigner {
    let position = certificate.subject().title().map(str::to_owned);
    let holder = held(certificate);
    ExtendedSigner {
        surname: holder.last_name.unwrap_or_default(),
        first_name: holder.first_name.unwrap_or_default(),
        patronymic: holder.middle_name,
        job_title: details.job_title.clone().or(position),
        inn: holder.inn,
        organization: holder.organization,
        kind: holder.kind,
        details,
    }
}
