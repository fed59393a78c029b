//! The pages `docs/parity.md` and `docs/parity/`: what the API has and what of it is built, area by area.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::{Area, Deprecation, MethodSpec, methods, successor};

/// What a call to the method gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// An answer.
    Served,
    /// 501: known, but not built.
    NotBuilt,
    /// 410: removed by the vendor.
    Gone,
}

impl Status {
    /// Of one method, where the methods with the labels `served` are.
    pub fn of(spec: &MethodSpec, served: &BTreeSet<&str>) -> Self {
        if spec.is_gone() {
            Self::Gone
        } else if served.contains(spec.label) {
            Self::Served
        } else {
            Self::NotBuilt
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::NotBuilt => "501",
            Self::Gone => "410",
        }
    }
}

const HEAD: &str = "\
# Parity with the Diadoc HTTP API

Generated from the contract (`crates/api`) and the registered handlers (`crates/http`); do not edit.
`POTOK_BLESS=1 cargo test -p potok-http` writes it anew.

Status: *served*; *501* (known, answers `501` with its name); *410* (removed by the vendor).

Access: `N` nobody is asked; `CLIENT` an OAuth client; `K` a known API client; `U` a user; `BEARER` a user with a Bearer
token; `B` an employee of the box; `K/B` a known client, an employee if a box is named; `OWNER`, `TASK` the user who
made the thing; `PARTNER` a technology partner; `OPERATOR` a roaming operator. `+ALL` all documents of the box; `+DEP`
all, or a department that is named; `+D` every document named; `+F` the rest is left out; `+CREATE`, `+SIGN`,
`+DELRES`, `+UM`, `+ACT` the action permission (`+ACT`: by the parts of the patch); `+ADM` administrators; `+ADM/SELF`
administrators, or about oneself; `+CA` who manages partners; `+ENC` organizations with encrypted documents.

Deprecation: the last day promised by the vendor; `~` where the date was published for the group only.
";

/// The page of contents, as Markdown. It says nothing of single methods, so that it changes only with the areas.
pub fn contents() -> String {
    let mut out = String::from(HEAD);
    let _infallible = writeln!(out, "\n{} methods:\n", methods::all().len());
    for &area in Area::ALL {
        let _infallible = writeln!(out, "* [{}](parity/{}.md)", area.title(), area.file());
    }
    out
}

/// The page of one area, as Markdown. `served` are the labels of the methods that the server answers.
pub fn table(area: Area, served: &BTreeSet<&str>) -> String {
    let mut out = format!(
        "# {}\n\nGenerated; [the page of contents](../parity.md) explains it.\n\n\
         | Method | Request | Access | Deprecation | Use instead | Status |\n\
         |---|---|---|---|---|---|\n",
        area.title()
    );
    for spec in methods::all().iter().filter(|spec| spec.area == area) {
        let _infallible = writeln!(
            out,
            "| {} | `{} {}` | {} | {} | {} | {} |",
            spec.label,
            spec.verb,
            spec.path,
            spec.access,
            deprecation(spec),
            successor(spec).filter(|_| spec.deprecation != Deprecation::None).map_or("", |next| next.label),
            Status::of(spec, served).text()
        );
    }
    out
}

fn deprecation(spec: &MethodSpec) -> String {
    match spec.deprecation {
        Deprecation::None if spec.documented => String::new(),
        Deprecation::None => "undocumented".to_owned(),
        Deprecation::Obsolete => "obsolete".to_owned(),
        Deprecation::Announced => "announced, no date".to_owned(),
        Deprecation::RemovalAfter { date, assumed } => format!("{}{date}", if assumed { "~" } else { "" }),
        Deprecation::Gone => "gone".to_owned(),
    }
}
