//! Powers of attorney of those who signed.

use potok_types::EntityId;

use crate::{MessageState, PowerOfAttorney};

/// What is known about the powers of attorney under the signatures of a document; numbers of the API
/// (`PowerOfAttorneyValidationStatusNamedId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Authority {
    /// They came, but nobody has looked into them.
    CannotBeValidated = 1,
    /// A signer needs one, and none came.
    NotAttached = 5,
}

impl Authority {
    /// What is known about those under `document`; `None` when none is involved.
    pub(super) fn read(state: &MessageState, document: EntityId) -> Option<Self> {
        let known: Vec<_> = state
            .entities()
            .iter()
            .filter(|found| found.entity.signature().is_some_and(|signature| !signature.is_approval))
            .filter_map(|found| Some((found.power_of_attorney?, found.entity.id)))
            .filter(|(_, signature)| state.root_of(*signature) == document)
            .map(|(known, _)| known)
            .collect();
        if known.iter().any(|known| known.is_missing()) {
            Some(Self::NotAttached)
        } else if known.contains(&PowerOfAttorney::Attached) {
            Some(Self::CannotBeValidated)
        } else {
            None
        }
    }
}
