//! What the writer remembers of the boxes it writes to, so that an append need not read it again.

use std::collections::HashMap;

use potok_types::{BoxId, ContentHash};
use rusqlite::{Connection, OptionalExtension as _, params};

/// Boxes or profiles remembered at most; reading one again costs microseconds, so there is no need to be clever.
const REMEMBERED: usize = 100_000;

/// The newest row of a box's feed: where its counters and bounds stand, and the last key of the box.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BoxHead {
    pub(crate) key: Option<i64>,
    pub(crate) seq: i64,
    pub(crate) letters: i64,
    pub(crate) drafts: i64,
    pub(crate) max_lead: i64,
    pub(crate) max_lag: i64,
}

/// A profile and how many events it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProfileHead {
    pub(crate) profile: i64,
    pub(crate) count: i64,
}

/// The memory. It must be cleared whenever the transaction it was filled in does not commit, and whenever somebody
/// else wrote.
#[derive(Default)]
pub(crate) struct Heads {
    boxes: HashMap<BoxId, BoxHead>,
    profiles: HashMap<(BoxId, ContentHash), ProfileHead>,
    document_profiles: HashMap<(BoxId, ContentHash), i64>,
}

impl Heads {
    pub(crate) fn clear(&mut self) {
        self.boxes.clear();
        self.profiles.clear();
        self.document_profiles.clear();
    }

    /// The profile of documents with this digest, if it is remembered.
    pub(crate) fn document_profile(&self, box_id: BoxId, digest: ContentHash) -> Option<i64> {
        self.document_profiles.get(&(box_id, digest)).copied()
    }

    /// Remembers a profile of documents.
    pub(crate) fn put_document_profile(&mut self, box_id: BoxId, digest: ContentHash, profile: i64) {
        if self.document_profiles.len() >= REMEMBERED {
            self.document_profiles.clear();
        }
        self.document_profiles.insert((box_id, digest), profile);
    }

    /// Where the box stands, to be moved on by the caller.
    pub(crate) fn of_box(&mut self, conn: &Connection, box_id: BoxId) -> rusqlite::Result<&mut BoxHead> {
        if self.boxes.len() >= REMEMBERED && !self.boxes.contains_key(&box_id) {
            self.boxes.clear();
        }
        match self.boxes.entry(box_id) {
            std::collections::hash_map::Entry::Occupied(found) => Ok(found.into_mut()),
            std::collections::hash_map::Entry::Vacant(place) => Ok(place.insert(read_box(conn, box_id)?)),
        }
    }

    /// Where the profile with this digest stands, if it exists already; to be moved on by the caller.
    pub(crate) fn of_profile(
        &mut self,
        conn: &Connection,
        box_id: BoxId,
        digest: ContentHash,
    ) -> rusqlite::Result<Option<&mut ProfileHead>> {
        if self.profiles.len() >= REMEMBERED && !self.profiles.contains_key(&(box_id, digest)) {
            self.profiles.clear();
        }
        match self.profiles.entry((box_id, digest)) {
            std::collections::hash_map::Entry::Occupied(found) => Ok(Some(found.into_mut())),
            std::collections::hash_map::Entry::Vacant(place) => {
                Ok(read_profile(conn, box_id, digest)?.map(|head| place.insert(head)))
            }
        }
    }

    /// Remembers a profile that was just made.
    pub(crate) fn put_profile(&mut self, box_id: BoxId, digest: ContentHash, head: ProfileHead) {
        self.profiles.insert((box_id, digest), head);
    }
}

/// The newest row of the feed of `box_id`, and the key of the newest event of any kind.
fn read_box(conn: &Connection, box_id: BoxId) -> rusqlite::Result<BoxHead> {
    let mut statement = conn.prepare_cached(
        "SELECT key, seq, letters, drafts, max_lead, max_lag FROM feed
         WHERE box_id = ?1 ORDER BY key DESC LIMIT 1",
    )?;
    let head = statement.query_row(params![box_id.as_bytes()], |row| {
        Ok(BoxHead {
            key: Some(row.get(0)?),
            seq: row.get(1)?,
            letters: row.get(2)?,
            drafts: row.get(3)?,
            max_lead: row.get(4)?,
            max_lag: row.get(5)?,
        })
    });
    let mut head =
        head.optional()?.unwrap_or(BoxHead { max_lead: i64::MIN, max_lag: i64::MIN, ..BoxHead::default() });
    let mut statement = conn.prepare_cached("SELECT max(key) FROM events WHERE box_id = ?1 AND kind <> 1")?;
    let of_others: Option<i64> = statement.query_row(params![box_id.as_bytes()], |row| row.get(0))?;
    head.key = head.key.max(of_others);
    Ok(head)
}

fn read_profile(
    conn: &Connection,
    box_id: BoxId,
    digest: ContentHash,
) -> rusqlite::Result<Option<ProfileHead>> {
    let mut statement =
        conn.prepare_cached("SELECT profile FROM profiles WHERE box_id = ?1 AND digest = ?2")?;
    let found = statement.query_row(params![box_id.as_bytes(), digest.as_bytes()], |row| row.get(0));
    let Some(profile) = found.optional()? else { return Ok(None) };
    let mut statement = conn.prepare_cached(
        "SELECT nth FROM feed INDEXED BY feed_by_profile
         WHERE box_id = ?1 AND profile = ?2 ORDER BY key DESC LIMIT 1",
    )?;
    let count = statement.query_row(params![box_id.as_bytes(), profile], |row| row.get(0)).optional()?;
    Ok(Some(ProfileHead { profile, count: count.unwrap_or(0) }))
}
