//! `potok call`: any method of the contract from a terminal.

mod table;

use std::error::Error;
use std::io::Read as _;
use std::process::ExitCode;

use clap::Args;
use potok_api::{BodyKind, Deprecation, Format, MethodSpec, ParamKind, QueryWriter, methods};
use potok_sdk::{Auth, Client};

use crate::print;

/// A call.
#[derive(Args)]
pub(crate) struct Call {
    /// The method, in any case: GetMessage (its newest version), GetMessageV5, "GetMessage V5"
    method: String,
    /// Parameters of the query: boxId=… messageId=…; a flag is its name alone
    parameters: Vec<String>,
    /// The body: JSON, a form or a text; @FILE for that of a file, - for standard input
    #[arg(long, short, value_name = "BODY")]
    body: Option<String>,
    /// The server
    #[arg(long, env = "POTOK_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    url: String,
    /// The API client
    #[arg(long, env = "POTOK_CLIENT", default_value = "potok", value_name = "ID")]
    client: String,
    /// An access token, as `potok admin token issue` gives it; better in the environment: flags are seen by everybody on the machine
    #[arg(long, env = "POTOK_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
    /// The answer as JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// A call that cannot be made.
#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error("the API has no method {asked:?}{}", Hint(.near))]
    UnknownMethod { asked: String, near: Vec<&'static str> },
    #[error("{method} has no parameter {name:?}: it has {known}")]
    UnknownParameter { method: &'static str, name: String, known: String },
    #[error("{method} needs the parameter {name}: give {name}=…")]
    MissingParameter { method: &'static str, name: &'static str },
    #[error("{method} takes a body: give --body with JSON, or @FILE")]
    MissingBody { method: &'static str },
}

/// Names that may have been meant.
struct Hint<'a>(&'a [&'static str]);

impl std::fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            [] => f.write_str(": `docs/parity.md` lists them"),
            near => write!(f, "; there are {}", near.join(", ")),
        }
    }
}

/// Makes the call and prints the answer. A refusal is printed too, and is a failure.
pub(crate) async fn run(call: Call) -> Result<ExitCode, Box<dyn Error>> {
    let spec = find(&call.method)?;
    let query = query(spec, &call.parameters)?;
    let body = match call.body.as_deref() {
        Some("-") => {
            let mut body = Vec::new();
            std::io::stdin().read_to_end(&mut body)?;
            body
        }
        Some(body) => match body.strip_prefix('@') {
            Some(file) => {
                std::fs::read(file).map_err(|error| format!("the file {file} could not be read: {error}"))?
            }
            None => body.as_bytes().to_vec(),
        },
        None if spec.request == BodyKind::Empty => Vec::new(),
        None => return Err(CallError::MissingBody { method: spec.label }.into()),
    };
    let auth = call.token.map_or(Auth::ApiClient, Auth::AccessToken);
    let client = Client::builder(call.url, call.client).auth(auth).format(Format::Json).build()?;
    let answer = client.call_as_written(spec, query, body.into()).await?;
    let value = serde_json::from_slice(&answer);
    match value {
        Ok(value) if !call.json => print::line(table::of(&value).trim_end()),
        Ok(value) => print::line(serde_json::to_string_pretty(&value)?),
        // Bytes go out as they came: they are the content of a file.
        Err(_) => print::bytes(&answer),
    }
    Ok(ExitCode::SUCCESS)
}

/// The method that is meant: letters and digits of its label count, in any case; without a version the newest that is current.
fn find(asked: &str) -> Result<&'static MethodSpec, CallError> {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = plain(asked);
    let all = methods::all();
    let of_name = all.iter().filter(|spec| plain(spec.name) == wanted);
    let is_current = |spec: &MethodSpec| spec.documented && spec.deprecation == Deprecation::None;
    let newest = of_name.max_by_key(|spec| (is_current(spec), !spec.is_gone(), spec.version));
    let exact = || all.iter().find(|spec| plain(spec.label) == wanted);
    newest.or_else(exact).copied().ok_or_else(|| {
        let near = all.iter().filter(|spec| !wanted.is_empty() && plain(spec.label).contains(&wanted));
        CallError::UnknownMethod {
            asked: asked.to_owned(),
            near: near.map(|spec| spec.label).take(8).collect(),
        }
    })
}

/// The query, with the names as the API writes them.
fn query(spec: &'static MethodSpec, parameters: &[String]) -> Result<String, CallError> {
    let mut out = QueryWriter::default();
    let mut given = Vec::new();
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let param =
            spec.query.iter().find(|param| param.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
                let known: Vec<_> = spec.query.iter().map(|param| param.name).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                CallError::UnknownParameter { method: spec.label, name: name.to_owned(), known }
            })?;
        given.push(param.name);
        match param.kind {
            ParamKind::Flag if value.is_empty() => out.push_flag(param.name),
            _ => out.push(param.name, value),
        }
    }
    match spec.query.iter().find(|param| param.required && !given.contains(&param.name)) {
        Some(missing) => Err(CallError::MissingParameter { method: spec.label, name: missing.name }),
        None => Ok(out.finish()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_found_by_what_people_write() {
        let label = |asked: &str| find(asked).map(|spec| spec.label).map_err(|error| error.to_string());
        assert_eq!(label("getmessage v5"), Ok("GetMessage V5"));
        assert_eq!(label("GetMessageV5"), Ok("GetMessage V5"));
        assert_eq!(label("GetNewEvents"), Ok("GetNewEvents V8"), "the newest one that is current");
        assert_eq!(label("/connect/token"), Ok("/connect/token"));
        assert!(label("NewEvents").unwrap_err().contains("GetNewEvents V8"));
        assert!(label("Nothing at all").unwrap_err().contains("docs/parity.md"));
    }

    #[test]
    fn parameters_are_those_of_the_method() {
        let spec = find("GetMessage").unwrap();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let told = query(spec, &words(&["boxid=a b", "messageId=1"])).unwrap();
        assert_eq!(told, "boxId=a%20b&messageId=1");
        assert!(query(spec, &words(&["boxId=1"])).unwrap_err().to_string().contains("messageId"));
        let unknown = query(spec, &words(&["box=1"])).unwrap_err().to_string();
        assert!(unknown.contains("boxId") && unknown.contains("\"box\""), "{unknown}");
    }
}
