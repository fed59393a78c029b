//! Powers of attorney of those who signed.

use potok_types::EntityId;

use crate::powers::Validation;
use crate::{EntityState, MessageState, PowerOfAttorney, Service};

/// What is known about the powers of attorney under the signatures of a document; numbers of the API
/// (`PowerOfAttorneyValidationStatusNamedId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Authority {
    /// They came, and cannot be checked; or nobody has looked into them.
    CannotBeValidated = 1,
    /// They are good.
    Valid = 2,
    /// One is not.
    NotValid = 3,
    /// The check of one failed.
    ValidationError = 4,
    /// A signer needs one, and none came.
    NotAttached = 5,
    /// They are good as far as they could be checked.
    HasWarnings = 6,
}

impl Authority {
    /// What is known about those under `document`; `None` when none is involved. Receipts do not count.
    pub(super) fn read(state: &MessageState, document: EntityId) -> Option<Self> {
        let counts = |found: &&EntityState| {
            let is_approval = found.entity.signature().is_none_or(|signature| signature.is_approval);
            let parent = found.entity.parent.and_then(|parent| state.entity(parent));
            let is_of_receipt =
                parent.and_then(|parent| parent.entity.service()).is_some_and(Service::is_receipt);
            !is_approval && !is_of_receipt && state.root_of(found.entity.id) == document
        };
        let of_signatures =
            state.entities().iter().filter(counts).filter_map(|found| of_signature(state, found));
        // What is worst counts for all.
        let order = [
            Self::NotAttached,
            Self::NotValid,
            Self::CannotBeValidated,
            Self::ValidationError,
            Self::HasWarnings,
            Self::Valid,
        ];
        let place = |authority: &Self| order.iter().position(|known| known == authority);
        of_signatures.min_by_key(place)
    }

    /// What a check says.
    const fn of(validation: &Validation, is_bad: bool, has_warnings: bool) -> Self {
        match validation {
            Validation::Unreadable(_) => Self::CannotBeValidated,
            Validation::Failed(_) => Self::ValidationError,
            Validation::Done(_) if is_bad => Self::NotValid,
            Validation::Done(_) if has_warnings => Self::HasWarnings,
            Validation::Done(_) => Self::Valid,
        }
    }
}

fn of_signature(state: &MessageState, signature: &EntityState) -> Option<Authority> {
    match signature.power_of_attorney? {
        known if known.is_missing() => Some(Authority::NotAttached),
        PowerOfAttorney::Attached => {
            let power = state.power_of(signature.entity.id);
            let last = power.and_then(|power| state.power_checks(power.entity.id).last());
            let read =
                |(_, it): (&EntityState, &Validation)| Authority::of(it, it.is_bad(), it.has_warnings());
            Some(last.map_or(Authority::CannotBeValidated, read))
        }
        _ => None,
    }
}
