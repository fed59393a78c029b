//! An employee: who it is, and what it may do.

use askama::Template;
use potok_api::Empty;
use potok_api::methods::{
    BoxQuery, CreateEmployee, DeleteEmployee, EmployeeQuery, GetEmployee, UpdateEmployee,
};
use potok_types::UserId;
use potok_wire::proto::departments::Department;
use potok_wire::proto::employees::{
    AuthorizationPermissionPatch, EmployeeAction, EmployeeDepartmentPatch, EmployeeDocumentAccessLevelPatch,
    EmployeeIsAdministratorPatch, EmployeePermissions, EmployeePermissionsPatch, EmployeePositionPatch,
    EmployeeToCreate, EmployeeToCreateByLogin, EmployeeToCreateCredentials, EmployeeToUpdate,
};
use potok_wire::proto::{DocumentAccessLevel, FullName};

use super::{LEVELS, RIGHTS, departments, say};
use crate::frame::{Frame, user_name};
use crate::server::{Refused, Server, ask, tell};
use crate::{Fields, Reply, Visit};

/// A right as a box to tick.
struct Right {
    name: &'static str,
    text: &'static str,
    is_on: bool,
}

/// A choice.
struct Choice {
    value: String,
    text: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "employee.html")]
struct Page {
    frame: Frame,
    action: String,
    /// Where the powers of attorney are.
    powers: String,
    is_new: bool,
    name: String,
    login: String,
    position: String,
    is_administrator: bool,
    is_blocked: bool,
    rights: Vec<Right>,
    levels: Vec<Choice>,
    departments: Vec<Choice>,
    fields: Fields,
    problem: &'static str,
    detail: String,
}

/// The form of an employee, or what it does; `new` is one that is added.
pub(super) async fn answer(
    server: &dyn Server,
    visit: &Visit,
    frame: Frame,
    user: &str,
) -> Result<Reply, Refused> {
    let user: Option<UserId> = match user {
        "new" => None,
        id => Some(id.parse().map_err(|_| Refused::not_found())?),
    };
    let mut page = page(server, &frame, user).await?;
    let Some(sent) = &visit.sent else { return Ok(Reply::page(&page)) };
    let done = match user {
        None => added(server, &frame, &sent.fields).await,
        Some(user) => changed(server, &frame, user, &sent.fields).await,
    };
    match done {
        Ok(()) => Ok(Reply::GoTo(frame.at("/people?done=1"))),
        Err(refused) if matches!(refused.status, 400 | 403 | 404 | 409) => {
            page.problem =
                say(&frame, "Не получилось: сервер отказал.", "That did not work: the server refused.");
            page.detail = refused.text;
            page.fields = sent.fields.clone();
            Ok(Reply::page_with(refused.status, &page))
        }
        Err(refused) => Err(refused),
    }
}

async fn page(server: &dyn Server, frame: &Frame, user: Option<UserId>) -> Result<Page, Refused> {
    let all = departments::all(server, frame.box_id()).await?;
    let known = match user {
        Some(user) => {
            Some(ask::<GetEmployee>(server, &EmployeeQuery::new(frame.box_id(), user), &Empty).await?)
        }
        None => None,
    };
    let rights = known.as_ref().map(|employee| &employee.permissions);
    let is_allowed = |name: &str| {
        rights.is_some_and(|rights| {
            rights.actions.iter().any(|action| action.name == name && action.is_allowed)
        })
    };
    let level = rights.map_or(DocumentAccessLevel::AllDocuments, |rights| rights.document_access_level());
    let department = rights.map(|rights| rights.user_department_id.as_str());
    let words =
        |russian: &'static str, english: &'static str| if frame.is_russian() { russian } else { english };
    Ok(Page {
        action: frame.at(&match user {
            Some(user) => format!("/people/{user}"),
            None => "/people/new".to_owned(),
        }),
        powers: user.map(|user| frame.at(&format!("/powers?person={user}"))).unwrap_or_default(),
        is_new: user.is_none(),
        name: known.as_ref().map(|employee| user_name(&employee.user)).unwrap_or_default(),
        login: known.as_ref().and_then(|employee| employee.user.login.clone()).unwrap_or_default(),
        position: known.as_ref().map(|employee| employee.position.clone()).unwrap_or_default(),
        is_administrator: rights.is_some_and(|rights| rights.is_administrator),
        is_blocked: rights
            .is_some_and(|it| it.authorization_permission.as_ref().is_some_and(|it| it.is_blocked)),
        rights: RIGHTS
            .iter()
            .map(|(name, russian, english)| Right {
                name,
                text: words(russian, english),
                is_on: is_allowed(name),
            })
            .collect(),
        levels: LEVELS
            .iter()
            .map(|(value, russian, english)| Choice {
                value: (*value as i32).to_string(),
                text: words(russian, english).to_owned(),
                is_chosen: level == *value,
            })
            .collect(),
        departments: choices(all, department),
        fields: Fields::default(),
        problem: "",
        detail: String::new(),
        frame: frame.clone(),
    })
}

fn choices(all: Vec<Department>, chosen: Option<&str>) -> Vec<Choice> {
    let choice =
        |it: Department| Choice { is_chosen: chosen == Some(it.id.as_str()), value: it.id, text: it.name };
    all.into_iter().map(choice).collect()
}

fn actions(fields: &Fields) -> Vec<EmployeeAction> {
    let action = |(name, ..): &(&str, &str, &str)| EmployeeAction {
        name: (*name).to_owned(),
        is_allowed: fields.is_on(&format!("may-{name}")),
    };
    RIGHTS.iter().map(action).collect()
}

fn level(fields: &Fields) -> i32 {
    let given = fields.get("level").and_then(|text| text.parse::<i32>().ok());
    let known = LEVELS.iter().find(|(level, ..)| Some(*level as i32) == given);
    known.map_or(DocumentAccessLevel::DepartmentOnly, |(level, ..)| *level) as i32
}

async fn added(server: &dyn Server, frame: &Frame, fields: &Fields) -> Result<(), Refused> {
    let login = EmployeeToCreateByLogin {
        login: fields.text("login").to_owned(),
        full_name: fields.get("last").map(|last| FullName {
            last_name: last.to_owned(),
            first_name: fields.text("first").to_owned(),
            middle_name: fields.get("middle").map(str::to_owned),
        }),
    };
    let request = EmployeeToCreate {
        credentials: EmployeeToCreateCredentials { login: Some(login), certificate: None },
        position: fields.get("position").map(str::to_owned),
        can_be_invited_for_chat: false,
        permissions: EmployeePermissions {
            user_department_id: fields
                .get("department")
                .unwrap_or("00000000-0000-0000-0000-000000000000")
                .to_owned(),
            is_administrator: fields.is_on("administrator"),
            document_access_level: level(fields),
            actions: actions(fields),
            ..EmployeePermissions::default()
        },
    };
    ask::<CreateEmployee>(server, &BoxQuery::new(frame.box_id()), &request).await.map(drop)
}

async fn changed(server: &dyn Server, frame: &Frame, user: UserId, fields: &Fields) -> Result<(), Refused> {
    let query = EmployeeQuery::new(frame.box_id(), user);
    if fields.text("do") == "remove" {
        return tell::<DeleteEmployee>(server, &query, &Empty).await;
    }
    let permissions = EmployeePermissionsPatch {
        department: fields
            .get("department")
            .map(|id| EmployeeDepartmentPatch { department_id: id.to_owned() }),
        is_administrator: Some(EmployeeIsAdministratorPatch {
            is_administrator: fields.is_on("administrator"),
        }),
        document_access_level: Some(EmployeeDocumentAccessLevelPatch {
            document_access_level: level(fields),
        }),
        actions: actions(fields),
        authorization_permission: Some(AuthorizationPermissionPatch {
            is_blocked: fields.is_on("blocked"),
            comment: None,
        }),
        ..EmployeePermissionsPatch::default()
    };
    let request = EmployeeToUpdate {
        permissions: Some(permissions),
        position: Some(EmployeePositionPatch { position: Some(fields.text("position").to_owned()) }),
        can_be_invited_for_chat: None,
    };
    ask::<UpdateEmployee>(server, &query, &request).await.map(drop)
}
