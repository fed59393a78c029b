//! The file as JSON: `{"organizations": […]}`.

use potok_app::admin::{
    ImportProblem, ImportedDepartment, ImportedEmployee, ImportedOrganization, NewOrganization,
};
use potok_domain::directory::Permissions;
use serde::Deserialize;

use super::{ReadFile, level, path, permissions};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    organizations: Vec<Organization>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organization {
    name: String,
    inn: String,
    kpp: Option<String>,
    ogrn: Option<String>,
    fns_participant_id: Option<String>,
    foreign_code: Option<String>,
    #[serde(default)]
    counteragents_only: bool,
    #[serde(default)]
    test: bool,
    #[serde(default)]
    departments: Vec<Department>,
    #[serde(default)]
    employees: Vec<Employee>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Department {
    /// `Продажи/Опт`.
    path: String,
    kpp: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Employee {
    login: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    first_name: String,
    middle_name: Option<String>,
    #[serde(default)]
    position: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    administrator: bool,
    #[serde(default)]
    access: String,
    #[serde(default)]
    selected: Vec<String>,
    #[serde(default)]
    may: Vec<String>,
    #[serde(default)]
    blocked: bool,
}

/// Reads the file.
pub(super) fn read(text: &str) -> ReadFile {
    let file: File = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}", error.line());
        vec![ImportProblem { place, reason: error.to_string() }]
    })?;
    let mut problems = Vec::new();
    let organizations = file.organizations.into_iter().enumerate();
    let all = organizations.map(|(number, it)| organization(number, it, &mut problems)).collect();
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

fn organization(number: usize, it: Organization, problems: &mut Vec<ImportProblem>) -> ImportedOrganization {
    let place = format!("organizations[{number}]");
    let department = |(nth, it): (usize, Department)| ImportedDepartment {
        place: format!("{place}.departments[{nth}]"),
        path: path(&it.path),
        kpp: it.kpp,
    };
    let departments = it.departments.into_iter().enumerate().map(department).collect();
    let mut employees = Vec::with_capacity(it.employees.len());
    for (nth, it) in it.employees.into_iter().enumerate() {
        let place = format!("{place}.employees[{nth}]");
        match employee(place.clone(), it) {
            Ok(read) => employees.push(read),
            Err(reason) => problems.push(ImportProblem { place, reason }),
        }
    }
    let requisites = NewOrganization {
        name: it.name,
        inn: it.inn,
        kpp: it.kpp,
        ogrn: it.ogrn,
        fns_participant_id: it.fns_participant_id,
        foreign_code: it.foreign_code,
        counteragents_only: it.counteragents_only,
        is_test: it.test,
    };
    ImportedOrganization { place, requisites, departments, employees }
}

fn employee(place: String, it: Employee) -> Result<ImportedEmployee, String> {
    let permissions = Permissions {
        is_administrator: it.administrator,
        access: level(&it.access)?,
        is_blocked: it.blocked,
        ..permissions(it.may.iter().map(String::as_str))?
    };
    Ok(ImportedEmployee {
        place,
        login: it.login,
        name: (it.last_name, it.first_name, it.middle_name),
        position: it.position,
        department: path(&it.department),
        selected: it.selected.iter().map(|text| path(text)).collect(),
        permissions,
    })
}
