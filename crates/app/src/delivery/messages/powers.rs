//! What the operator finds about powers of attorney on their way.

use potok_domain::operator::{CheckedPower, powers_to_check};
use potok_domain::{Event, MessageState, PowerOfAttorney};
use potok_types::{BoxId, EntityId};

use super::Messages;
use crate::core::CoreError;
use crate::delivery::failed::Failed;
use crate::powers::{CheckedSignature, InBox, check_power};

impl Messages {
    /// Checks the powers of attorney that `event` brings to `to`.
    pub(super) async fn check_powers(
        &self,
        source: &MessageState,
        event: &Event,
        to: BoxId,
    ) -> Result<Vec<(EntityId, CheckedPower)>, Failed> {
        let files = InBox { core: &self.core, box_id: source.box_id };
        let mut checked = Vec::new();
        for id in powers_to_check(source, event, to) {
            let Some(power) = source.entity(id) else { continue };
            let signature = power.entity.parent.and_then(|parent| source.entity(parent));
            let (Some(attached), Some(signature)) = (power.entity.power(), signature) else { continue };
            let (Some(described), Some(content)) = (signature.entity.signature(), signature.entity.content)
            else {
                continue;
            };
            let organization = self.core.organization(described.signer_box).await?;
            let organization = organization.ok_or(CoreError::NoOrganization(described.signer_box))?;
            let given = CheckedSignature {
                signature: files.bytes(content).await?,
                organization: &organization,
                at: signature.entity.created_at,
            };
            let power_of = (attached, power.entity.content);
            let validation = check_power(&self.core, &*self.verifier, power_of, given, &files).await?;
            let status = EntityId::from_uuid(self.core.entropy.id());
            checked.push((signature.entity.id, CheckedPower { power: id, id: status, validation }));
        }
        Ok(checked)
    }
}

/// Who brought a power of attorney along does not lack one.
pub(super) const fn right_of(found: Option<PowerOfAttorney>, has_power: bool) -> Option<PowerOfAttorney> {
    if has_power { Some(PowerOfAttorney::Attached) } else { found }
}
