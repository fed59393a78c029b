//! What the operator found out about a signature.

use std::sync::Arc;

use potok_types::{ContentRef, EntityId, Ticks};

/// How far the check of a signature got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The operator has not looked at it yet.
    Unchecked,
    /// It is good.
    Valid,
    /// It is not.
    Invalid,
}

/// Does the signer need a power of attorney, and is there one?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerOfAttorney {
    /// It came with the signature.
    Attached,
    /// The signer acts for itself.
    NotRequired,
    /// It seems to be needed and did not come: the certificate is another organization's.
    Required,
    /// It is needed and did not come: the certificate is a person's, and the box is not.
    RequiredOfPerson,
}

impl PowerOfAttorney {
    /// It is needed and did not come.
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::Required | Self::RequiredOfPerson)
    }
}

/// What the check of a signature found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which signature.
    pub signature: EntityId,
    /// It is good: of these bytes, by a certificate that is trusted and was valid.
    pub is_valid: bool,
    /// Whether the signer needs a power of attorney; `None` when the certificate does not tell who signed.
    pub power_of_attorney: Option<PowerOfAttorney>,
    /// What else was found out; `None` when nobody looked into the signature.
    pub verification: Option<Arc<Verification>>,
}

/// What was found out about a signature, beside whether it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// When the operator checked.
    pub at: Ticks,
    /// It is a signature of the bytes that it hangs under, whatever its certificate is worth.
    pub is_of_content: bool,
    /// The time that its time stamp proves, if it has a good one.
    pub proven_at: Option<Ticks>,
    /// From the signer's certificate to the root, as far as it could be followed; empty when no certificate came along.
    pub chain: Vec<CertificateChecked>,
}

/// One certificate of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateChecked {
    /// Its bytes (DER), kept in the box beside the event that names them.
    pub certificate: ContentRef,
    /// What is wrong with it: the bits of .NET's `X509ChainStatusFlags`, 0 for nothing.
    pub faults: u32,
}

impl Verification {
    /// Certificates came along, and nothing is wrong with any of the chain.
    pub fn is_chain_valid(&self) -> bool {
        !self.chain.is_empty() && self.chain.iter().all(|link| link.faults == 0)
    }

    /// The names of the bytes of its certificates.
    pub fn contents(&self) -> impl Iterator<Item = ContentRef> + '_ {
        self.chain.iter().map(|link| link.certificate)
    }
}

/// What a signature says about itself and its signer. Nothing of it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureDescription {
    /// When the signer claims to have signed.
    pub signing_time: Option<Ticks>,
    /// SHA-1 of the signer's certificate, hex in upper case.
    pub thumbprint: String,
    /// Serial number of the certificate, hex in upper case.
    pub serial_number: String,
    /// Who issued the certificate.
    pub issuer: Option<String>,
    /// First second of the certificate as text, `31.12.2026 23:59:59`, UTC.
    pub not_before: String,
    /// Last second of the certificate in the same form.
    pub not_after: String,
    /// The organization it names.
    pub organization: Option<String>,
    /// The INN of the organization, else of the person.
    pub inn: Option<String>,
    /// The position it names.
    pub position: Option<String>,
    /// Given name and patronymic.
    pub first_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// SNILS.
    pub snils: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whose certificate it is.
    pub subject: SubjectKind,
}

/// Whose certificate it is; numbers of the API (`CertificateSubjectType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum SubjectKind {
    /// It names nobody who could be told apart.
    Unknown = 0,
    /// An organization.
    LegalEntity = 1,
    /// A sole proprietor.
    IndividualEntity = 2,
    /// A person.
    PhysicalPerson = 3,
}
