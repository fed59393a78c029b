//! `potok admin employee add`.

use std::error::Error;

use clap::{Args, ValueEnum};
use potok_app::Admin;
use potok_domain::directory::{AccessLevel, Permissions};
use potok_types::{BoxId, DepartmentId};
use serde_json::json;

use super::Said;

/// Which documents an employee sees, as the API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Access {
    /// Every document of the box
    #[value(name = "all")]
    All,
    /// Those in the own department
    #[value(name = "department")]
    Department,
    /// Those in the own department and below
    #[value(name = "subdepartments")]
    Subdepartments,
    /// Those in the departments of --selected
    #[value(name = "selected")]
    Selected,
}

/// What an employee may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum May {
    /// Create and edit documents
    Create,
    /// Sign, and refuse to sign
    Sign,
    /// Delete and restore documents
    Delete,
    /// Approve
    Approve,
    /// Pass on for approval or signing
    Request,
    /// Manage counteragents
    Counteragents,
    /// Attach universal messages
    Messages,
    /// Sign with a natural person's Goskey
    Goskey,
    /// Create payment orders
    Payments,
    /// All of this
    All,
}

/// The flags of `employee add`.
#[derive(Args)]
pub(crate) struct EmployeeAdd {
    /// Box of the organization
    #[arg(long = "box", value_name = "BOX")]
    box_id: BoxId,
    /// Login of the user
    #[arg(long, value_name = "LOGIN")]
    user: String,
    /// Position
    #[arg(long, default_value = "")]
    position: String,
    /// Which documents the employee sees
    #[arg(long, value_enum, default_value = "department")]
    access: Access,
    /// The employee's own department; the head when absent
    #[arg(long, value_name = "DEPARTMENT")]
    department: Option<DepartmentId>,
    /// Departments for --access selected, separated by commas
    #[arg(long, value_name = "DEPARTMENTS", value_delimiter = ',')]
    selected: Vec<DepartmentId>,
    /// What the employee may do, separated by commas
    #[arg(long, value_enum, value_delimiter = ',')]
    may: Vec<May>,
    /// May change the organization
    #[arg(long)]
    administrator: bool,
    /// Shut out of the organization
    #[arg(long)]
    blocked: bool,
}

/// An employee by login.
#[derive(Args)]
pub(crate) struct EmployeeNamed {
    /// Box of the organization
    #[arg(long = "box", value_name = "BOX")]
    box_id: BoxId,
    /// Login of the user
    #[arg(long, value_name = "LOGIN")]
    user: String,
}

pub(super) async fn add(admin: &Admin, given: EmployeeAdd) -> Result<Said, Box<dyn Error>> {
    let user = admin.user(&given.user).await?.id;
    let employee = admin.put_employee(given.box_id, user, &given.position, permissions(&given)).await?;
    let Permissions { access, department, .. } = &employee.permissions;
    let text = format!("{} is an employee of box {}", given.user, given.box_id);
    let json = json!({
        "user_id": user.to_string(),
        "box_id": given.box_id.to_string(),
        "position": employee.position,
        "access": format!("{access:?}"),
        "department_id": department.to_string(),
    });
    Ok(Said::new(text, json).changed("employee.add", &format!("{} in box {}", given.user, given.box_id)))
}

pub(super) async fn block(
    admin: &Admin,
    given: EmployeeNamed,
    is_blocked: bool,
) -> Result<Said, Box<dyn Error>> {
    let EmployeeNamed { box_id, user } = given;
    admin.set_employee_blocked(box_id, admin.user(&user).await?.id, is_blocked).await?;
    let (does, change) = match is_blocked {
        true => ("is shut out of", "employee.block"),
        false => ("is let into", "employee.unblock"),
    };
    let json = json!({"login": user, "box_id": box_id.to_string(), "is_blocked": is_blocked});
    let said = Said::new(format!("{user} {does} box {box_id}"), json);
    Ok(said.changed(change, &format!("{user} in box {box_id}")))
}

pub(super) async fn decline(admin: &Admin, given: EmployeeNamed) -> Result<Said, Box<dyn Error>> {
    let EmployeeNamed { box_id, user } = given;
    admin.decline_access(box_id, admin.user(&user).await?.id).await?;
    let said = Said::new(
        format!("{user} is declined in box {box_id}"),
        json!({"login": user, "box_id": box_id.to_string()}),
    );
    Ok(said.changed("employee.decline", &format!("{user} in box {box_id}")))
}

fn permissions(given: &EmployeeAdd) -> Permissions {
    let may = |what: May| given.may.contains(&what) || given.may.contains(&May::All);
    Permissions {
        department: given.department.unwrap_or(DepartmentId::ZERO),
        is_administrator: given.administrator,
        access: match given.access {
            Access::All => AccessLevel::AllDocuments,
            Access::Department => AccessLevel::DepartmentOnly,
            Access::Subdepartments => AccessLevel::DepartmentAndSubdepartments,
            Access::Selected => AccessLevel::SelectedDepartments,
        },
        selected_departments: given.selected.clone(),
        can_create_documents: may(May::Create),
        can_sign_documents: may(May::Sign),
        can_delete_restore_documents: may(May::Delete),
        can_add_resolutions: may(May::Approve),
        can_request_resolutions: may(May::Request),
        can_manage_counteragents: may(May::Counteragents),
        can_attach_universal_messages: may(May::Messages),
        can_use_goskey: may(May::Goskey),
        can_create_payment_orders: may(May::Payments),
        is_blocked: given.blocked,
        block_comment: None,
    }
}
