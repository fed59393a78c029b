//! Why somebody may do something, or may not: the questions that a call is asked, one after the other, by the same policy.

use std::sync::Arc;

use potok_domain::MessageState;
use potok_domain::access::{self, Action, Asked, Scope, names_of_needed};
use potok_domain::directory::Organization;
use potok_store::Member;
use potok_types::access::{Access, Caller, Documents, Right};
use potok_types::{BoxId, EntityId, MessageId, UserId};

use super::{Admin, AdminError};
use crate::access::{AccessError, let_in};

/// What somebody wants to do something to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessTarget {
    /// A box.
    Box(BoxId),
    /// A document, in whichever box of the user it is.
    Document {
        /// Its message.
        message: MessageId,
        /// The document.
        document: EntityId,
    },
}

/// One question, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedStep {
    /// The box that it is about, once that is known.
    pub box_id: Option<BoxId>,
    /// What was found out.
    pub found: String,
    /// Whether it goes on.
    pub passes: bool,
}

/// The answer and how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExplainedAccess {
    /// Yes or no: yes where it is yes in one box.
    pub is_allowed: bool,
    /// The questions in order. In each box the last one decides.
    pub steps: Vec<ExplainedStep>,
}

impl ExplainedAccess {
    fn note(&mut self, box_id: Option<BoxId>, passes: bool, found: impl Into<String>) -> bool {
        self.steps.push(ExplainedStep { box_id, found: found.into(), passes });
        passes
    }
}

impl Admin {
    /// Whether the user with `login` may do to `target` what calls of class `class` do, with parts that need `parts`, and why.
    ///
    /// # Errors
    /// `CoreError::Store`. That there is no such user is an answer.
    pub async fn explain_access(
        &self,
        login: &str,
        target: AccessTarget,
        class: &Access,
        parts: &[Action],
    ) -> Result<ExplainedAccess, AdminError> {
        let mut told = ExplainedAccess::default();
        let Some(user) = self.find_user(login).await? else {
            told.note(None, false, format!("there is no user with login {login:?}"));
            return Ok(told);
        };
        let who = format!("{} ({})", user.full_name(), user.id);
        if user.is_blocked {
            told.note(
                None,
                false,
                format!("{who} is blocked on this server: no token of the user opens anything"),
            );
            return Ok(told);
        }
        told.note(None, true, format!("{who} is a user who is not blocked"));
        if !matches!(class.caller, Caller::Employee | Caller::EmployeeIfNamed) {
            let found =
                format!("class {class} does not ask who is employed where, nor for documents of a box");
            told.is_allowed = told.note(None, true, found);
            return Ok(told);
        }
        match target {
            AccessTarget::Box(box_id) => {
                let member = self.core.directory.member(box_id, user.id).await?;
                told.is_allowed = explain_member(&mut told, member, box_id, class, parts).is_some();
            }
            AccessTarget::Document { message, document } => {
                self.explain_document(&mut told, user.id, (message, document), class, parts).await?;
            }
        }
        Ok(told)
    }

    async fn explain_document(
        &self,
        told: &mut ExplainedAccess,
        user: UserId,
        (message, document): (MessageId, EntityId),
        class: &Access,
        parts: &[Action],
    ) -> Result<(), AdminError> {
        let members = self.core.directory.memberships(user).await?;
        told.note(None, !members.is_empty(), format!("the user is an employee of {} boxes", members.len()));
        let mut is_anywhere = false;
        for member in members {
            let box_id = member.employee.box_id;
            let Some(state) = self.core.find_state(box_id, message).await? else { continue };
            is_anywhere = true;
            told.note(Some(box_id), true, format!("message {message} is in this box"));
            if let Some(member) = explain_member(told, Some(member), box_id, class, parts) {
                told.is_allowed |= explain_sight(told, &member, &state, document);
            }
        }
        if !is_anywhere {
            told.note(None, false, format!("none of these boxes has message {message}"));
        }
        Ok(())
    }
}

/// The member who is let in and may do what is wanted there.
fn explain_member(
    told: &mut ExplainedAccess,
    member: Option<Member>,
    box_id: BoxId,
    class: &Access,
    parts: &[Action],
) -> Option<Member> {
    let place = Some(box_id);
    let allowed = member.ok_or(AccessError::BoxDenied(box_id)).and_then(|member| {
        let_in(&member.organization, &member.employee)?;
        Ok(member)
    });
    let member = match allowed {
        Ok(member) => member,
        Err(refusal) => {
            told.note(place, false, refusal.to_string());
            return None;
        }
    };
    let name = &member.organization.short_name;
    told.note(place, true, format!("the user is an employee of {name}, neither is shut out"));
    let asked = Asked { parts, ..Asked::default() };
    if let Err(denied) = access::check(class, &member.employee.permissions, &member.organization, &asked) {
        told.note(place, false, denied.to_string());
        return None;
    }
    let needed = names_of_needed(class, parts);
    told.note(
        place,
        true,
        match needed.is_empty() {
            true => "no permission is asked for".to_owned(),
            false => format!("the employee has the permissions that are asked for: {}", needed.join(", ")),
        },
    );
    if class.right == Some(Right::ByPatch) {
        told.note(
            place,
            true,
            "which permissions a patch needs depends on its parts: ask for each of them by name",
        );
    }
    if class.documents != Documents::Untouched {
        told.note(place, true, sight(&access::scope_of(&member.employee, &member.organization), &member));
    }
    Some(member)
}

/// What the employee sees, in words.
fn sight(scope: &Scope, member: &Member) -> String {
    let level = member.employee.permissions.access;
    match scope {
        Scope::All => format!("level {level:?}: every document of the box is seen"),
        Scope::Departments { departments, .. } => {
            let names: Vec<String> =
                departments.iter().map(|id| department(&member.organization, *id)).collect();
            format!("level {level:?}: documents in these departments are seen: {}", names.join(", "))
        }
    }
}

fn department(organization: &Organization, id: potok_types::DepartmentId) -> String {
    let name = organization.department_name(id).unwrap_or("a department that is not there any more");
    format!("{name} ({id})")
}

/// Whether the document is seen where it lies.
fn explain_sight(
    told: &mut ExplainedAccess,
    member: &Member,
    state: &Arc<MessageState>,
    document: EntityId,
) -> bool {
    let place = Some(state.box_id);
    let Some(lies) = state.document_state(document) else {
        return told.note(place, false, format!("entity {document} is no document of the message"));
    };
    let where_it_lies = department(&member.organization, lies.department);
    let scope = access::scope_of(&member.employee, &member.organization);
    match access::check_documents(&scope, state, [document]) {
        Ok(()) if scope.sees_department(lies.department) => {
            told.note(place, true, format!("the document lies in {where_it_lies}, which is seen"))
        }
        Ok(()) => {
            let found =
                format!("it lies in {where_it_lies}, but the employee was asked for a resolution about it");
            told.note(place, true, found)
        }
        Err(denied) => told.note(place, false, format!("it lies in {where_it_lies}: {denied}")),
    }
}
