//! `admin/CreateDepartment`, `admin/UpdateDepartment`.

use potok_domain::directory::{DepartmentPatch, NewDepartment, Routing};
use potok_types::{DepartmentId, Invalid, id_at};
use potok_wire::proto::departments::{DepartmentToCreate, DepartmentToUpdate};

use crate::address;

fn not_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// The department to create.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn new_department(body: DepartmentToCreate) -> Result<NewDepartment, Invalid> {
    let parent = not_empty(body.parent_department_id);
    let parent = parent.map(|text| id_at("DepartmentToCreate.ParentDepartmentId", &text)).transpose()?;
    let address = body.address.map(|it| address::read(*it, "DepartmentToCreate.Address")).transpose()?;
    Ok(NewDepartment {
        parent: parent.unwrap_or(DepartmentId::ZERO),
        name: body.name,
        abbreviation: body.abbreviation,
        kpp: not_empty(body.kpp),
        address,
        routing: Routing { by_kpp: body.routing.kpp, by_address: body.routing.address },
    })
}

/// What to change of a department. An empty patch of KPP or address takes it away.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn patch(body: DepartmentToUpdate) -> Result<DepartmentPatch, Invalid> {
    const PARENT: &str = "DepartmentToUpdate.ParentDepartment.ParentDepartmentId";
    let parent = body.parent_department.map(|it| id_at(PARENT, &it.parent_department_id)).transpose()?;
    let address = body.address.map(|patch| {
        patch.address.map(|it| address::read(*it, "DepartmentToUpdate.Address.Address")).transpose()
    });
    Ok(DepartmentPatch {
        parent,
        naming: body.department_naming.map(|it| (it.name, it.abbreviation)),
        kpp: body.kpp.map(|patch| not_empty(patch.kpp)),
        address: address.transpose()?,
        routing: body.routing.map(|it| Routing { by_kpp: it.kpp, by_address: it.address }),
    })
}
