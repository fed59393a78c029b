//! Which events a filter wants: choosing profiles.
//!
//! A profile is a set of events that look the same to every filter of the feed. A box has few of them (a kind of message,
//! times types of documents, times counteragents, times departments), and they never change. So a filter is answered in
//! two cheap steps: which profiles match, and where their events are. Documents that look the same count as often as they
//! are there, so that documents can be counted by profiles too.

use std::collections::HashSet;

use potok_domain::access::Scope;
use potok_domain::query::FeedFilter;
use potok_domain::{Direction, MessageType};
use potok_types::{BoxId, DepartmentId};

use crate::{Batch, Failure, FeedStmt, Row, Sql, args};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Events.
    Events,
    /// Matching documents of events.
    Documents,
}

/// Which events a filter wants, times aside.
pub(super) enum Selection {
    /// Every event of the box.
    All,
    /// Those of messages of these kinds.
    MessageTypes(Vec<MessageType>),
    /// Those of these profiles.
    Profiles(Vec<Weighted>),
}

/// A profile, and how many times each of its events counts. Lists of them are sorted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighted {
    pub(super) profile: i64,
    pub(super) weight: u64,
}

impl Selection {
    /// The profiles that a filter by documents chooses; kinds of messages alone need none.
    pub(super) async fn of(
        sql: &mut impl Sql,
        box_id: BoxId,
        filter: &FeedFilter,
        unit: Unit,
    ) -> Result<Self, Failure> {
        if unit == Unit::Documents || concerns_documents(filter) {
            matching_documents(sql, box_id, filter, unit).await.map(Self::Profiles)
        } else if filter.message_types.is_empty() {
            Ok(Self::All)
        } else {
            Ok(Self::MessageTypes(filter.message_types.clone()))
        }
    }

    /// How many times an event of this kind and profile counts; 0 if it is not wanted.
    pub(super) fn weight(&self, message_type: i32, profile: i64) -> u64 {
        match self {
            Self::All => 1,
            Self::MessageTypes(types) => types.iter().any(|wanted| *wanted as i32 == message_type).into(),
            Self::Profiles(profiles) => profiles
                .binary_search_by_key(&profile, |weighted| weighted.profile)
                .map_or(0, |position| profiles[position].weight),
        }
    }
}

fn concerns_documents(filter: &FeedFilter) -> bool {
    !filter.types.is_empty()
        || !filter.directions.is_empty()
        || filter.counteragent.is_some()
        || !filter.within.sees_all()
}

/// The profiles of messages of these kinds.
pub(super) async fn of_message_types(
    sql: &mut impl Sql,
    box_id: BoxId,
    types: &[MessageType],
) -> Result<Vec<Weighted>, Failure> {
    let mut profiles = Vec::new();
    sql.each(FeedStmt::Profiles, &args![box_id], |row| {
        if has_type(types, row.get(1)?) {
            profiles.push(Weighted { profile: row.get(0)?, weight: 1 });
        }
        Ok(())
    })
    .await?;
    Ok(profiles)
}

fn has_type(types: &[MessageType], number: i32) -> bool {
    types.is_empty() || types.iter().any(|wanted| *wanted as i32 == number)
}

async fn matching_documents(
    sql: &mut impl Sql,
    box_id: BoxId,
    filter: &FeedFilter,
    unit: Unit,
) -> Result<Vec<Weighted>, Failure> {
    let mut profiles: Vec<i64> = Vec::new();
    // Documents of profiles about which the reader was asked, with which their profiles are found wherever they lie.
    let mut asked: HashSet<(i64, i64)> = HashSet::new();
    if let Some(addressee) = filter.within.addressee() {
        let ids = addressee.ids();
        let questions: Batch<'_> = ids.iter().map(|id| args![box_id, id.kind(), *id]).collect();
        sql.each_of(FeedStmt::ProfileDocumentsAsked, &questions, |_, row| {
            // Somebody may be asked as a person and as one of a department.
            let is_new = asked.insert((row.get(0)?, row.get(6)?));
            let is_found_there = filter.counteragent.is_some() || lies_within(row, &filter.within)?;
            if is_new && !is_found_there && matches(row, filter)? {
                profiles.push(row.get(0)?);
            }
            Ok(())
        })
        .await?;
    }
    let mut collect = |row: &dyn Row| {
        let is_seen = lies_within(row, &filter.within)? || asked.contains(&(row.get(0)?, row.get(6)?));
        if is_seen && matches(row, filter)? {
            profiles.push(row.get(0)?);
        }
        Ok(())
    };
    // One of the rare facts drives the search; `matches` checks all of them.
    if let Some(counteragent) = filter.counteragent {
        sql.each(FeedStmt::ProfileDocumentsWith, &args![box_id, counteragent], collect).await?;
    } else if let Scope::Departments { departments, .. } = &filter.within {
        let questions: Batch<'_> = departments.iter().map(|it| args![box_id, *it]).collect();
        sql.each_of(FeedStmt::ProfileDocumentsIn, &questions, |_, row| collect(row)).await?;
    } else {
        sql.each(FeedStmt::ProfileDocuments, &args![box_id], collect).await?;
    }
    profiles.sort_unstable();
    let mut weighted: Vec<Weighted> = Vec::new();
    for profile in profiles {
        match weighted.last_mut() {
            Some(last) if last.profile == profile => last.weight += u64::from(unit == Unit::Documents),
            _ => weighted.push(Weighted { profile, weight: 1 }),
        }
    }
    Ok(weighted)
}

/// The document of a profile lies in one of the departments of the scope.
fn lies_within(row: &dyn Row, within: &Scope) -> Result<bool, Failure> {
    Ok(within.sees_department(row.get::<DepartmentId>(5)?))
}

/// One document of a profile satisfies all conditions together, but for where it lies and who was asked about it.
fn matches(row: &dyn Row, filter: &FeedFilter) -> Result<bool, Failure> {
    let type_named_id: &str = row.get(2)?;
    let direction: i32 = row.get(3)?;
    let counteragent: BoxId = row.get(4)?;
    let has_direction = |wanted: &Direction| *wanted as i32 == direction;
    Ok((filter.types.is_empty() || filter.types.iter().any(|wanted| wanted == type_named_id))
        && (filter.directions.is_empty() || filter.directions.iter().any(has_direction))
        && filter.counteragent.is_none_or(|wanted| wanted == counteragent)
        && has_type(&filter.message_types, row.get(1)?))
}
