//! `GetOrganizationFeatures`: what an organization may use, and whether it is blocked.

use potok_wire::proto::organizations::{
    AutoBlockStatus, BlockStatus, ManualBlockStatus, OrganizationFeatures,
};

/// What every organization of this server may use, by the names of the API: what is built.
const FEATURES: [&str; 3] =
    ["AllowApprovementSignatures", "AllowProxifiedDocuments", "AllowSendLockedPackets"];

/// `OrganizationFeatures`. Nothing here blocks an organization but a suspension, and that is told before by a refusal.
pub fn answer() -> OrganizationFeatures {
    OrganizationFeatures {
        block_status: BlockStatus {
            manual_block_status: ManualBlockStatus { is_blocked: false, requested_ticks: None },
            auto_block_status: AutoBlockStatus { is_blocked: false },
        },
        features: FEATURES.map(str::to_owned).to_vec(),
    }
}
