//! `ContentTypeId` of service documents.

use super::ClarificationPurpose;
use crate::version::{Family, Version};

/// What a service document is in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentType {
    /// `DP_PDPOL`.
    Received,
    /// `DP_PDOTPR`.
    PassedOn,
    /// `DP_IZVPOL`.
    Receipt,
    /// `DP_UVUTOCH`, by what it is for.
    Clarification(ClarificationPurpose),
    /// `DP_PRANNUL`.
    Revocation,
}

impl ContentType {
    /// The family of files.
    pub const fn family(self) -> Family {
        match self {
            Self::Received => Family::Pdpol,
            Self::PassedOn => Family::Pdotpr,
            Self::Receipt => Family::Izvpol,
            Self::Clarification(_) => Family::Uvutoch,
            Self::Revocation => Family::Prannul,
        }
    }
}

/// The id that entities of a document carry; `None` when the family has no such version.
///
/// The API documents `send_confirmation_133_01_03`, `revocation_request_01`, `revocation_request_02` and
/// `signature_rejection_02`; the others follow their pattern.
pub fn content_type_id(content: ContentType, version: Version) -> Option<&'static str> {
    if !content.family().versions().contains(&version) {
        return None;
    }
    let (current, before) = match content {
        ContentType::Received => ("send_confirmation_133_01_03", "send_confirmation_01"),
        ContentType::PassedOn => ("delivery_confirmation_133_01_03", "delivery_confirmation_01"),
        ContentType::Receipt => ("receipt_133_01_03", "receipt_01"),
        ContentType::Clarification(ClarificationPurpose::AmendmentRequest) => {
            ("amendment_request_133_01_03", "amendment_request_02")
        }
        ContentType::Clarification(_) => ("signature_rejection_133_01_03", "signature_rejection_02"),
        ContentType::Revocation if version == Version::V1_02 => {
            ("revocation_request_02", "revocation_request_02")
        }
        ContentType::Revocation => ("revocation_request_01", "revocation_request_01"),
    };
    Some(if version == Version::V1_03 { current } else { before })
}
