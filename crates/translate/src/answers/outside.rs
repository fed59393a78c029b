//! `GetRoamingOperators`, `SearchFnsParticipants`.

use potok_domain::directory::{Participant, ParticipantsFound, RoamingOperator};
use potok_wire::proto::fns_participants::{
    FnsParticipant, FnsParticipantSearchStatus as Status, SearchFnsParticipantsResponse,
};
use potok_wire::proto::{self, OperatorFeature, RoamingOperatorList};

/// `RoamingOperatorList`.
pub fn operators(all: Vec<RoamingOperator>) -> RoamingOperatorList {
    let operator = |it: RoamingOperator| proto::RoamingOperator {
        fns_id: it.fns_id,
        name: it.name,
        is_active: it.is_active,
        features: it
            .features
            .into_iter()
            .map(|feature| OperatorFeature { name: feature.name, description: feature.description })
            .collect(),
    };
    RoamingOperatorList { roaming_operators: all.into_iter().map(operator).collect() }
}

/// `SearchFnsParticipantsResponse`.
pub fn participants(found: ParticipantsFound) -> SearchFnsParticipantsResponse {
    let (status, found) = match found {
        ParticipantsFound::Found(found) => (Status::OkFnsParticipantSearchStatus, found),
        ParticipantsFound::Nobody => (Status::NotFoundFnsParticipantSearchStatus, Vec::new()),
        ParticipantsFound::NotAllowed => (Status::NotAllowedFnsParticipantSearchStatus, Vec::new()),
    };
    let participant = |it: Participant| FnsParticipant {
        fns_participant_id: it.id,
        inn: it.inn,
        kpp: it.kpp,
        full_name: it.full_name,
    };
    SearchFnsParticipantsResponse {
        status: status as i32,
        participants: found.into_iter().map(participant).collect(),
    }
}
