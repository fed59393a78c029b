//! `GetOrganizationFeatures`: what an organization may use, and whether it is blocked.

use potok_domain::directory::Organization;
use potok_types::Ticks;
use potok_wire::proto::organizations::{
    AutoBlockStatus, BlockStatus, ManualBlockStatus, OrganizationFeatures,
};

/// What every organization of this server may use, by the names of the API.
const FEATURES: [&str; 3] =
    ["AllowApprovementSignatures", "AllowProxifiedDocuments", "AllowSendLockedPackets"];
/// What it may use where documents are forwarded.
const FORWARDING: &str = "AllowDocumentsForwarding";
/// What only those use whom the operator lets exchange encrypted documents.
const ENCRYPTION: &str = "AllowSendEncryptedDocuments";

/// `OrganizationFeatures`, `now`. A suspension is told before by a refusal.
pub fn answer(organization: &Organization, forwards_documents: bool, now: Ticks) -> OrganizationFeatures {
    let restrictions = &organization.restrictions;
    let features = FEATURES.into_iter().chain(forwards_documents.then_some(FORWARDING));
    let features = features.chain(organization.encrypts.then_some(ENCRYPTION));
    OrganizationFeatures {
        block_status: BlockStatus {
            manual_block_status: ManualBlockStatus {
                is_blocked: restrictions.is_block_due(now),
                requested_ticks: restrictions.block_requested_at.map(Ticks::get),
            },
            auto_block_status: AutoBlockStatus { is_blocked: restrictions.is_blocked },
        },
        features: features.map(str::to_owned).collect(),
    }
}
