//! Departments of an organization.

use potok_types::access::{Administers, BoxEmployee, User};
use potok_types::{BoxId, DepartmentId, OrgId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery, ORG, PageQuery};
use crate::params::queries;
use crate::spec::dates::R1_ASSUMED;
use crate::{Deprecation, Empty, Example};

queries! {
    /// A call about one department of a box.
    DepartmentQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The department.
        department_id: DepartmentId = "departmentId";
    }

    /// A call about one department of an organization.
    DepartmentByOrganizationQuery {
        /// The organization.
        org_id: OrgId = "orgId",
        /// The department.
        department_id: DepartmentId = "departmentId";
    }
}

endpoints! {
    $ Departments for_each_departments_endpoint;

    /// One department, also of another organization.
    GetDepartmentV2 get_department_v2 = "GetDepartment" 2, Get "/V2/GetDepartment",
    DepartmentQuery, Empty => proto::Department {
        access: User,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&departmentId={department}")),
    }

    /// One department, also of another organization.
    GetDepartment get_department = "GetDepartment" 1, Get "/GetDepartment",
    DepartmentByOrganizationQuery, Empty => proto::Department {
        access: User,
        box_in: ORG,
        status_codes: &[200, 400, 401, 404, 405, 429, 500],
        example: Some(Example::query("orgId={org}&departmentId={department}")),
        deprecation: R1_ASSUMED,
    }

    /// One department with its routing.
    AdminGetDepartment admin_get_department = "admin/GetDepartment" 1, Get "/admin/GetDepartment",
    DepartmentQuery, Empty => proto::departments::Department {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&departmentId={department}")),
        deprecation: Deprecation::Announced,
        replaced_by: Some("admin/GetDepartments"),
    }

    /// A page of the departments.
    AdminGetDepartments admin_get_departments = "admin/GetDepartments" 1, Get "/admin/GetDepartments",
    PageQuery, Empty => proto::departments::DepartmentList {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Adds a department.
    AdminCreateDepartment admin_create_department =
        "admin/CreateDepartment" 1, Post "/admin/CreateDepartment",
    BoxQuery, proto::departments::DepartmentToCreate => proto::departments::Department {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}",
            r#"{"Name":"Склад","Abbreviation":"С","Routing":{"Kpp":false,"Address":false}}"#,
        )),
    }

    /// Changes a department.
    AdminUpdateDepartment admin_update_department =
        "admin/UpdateDepartment" 1, Post "/admin/UpdateDepartment",
    DepartmentQuery, proto::departments::DepartmentToUpdate => proto::departments::Department {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}&departmentId={department}",
            r#"{"DepartmentNaming":{"Name":"Юристы","Abbreviation":"Ю"}}"#,
        )),
    }

    /// Removes a department.
    AdminDeleteDepartment admin_delete_department =
        "admin/DeleteDepartment" 1, Post "/admin/DeleteDepartment",
    DepartmentQuery, Empty => Empty {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&departmentId={spare_department}")),
    }
}
