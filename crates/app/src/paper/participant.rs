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

#[cfg(test)]
mod tests {
    use potok_types::{BoxId, OrgId};

    use super::*;

    fn named(inn: &str, kpp: Option<&str>, full_name: &str) -> Identity {
        participant(&Organization {
            org_id: OrgId::ZERO,
            box_id: BoxId::ZERO,
            inn: inn.to_owned(),
            kpp: kpp.map(str::to_owned),
            full_name: full_name.to_owned(),
            short_name: String::new(),
            ogrn: None,
            ifns_code: None,
            address: None,
            foreign_code: None,
            fns_participant_id: format!("2BM-{inn}"),
            counteragents_only: false,
            is_test: false,
            encrypts: false,
            restrictions: potok_domain::directory::Restrictions::default(),
            is_suspended: false,
            is_roaming: false,
            departments: Vec::new(),
        })
        .identity
    }

    #[test]
    fn what_the_formats_ask_for_is_filled_in() {
        let kpp = |kpp| {
            let Identity::Organization { kpp, .. } = named("9612345678", kpp, "ООО «Ромашка»")
            else {
                panic!("ten digits are an organization");
            };
            kpp
        };
        assert_eq!(kpp(None), "961201001");
        assert_eq!(kpp(Some("770101001")), "770101001");
        let Identity::Entrepreneur { name, .. } = named("961234567890", None, "Лютик") else {
            panic!("twelve digits are a person");
        };
        assert_eq!((name.last.as_str(), name.first.as_str()), ("Лютик", "-"));
    }
}
