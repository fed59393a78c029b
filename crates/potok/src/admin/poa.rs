//! `potok admin poa …`: the register of powers of attorney, which stands for the state's.

use std::error::Error;
use std::path::PathBuf;

use clap::Subcommand;
use potok_app::{Admin, RegisteredPower};
use potok_cms::UnixTime;
use potok_types::{Clock, PowerId, Ticks};
use serde_json::{Value, json};

use super::{Said, list};

#[derive(Subcommand)]
pub(crate) enum PoaCommand {
    /// Takes the file of a power of attorney into the register
    Upload {
        /// The file, in the unified format (EMCHD_1)
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The detached signature of who gave it; FILE with .sig behind it when absent
        #[arg(long, value_name = "FILE")]
        signature: Option<PathBuf>,
    },
    /// Lists the register
    List,
    /// Takes a power of attorney back; what was signed by it before stays as it is
    Revoke {
        /// The registration number
        #[arg(value_name = "NUMBER")]
        number: PowerId,
        /// Why, for people
        #[arg(long, default_value = "")]
        reason: String,
    },
}

pub(super) async fn execute(
    admin: &Admin,
    clock: &dyn Clock,
    command: PoaCommand,
) -> Result<Said, Box<dyn Error>> {
    match command {
        PoaCommand::Upload { file, signature } => {
            let signature = signature.unwrap_or_else(|| {
                let mut name = file.clone().into_os_string();
                name.push(".sig");
                name.into()
            });
            let read = |path: &PathBuf| {
                std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
            };
            let put = admin.put_power(read(&file)?.into(), read(&signature)?.into()).await?;
            let shown = Shown { power: &put, now: clock.now() };
            Ok(Said::new(shown.line(), shown.json()).changed("poa.upload", &put.power.number.to_string()))
        }
        PoaCommand::List => {
            let (all, now) = (admin.powers().await?, clock.now());
            let shown: Vec<Shown<'_>> = all.iter().map(|power| Shown { power, now }).collect();
            Ok(list(&shown, Shown::line, Shown::json))
        }
        PoaCommand::Revoke { number, reason } => {
            admin.revoke_power(number, &reason).await?;
            let said = Said::new(
                format!("power of attorney {number} is revoked"),
                json!({"number": number.to_string()}),
            );
            Ok(said.changed("poa.revoke", &number.to_string()))
        }
    }
}

/// A power as it stands now.
struct Shown<'a> {
    power: &'a RegisteredPower,
    now: Ticks,
}

impl Shown<'_> {
    fn standing(&self) -> &'static str {
        let is_revoked = self.power.registered.revoked().is_some();
        self.power.power.standing(is_revoked, self.now).as_str()
    }

    fn line(&self) -> String {
        let name = self.power.power.name();
        let representative = name.representative_inn.as_deref().unwrap_or("-");
        format!("{}  {}  {} → {representative}", name.number, self.standing(), name.issuer_inn)
    }

    fn json(&self) -> Value {
        let power = &self.power.power;
        let name = power.name();
        let time = |at: Ticks| UnixTime(at.unix_seconds()).to_string();
        json!({
            "number": name.number.to_string(),
            "issuer_inn": name.issuer_inn,
            "representative_inn": name.representative_inn,
            "status": self.standing(),
            "starts_at": time(power.starts_at),
            "ends_at": time(power.ends_at()),
            "registered_at": self.power.registered.registered_at().map(time),
            "revoked_at": self.power.registered.revoked().map(|(at, _)| time(*at)),
            "reason": self.power.registered.revoked().map(|(_, reason)| reason),
        })
    }
}
