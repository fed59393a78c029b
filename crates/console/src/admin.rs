//! The organization: its people with their rights, and its departments. The API lets its administrators in, and nobody else.

mod departments;
mod employee;

use askama::Template;
use potok_api::Empty;
use potok_api::methods::{AdminGetDepartments, GetEmployees, PageQuery};
use potok_types::BoxId;
use potok_wire::proto::DocumentAccessLevel;
use potok_wire::proto::departments::Department;
use potok_wire::proto::employees::Employee;

use crate::frame::{Frame, Section, user_name};
use crate::server::{Refused, Server, ask};
use crate::{Reply, Visit};

/// People on a page.
const PAGE: i64 = 50;

/// The rights that the API names, and what they are called.
const RIGHTS: [(&str, &str, &str); 7] = [
    ("CreateDocuments", "Создавать и отправлять документы", "Create and send documents"),
    ("SignDocuments", "Подписывать документы", "Sign documents"),
    ("DeleteRestoreDocuments", "Удалять и восстанавливать документы", "Delete and restore documents"),
    ("AddResolutions", "Согласовывать документы", "Approve documents"),
    ("RequestResolutions", "Передавать документы на согласование", "Ask for approvals"),
    ("ManageCounteragents", "Вести список контрагентов", "Manage counteragents"),
    ("AttachUniversalMessages", "Добавлять технологические квитанции", "Add universal messages"),
];

/// What somebody sees, as the API numbers it.
const LEVELS: [(DocumentAccessLevel, &str, &str); 3] = [
    (DocumentAccessLevel::AllDocuments, "Все документы", "All documents"),
    (
        DocumentAccessLevel::DepartmentAndSubdepartments,
        "Своё подразделение и вложенные",
        "The department and those below",
    ),
    (DocumentAccessLevel::DepartmentOnly, "Только своё подразделение", "The department only"),
];

struct Person {
    link: String,
    name: String,
    login: String,
    position: String,
    department: String,
    level: &'static str,
    is_administrator: bool,
    is_blocked: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct Page {
    frame: Frame,
    /// Whoever is no administrator is told so.
    is_allowed: bool,
    people: Vec<Person>,
    total: i32,
    next: Option<String>,
    departments: Vec<Department>,
    done: &'static str,
}

fn say(frame: &Frame, russian: &'static str, english: &'static str) -> &'static str {
    if frame.is_russian() { russian } else { english }
}

/// The people of the organization.
pub(crate) async fn people(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    page(server, visit, Frame::of_box(server, visit, box_id, Section::People).await?).await
}

/// What the forms of departments do.
pub(crate) async fn departments(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::People).await?;
    departments::answer(server, visit, frame).await
}

/// The form of an employee, or what it does.
pub(crate) async fn employee(
    server: &dyn Server,
    visit: &Visit,
    box_id: BoxId,
    user: &str,
) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::People).await?;
    employee::answer(server, visit, frame, user).await
}

async fn page(server: &dyn Server, visit: &Visit, frame: Frame) -> Result<Reply, Refused> {
    let number =
        visit.query.get("page").and_then(|text| text.parse::<i64>().ok()).unwrap_or(1).clamp(1, 10_000);
    let query = PageQuery { page: Some(number), count: Some(PAGE), ..PageQuery::new(frame.box_id()) };
    let list = match ask::<GetEmployees>(server, &query, &Empty).await {
        Ok(list) => list,
        Err(refused) if refused.status == 403 => {
            let none = Page {
                is_allowed: false,
                people: Vec::new(),
                total: 0,
                next: None,
                departments: Vec::new(),
                done: "",
                frame,
            };
            return Ok(Reply::page(&none));
        }
        Err(refused) => return Err(refused),
    };
    let departments = departments::all(server, frame.box_id()).await?;
    let has_more = number * PAGE < i64::from(list.total_count);
    let page = Page {
        is_allowed: true,
        people: list.employees.iter().map(|it| person(&frame, it, &departments)).collect(),
        total: list.total_count,
        next: has_more.then(|| frame.at(&format!("/people?page={}", number + 1))),
        departments,
        done: if visit.query.is_on("done") { say(&frame, "Сделано.", "Done.") } else { "" },
        frame,
    };
    Ok(Reply::page(&page))
}

fn person(frame: &Frame, employee: &Employee, departments: &[Department]) -> Person {
    let (user, rights) = (&employee.user, &employee.permissions);
    let level = LEVELS.iter().find(|(level, ..)| *level == rights.document_access_level());
    let level = level.map(|(_, russian, english)| if frame.is_russian() { *russian } else { *english });
    let department = departments.iter().find(|it| it.id == rights.user_department_id);
    Person {
        link: frame.at(&format!("/people/{}", user.user_id)),
        name: user_name(user),
        login: user.login.clone().unwrap_or_default(),
        position: employee.position.clone(),
        department: department.map(|it| it.name.clone()).unwrap_or_default(),
        level: level.unwrap_or(say(frame, "Выбранные подразделения", "Chosen departments")),
        is_administrator: rights.is_administrator,
        is_blocked: rights.authorization_permission.as_ref().is_some_and(|it| it.is_blocked),
    }
}

/// The departments of a box: a hundred at most.
pub(crate) async fn all_departments(server: &dyn Server, box_id: BoxId) -> Result<Vec<Department>, Refused> {
    let query = PageQuery { page: Some(1), count: Some(100), ..PageQuery::new(box_id) };
    Ok(ask::<AdminGetDepartments>(server, &query, &Empty).await?.departments)
}
