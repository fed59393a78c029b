//! The powers of attorney that somebody has at hand: by one of them is signed what is signed for the organization.

use askama::Template;
use bytes::Bytes;
use potok_api::Empty;
use potok_api::methods::{
    AddEmployeePowerOfAttorneyV2, BoxQuery, BoxTaskQuery, DeleteEmployeePowerOfAttorneyV2,
    EmployeePowerOfAttorneyQuery, EmployeeQuery, GetEmployee, GetEmployeePowersOfAttorney,
    GetEmployeePowersOfAttorneyQuery, RegisterPowerOfAttorney, RegisterPowerOfAttorneyResult,
    UpdateEmployeePowerOfAttorneyV2,
};
use potok_types::{BoxId, Ticks, UserId};
use potok_wire::proto::ContentV3;
use potok_wire::proto::employees::powers_of_attorney::{
    EmployeePowerOfAttorney, EmployeePowerOfAttorneyIsDefaultPatch, EmployeePowerOfAttorneyToUpdateV2,
};
use potok_wire::proto::powers_of_attorney::{
    PowerOfAttorneyFullId, PowerOfAttorneyIssuer, PowerOfAttorneySignedContent, PowerOfAttorneyToRegister,
};

use crate::frame::{Frame, Section, user_name};
use crate::moment::day;
use crate::server::{Refused, Server, ask, tell};
use crate::{Fields, Reply, Sent, Visit};

/// A power for people.
struct Power {
    number: String,
    issuer: String,
    issuer_inn: String,
    confidant: String,
    /// First and last day.
    days: (String, String),
    /// It holds, or will.
    is_actual: bool,
    is_default: bool,
}

#[derive(Template)]
#[template(path = "powers.html")]
struct Page {
    frame: Frame,
    /// Whose, when not those of who is signed in: the name, and the query that says so.
    person: Option<String>,
    action: String,
    powers: Vec<Power>,
    done: &'static str,
    problem: &'static str,
    detail: String,
    fields: Fields,
}

/// The list, or what its forms do.
pub(crate) async fn answer(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::Powers).await?;
    let user = match visit.query.get("person") {
        None => None,
        Some(id) => Some(id.parse::<UserId>().map_err(|_| Refused::not_found())?),
    };
    let whose = EmployeePowerOfAttorneyQuery { user_id: user, ..EmployeePowerOfAttorneyQuery::new(box_id) };
    let refused = match &visit.sent {
        None => None,
        Some(sent) => match done(server, &frame, &whose, sent).await {
            Ok(()) => {
                let query = visit.query.with("done", "1");
                return Ok(Reply::GoTo(frame.at(&format!("/powers?{query}"))));
            }
            Err(refused) if matches!(refused.status, 400 | 403 | 404 | 409) => Some(refused),
            Err(refused) => return Err(refused),
        },
    };
    let person = match user {
        None => None,
        Some(user) => {
            let found = ask::<GetEmployee>(server, &EmployeeQuery::new(box_id, user), &Empty).await?;
            Some(user_name(&found.user))
        }
    };
    let all = list(server, box_id, user, false).await?;
    let actual = list(server, box_id, user, true).await?;
    let is_actual = |it: &EmployeePowerOfAttorney| {
        actual.iter().any(|other| other.power_of_attorney.full_id == it.power_of_attorney.full_id)
    };
    let status = refused.as_ref().map_or(200, |refused| refused.status);
    let page = Page {
        action: frame.at(&match user {
            None => "/powers".to_owned(),
            Some(user) => format!("/powers?person={user}"),
        }),
        person,
        powers: all.iter().map(|it| power(it, is_actual(it))).collect(),
        done: match visit.query.is_on("done") && refused.is_none() {
            true => frame.say("Сделано.", "Done."),
            false => "",
        },
        problem: match refused {
            Some(_) => frame.say("Не получилось: сервер отказал.", "That did not work: the server refused."),
            None => "",
        },
        detail: refused.map(|refused| refused.text).unwrap_or_default(),
        fields: visit.sent.as_ref().map(|sent| sent.fields.clone()).unwrap_or_default(),
        frame,
    };
    Ok(Reply::page_with(status, &page))
}

async fn list(
    server: &dyn Server,
    box_id: BoxId,
    user_id: Option<UserId>,
    only_actual: bool,
) -> Result<Vec<EmployeePowerOfAttorney>, Refused> {
    let query = GetEmployeePowersOfAttorneyQuery {
        user_id,
        only_actual: Some(only_actual),
        ..GetEmployeePowersOfAttorneyQuery::new(box_id)
    };
    Ok(ask::<GetEmployeePowersOfAttorney>(server, &query, &Empty).await?.powers_of_attorney)
}

fn power(it: &EmployeePowerOfAttorney, is_actual: bool) -> Power {
    let power = &it.power_of_attorney;
    let name = &power.confidant.person_name;
    let confidant =
        [name.last_name.as_str(), &name.first_name, name.middle_name.as_deref().unwrap_or_default()];
    let confidant = confidant.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    Power {
        number: power.full_id.registration_number.clone(),
        issuer: issuer(&power.issuer),
        issuer_inn: power.full_id.issuer_inn.clone(),
        confidant,
        days: (
            day(Ticks::new(power.start_at.ticks)),
            day(Ticks::new(power.expire_at.ticks.saturating_sub(1))),
        ),
        is_actual,
        is_default: it.is_default,
    }
}

fn issuer(issuer: &PowerOfAttorneyIssuer) -> String {
    let named = [
        issuer.legal_entity.as_ref().map(|it| it.organization_name.clone()),
        issuer.foreign_entity.as_ref().map(|it| it.organization_name.clone()),
        issuer.individual_entity.as_ref().map(|it| it.organization_name.clone()),
        issuer.legal_entity_subsidiary.as_ref().map(|it| it.organization_name.clone()),
        issuer
            .physical_entity
            .as_ref()
            .and_then(|it| it.person_name.as_ref())
            .map(|name| format!("{} {}", name.last_name, name.first_name)),
    ];
    named.into_iter().flatten().next().unwrap_or_default()
}

async fn done(
    server: &dyn Server,
    frame: &Frame,
    whose: &EmployeePowerOfAttorneyQuery,
    sent: &Sent,
) -> Result<(), Refused> {
    let fields = &sent.fields;
    let id = PowerOfAttorneyFullId {
        registration_number: fields.text("number").to_owned(),
        issuer_inn: fields.text("issuer").to_owned(),
        representative_inn: None,
    };
    let is_default = match fields.text("do") {
        "add" => return tell::<AddEmployeePowerOfAttorneyV2>(server, whose, &id).await,
        "remove" => return tell::<DeleteEmployeePowerOfAttorneyV2>(server, whose, &id).await,
        "register" => {
            let id = registered(server, frame, sent).await?;
            return tell::<AddEmployeePowerOfAttorneyV2>(server, whose, &id).await;
        }
        "default" => true,
        "no-default" => false,
        _ => return Err(Refused::not_found()),
    };
    let change = EmployeePowerOfAttorneyToUpdateV2 {
        power_of_attorney_full_id: id,
        is_default_patch: Some(EmployeePowerOfAttorneyIsDefaultPatch { is_default }),
    };
    tell::<UpdateEmployeePowerOfAttorneyV2>(server, whose, &change).await
}

/// Takes a file with its signature into the register: its name there.
async fn registered(
    server: &dyn Server,
    frame: &Frame,
    sent: &Sent,
) -> Result<PowerOfAttorneyFullId, Refused> {
    let (Some(file), Some(signature)) = (sent.file("file"), sent.file("signature")) else {
        return Err(Refused::bad_form(frame.say(
            "Выберите файл доверенности и файл подписи.",
            "Choose the file of the power of attorney, and the signature file.",
        )));
    };
    let content = |bytes: &Bytes| ContentV3 { content: Some(bytes.clone()), ..ContentV3::default() };
    let content =
        PowerOfAttorneySignedContent { content: content(&file.bytes), signature: content(&signature.bytes) };
    let request = PowerOfAttorneyToRegister { full_id: None, content: Some(content) };
    let begun = ask::<RegisterPowerOfAttorney>(server, &BoxQuery::new(frame.box_id()), &request).await?;
    let task = BoxTaskQuery::new(frame.box_id(), begun.task_id.unwrap_or_default());
    let found = ask::<RegisterPowerOfAttorneyResult>(server, &task, &Empty).await?;
    match found.power_of_attorney {
        Some(power) => Ok(power.full_id),
        None => {
            let errors = found.errors.into_iter().map(|error| error.text).collect::<Vec<_>>();
            Err(Refused::bad_form(errors.join("; ")))
        }
    }
}
