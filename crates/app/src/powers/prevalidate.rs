//! `PrevalidatePowerOfAttorney`: whether a power of the register would do for a signature.

use potok_cms::{Certificate, SubjectKind, Thumbprint};
use potok_domain::command::{CertificateNamed, Source};
use potok_domain::powers::{PowerName, SignerNamed, Validation, validate};
use potok_store::CertificateThumbprint;
use potok_types::Invalid;
use potok_types::access::BoxEmployee;

use super::{Powers, PowersError};
use crate::Permit;

impl Powers {
    /// Checks the power of `name`, which stands at `path`, for a signature in the name of the actor's organization by whoever has
    /// the certificate, which stands at `certificate_path`.
    ///
    /// # Errors
    /// [`PowersError::NoPower`]; `CoreError::Invalid` for a certificate that is none, or that the caller does not log in by.
    pub async fn prevalidate(
        &self,
        actor: &Permit<BoxEmployee>,
        (path, name): (&'static str, PowerName),
        (certificate_path, certificate): (&str, CertificateNamed<Source>),
    ) -> Result<Validation, PowersError> {
        let signer = self.signer(actor, certificate_path, &certificate).await?;
        let found = self.core.power_named(&name).await?.ok_or(PowersError::NoPower { path, name })?;
        let mut chain = vec![found.tried()];
        chain.extend(self.core.ancestors(&found.power).await?.iter().map(|it| it.tried()));
        let inn = &actor.organization.inn;
        Ok(Validation::Done(validate(&chain, signer.as_ref(), inn, self.core.clock.now())))
    }

    /// Who signs by a certificate. Only those of the caller are known by their thumbprint: which others there are is nobody's
    /// business.
    async fn signer(
        &self,
        actor: &Permit<BoxEmployee>,
        path: &str,
        given: &CertificateNamed<Source>,
    ) -> Result<Option<SignerNamed>, PowersError> {
        let der = match given {
            CertificateNamed::Content(source) => {
                self.shelf.bytes_at(actor.user.id, &format!("{path}.Content"), source).await?
            }
            CertificateNamed::Thumbprint(text) => {
                let place = format!("{path}.Thumbprint");
                let wrong = |reason| Invalid::new(place.clone(), reason);
                let thumbprint =
                    Thumbprint::parse(text).ok_or_else(|| wrong("40 hexadecimal digits are expected"))?;
                let thumbprint = CertificateThumbprint(*thumbprint.as_bytes());
                let found = self.certificates.user_certificate(thumbprint).await?;
                let found = found.filter(|found| found.user == actor.user.id);
                found
                    .ok_or_else(|| wrong("you have no such certificate on this server; give Content"))?
                    .der
                    .into()
            }
        };
        let read = self.core.room.read(&der, |bytes| Certificate::parse(bytes).map(|it| named(&it))).await?;
        let read = read
            .map_err(|error| Invalid::new(format!("{path}.Content"), format!("{error}; give X.509 in DER")));
        Ok(read?)
    }
}

/// Whom a certificate names, if anybody.
pub(crate) fn named(certificate: &Certificate) -> Option<SignerNamed> {
    let subject = certificate.subject();
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let snils = subject.snils().map(|snils| snils.chars().filter(char::is_ascii_digit).collect());
    (subject.kind() != SubjectKind::Unknown).then(|| SignerNamed {
        organization_inn: owned(subject.legal_inn()),
        person_inn: owned(subject.person_inn()),
        snils,
    })
}
