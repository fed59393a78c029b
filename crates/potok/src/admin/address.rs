//! `potok admin address …`: what the server knows of the state register of addresses.

use std::error::Error;
use std::path::PathBuf;

use clap::Subcommand;
use potok_app::Admin;
use potok_app::admin::{ImportProblem, ImportedAddress};
use serde_json::json;

use super::Said;
use super::import::csv::records;
use super::import::refusal;

#[derive(Subcommand)]
pub(crate) enum AddressCommand {
    /// Takes addresses from a file (CSV): the id in the register, the postal code or nothing, the address in words
    Import {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Only check the file, write nothing
        #[arg(long)]
        check: bool,
    },
}

pub(super) async fn execute(admin: &Admin, command: AddressCommand) -> Result<Said, Box<dyn Error>> {
    let AddressCommand::Import { file, check } = command;
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let all = read(text.trim_start_matches('\u{feff}')).map_err(|problem| refusal(vec![problem]))?;
    let problems = admin.check_addresses(&all);
    if !problems.is_empty() {
        return Err(refusal(problems));
    }
    let (counted, json) = (format!("{} addresses", all.len()), json!({"addresses": all.len()}));
    if check {
        return Ok(Said::new(format!("{counted} can be imported"), json));
    }
    admin.put_addresses(&all).await?;
    Ok(Said::new(counted, json).changed("address.import", &file.display().to_string()))
}

fn read(text: &str) -> Result<Vec<ImportedAddress>, ImportProblem> {
    let fault = |line: usize, reason: String| ImportProblem { place: format!("line {line}"), reason };
    let separator = if text.lines().next().unwrap_or_default().contains(';') { ';' } else { ',' };
    let records = records(text, separator).map_err(|(line, reason)| fault(line, reason))?;
    let address = |(line, values): (usize, Vec<String>)| match <[String; 3]>::try_from(values) {
        Ok([fias_id, zip_code, address]) => Ok(ImportedAddress {
            place: format!("line {line}"),
            fias_id: fias_id.trim().to_owned(),
            zip_code: Some(zip_code.trim().to_owned()).filter(|zip| !zip.is_empty()),
            address,
        }),
        Err(values) => {
            let reason =
                format!("{} values: the id, the postal code and the address are expected", values.len());
            Err(fault(line, reason))
        }
    };
    records.into_iter().map(address).collect()
}
