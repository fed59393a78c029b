//! What is known of the world outside: other operators, and who takes part in the exchange with them. An administrator of the
//! server tells it; nothing is asked of anybody.

use potok_types::{BoxId, Invalid};

/// Characters of a participant id that name its operator.
pub const OPERATOR_CHARS: usize = 3;
/// This operator, as participant ids of its own organizations begin.
pub const OWN_OPERATOR: &str = "2BM";
/// The feature of operators whose clients may be invited at once.
const AUTO_INVITATION: &str = "SupportsAutoInvitation";
/// Digits of the taxpayer number of a legal entity, which has a KPP too; an individual's has 12 and no KPP.
const LEGAL_ENTITY_INN_DIGITS: usize = 10;

/// Another operator of the exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoamingOperator {
    /// The first three characters of the participant ids of its clients, in capitals.
    pub fns_id: String,
    /// Its name.
    pub name: String,
    /// Documents can be exchanged with it now.
    pub is_active: bool,
    /// What it is able to do.
    pub features: Vec<OperatorFeature>,
    /// The box here as which it calls, if it does.
    pub box_id: Option<BoxId>,
}

impl RoamingOperator {
    /// Its clients may be invited without anybody having set up an exchange with them before.
    pub fn takes_invitations(&self) -> bool {
        self.is_active && self.features.iter().any(|feature| feature.name == AUTO_INVITATION)
    }
}

/// Something that an operator is able to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorFeature {
    /// The name that programs compare: `SupportsAutoInvitation`.
    pub name: String,
    /// What it is, for people.
    pub description: String,
}

/// Somebody who takes part in the exchange with another operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The participant id.
    pub id: String,
    /// 10 digits, or 12 for an individual.
    pub inn: String,
    /// 9 digits; `None` for individuals.
    pub kpp: Option<String>,
    /// Full name.
    pub full_name: String,
    /// Wants nothing told of itself.
    pub is_closed: bool,
}

/// The operator whose client has this participant id, in capitals; `None` when the id is too short to name one.
pub fn operator_of(participant_id: &str) -> Option<String> {
    let operator: String = participant_id.chars().take(OPERATOR_CHARS).collect();
    (operator.chars().count() == OPERATOR_CHARS).then(|| operator.to_uppercase())
}

/// Insists on the participant id of a client of another operator.
///
/// # Errors
/// [`Invalid`] at `path`.
pub fn check_outside_id(path: &str, id: &str) -> Result<(), Invalid> {
    let reason = match operator_of(id) {
        None => {
            format!("{id:?} is no participant id: the first {OPERATOR_CHARS} characters name the operator")
        }
        Some(operator) if operator == OWN_OPERATOR => {
            format!("{id:?} is with this operator ({OWN_OPERATOR}): look for it by GetOrganization")
        }
        Some(_) => return Ok(()),
    };
    Err(Invalid::new(path, reason))
}

/// Whom somebody looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParticipantQuery {
    /// Who has this participant id.
    Id(String),
    /// Who has these requisites.
    Requisites {
        /// 10 or 12 digits.
        inn: String,
        /// Only for 10 digits, and always then.
        kpp: Option<String>,
    },
}

impl ParticipantQuery {
    /// The question that a caller put; a participant id counts before requisites.
    ///
    /// # Errors
    /// [`Invalid`] names the field.
    pub fn new(inn: Option<String>, kpp: Option<String>, id: Option<String>) -> Result<Self, Invalid> {
        const PATH: &str = "SearchFnsParticipantsRequest";
        let filled =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if let Some(id) = filled(id) {
            check_outside_id(&format!("{PATH}.FnsParticipantId"), &id)?;
            return Ok(Self::Id(id));
        }
        let invalid = |field: &str, reason: String| Err(Invalid::new(format!("{PATH}.{field}"), reason));
        let Some(inn) = filled(inn) else {
            return Err(Invalid::new(PATH, "give Inn (with Kpp for a legal entity) or FnsParticipantId"));
        };
        let is_number = inn.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || ![LEGAL_ENTITY_INN_DIGITS, 12].contains(&inn.len()) {
            return invalid("Inn", format!("{inn:?} must be 10 or 12 digits"));
        }
        match (inn.len(), filled(kpp)) {
            (LEGAL_ENTITY_INN_DIGITS, None) => {
                invalid("Kpp", "a legal entity (an INN of 10 digits) is looked for with its KPP".to_owned())
            }
            (LEGAL_ENTITY_INN_DIGITS, Some(kpp)) if !super::is_kpp(&kpp) => {
                invalid("Kpp", format!("{kpp:?} must be 9 digits"))
            }
            (LEGAL_ENTITY_INN_DIGITS, kpp) => Ok(Self::Requisites { inn, kpp }),
            _ => Ok(Self::Requisites { inn, kpp: None }),
        }
    }
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParticipantsFound {
    /// Those who want to be found.
    Found(Vec<Participant>),
    /// Nobody.
    Nobody,
    /// Somebody who wants nothing told.
    NotAllowed,
}

impl ParticipantsFound {
    /// What may be told of `all` who fit.
    pub fn among(mut all: Vec<Participant>) -> Self {
        if all.is_empty() {
            return Self::Nobody;
        }
        all.retain(|participant| !participant.is_closed);
        if all.is_empty() { Self::NotAllowed } else { Self::Found(all) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(inn: &str, kpp: &str, id: &str) -> Result<ParticipantQuery, String> {
        let given = |text: &str| Some(text.to_owned());
        ParticipantQuery::new(given(inn), given(kpp), given(id)).map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn a_participant_id_counts_before_requisites() {
        assert_eq!(query("1", "", " 2ae-1 "), Ok(ParticipantQuery::Id("2ae-1".to_owned())));
        for (inn, kpp, found) in
            [("7701000010", "770101001", Some("770101001")), ("500100732259", "770101001", None)]
        {
            let wanted = ParticipantQuery::Requisites { inn: inn.to_owned(), kpp: found.map(str::to_owned) };
            assert_eq!(query(inn, kpp, ""), Ok(wanted));
        }
    }

    #[test]
    fn what_cannot_be_looked_for_is_named() {
        for (inn, kpp, id, words) in [
            ("", "770101001", "", "SearchFnsParticipantsRequest: give Inn"),
            ("77", "", "", "SearchFnsParticipantsRequest.Inn: \"77\" must be 10 or 12 digits"),
            ("77010000io", "", "", "SearchFnsParticipantsRequest.Inn: "),
            ("7701000010", "", "", "SearchFnsParticipantsRequest.Kpp: a legal entity"),
            ("7701000010", "77", "", "SearchFnsParticipantsRequest.Kpp: \"77\" must be 9 digits"),
            (
                "7701000010",
                "770101001",
                "2bm-1",
                "SearchFnsParticipantsRequest.FnsParticipantId: \"2bm-1\" is with this",
            ),
            ("", "", "2A", "SearchFnsParticipantsRequest.FnsParticipantId: \"2A\" is no participant id"),
        ] {
            let refused = query(inn, kpp, id).unwrap_err();
            assert!(refused.starts_with(words), "{refused}");
        }
    }

    #[test]
    fn who_is_closed_is_not_told() {
        let one = |is_closed| Participant {
            id: "2AE-1".to_owned(),
            inn: "7701000010".to_owned(),
            kpp: None,
            full_name: "А".to_owned(),
            is_closed,
        };
        assert_eq!(ParticipantsFound::among(Vec::new()), ParticipantsFound::Nobody);
        assert_eq!(ParticipantsFound::among(vec![one(true)]), ParticipantsFound::NotAllowed);
        assert_eq!(
            ParticipantsFound::among(vec![one(true), one(false)]),
            ParticipantsFound::Found(vec![one(false)])
        );
    }
}
