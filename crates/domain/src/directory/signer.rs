//! Who signs titles with a certificate, and in what capacity.

use crate::SubjectKind;

/// What an organization says of the holder of a certificate for one kind of title. Numbers are those of the API; what the
/// format of the title does not know is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerDetails {
    /// Position, in the place of that of the certificate.
    pub job_title: Option<String>,
    /// Requisites of the certificate of state registration of a sole proprietor.
    pub registration_certificate: Option<String>,
    /// Whether the signer acts for a legal entity, as a sole proprietor, or as a person.
    pub signer_type: Option<i32>,
    /// Whatever else is worth knowing of the signer.
    pub signer_info: Option<String>,
    /// What the signer may do.
    pub powers: Option<i32>,
    /// Whose employee the signer is.
    pub status: Option<i32>,
    /// On what the powers rest.
    pub powers_base: Option<String>,
    /// On what the powers of the signer's organization rest.
    pub org_powers_base: Option<String>,
}

/// The same with what the certificate says of its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedSigner {
    /// Family name.
    pub surname: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Position.
    pub job_title: Option<String>,
    /// INN.
    pub inn: Option<String>,
    /// The organization that the certificate names.
    pub organization: Option<String>,
    /// Whose certificate it is.
    pub kind: SubjectKind,
    /// What the organization says.
    pub details: SignerDetails,
}
