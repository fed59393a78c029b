//! The register of powers of attorney.

use askama::Template;

use super::{Came, Listed, Power, Standing, Told, Wish, at, done, listed, open};
use crate::frame::{Frame, Section};
use crate::moment::day;
use crate::server::{Refused, Server};
use crate::{Reply, Visit};

#[derive(Template)]
#[template(path = "register.html")]
struct Page {
    frame: Frame,
    told: Told,
    list: Listed<Power>,
}

impl Page {
    /// Colour and words.
    fn standing(&self, power: &Power) -> (&'static str, &'static str) {
        match power.standing {
            Standing::Created => ("open", self.frame.say("Ещё не действует", "Does not hold yet")),
            Standing::Active => ("good", self.frame.say("Действует", "Holds")),
            Standing::Expired => ("plain", self.frame.say("Истекла", "Expired")),
            Standing::Revoked => ("bad", self.frame.say("Отозвана", "Revoked")),
        }
    }

    /// Its first and its last day.
    fn days(&self, power: &Power) -> (String, String) {
        (day(power.starts_at), day(power.ends_at.plus_seconds(-1)))
    }
}

/// The register, or what its forms do.
pub(crate) async fn page(server: &dyn Server, visit: &Visit) -> Result<Reply, Refused> {
    let (office, frame) = open(server, visit, Section::Register).await?;
    let came = done(&*office, &frame, visit, |sent| match sent.fields.get("revoke") {
        Some(number) => {
            Ok(Wish::RevokePower { number: number.to_owned(), reason: sent.fields.text("reason").to_owned() })
        }
        None => match (sent.file("file"), sent.file("signature")) {
            (Some(file), Some(signature)) => {
                Ok(Wish::TakePower { file: file.bytes.clone(), signature: signature.bytes.clone() })
            }
            _ => Err(Refused::bad_form(frame.say(
                "Выберите файл доверенности и файл подписи.",
                "Choose the file of the power of attorney, and the signature file.",
            ))),
        },
    });
    let told = match came.await? {
        Came::Done(_) => return Ok(Reply::GoTo(at("/powers?done=1"))),
        Came::Not(told) => told,
    };
    let list = listed(visit, office.powers().await?, |row| {
        vec![
            row.number.as_str(),
            row.issuer.as_str(),
            row.issuer_inn.as_str(),
            row.representative.as_str(),
            row.representative_inn.as_str(),
        ]
    });
    Ok(Reply::page_with(told.status, &Page { frame, told, list }))
}
