//! `GetSecurityEvents`: the stream of the directory in the structure that was made for malware.
//!
//! The published structure knows one kind of event and one kind of target. What it does not know it shows as the unknown one,
//! which is what the service does with kinds that a client does not know; what happened stands in the details.

use std::collections::BTreeMap;

use potok_domain::directory::{DirectoryChange, DirectoryEvent};
use potok_types::{IndexKey, UserId};
use potok_wire::proto::{
    SecurityEvent, SecurityEventList, SecurityEventTarget, SecurityEventTargetType, SecurityEventType,
};

use crate::BadRequest;

/// How many events stand before the place that `key` names; none at all without one.
///
/// # Errors
/// [`BadRequest`]: it is no key of this method.
pub fn place(key: Option<&str>) -> Result<u32, BadRequest> {
    let Some(text) = key.filter(|text| !text.is_empty()) else { return Ok(0) };
    let key: Option<IndexKey> = text.parse().ok();
    key.and_then(|key| u32::try_from(key.get()).ok()).ok_or_else(|| {
        BadRequest::worded(
            "afterIndexKey is no key of a security event: give the LastIndexKey of the page before",
        )
    })
}

/// The event behind so many others.
fn key(revision: u32) -> String {
    IndexKey::new(revision.into()).to_string()
}

/// `SecurityEventList`: the events behind the first `after`.
pub fn answer(after: u32, events: &[DirectoryEvent], names: &BTreeMap<UserId, String>) -> SecurityEventList {
    let shown = |(revision, event): (u32, &DirectoryEvent)| SecurityEvent {
        event_id: event.id.to_string(),
        event_type: SecurityEventType::UnknownEventType as i32,
        target: SecurityEventTarget {
            r#type: SecurityEventTargetType::UnknownTargetType as i32,
            document: None,
        },
        timestamp_ticks: event.at.get(),
        details: details(event, names),
        index_key: key(revision),
    };
    let events: Vec<SecurityEvent> = (after.saturating_add(1)..).zip(events).map(shown).collect();
    SecurityEventList { last_index_key: events.last().map(|event| event.index_key.clone()), events }
}

/// `EmployeeBlocked: Иванов Иван (…) by Петрова Анна (…)`.
fn details(event: &DirectoryEvent, names: &BTreeMap<UserId, String>) -> String {
    let person = |id: &UserId| match names.get(id) {
        Some(name) => format!("{name} ({id})"),
        None => id.to_string(),
    };
    let what = match &event.change {
        DirectoryChange::Organization(it) => it.short_name.clone(),
        DirectoryChange::Department(it) => format!("{} ({})", it.name, it.id),
        DirectoryChange::NoDepartment(id) => id.to_string(),
        DirectoryChange::Employee(it) => person(&it.user_id),
        DirectoryChange::NoEmployee(id) => person(id),
        DirectoryChange::Route(it) => format!("{} ({})", it.name, it.id),
        DirectoryChange::NoRoute(id) => id.to_string(),
        DirectoryChange::User(it) => person(&it.id),
        DirectoryChange::AccessRequest { user, .. } => person(user),
        DirectoryChange::Power(it) => format!("{} of {}", it.name.number, person(&it.user)),
        DirectoryChange::NoPower(user, number) => format!("{number} of {}", person(user)),
    };
    let who = event.author.as_ref().map_or_else(|| "the administrator of the server".to_owned(), person);
    format!("{:?}: {what} by {who}", event.kind)
}
