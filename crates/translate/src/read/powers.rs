//! What is asked about powers of attorney.

use potok_domain::command::{CertificateNamed, PowerToRegister, SignedPower, Source};
use potok_domain::powers::PowerName;
use potok_types::{Invalid, TaskId, id_at};
use potok_wire::proto::ContentV3;
use potok_wire::proto::powers_of_attorney::{
    ConfidantCertificateToPrevalidate, PowerOfAttorneyFullId, PowerOfAttorneySignedContent,
    PowerOfAttorneyToRegister,
};

use crate::BadRequest;

/// How a power is named; `path` is the place of the structure.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn power_name(path: &str, id: &PowerOfAttorneyFullId) -> Result<PowerName, Invalid> {
    let representative = id.representative_inn.as_ref().filter(|inn| !inn.is_empty());
    let representative_inn =
        representative.map(|given| inn(&format!("{path}.RepresentativeInn"), given)).transpose()?;
    Ok(PowerName {
        number: id_at(format!("{path}.RegistrationNumber"), &id.registration_number)?,
        issuer_inn: inn(&format!("{path}.IssuerInn"), &id.issuer_inn)?,
        representative_inn,
    })
}

/// The same in the query.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn power_in_query(number: &str, issuer_inn: &str) -> Result<PowerName, BadRequest> {
    let name = "registrationNumber";
    let number = number.parse().map_err(|_| BadRequest::unreadable_parameter(name, number))?;
    let is_inn = is_inn(issuer_inn);
    let issuer_inn = is_inn.then(|| issuer_inn.to_owned());
    let issuer_inn =
        issuer_inn.ok_or_else(|| BadRequest::invalid("issuerInn", "10 or 12 digits are expected"))?;
    Ok(PowerName { number, issuer_inn, representative_inn: None })
}

/// A registration that a call has begun.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn registration(task: &str) -> Result<TaskId, BadRequest> {
    task.parse().map_err(|_| BadRequest::unreadable_parameter("taskId", task))
}

fn is_inn(text: &str) -> bool {
    matches!(text.len(), 10 | 12) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn inn(path: &str, text: &str) -> Result<String, Invalid> {
    match text {
        "" => Err(Invalid::required(path)),
        text if is_inn(text) => Ok(text.to_owned()),
        _ => Err(Invalid::new(path, "10 or 12 digits are expected")),
    }
}

/// What is to be registered: exactly one of the two ways.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn to_register(body: PowerOfAttorneyToRegister) -> Result<PowerToRegister<Source>, BadRequest> {
    const PATH: &str = "PowerOfAttorneyToRegister";
    match (body.full_id, body.content) {
        (Some(id), None) => Ok(PowerToRegister::Named(power_name(&format!("{PATH}.FullId"), &id)?)),
        (None, Some(content)) => {
            Ok(PowerToRegister::File(signed_power(&format!("{PATH}.Content"), content)?))
        }
        (Some(_), Some(_)) => {
            Err(BadRequest::invalid(PATH, "FullId and Content are both given; leave one of them out"))
        }
        (None, None) => {
            Err(BadRequest::invalid(PATH, "neither FullId nor Content is given; give one of them"))
        }
    }
}

/// The file of a power with its signature.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn signed_power(
    path: &str,
    given: PowerOfAttorneySignedContent,
) -> Result<SignedPower<Source>, BadRequest> {
    Ok(SignedPower {
        path: path.to_owned(),
        content: bytes(&format!("{path}.Content"), given.content)?,
        signature: bytes(&format!("{path}.Signature"), given.signature)?,
    })
}

/// The certificate of whoever is going to sign: exactly one of the two ways.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn certificate(
    path: &str,
    given: ConfidantCertificateToPrevalidate,
) -> Result<CertificateNamed<Source>, BadRequest> {
    match (given.thumbprint.filter(|text| !text.is_empty()), given.content) {
        (Some(thumbprint), None) => Ok(CertificateNamed::Thumbprint(thumbprint)),
        (None, Some(content)) => Ok(CertificateNamed::Content(bytes(&format!("{path}.Content"), content)?)),
        _ => Err(BadRequest::invalid(path, "exactly one of Thumbprint and Content has to be given")),
    }
}

/// Bytes in place or on the shelf. What is in a box already, or was prepared for signing, is a document: never a power, its
/// signature or a certificate.
fn bytes(path: &str, given: ContentV3) -> Result<Source, BadRequest> {
    if given.entity_id.is_some() || given.patched_content_id.is_some_and(|id| !id.is_empty()) {
        let reason = "EntityId and PatchedContentId name no bytes here; give Content or NameOnShelf";
        return Err(BadRequest::invalid(path, reason));
    }
    let inline = given.content.filter(|bytes| !bytes.is_empty());
    match (inline, given.name_on_shelf.filter(|name| !name.is_empty())) {
        (Some(bytes), None) => Ok(Source::Inline(bytes)),
        (None, Some(name)) => Ok(Source::OnShelf(name)),
        _ => Err(BadRequest::invalid(path, "exactly one of Content and NameOnShelf has to be given")),
    }
}
