//! The world outside, as an administrator tells of it: other operators, and who takes part in the exchange with them.

use potok_domain::directory::{
    OPERATOR_CHARS, OWN_OPERATOR, Participant, RoamingOperator, is_kpp, operator_of,
};

use super::{Admin, AdminError, ImportProblem, invalid};

impl Admin {
    /// All operators, by id.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn roaming_operators(&self) -> Result<Vec<RoamingOperator>, AdminError> {
        Ok(self.registers.roaming_operators().await?)
    }

    /// Everything that speaks against telling of these. `place` of a problem is the name of the list and the number in it.
    pub fn check_outside(
        &self,
        operators: &[RoamingOperator],
        participants: &[Participant],
    ) -> Vec<ImportProblem> {
        let operators = operators.iter().enumerate().flat_map(|(nth, it)| {
            let told = move |reason| ImportProblem { place: format!("operators[{nth}]"), reason };
            operator_problems(it).into_iter().map(told)
        });
        let participants = participants.iter().enumerate().flat_map(|(nth, it)| {
            let told = move |reason| ImportProblem { place: format!("participants[{nth}]"), reason };
            participant_problems(it).into_iter().map(told)
        });
        operators.chain(participants).collect()
    }

    /// Tells of operators and participants, each in the place of what had its id, where [`Self::check_outside`] has found
    /// nothing against them.
    ///
    /// # Errors
    /// `CoreError::Invalid` for the first problem, before anything is written; `CoreError::Store`.
    pub async fn put_outside(
        &self,
        operators: &[RoamingOperator],
        participants: &[Participant],
    ) -> Result<(), AdminError> {
        if let Some(problem) = self.check_outside(operators, participants).into_iter().next() {
            return Err(invalid(&problem.place, problem.reason));
        }
        for operator in operators {
            self.registers.put_roaming_operator(operator).await?;
        }
        Ok(self.registers.put_participants(participants).await?)
    }

    /// Forgets an operator. Organizations that were made for its clients stay.
    ///
    /// # Errors
    /// `CoreError::Invalid` when nobody told of it.
    pub async fn delete_roaming_operator(&self, fns_id: &str) -> Result<(), AdminError> {
        match self.registers.delete_roaming_operator(&fns_id.to_uppercase()).await? {
            true => Ok(()),
            false => {
                Err(invalid("id", format!("there is no operator {fns_id:?}: see `potok admin roaming list`")))
            }
        }
    }

    /// Forgets a participant. An organization that was made for it stays.
    ///
    /// # Errors
    /// `CoreError::Invalid` when nobody told of it.
    pub async fn delete_participant(&self, id: &str) -> Result<(), AdminError> {
        match self.registers.delete_participant(id).await? {
            true => Ok(()),
            false => Err(invalid("id", format!("there is no participant {id:?}"))),
        }
    }
}

fn operator_problems(it: &RoamingOperator) -> Vec<String> {
    let mut problems = Vec::new();
    let is_id = it.fns_id.len() == OPERATOR_CHARS
        && it.fns_id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    if !is_id {
        problems.push(format!("fns_id {:?} must be {OPERATOR_CHARS} digits and Latin capitals", it.fns_id));
    }
    if it.fns_id == OWN_OPERATOR {
        problems.push(format!("{OWN_OPERATOR} is this server's own operator"));
    }
    let texts = it.features.iter().flat_map(|feature| [&feature.name, &feature.description]);
    if texts.chain([&it.name]).any(|text| text.trim().is_empty() || text.contains(['\n', '\r', '\t'])) {
        problems.push("names and descriptions need characters, and have neither lines nor tabs".to_owned());
    }
    problems
}

fn participant_problems(it: &Participant) -> Vec<String> {
    let mut problems = Vec::new();
    match operator_of(&it.id) {
        None => problems.push(format!("fns_participant_id {:?} is too short to name an operator", it.id)),
        Some(own) if own == OWN_OPERATOR => {
            problems.push(format!("{:?} is with this server: create an organization", it.id));
        }
        Some(_) => {}
    }
    if ![10, 12].contains(&it.inn.len()) || !it.inn.bytes().all(|byte| byte.is_ascii_digit()) {
        problems.push(format!("inn {:?} must be 10 or 12 digits", it.inn));
    }
    match &it.kpp {
        Some(kpp) if it.inn.len() == 12 => problems.push(format!("an individual has no kpp ({kpp:?})")),
        Some(kpp) if !is_kpp(kpp) => problems.push(format!("kpp {kpp:?} must be 9 digits")),
        _ => {}
    }
    if it.full_name.trim().is_empty() {
        problems.push("a participant needs a name".to_owned());
    }
    problems
}
