//! How far a registration came.

use potok_types::BoxId;

/// What became of somebody's wish to be let into an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AccessRequest {
    /// It waits for an administrator.
    Pending = 1,
    /// An administrator declined it.
    Declined = 2,
}

/// How far a registration came; numbers of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum RegistrationStatus {
    /// The certificate is somebody else's, or the caller was taken out of the organization.
    AccessIsDenied = 1,
    /// An administrator declined.
    AccessRequestIsRejected = 2,
    /// The caller has to show that the key of the certificate is at hand.
    CertificateOwnershipProofIsRequired = 3,
    /// No trusted authority vouches for the certificate.
    CertificateIsNotQualified = 4,
    /// The caller administers the organization.
    RegistrationIsCompleted = 5,
    /// The organization has several places, or is one abroad: its administrators let people in.
    RegistrationInBranchIsForbidden = 7,
    /// An administrator has to decide.
    AccessRequestIsPending = 8,
    /// No organization has the INN of the certificate.
    OrganizationNotFound = 9,
}

/// The answer to somebody who wants to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// How far it came.
    pub status: RegistrationStatus,
    /// The box of the organization, once that is known.
    pub box_id: Option<BoxId>,
    /// UTF-8 text to be signed as a proof.
    pub data_to_sign: Option<Vec<u8>>,
}
