//! Who signs, from what the request says, the certificate, and the record of the employee.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_cms::{Certificate, Thumbprint};
use potok_domain::paper::{GivenSigner, SignerByDetails};
use potok_fns::{
    FullName, GivenCertificate, GivenPower, PositionSource, SignatureType, Signer, SignerContract,
    SignerStatus,
};
use potok_titles::{SignerAsked, SignerFacts};
use potok_types::Invalid;

use super::in_both_languages;
use crate::Actor;
use crate::login::stored;
use crate::paper::{Paper, PaperError};

/// What a format wants to know of the signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Name; the position if there is one.
    Name,
    /// Name and position.
    NameAndPosition,
    /// The same with the right to sign; the position if there is one.
    NameAndRight,
}

impl Paper {
    /// The signer that the request names: also by the thumbprint of a certificate of an employee of the actor's box.
    ///
    /// # Errors
    /// `CoreError::Invalid` names what is missing.
    pub(super) async fn signer(
        &self,
        actor: &Actor,
        given: &GivenSigner,
        wanted: Wanted,
    ) -> Result<Signer, PaperError> {
        let kept = match thumbprint(given) {
            Some(thumbprint) => self.certificate_of_employee(actor, stored(thumbprint)).await?,
            None => None,
        };
        Ok(resolve(given, actor, wanted, kept.as_ref())?)
    }
}

/// That of the certificate by which the request names the signer, if it does not give the certificate itself.
fn thumbprint(given: &GivenSigner) -> Option<Thumbprint> {
    match given {
        GivenSigner::Details(given) if given.details.is_some() || given.certificate.is_some() => None,
        GivenSigner::Details(given) => Thumbprint::parse(given.thumbprint.as_deref()?),
        // What is wrong with it is told when it is read.
        GivenSigner::Contract { xml, .. } => match SignerContract::parse(xml).ok()?.certificate? {
            GivenCertificate::Thumbprint(text) => Thumbprint::parse(&text),
            GivenCertificate::Bytes(_) => None,
        },
    }
}

/// The signer that the request names; `kept` is the certificate that it names by its thumbprint, if this box knows it.
///
/// # Errors
/// [`Invalid`] names what is missing.
fn resolve(
    given: &GivenSigner,
    actor: &Actor,
    wanted: Wanted,
    kept: Option<&Certificate>,
) -> Result<Signer, Invalid> {
    let (signer, position_path) = match given {
        GivenSigner::Details(given) => {
            let field = if given.details.is_some() { "SignerDetails.JobTitle" } else { "SignerCertificate" };
            (by_details(given, actor, kept)?, format!("{}.{field}", given.path))
        }
        GivenSigner::Contract { path, xml } => {
            let contract =
                SignerContract::parse(xml).map_err(|error| invalid(*path, in_both_languages(&error)))?;
            (by_contract(path, contract, actor, wanted, kept)?, format!("{path}: Signer/Position"))
        }
    };
    if wanted == Wanted::NameAndPosition && signer.position.is_none() {
        return Err(invalid(position_path, "the position of the signer is required by this format; give it"));
    }
    Ok(signer)
}

fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Invalid {
    Invalid::new(path, reason)
}

fn filled(text: impl AsRef<str>) -> Option<String> {
    Some(text.as_ref().trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn by_details(given: &SignerByDetails, actor: &Actor, kept: Option<&Certificate>) -> Result<Signer, Invalid> {
    let path = given.path;
    if let Some(details) = &given.details {
        return Ok(Signer {
            position: details.job_title.as_deref().and_then(filled),
            name: FullName {
                last: details.surname.trim().to_owned(),
                first: details.first_name.trim().to_owned(),
                middle: details.patronymic.as_deref().and_then(filled),
            },
            ..Signer::default()
        });
    }
    let (field, found) = match (&given.certificate, kept) {
        (Some(bytes), _) => {
            ("SignerCertificate", Some(subject(&format!("{path}.SignerCertificate"), bytes)?))
        }
        (None, Some(kept)) => ("SignerCertificateThumbprint", Some(subject_of(kept))),
        (None, None) => ("", None),
    };
    if let Some(subject) = found {
        let name = subject.name.ok_or_else(|| {
            let reason = "the subject of the certificate names no person; give SignerDetails";
            invalid(format!("{path}.{field}"), reason)
        })?;
        let position = subject.position.or_else(|| filled(&actor.employee.position));
        return Ok(Signer { position, name, ..Signer::default() });
    }
    Err(match &given.thumbprint {
        Some(_) => invalid(
            format!("{path}.SignerCertificateThumbprint"),
            "no employee of this box has a certificate with the thumbprint; give SignerCertificate or SignerDetails",
        ),
        None => invalid(
            path,
            "nobody is named; give one of SignerDetails, SignerCertificate and SignerCertificateThumbprint",
        ),
    })
}

fn by_contract(
    path: &str,
    contract: SignerContract,
    actor: &Actor,
    wanted: Wanted,
    kept: Option<&Certificate>,
) -> Result<Signer, Invalid> {
    let SignerContract { status, signature_type, certificate, name, position, power } = contract;
    let subject = match certificate {
        Some(GivenCertificate::Bytes(bytes)) => {
            subject(&format!("{path}: Signer/Certificate/@CertificateBytes"), &bytes)?
        }
        // The name of a certificate that nobody here has says nothing of the person; the employee's record does.
        Some(GivenCertificate::Thumbprint(_)) => kept.map(subject_of).unwrap_or_default(),
        None => Subject::default(),
    };
    let name = name.or(subject.name).unwrap_or_else(|| of_user(actor));
    let position = position.unwrap_or_default();
    let from_source = match position.source {
        PositionSource::Employee => filled(&actor.employee.position),
        PositionSource::Certificate => subject.position,
        PositionSource::Manual => None,
    };
    let position = from_source.or_else(|| filled(&position.text));
    let (electronic, paper) = match power {
        None => (None, None),
        Some(GivenPower::Electronic(power)) => (Some(power), None),
        Some(GivenPower::Paper(power)) => (None, Some(power)),
        Some(GivenPower::Registered { .. }) => {
            return Err(invalid(
                format!("{path}: Signer/PowerOfAttorney/Electronic/Storage"),
                "no power of attorney is registered in this box; describe it with Manual",
            ));
        }
    };
    let by_power = match (&electronic, &paper) {
        (Some(_), _) => SignerStatus::ElectronicPower,
        (None, Some(_)) => SignerStatus::PaperPower,
        (None, None) => SignerStatus::Entitled,
    };
    let (status, signature_type) = match wanted {
        Wanted::NameAndRight => {
            (Some(status.unwrap_or(by_power)), Some(signature_type.unwrap_or(SignatureType::Qualified)))
        }
        // Older formats have no place for them.
        Wanted::Name | Wanted::NameAndPosition => (None, None),
    };
    Ok(Signer { status, signature_type, position, name, electronic, paper })
}

/// What is known of the signer of a title, of the certificate that its data name, else of the caller.
///
/// # Errors
/// [`Invalid`] names the certificate that cannot be read, and the power of attorney that nobody has registered.
pub(in crate::paper) fn facts(
    path: &str,
    asked: &SignerAsked,
    actor: &Actor,
) -> Result<SignerFacts, Invalid> {
    let subject = match &asked.certificate {
        Some(text) => {
            let path = format!("{path}/Certificate/@CertificateBytes");
            let dense: String = text.split_ascii_whitespace().collect();
            let bytes = STANDARD.decode(dense);
            subject(&path, &bytes.map_err(|_| invalid(&path, "a certificate in base64 is expected"))?)?
        }
        None => Subject::default(),
    };
    if asked.power.is_some() {
        return Err(invalid(
            format!("{path}/PowerOfAttorney"),
            "no power of attorney is registered in this box; describe it with Manual",
        ));
    }
    Ok(SignerFacts {
        name: Some(subject.name.unwrap_or_else(|| of_user(actor))),
        position_of_employee: filled(&actor.employee.position),
        position_in_certificate: subject.position,
        ..SignerFacts::default()
    })
}

/// What a certificate says of its owner.
#[derive(Default)]
struct Subject {
    name: Option<FullName>,
    position: Option<String>,
}

fn subject(path: &str, bytes: &[u8]) -> Result<Subject, Invalid> {
    let certificate = Certificate::parse(bytes)
        .map_err(|error| invalid(path, format!("{error}; give an X.509 certificate in DER")))?;
    Ok(subject_of(&certificate))
}

fn subject_of(certificate: &Certificate) -> Subject {
    let subject = certificate.subject();
    let name = subject.surname().map(|surname| {
        // Russian certificates have the patronymic behind the given name, in one attribute.
        let mut words = subject.given_name().unwrap_or_default().split_whitespace();
        let first = words.next().unwrap_or_default().to_owned();
        let middle = filled(words.collect::<Vec<_>>().join(" "));
        FullName { last: surname.trim().to_owned(), first, middle }
    });
    Subject { name, position: subject.title().and_then(filled) }
}

fn of_user(actor: &Actor) -> FullName {
    let user = &actor.user;
    FullName {
        last: user.last_name.trim().to_owned(),
        first: user.first_name.trim().to_owned(),
        middle: user.middle_name.as_deref().and_then(filled),
    }
}

#[cfg(test)]
mod tests;
