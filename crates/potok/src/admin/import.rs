//! `potok admin import`: a file of organizations, departments, people and rights.

pub(super) mod csv;
mod json;

use std::error::Error;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use potok_app::Admin;
use potok_app::admin::{ImportProblem, ImportWatcher, ImportedOrganization};
use potok_domain::directory::{AccessLevel, EmployeeAction, Permissions};
use serde_json::json;

use super::Said;
use crate::print;

/// Problems that are named; the others are only counted.
const NAMED: usize = 100;

#[derive(Args)]
pub(crate) struct Import {
    /// The file: *.json, or *.csv with a head line
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How the file is written; told from its name when absent
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// Only check the file, write nothing
    #[arg(long)]
    check: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Json,
    Csv,
}

/// Reads, checks and imports.
pub(super) async fn run(admin: &Admin, given: Import) -> Result<Said, Box<dyn Error>> {
    let all = read(&given)?.map_err(refusal)?;
    let problems = admin.check_import(&all).await?;
    if !problems.is_empty() {
        return Err(refusal(problems));
    }
    let counts = json!({
        "organizations": all.len(),
        "employees": all.iter().map(|it| it.employees.len()).sum::<usize>(),
    });
    if given.check {
        return Ok(Said::new(format!("{} can be imported", given.file.display()), json!({"read": counts})));
    }
    let shown = Shown::of(all.len() as u64);
    let done = admin.import(&all, &shown).await;
    shown.0.iter().for_each(ProgressBar::finish_and_clear);
    let done = done?;
    let text = format!(
        "new: {} organizations, {} departments, {} users, {} employees; changed: {}",
        done.organizations, done.departments, done.users, done.employees, done.changed
    );
    let json = json!({
        "read": counts,
        "new": {
            "organizations": done.organizations,
            "departments": done.departments,
            "users": done.users,
            "employees": done.employees,
        },
        "changed": done.changed,
    });
    Ok(Said::new(text, json).changed("import", &given.file.display().to_string()))
}

type ReadFile = Result<Vec<ImportedOrganization>, Vec<ImportProblem>>;

fn read(given: &Import) -> Result<ReadFile, Box<dyn Error>> {
    let text =
        std::fs::read_to_string(&given.file).map_err(|error| format!("{}: {error}", given.file.display()))?;
    let text = text.trim_start_matches('\u{feff}');
    let extension = given.file.extension().and_then(|extension| extension.to_str());
    let form = match (given.format, extension.map(str::to_ascii_lowercase).as_deref()) {
        (Some(form), _) => form,
        (None, Some("json")) => Form::Json,
        (None, Some("csv")) => Form::Csv,
        _ => return Err("say with --format whether the file is json or csv".into()),
    };
    Ok(match form {
        Form::Json => json::read(text),
        Form::Csv => csv::read(text),
    })
}

pub(super) fn refusal(problems: Vec<ImportProblem>) -> Box<dyn Error> {
    let mut text = format!("nothing was imported, {} things are wrong", problems.len());
    for problem in problems.iter().take(NAMED) {
        text += &format!("\n{problem}");
    }
    if problems.len() > NAMED {
        text += &format!("\nand {} more", problems.len() - NAMED);
    }
    text.into()
}

struct Shown(Option<ProgressBar>);

impl Shown {
    fn of(organizations: u64) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new(organizations);
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} organizations, {eta} left");
        Self(Some(style.map_or(bar.clone(), |style| bar.with_style(style))))
    }
}

impl ImportWatcher for Shown {
    fn advanced(&self, organizations: u64) {
        match &self.0 {
            Some(bar) => bar.set_position(organizations),
            None if organizations.is_multiple_of(100) => {
                print::complaint(format!("{organizations} organizations"))
            }
            None => {}
        }
    }
}

/// `Продажи/Опт` as names from the top down.
fn path(text: &str) -> Vec<String> {
    text.split('/').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// The access level by the name of the command line or of the API.
fn level(text: &str) -> Result<AccessLevel, String> {
    Ok(match text.trim().to_ascii_lowercase().as_str() {
        "all" | "alldocuments" => AccessLevel::AllDocuments,
        "" | "department" | "departmentonly" => AccessLevel::DepartmentOnly,
        "subdepartments" | "departmentandsubdepartments" => AccessLevel::DepartmentAndSubdepartments,
        "selected" | "selecteddepartments" => AccessLevel::SelectedDepartments,
        other => {
            return Err(format!("unknown access {other:?}: use all, department, subdepartments or selected"));
        }
    })
}

/// Permissions with the actions of these names, or with `all` of them.
fn permissions<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Permissions, String> {
    let mut may = Permissions::none();
    for name in names {
        let name = name.trim();
        let actions = match EmployeeAction::by_name(name) {
            _ if name.is_empty() => Vec::new(),
            _ if name.eq_ignore_ascii_case("all") => EmployeeAction::ALL.to_vec(),
            Some(action) => vec![action],
            None => {
                let known: Vec<&str> = EmployeeAction::ALL.into_iter().map(EmployeeAction::name).collect();
                return Err(format!("unknown action {name:?}: use all, or some of {}", known.join(", ")));
            }
        };
        for action in actions {
            *action.flag(&mut may) = true;
        }
    }
    Ok(may)
}
