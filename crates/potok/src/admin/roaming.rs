//! `potok admin roaming …`: other operators, and who takes part in the exchange with them.

use std::error::Error;
use std::path::PathBuf;

use clap::Subcommand;
use potok_app::Admin;
use potok_domain::directory::{OperatorFeature, Participant, RoamingOperator};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Said, list};

#[derive(Subcommand)]
pub(crate) enum RoamingCommand {
    /// Lists the operators
    List,
    /// Takes operators and participants from a file (JSON); what is there already is replaced
    Import {
        /// The file: `operators` and `participants`
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Only check the file, write nothing
        #[arg(long)]
        check: bool,
    },
    /// Forgets an operator
    DeleteOperator {
        /// The first three characters of the participant ids of its clients
        #[arg(value_name = "FNS_ID")]
        id: String,
    },
    /// Forgets a participant
    DeleteParticipant {
        /// The participant id
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    #[serde(default)]
    operators: Vec<ToldOperator>,
    #[serde(default)]
    participants: Vec<ToldParticipant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldOperator {
    fns_id: String,
    name: String,
    #[serde(default = "yes")]
    is_active: bool,
    #[serde(default)]
    features: Vec<ToldFeature>,
    /// The box here as which it calls.
    box_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldFeature {
    name: String,
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldParticipant {
    fns_participant_id: String,
    inn: String,
    kpp: Option<String>,
    name: String,
    /// Wants nothing told of itself.
    #[serde(default)]
    is_closed: bool,
}

const fn yes() -> bool {
    true
}

pub(super) async fn execute(admin: &Admin, command: RoamingCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        RoamingCommand::List => Ok(list(&admin.roaming_operators().await?, line, shown)),
        RoamingCommand::Import { file, check } => {
            let text =
                std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let (operators, participants) = read(&text)?;
            let problems = admin.check_outside(&operators, &participants);
            if !problems.is_empty() {
                return Err(super::import::refusal(problems));
            }
            let counts = format!("{} operators, {} participants", operators.len(), participants.len());
            let json = json!({"operators": operators.len(), "participants": participants.len()});
            if check {
                return Ok(Said::new(format!("{counts} can be imported"), json));
            }
            admin.put_outside(&operators, &participants).await?;
            Ok(Said::new(counts, json).changed("roaming.import", &file.display().to_string()))
        }
        RoamingCommand::DeleteOperator { id } => {
            admin.delete_roaming_operator(&id).await?;
            let said = Said::new(format!("operator {id} is forgotten"), json!({"fns_id": id}));
            Ok(said.changed("roaming.delete-operator", &id))
        }
        RoamingCommand::DeleteParticipant { id } => {
            admin.delete_participant(&id).await?;
            let said = Said::new(format!("participant {id} is forgotten"), json!({"fns_participant_id": id}));
            Ok(said.changed("roaming.delete-participant", &id))
        }
    }
}

type Outside = (Vec<RoamingOperator>, Vec<Participant>);

fn read(text: &str) -> Result<Outside, Box<dyn Error>> {
    let told: Told = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    let feature = |it: ToldFeature| OperatorFeature { name: it.name, description: it.description };
    let operator = |it: ToldOperator| -> Result<RoamingOperator, Box<dyn Error>> {
        Ok(RoamingOperator {
            box_id: it.box_id.map(|id| id.parse()).transpose()?,
            fns_id: it.fns_id,
            name: it.name,
            is_active: it.is_active,
            features: it.features.into_iter().map(feature).collect(),
        })
    };
    let participant = |it: ToldParticipant| Participant {
        id: it.fns_participant_id,
        inn: it.inn,
        kpp: it.kpp.filter(|kpp| !kpp.is_empty()),
        full_name: it.name,
        is_closed: it.is_closed,
    };
    let operators = told.operators.into_iter().map(operator).collect::<Result<_, _>>()?;
    Ok((operators, told.participants.into_iter().map(participant).collect()))
}

fn line(operator: &RoamingOperator) -> String {
    let mark = if operator.is_active { "" } else { "  (not active)" };
    format!("{}  {}{mark}", operator.fns_id, operator.name)
}

fn shown(operator: &RoamingOperator) -> Value {
    let features = operator.features.iter();
    json!({
        "fns_id": operator.fns_id,
        "name": operator.name,
        "is_active": operator.is_active,
        "box_id": operator.box_id.map(|box_id| box_id.guid()),
        "features": features.map(|it| json!({"name": it.name, "description": it.description})).collect::<Vec<_>>(),
    })
}
