//! `CreateEmployee`, `UpdateEmployee`, `UpdateSubscriptions`, and pages of lists.

use potok_domain::directory::{
    AccessLevel, EmployeeAction, EmployeePatch, NewCredentials, NewEmployee, Permissions, Subscription,
};
use potok_types::{DepartmentId, Invalid, id_at, limits};
use potok_wire::proto::AuthorizationPermission;
use potok_wire::proto::employees::subscriptions::SubscriptionsToUpdate;
use potok_wire::proto::employees::{
    self, EmployeePermissions, EmployeePermissionsPatch, EmployeeToCreate, EmployeeToCreateCredentials,
    EmployeeToUpdate,
};

use crate::BadRequest;

/// Characters of a position, and of the reason of a block.
const TEXT_CHARS: usize = 500;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many items stand before it.
    pub offset: u64,
    /// How many it has at most.
    pub limit: u64,
}

/// The page of `page` (from 1) and `count` (from 1 to `most`, which is also meant when nothing is given).
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn page(page: Option<i64>, count: Option<i64>, most: u64) -> Result<Page, BadRequest> {
    let wrong = |name: &str, value: i64, expected: String| {
        BadRequest::worded(format!(
            "query parameter {name} has the wrong value {value}: {expected} is expected"
        ))
    };
    let (page, count) = (page.unwrap_or(1), count.unwrap_or(most.cast_signed()));
    let limit = u64::try_from(count).ok().filter(|count| (1..=most).contains(count));
    let limit = limit.ok_or_else(|| wrong("count", count, format!("a number from 1 to {most}")))?;
    let before = u64::try_from(page).ok().and_then(|page| page.checked_sub(1));
    let before = before.ok_or_else(|| wrong("page", page, "a number from 1 on".to_owned()))?;
    Ok(Page { offset: before.saturating_mul(limit), limit })
}

fn bounded(path: &str, text: String, most: usize) -> Result<String, Invalid> {
    match text.chars().count() {
        length if length > most => {
            Err(Invalid::new(path, format!("{length} characters: at most {most} fit")))
        }
        _ => Ok(text),
    }
}

/// Whom to employ, and as what.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn new_employee(body: EmployeeToCreate) -> Result<NewEmployee, Invalid> {
    Ok(NewEmployee {
        credentials: credentials(body.credentials)?,
        position: bounded("EmployeeToCreate.Position", body.position.unwrap_or_default(), TEXT_CHARS)?,
        permissions: permissions(&body.permissions)?,
        can_be_invited_for_chat: body.can_be_invited_for_chat,
    })
}

fn credentials(given: EmployeeToCreateCredentials) -> Result<NewCredentials, Invalid> {
    const PATH: &str = "EmployeeToCreate.Credentials";
    match (given.login, given.certificate) {
        (Some(login), None) => {
            let path = format!("{PATH}.Login.Login");
            let text = bounded(&path, login.login.trim().to_owned(), limits::LOGIN_CHARS)?;
            if text.is_empty() {
                return Err(Invalid::required(path));
            }
            if !is_email(&text) {
                return Err(Invalid::new(
                    path,
                    format!("{text:?} is no e-mail address: name@host is expected"),
                ));
            }
            let name = login.full_name.map(|name| (name.last_name, name.first_name, name.middle_name));
            Ok(NewCredentials::Login { login: text, name })
        }
        (None, Some(certificate)) => {
            if certificate.content.is_empty() {
                return Err(Invalid::required(format!("{PATH}.Certificate.Content")));
            }
            let not_empty = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
            let email = not_empty(certificate.email);
            if let Some(email) = email.as_deref().filter(|email| !is_email(email)) {
                let reason = format!("{email:?} is no e-mail address: name@host is expected");
                return Err(Invalid::new(format!("{PATH}.Certificate.Email"), reason));
            }
            Ok(NewCredentials::Certificate {
                content: certificate.content.to_vec(),
                access_basis: not_empty(certificate.access_basis),
                email,
            })
        }
        _ => Err(Invalid::new(PATH, "give exactly one of Login and Certificate")),
    }
}

/// Something before and something after one at sign, without blanks.
fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.contains(char::is_whitespace)
}

fn permissions(given: &EmployeePermissions) -> Result<Permissions, Invalid> {
    const PATH: &str = "EmployeeToCreate.Permissions";
    let mut may = Permissions {
        department: id_at(format!("{PATH}.UserDepartmentId"), &given.user_department_id)?,
        is_administrator: given.is_administrator,
        access: level(&format!("{PATH}.DocumentAccessLevel"), given.document_access_level)?,
        selected_departments: departments(PATH, &given.selected_department_ids)?,
        ..Permissions::none()
    };
    // What is not named is denied.
    for (action, is_allowed) in actions(PATH, &given.actions)? {
        *action.flag(&mut may) = is_allowed;
    }
    if let Some(AuthorizationPermission { is_blocked, comment }) = given.authorization_permission.clone() {
        let path = format!("{PATH}.AuthorizationPermission.Comment");
        may.is_blocked = is_blocked;
        may.block_comment = comment.map(|text| bounded(&path, text, TEXT_CHARS)).transpose()?;
    }
    Ok(may)
}

fn level(path: &str, number: i32) -> Result<AccessLevel, Invalid> {
    AccessLevel::from_number(number).ok_or_else(|| {
        Invalid::new(
            path,
            "use DepartmentOnly, DepartmentAndSubdepartments, AllDocuments or SelectedDepartments",
        )
    })
}

fn departments(path: &str, ids: &[String]) -> Result<Vec<DepartmentId>, Invalid> {
    let ids = ids.iter().enumerate();
    ids.map(|(index, text)| id_at(format!("{path}.SelectedDepartmentIds[{index}]"), text)).collect()
}

fn actions(path: &str, given: &[employees::EmployeeAction]) -> Result<Vec<(EmployeeAction, bool)>, Invalid> {
    let read = |(index, action): (usize, &employees::EmployeeAction)| {
        let known = EmployeeAction::by_name(&action.name).ok_or_else(|| {
            let names: Vec<&str> = EmployeeAction::ALL.into_iter().map(EmployeeAction::name).collect();
            let reason = format!("unknown action {:?}: use one of {}", action.name, names.join(", "));
            Invalid::new(format!("{path}.Actions[{index}].Name"), reason)
        })?;
        Ok((known, action.is_allowed))
    };
    given.iter().enumerate().map(read).collect()
}

/// What to change of an employee.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn patch(body: EmployeeToUpdate) -> Result<EmployeePatch, Invalid> {
    let position = body.position.map(|it| it.position.unwrap_or_default());
    let of_permissions = body.permissions.map(patch_of_permissions).transpose()?.unwrap_or_default();
    Ok(EmployeePatch {
        position: position
            .map(|text| bounded("EmployeeToUpdate.Position.Position", text, TEXT_CHARS))
            .transpose()?,
        can_be_invited_for_chat: body.can_be_invited_for_chat.map(|it| it.can_be_invited_for_chat),
        ..of_permissions
    })
}

fn patch_of_permissions(given: EmployeePermissionsPatch) -> Result<EmployeePatch, Invalid> {
    const PATH: &str = "EmployeeToUpdate.Permissions";
    let department =
        given.department.map(|it| id_at(format!("{PATH}.Department.DepartmentId"), &it.department_id));
    let access = given.document_access_level.map(|it| {
        level(&format!("{PATH}.DocumentAccessLevel.DocumentAccessLevel"), it.document_access_level)
    });
    let selected = given
        .selected_departments
        .map(|it| departments(&format!("{PATH}.SelectedDepartments"), &it.selected_department_ids));
    let block = given.authorization_permission.map(|it| {
        let path = format!("{PATH}.AuthorizationPermission.Comment");
        let comment = it.comment.map(|text| bounded(&path, text, TEXT_CHARS)).transpose()?;
        Ok::<_, Invalid>((it.is_blocked, comment))
    });
    Ok(EmployeePatch {
        department: department.transpose()?,
        is_administrator: given.is_administrator.map(|it| it.is_administrator),
        access: access.transpose()?,
        selected_departments: selected.transpose()?,
        actions: actions(PATH, &given.actions)?,
        block: block.transpose()?,
        ..EmployeePatch::default()
    })
}

/// Which notifications are wanted or not wanted from now on, in this order.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn subscriptions(body: &SubscriptionsToUpdate) -> Result<Vec<(Subscription, bool)>, Invalid> {
    let read = |(index, it): (usize, &employees::subscriptions::Subscription)| {
        let known = Subscription::by_id(&it.id).ok_or_else(|| {
            let ids: Vec<&str> = Subscription::ALL.into_iter().map(Subscription::id).collect();
            let reason = format!("unknown notification {:?}: use one of {}", it.id, ids.join(", "));
            Invalid::new(format!("SubscriptionsToUpdate.Subscriptions[{index}].Id"), reason)
        })?;
        Ok((known, it.is_subscribed))
    };
    body.subscriptions.iter().enumerate().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_from_one() {
        assert_eq!(page(None, None, 50), Ok(Page { offset: 0, limit: 50 }));
        assert_eq!(page(Some(3), Some(7), 50), Ok(Page { offset: 14, limit: 7 }));
        assert_eq!(page(Some(i64::MAX), Some(50), 50).unwrap().offset, u64::MAX);
        for (wrong, words) in [
            ((Some(0), None), "query parameter page has the wrong value 0"),
            ((Some(-1), None), "page"),
            ((None, Some(0)), "count has the wrong value 0: a number from 1 to 50 is expected"),
            ((None, Some(51)), "count"),
        ] {
            let refused = page(wrong.0, wrong.1, 50).unwrap_err().to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }

    #[test]
    fn an_address_of_mail_has_two_sides() {
        for good in ["a@b", "иван@ромашка.рф"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
