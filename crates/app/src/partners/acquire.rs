//! `AcquireCounteragent`: invites an organization, or accepts its invitation.

use potok_domain::DocumentRef;
use potok_domain::access::{self, Denied};
use potok_domain::command::{NewDocument, Source};
use potok_domain::directory::{Organization, RoamingOperator, operator_of};
use potok_domain::relation::{self, Attachment, Invite, RelationChange};
use potok_store::{Operation, Task, TaskOutcome};
use potok_types::access::{BoxEmployee, ManagesCounteragents};
use potok_types::{DepartmentId, TaskId};

use super::{CounteragentName, Partners, PartnersError};
use crate::core::{Missing, Terms};
use crate::exchange::InvitingDocument;
use crate::{Actor, Permit};

/// An invitation, or the answer to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcquireRequest {
    /// Who is meant.
    pub target: CounteragentName,
    /// What is written to them.
    pub message: Option<String>,
    /// The document that comes with it.
    pub document: Option<NewDocument<Source>>,
    /// The department on whose behalf the call is made.
    pub department: Option<DepartmentId>,
    /// What tells a call with a document from others: its repeat sends no second letter while the first is on its way.
    pub call: Option<Operation>,
}

impl Partners {
    /// Invites, or accepts, and names the task by which the result is asked for. Who is invited or a partner already stays
    /// that.
    ///
    /// # Errors
    /// `Missing::Department`, `Denied::Department`; [`PartnersError::NoBox`], [`PartnersError::NoOrganization`];
    /// [`PartnersError::Relation`]; [`PartnersError::Exchange`] where the document cannot be posted. Nobody to invite by INN is
    /// told by the result, and so is a document whose signature is bad.
    pub async fn acquire(
        &self,
        actor: &Permit<ManagesCounteragents<BoxEmployee>>,
        request: AcquireRequest,
    ) -> Result<TaskId, PartnersError> {
        check_department(actor, request.department)?;
        let outcome = match self.named(&request.target).await? {
            None => TaskOutcome::Failed { reason: nobody(&request.target) },
            Some(other) => {
                let operator = self.operator_of(&other).await?;
                relation::check_sides(&actor.organization, &other, operator.as_ref())?;
                let counteragent = other.box_id;
                let message = request.message.clone();
                // No document leaves for another operator, and the caller is told nothing of it.
                match request.document.filter(|_| !other.is_roaming) {
                    None => {
                        self.invite(actor, &other, message).await?;
                        TaskOutcome::Done { counteragent }
                    }
                    Some(document) => {
                        let department = request.department;
                        let invitation = InvitingDocument { to: counteragent, department, message, document };
                        match self.send_invitation(actor, &other, invitation, request.call).await? {
                            Some(document) => TaskOutcome::WithDocument { counteragent, document },
                            None => TaskOutcome::Done { counteragent },
                        }
                    }
                }
            }
        };
        let id = TaskId::from_uuid(self.core.entropy.uuid());
        let (user, box_id, started_at) = (actor.user.id, actor.box_id(), self.core.clock.now());
        self.tasks.put_task(&Task { id, user, box_id, started_at, outcome }).await?;
        Ok(id)
    }

    /// The other operator whose client the organization is; `None` for one of this server, and where it is not known.
    async fn operator_of(&self, other: &Organization) -> Result<Option<RoamingOperator>, PartnersError> {
        if !other.is_roaming {
            return Ok(None);
        }
        let id = operator_of(&other.fns_participant_id);
        let known = self.registers.roaming_operators().await?;
        Ok(known.into_iter().find(|operator| Some(&operator.fns_id) == id.as_ref()))
    }

    async fn invite(
        &self,
        actor: &Actor,
        other: &Organization,
        message: Option<String>,
    ) -> Result<(), PartnersError> {
        let (at, by) = (self.core.clock.now(), Some(actor.user.id));
        // Nobody here agrees in the name of another operator's client.
        let is_welcome = !other.is_roaming && self.core.agrees_to_everybody(other);
        self.core
            .change_relation(actor.box_id(), other.box_id, Terms::default(), |known, _| {
                let invite = Invite { message: message.clone(), attachment: None, is_welcome, at };
                let act = relation::acquire(known, invite)?;
                Ok::<_, PartnersError>(act.map(|act| RelationChange::Mine { act, by }))
            })
            .await?;
        Ok(())
    }

    /// Posts the document of an invitation, which invites when it arrives; `None` where nobody has to be invited.
    async fn send_invitation(
        &self,
        actor: &Permit<ManagesCounteragents<BoxEmployee>>,
        other: &Organization,
        invitation: InvitingDocument,
        call: Option<Operation>,
    ) -> Result<Option<DocumentRef>, PartnersError> {
        let letter = invitation.letter(actor.box_id());
        actor.check_parts(&access::actions_of_post(&letter))?;
        let (relations, _) = self.core.relations_and_groups(actor.box_id(), &[other.box_id]).await?;
        let attachment = letter.documents.first().map(|document| Attachment {
            document: None,
            needs_signature: document.need_recipient_signature,
        });
        let invite = Invite {
            message: None,
            attachment,
            is_welcome: self.core.agrees_to_everybody(other),
            at: self.core.clock.now(),
        };
        for known in &relations {
            if relation::acquire(known, invite.clone())?.is_none() {
                return Ok(None);
            }
        }
        // The letter changes the relation when it arrives, and then the same call is another one.
        let revisions: Vec<String> = relations.iter().map(|known| known.revision().0.to_string()).collect();
        let call = call.map(|call| {
            let id = format!("{} {} {}", call.id, other.box_id, revisions.join(" "));
            Operation { id, ..call }
        });
        Ok(Some(self.exchange.post_invitation(actor, letter, call.as_ref()).await?))
    }
}

/// Where nobody has the INN.
fn nobody(target: &CounteragentName) -> String {
    match target {
        CounteragentName::Inn(inn) => {
            format!(
                "no organization here has the INN {inn}, and this server cannot ask the state register for it"
            )
        }
        CounteragentName::Box(..) | CounteragentName::Organization(..) => "no such organization".to_owned(),
    }
}

/// It is there, and the employee sees it.
fn check_department(actor: &Actor, department: Option<DepartmentId>) -> Result<(), PartnersError> {
    let Some(department) = department else { return Ok(()) };
    if !actor.organization.has_department(department) {
        return Err(Missing::Department(department).into());
    }
    if !actor.scope.sees_department(department) {
        return Err(Denied::Department { path: "myDepartmentId".to_owned(), department }.into());
    }
    Ok(())
}
