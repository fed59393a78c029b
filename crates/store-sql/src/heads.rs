//! Where boxes stand, and what a writer remembers of them, so that an append need not read it again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use potok_types::{BoxId, ContentHash};

use crate::{Failure, FeedStmt, JournalStmt, Sql, args};

/// Boxes or profiles remembered at most; reading one again costs microseconds, so there is no need to be clever.
const REMEMBERED: usize = 100_000;

/// The newest row of a box's feed: where its counters and bounds stand, and the last key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BoxHead {
    pub(crate) key: Option<i64>,
    pub(crate) seq: i64,
    pub(crate) letters: i64,
    pub(crate) drafts: i64,
    /// The largest time − key so far.
    pub(crate) max_lead: i64,
    /// The largest key − time so far.
    pub(crate) max_lag: i64,
}

impl BoxHead {
    /// The head of a feed without events.
    pub(crate) const EMPTY: Self =
        Self { key: None, seq: 0, letters: 0, drafts: 0, max_lead: i64::MIN, max_lag: i64::MIN };

    /// The newest row of the feed.
    pub(crate) async fn of_feed(sql: &mut impl Sql, box_id: BoxId) -> Result<Self, Failure> {
        let args = args![box_id];
        let head = sql.row(FeedStmt::Newest, &args, |row| {
            Ok(Self {
                key: Some(row.get(0)?),
                seq: row.get(1)?,
                letters: row.get(2)?,
                drafts: row.get(3)?,
                max_lead: row.get(4)?,
                max_lag: row.get(5)?,
            })
        });
        Ok(head.await?.unwrap_or(Self::EMPTY))
    }

    /// The same with the last key of the box, which may be one of an event that is not in the feed.
    async fn of_box(sql: &mut impl Sql, box_id: BoxId) -> Result<Self, Failure> {
        let head = Self::of_feed(sql, box_id).await?;
        let others: Option<i64> =
            sql.row(JournalStmt::LastKeyBesideFeed, &args![box_id], |row| row.get(0)).await?;
        Ok(Self { key: head.key.max(others), ..head })
    }
}

/// A profile of the feed and how many events it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProfileHead {
    pub(crate) profile: i64,
    pub(crate) count: i64,
}

impl ProfileHead {
    async fn read(sql: &mut impl Sql, box_id: BoxId, digest: ContentHash) -> Result<Option<Self>, Failure> {
        let profile: Option<i64> =
            sql.row(FeedStmt::ProfileOfDigest, &args![box_id, &digest], |row| row.get(0)).await?;
        let Some(profile) = profile else { return Ok(None) };
        let args = args![box_id, profile, i64::MAX];
        let count: Option<i64> = sql.row(FeedStmt::ProfileTotalAt, &args, |row| row.get(0)).await?;
        Ok(Some(Self { profile, count: count.unwrap_or(0) }))
    }
}

/// The memory of a writer.
#[derive(Debug, Default)]
pub struct Heads {
    boxes: HashMap<BoxId, BoxHead>,
    profiles: HashMap<(BoxId, ContentHash), ProfileHead>,
    document_profiles: HashMap<(BoxId, ContentHash), i64>,
}

impl Heads {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.boxes.clear();
        self.profiles.clear();
        self.document_profiles.clear();
    }

    /// Where the box stands, to be moved on by the caller.
    pub(crate) async fn of_box(
        &mut self,
        sql: &mut impl Sql,
        box_id: BoxId,
    ) -> Result<&mut BoxHead, Failure> {
        make_room(&mut self.boxes, &box_id);
        match self.boxes.entry(box_id) {
            Entry::Occupied(found) => Ok(found.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(BoxHead::of_box(sql, box_id).await?)),
        }
    }

    /// Where the profile with this digest stands, if it exists already; to be moved on by the caller.
    pub(crate) async fn of_profile(
        &mut self,
        sql: &mut impl Sql,
        box_id: BoxId,
        digest: ContentHash,
    ) -> Result<Option<&mut ProfileHead>, Failure> {
        make_room(&mut self.profiles, &(box_id, digest));
        match self.profiles.entry((box_id, digest)) {
            Entry::Occupied(found) => Ok(Some(found.into_mut())),
            Entry::Vacant(place) => {
                let head = ProfileHead::read(sql, box_id, digest).await?;
                Ok(head.map(|head| place.insert(head)))
            }
        }
    }

    /// Remembers a profile that was just made.
    pub(crate) fn put_profile(&mut self, box_id: BoxId, digest: ContentHash, head: ProfileHead) {
        self.profiles.insert((box_id, digest), head);
    }

    /// The profile of documents with this digest, if it is remembered.
    pub(crate) fn document_profile(&self, box_id: BoxId, digest: ContentHash) -> Option<i64> {
        self.document_profiles.get(&(box_id, digest)).copied()
    }

    /// Remembers a profile of documents.
    pub(crate) fn put_document_profile(&mut self, box_id: BoxId, digest: ContentHash, profile: i64) {
        make_room(&mut self.document_profiles, &(box_id, digest));
        self.document_profiles.insert((box_id, digest), profile);
    }
}

/// Forgets all when there are too many to take in another one.
fn make_room<K: Eq + Hash, V>(known: &mut HashMap<K, V>, next: &K) {
    if known.len() >= REMEMBERED && !known.contains_key(next) {
        known.clear();
    }
}
