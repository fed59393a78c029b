//! Profiles: sets of events that look the same to every filter of the feed.
//!
//! A box has few of them (a kind of message, times types of documents, times counteragents, times departments), and
//! they never change. So a filter is answered in two cheap steps: which profiles match, and where their events are.
//! Documents that look the same count as often as they are there, so that documents can be counted by profiles too.

use potok_domain::feed::ConcernedDocument;
use potok_domain::{Direction, MessageType};
use potok_store::{FeedFilter, NewEvent};
use potok_types::{BoxId, ContentHash, DepartmentId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::failure::Failure;
use crate::heads::ProfileHead;
use crate::sql::guid;
use crate::writer::Session;

/// The profile of `new`, which counts as its next event; a new profile is written.
pub(crate) fn of_event(
    session: &mut Session<'_>,
    box_id: BoxId,
    new: &NewEvent,
) -> Result<ProfileHead, Failure> {
    let conn = session.conn;
    let documents = sorted(&new.concerned);
    let digest = digest(new.message_type, &documents);
    if let Some(head) = session.heads.of_profile(conn, box_id, digest)? {
        head.count += 1;
        return Ok(*head);
    }
    let profile = insert(conn, box_id, new.message_type, digest, &documents)?;
    let head = ProfileHead { profile, count: 1 };
    session.heads.put_profile(box_id, digest, head);
    Ok(head)
}

/// The documents in an order that depends on nothing but what filters see of them.
fn sorted(concerned: &[ConcernedDocument]) -> Vec<&ConcernedDocument> {
    type Facts<'a> = (&'a str, i32, &'a [u8; 16], &'a [u8; 16]);
    fn facts(document: &ConcernedDocument) -> Facts<'_> {
        (
            &document.type_named_id,
            document.direction as i32,
            document.counteragent.as_bytes(),
            document.department.as_bytes(),
        )
    }
    let mut documents: Vec<_> = concerned.iter().collect();
    documents.sort_by(|a, b| facts(a).cmp(&facts(b)));
    documents
}

fn digest(message_type: MessageType, documents: &[&ConcernedDocument]) -> ContentHash {
    let mut bytes = vec![message_type as u8];
    for document in documents {
        bytes.extend_from_slice(&(document.type_named_id.len() as u32).to_be_bytes());
        bytes.extend_from_slice(document.type_named_id.as_bytes());
        bytes.push(document.direction as u8);
        bytes.extend_from_slice(document.counteragent.as_bytes());
        bytes.extend_from_slice(document.department.as_bytes());
    }
    ContentHash::of(&bytes)
}

fn insert(
    conn: &Connection,
    box_id: BoxId,
    message_type: MessageType,
    digest: ContentHash,
    documents: &[&ConcernedDocument],
) -> Result<i64, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT profile FROM profiles WHERE box_id = ?1 ORDER BY profile DESC LIMIT 1")?;
    let last: Option<i64> = statement.query_row(params![box_id.as_bytes()], |row| row.get(0)).optional()?;
    let profile = last.unwrap_or(0) + 1;
    let mut statement = conn.prepare_cached(
        "INSERT INTO profiles (box_id, profile, message_type, digest) VALUES (?1, ?2, ?3, ?4)",
    )?;
    statement.execute(params![box_id.as_bytes(), profile, message_type as i32, digest.as_bytes()])?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO profile_documents
             (box_id, profile, number, type_named_id, direction, counteragent, department)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (number, document) in (1_i64..).zip(documents) {
        statement.execute(params![
            box_id.as_bytes(),
            profile,
            number,
            document.type_named_id,
            document.direction as i32,
            document.counteragent.as_bytes(),
            document.department.as_bytes(),
        ])?;
    }
    Ok(profile)
}

/// Which events a filter wants, times aside.
pub(crate) enum Selection {
    /// All.
    All,
    /// Those of messages of these kinds.
    MessageTypes(Vec<MessageType>),
    /// Those of these profiles, which are sorted; each event counts so many times.
    Profiles(Vec<(i64, u64)>),
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Events.
    Events,
    /// Matching documents of events.
    Documents,
}

impl Selection {
    /// The profiles that a filter by documents chooses; kinds of messages alone need none.
    pub(crate) fn of(
        conn: &Connection,
        box_id: BoxId,
        filter: &FeedFilter,
        unit: Unit,
    ) -> Result<Self, Failure> {
        if unit == Unit::Documents || concerns_documents(filter) {
            matching_documents(conn, box_id, filter, unit).map(Self::Profiles)
        } else if filter.message_types.is_empty() {
            Ok(Self::All)
        } else {
            Ok(Self::MessageTypes(filter.message_types.clone()))
        }
    }

    /// How many times an event of this kind and profile counts; 0 if it is not wanted.
    pub(crate) fn weight(&self, message_type: i32, profile: i64) -> u64 {
        match self {
            Self::All => 1,
            Self::MessageTypes(types) => types.iter().any(|wanted| *wanted as i32 == message_type).into(),
            Self::Profiles(profiles) => profiles
                .binary_search_by_key(&profile, |&(profile, _)| profile)
                .map_or(0, |position| profiles[position].1),
        }
    }
}

fn concerns_documents(filter: &FeedFilter) -> bool {
    !filter.types.is_empty()
        || !filter.directions.is_empty()
        || filter.counteragent.is_some()
        || filter.departments.is_some()
}

/// The profiles of messages of these kinds.
pub(crate) fn of_message_types(
    conn: &Connection,
    box_id: BoxId,
    types: &[MessageType],
) -> Result<Vec<(i64, u64)>, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT profile, message_type FROM profiles WHERE box_id = ?1 ORDER BY profile")?;
    let mut rows = statement.query(params![box_id.as_bytes()])?;
    let mut profiles = Vec::new();
    while let Some(row) = rows.next()? {
        if has_type(types, row.get(1)?) {
            profiles.push((row.get(0)?, 1));
        }
    }
    Ok(profiles)
}

fn has_type(types: &[MessageType], number: i32) -> bool {
    types.is_empty() || types.iter().any(|wanted| *wanted as i32 == number)
}

macro_rules! documents_where {
    ($condition:literal) => {
        concat!(
            "SELECT d.profile, d.type_named_id, d.direction, d.counteragent, d.department, p.message_type
             FROM profile_documents d JOIN profiles p ON p.box_id = d.box_id AND p.profile = d.profile
             WHERE d.box_id = ?1",
            $condition
        )
    };
}

fn matching_documents(
    conn: &Connection,
    box_id: BoxId,
    filter: &FeedFilter,
    unit: Unit,
) -> Result<Vec<(i64, u64)>, Failure> {
    let mut profiles = Vec::new();
    let own = box_id.as_bytes();
    // One of the rare facts drives the search; `matches` checks all of them.
    if let Some(counteragent) = filter.counteragent {
        let mut statement = conn.prepare_cached(documents_where!(" AND d.counteragent = ?2"))?;
        collect(statement.query(params![own, counteragent.as_bytes()])?, filter, &mut profiles)?;
    } else if let Some(departments) = &filter.departments {
        let mut statement = conn.prepare_cached(documents_where!(" AND d.department = ?2"))?;
        for department in departments {
            collect(statement.query(params![own, department.as_bytes()])?, filter, &mut profiles)?;
        }
    } else {
        let mut statement = conn.prepare_cached(documents_where!(""))?;
        collect(statement.query(params![own])?, filter, &mut profiles)?;
    }
    profiles.sort_unstable();
    let mut weighted: Vec<(i64, u64)> = Vec::new();
    for profile in profiles {
        match weighted.last_mut() {
            Some((last, weight)) if *last == profile => *weight += u64::from(unit == Unit::Documents),
            _ => weighted.push((profile, 1)),
        }
    }
    Ok(weighted)
}

fn collect(
    mut rows: rusqlite::Rows<'_>,
    filter: &FeedFilter,
    profiles: &mut Vec<i64>,
) -> Result<(), Failure> {
    while let Some(row) = rows.next()? {
        if matches(row, filter)? {
            profiles.push(row.get(0)?);
        }
    }
    Ok(())
}

/// One document of a profile satisfies all conditions together.
fn matches(row: &Row<'_>, filter: &FeedFilter) -> Result<bool, Failure> {
    let type_named_id = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
    let direction: i32 = row.get(2)?;
    let counteragent: BoxId = guid(row, 3)?;
    let department: DepartmentId = guid(row, 4)?;
    let has_direction = |wanted: &Direction| *wanted as i32 == direction;
    Ok((filter.types.is_empty() || filter.types.iter().any(|wanted| wanted == type_named_id))
        && (filter.directions.is_empty() || filter.directions.iter().any(has_direction))
        && filter.counteragent.is_none_or(|wanted| wanted == counteragent)
        && filter.departments.as_ref().is_none_or(|wanted| wanted.contains(&department))
        && has_type(&filter.message_types, row.get(5)?))
}
