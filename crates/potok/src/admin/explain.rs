//! `potok admin explain-access`.

use std::error::Error;
use std::str::FromStr;

use clap::Args;
use potok_api::{MethodSpec, methods};
use potok_app::Admin;
use potok_app::admin::{AccessTarget, ExplainedAccess};
use potok_domain::access::Action;
use potok_types::access::{Access, Caller, Documents};
use potok_types::{BoxId, EntityId, MessageId};
use serde_json::json;

use super::Said;

#[derive(Args)]
pub(crate) struct ExplainAccess {
    /// Login of the user
    #[arg(value_name = "USER")]
    login: String,
    /// A box, or a document as MESSAGE:DOCUMENT
    #[arg(value_name = "DOCUMENT-OR-BOX")]
    target: Target,
    /// `see`, a permission such as SignDocuments, or a method such as V3/PostMessage
    #[arg(value_name = "ACTION")]
    action: Wanted,
}

#[derive(Clone, Copy, Debug)]
struct Target(AccessTarget);

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither a box nor a document: write BOX or MESSAGE:DOCUMENT");
        Ok(Self(match text.split_once([':', '/']) {
            Some((message, document)) => AccessTarget::Document {
                message: message.parse::<MessageId>().map_err(|_| wrong())?,
                document: document.parse::<EntityId>().map_err(|_| wrong())?,
            },
            None => AccessTarget::Box(text.parse::<BoxId>().map_err(|_| wrong())?),
        }))
    }
}

/// What is wanted, as the policy is asked.
#[derive(Clone, Debug)]
enum Wanted {
    See,
    Permission(Action),
    Method(&'static MethodSpec),
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("see") {
            return Ok(Self::See);
        }
        let permission = Action::ALL.into_iter().find(|action| action.name().eq_ignore_ascii_case(text));
        if let Some(action) = permission {
            return Ok(Self::Permission(action));
        }
        let path = format!("/{}", text.trim_start_matches('/'));
        let methods = methods::all().iter().copied().filter(|spec| !spec.is_gone());
        let mut found: Vec<&MethodSpec> = methods
            .filter(|spec| spec.label.eq_ignore_ascii_case(text) || spec.path.eq_ignore_ascii_case(&path))
            .collect();
        match (found.pop(), found.pop()) {
            (Some(one), None) => Ok(Self::Method(one)),
            (Some(_), Some(_)) => {
                Err(format!("{text:?} names several methods: write the path with its version"))
            }
            _ => {
                let names: Vec<&str> = Action::ALL.into_iter().map(Action::name).collect();
                Err(format!("{text:?} is neither `see`, nor a method, nor one of {}", names.join(", ")))
            }
        }
    }
}

impl Wanted {
    fn class(&self) -> Access {
        match self {
            Self::See => Access::of(Caller::Employee).documents(Documents::Named),
            Self::Permission(_) => Access::of(Caller::Employee),
            Self::Method(spec) => spec.access,
        }
    }

    fn parts(&self) -> &[Action] {
        match self {
            Self::Permission(action) => std::slice::from_ref(action),
            Self::See | Self::Method(_) => &[],
        }
    }
}

pub(super) async fn run(admin: &Admin, given: ExplainAccess) -> Result<Said, Box<dyn Error>> {
    let ExplainAccess { login, target: Target(target), action } = given;
    let told = admin.explain_access(&login, target, &action.class(), action.parts()).await?;
    let json = json!({
        "is_allowed": told.is_allowed,
        "steps": told.steps.iter().map(|step| json!({
            "box_id": step.box_id.map(|id| id.to_string()),
            "found": step.found,
            "passes": step.passes,
        })).collect::<Vec<_>>(),
    });
    Ok(Said::new(text(&told), json))
}

fn text(told: &ExplainedAccess) -> String {
    let mut text = String::from(if told.is_allowed { "yes" } else { "no" });
    let mut place = None;
    for (number, step) in (1..).zip(&told.steps) {
        if step.box_id != place
            && let Some(box_id) = step.box_id
        {
            text += &format!("\nin box {box_id}:");
        }
        place = step.box_id;
        let mark = if step.passes { "ok" } else { "NO" };
        text += &format!("\n{number:>3}. [{mark}] {}", step.found);
    }
    text
}
