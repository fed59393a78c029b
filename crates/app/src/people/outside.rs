//! `GetRoamingOperators`, `SearchFnsParticipants`, `GetOrCreateRoamingOrganizationByFnsParticipantId`: by what an administrator
//! of the server has told of the world outside.

use potok_domain::directory::{
    DirectoryWish, Organization, Participant, ParticipantQuery, ParticipantsFound, Restrictions,
    RoamingOperator, check_outside_id, operator_of,
};
use potok_types::access::BoxEmployee;
use potok_types::{BoxId, OrgId};
use sha2::{Digest as _, Sha256};

use super::{People, PeopleError};
use crate::Permit;
use crate::core::DirectoryWishes;

impl People {
    /// All operators that the server was told of, by id.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn roaming_operators(
        &self,
        _actor: &Permit<BoxEmployee>,
    ) -> Result<Vec<RoamingOperator>, PeopleError> {
        Ok(self.registers.roaming_operators().await?)
    }

    /// Who takes part in the exchange with other operators.
    ///
    /// # Errors
    /// [`PeopleError::NoParticipantId`] when the caller's organization takes no part itself.
    pub async fn search_participants(
        &self,
        actor: &Permit<BoxEmployee>,
        query: &ParticipantQuery,
    ) -> Result<ParticipantsFound, PeopleError> {
        if actor.organization.fns_participant_id.is_empty() {
            return Err(PeopleError::NoParticipantId(actor.box_id()));
        }
        let found = match query {
            ParticipantQuery::Id(id) => self.registers.participant(id).await?.into_iter().collect(),
            ParticipantQuery::Requisites { inn, kpp } => {
                let mut found = self.registers.participants_by_inn(inn).await?;
                found.retain(|one| kpp.is_none() || one.kpp == *kpp);
                found
            }
        };
        Ok(ParticipantsFound::among(found))
    }

    /// The organization of somebody who takes part in the exchange with another operator; it is made at the first call.
    ///
    /// # Errors
    /// `CoreError::Invalid` for an id of this operator; [`PeopleError::NoParticipant`].
    pub async fn roaming_organization(
        &self,
        actor: &Permit<BoxEmployee>,
        id: &str,
    ) -> Result<Organization, PeopleError> {
        let id = id.trim();
        check_outside_id("GetOrCreateRoamingOrganizationByFnsParticipantIdRequest.FnsParticipantId", id)?;
        let found = self.registers.participant(id).await?.filter(|one| !one.is_closed);
        let as_written = found.as_ref().map_or(id, |one| one.id.as_str());
        if let Some(known) = self.core.directory.organization_by_fns_id(as_written).await? {
            return Ok(known);
        }
        let operators = self.registers.roaming_operators().await?;
        let is_reachable =
            operators.iter().any(|it| it.is_active && Some(&it.fns_id) == operator_of(id).as_ref());
        let Some(participant) = found.filter(|_| is_reachable) else {
            return Err(PeopleError::NoParticipant(id.to_owned()));
        };
        let new = organization(participant);
        let box_id = new.box_id;
        self.core
            .change_directory(box_id, Some(actor.user.id), || async {
                let known = self.core.directory.organization_by_box(box_id).await?;
                let wishes = match &known {
                    Some(_) => DirectoryWishes::default(),
                    None => DirectoryWish::organization(None, new.clone()).into(),
                };
                Ok((wishes, known.unwrap_or_else(|| new.clone())))
            })
            .await
    }
}

/// The organization of a participant. Its ids follow from the participant's, so that two callers at once make one.
fn organization(it: Participant) -> Organization {
    let id = |what: &str| {
        let mut digest = Sha256::new_with_prefix(what);
        digest.update(it.id.to_lowercase());
        let digest: [u8; 32] = digest.finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    };
    Organization {
        org_id: OrgId::from_uuid(id("roaming organization ")),
        box_id: BoxId::from_uuid(id("roaming box ")),
        inn: it.inn,
        kpp: it.kpp,
        short_name: it.full_name.clone(),
        full_name: it.full_name,
        ogrn: None,
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: it.id,
        counteragents_only: false,
        is_test: false,
        is_suspended: false,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_roaming: true,
        departments: Vec::new(),
    }
}
