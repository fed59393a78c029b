//! Writing the profiles by which the feed is filtered: sets of events that look the same to every filter.

use potok_domain::MessageType;
use potok_domain::feed::ConcernedDocument;
use potok_store::FeedEntry;
use potok_types::{BoxId, ContentHash};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::failure::Failure;
use crate::heads::ProfileHead;
use crate::writer::Session;

/// The profile of an event, which counts as its next one; a new profile is written.
pub(crate) fn of_event(
    session: &mut Session<'_>,
    box_id: BoxId,
    entry: &FeedEntry,
) -> Result<ProfileHead, Failure> {
    let conn = session.conn;
    let documents = sorted(&entry.concerned);
    let digest = digest(entry.message_type, &documents);
    if let Some(head) = session.heads.of_profile(conn, box_id, digest)? {
        head.count += 1;
        return Ok(*head);
    }
    let profile = insert(conn, box_id, entry.message_type, digest, &documents)?;
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
