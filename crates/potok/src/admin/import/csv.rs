//! The file as CSV: a head line with the names of the columns, then a line for each employee. Lines of one organization have its
//! INN and KPP; a line without a login only names the organization, or a department of it.

use std::collections::BTreeMap;

use potok_app::admin::{
    ImportProblem, ImportedDepartment, ImportedEmployee, ImportedOrganization, NewOrganization,
};
use potok_domain::directory::Permissions;

use super::{ReadFile, level, path, permissions};

const COLUMNS: [&str; 18] = [
    "organization",
    "inn",
    "kpp",
    "ogrn",
    "fns_participant_id",
    "foreign_code",
    "counteragents_only",
    "test",
    "department",
    "login",
    "last_name",
    "first_name",
    "middle_name",
    "position",
    "administrator",
    "access",
    "selected",
    "may",
];

/// The number of a line and its values.
pub(in crate::admin) type Record = (usize, Vec<String>);

/// One line, by the names of its columns.
struct Line<'a> {
    number: usize,
    values: BTreeMap<&'a str, String>,
}

impl Line<'_> {
    fn get(&self, column: &str) -> &str {
        self.values.get(column).map(|value| value.trim()).unwrap_or_default()
    }

    fn optional(&self, column: &str) -> Option<String> {
        Some(self.get(column).to_owned()).filter(|value| !value.is_empty())
    }

    fn yes(&self, column: &str) -> Result<bool, String> {
        match self.get(column).to_lowercase().as_str() {
            "" | "0" | "no" | "false" | "нет" => Ok(false),
            "1" | "yes" | "true" | "да" => Ok(true),
            other => Err(format!("{column} is {other:?}: use yes or no")),
        }
    }
}

/// Reads the file.
pub(super) fn read(text: &str) -> ReadFile {
    let fault = |number: usize, reason: String| ImportProblem { place: format!("line {number}"), reason };
    let separator = if text.lines().next().unwrap_or_default().contains(';') { ';' } else { ',' };
    let mut records =
        records(text, separator).map_err(|(line, reason)| vec![fault(line, reason)])?.into_iter();
    let Some((_, head)) = records.next() else {
        return Err(vec![fault(
            1,
            format!("the first line has to name the columns: {}", COLUMNS.join(", ")),
        )]);
    };
    let head: Vec<String> = head.iter().map(|name| name.trim().to_lowercase()).collect();
    if let Some(unknown) = head.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        return Err(vec![fault(1, format!("unknown column {unknown:?}: use {}", COLUMNS.join(", ")))]);
    }
    let mut problems = Vec::new();
    let mut all: Vec<ImportedOrganization> = Vec::new();
    for (number, values) in records {
        if values.len() != head.len() {
            problems.push(fault(number, format!("{} values, and the head has {}", values.len(), head.len())));
            continue;
        }
        let values = head.iter().map(String::as_str).zip(values).collect();
        if let Err(reason) = add(&mut all, &Line { number, values }) {
            problems.push(fault(number, reason));
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

fn add(all: &mut Vec<ImportedOrganization>, line: &Line<'_>) -> Result<(), String> {
    let place = format!("line {}", line.number);
    let (inn, kpp) = (line.get("inn"), line.optional("kpp"));
    let known = all.iter().position(|it| it.requisites.inn == inn && it.requisites.kpp == kpp);
    let index = match known {
        Some(index) => index,
        None => {
            let requisites = NewOrganization {
                name: line.get("organization").to_owned(),
                inn: inn.to_owned(),
                kpp,
                ogrn: line.optional("ogrn"),
                fns_participant_id: line.optional("fns_participant_id"),
                foreign_code: line.optional("foreign_code"),
                counteragents_only: line.yes("counteragents_only")?,
                is_test: line.yes("test")?,
            };
            all.push(ImportedOrganization { place: place.clone(), requisites, ..Default::default() });
            all.len() - 1
        }
    };
    let organization = &mut all[index];
    let department = path(line.get("department"));
    let selected: Vec<Vec<String>> =
        line.get("selected").split('|').map(path).filter(|path| !path.is_empty()).collect();
    // Whoever is named with a department wants it to be there.
    for path in selected.iter().chain([&department]) {
        for depth in 1..=path.len() {
            let is_there = organization.departments.iter().any(|it| it.path == path[..depth]);
            if !is_there {
                let new =
                    ImportedDepartment { place: place.clone(), path: path[..depth].to_vec(), kpp: None };
                organization.departments.push(new);
            }
        }
    }
    if line.get("login").is_empty() {
        return Ok(());
    }
    organization.employees.push(ImportedEmployee {
        place,
        login: line.get("login").to_owned(),
        name: (
            line.get("last_name").to_owned(),
            line.get("first_name").to_owned(),
            line.optional("middle_name"),
        ),
        position: line.get("position").to_owned(),
        department,
        selected,
        permissions: Permissions {
            is_administrator: line.yes("administrator")?,
            access: level(line.get("access"))?,
            ..permissions(line.get("may").split(['|', ' ']))?
        },
    });
    Ok(())
}

/// The records by RFC 4180, each with the number of its first line; empty lines are none.
pub(in crate::admin) fn records(text: &str, separator: char) -> Result<Vec<Record>, (usize, String)> {
    let mut records = Vec::new();
    let (mut line, mut begins) = (1, 1);
    let mut values: Vec<String> = Vec::new();
    let mut value = String::new();
    let mut is_quoted = false;
    let mut chars = text.chars().peekable();
    loop {
        match chars.next() {
            Some('"') if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                value.push('"');
            }
            Some('"') if is_quoted => is_quoted = false,
            Some('"') if value.is_empty() => is_quoted = true,
            None if is_quoted => return Err((begins, "a quotation mark is not closed".to_owned())),
            Some(char) if is_quoted => {
                line += usize::from(char == '\n');
                value.push(char);
            }
            Some('\r') if chars.peek() == Some(&'\n') => {}
            Some(char) if char == separator => values.push(std::mem::take(&mut value)),
            ended @ (Some('\n') | None) => {
                if !values.is_empty() || !value.trim().is_empty() {
                    values.push(std::mem::take(&mut value));
                    records.push((begins, std::mem::take(&mut values)));
                }
                value.clear();
                if ended.is_none() {
                    return Ok(records);
                }
                line += 1;
                begins = line;
            }
            Some(char) => value.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_hold_anything() {
        let read = |text| records(text, ';').unwrap();
        assert_eq!(
            read("a;\"b;\"\"c\"\"\nd\";\r\n\r\ne;f;g"),
            [
                (1, vec!["a".to_owned(), "b;\"c\"\nd".to_owned(), String::new()]),
                (4, vec!["e".to_owned(), "f".to_owned(), "g".to_owned()]),
            ]
        );
        assert!(read("\n \n").is_empty());
        assert_eq!(records("a;\"b", ';').unwrap_err().0, 1);
    }

    #[test]
    fn lines_of_one_organization_belong_together() {
        let text = "organization,inn,kpp,department,login,may,access\n\
                    О,7701000010,,Продажи/Опт,a@a,all,all\n\
                    О,7701000010,,Продажи,b@a,SignDocuments AddResolutions,\n\
                    П,7701000010,770101001,,,,\n";
        let all = read(text).unwrap();
        assert_eq!(all.len(), 2);
        let paths: Vec<String> = all[0].departments.iter().map(|it| it.path.join("/")).collect();
        assert_eq!(paths, ["Продажи", "Продажи/Опт"]);
        let [first, second] = &all[0].employees[..] else { panic!("two people") };
        assert!(first.permissions.can_manage_counteragents && !second.permissions.can_manage_counteragents);
        assert!(second.permissions.can_sign_documents && second.permissions.can_add_resolutions);
        assert!(all[1].employees.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let told = |text: &str| read(text).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(told("")[0].starts_with("line 1: the first line has to name the columns"));
        assert!(told("inn,x\n")[0].starts_with("line 1: unknown column \"x\""));
        let many = told("inn,login,may,test\n1,a\n1,a,fly,\n2,b,,maybe\n");
        assert_eq!(many.len(), 3, "{many:?}");
        assert!(many[1].starts_with("line 3: unknown action \"fly\""), "{many:?}");
        assert!(many[2].starts_with("line 4: test is \"maybe\""), "{many:?}");
    }
}
