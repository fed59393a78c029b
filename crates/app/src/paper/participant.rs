//! Organizations as official documents name them.

use potok_domain::directory::Organization;
use potok_fns::{FullName, Identity, Participant};

/// The organization as a participant. What it does not say about itself and the formats ask for is filled in.
pub fn participant(organization: &Organization) -> Participant {
    let Organization { inn, kpp, full_name, fns_participant_id, .. } = organization;
    let identity = if inn.len() == 12 {
        let mut name = FullName::split(full_name);
        if name.first.is_empty() {
            name.first.push('-');
        }
        Identity::Entrepreneur { inn: inn.clone(), name }
    } else {
        // Most organizations are registered first where their INN was given, which its first four digits name.
        let kpp = kpp.clone().unwrap_or_else(|| format!("{}01001", inn.get(..4).unwrap_or(inn)));
        Identity::Organization { name: full_name.clone(), inn: inn.clone(), kpp }
    };
    Participant { fns_id: fns_participant_id.clone(), identity }
}
