//! Several ways to one answer, of which nobody knows beforehand which is the shortest.
//!
//! A condition that few documents satisfy is found quickest from its own index; one that nearly all satisfy, by walking in
//! the order of the list. Estimates go wrong exactly where it hurts: when the documents that match lie close together at
//! the far end. So the ways take turns, each with twice as many steps as the time before, and the first one that arrives
//! wins. That costs at most a few times the shortest way.

use std::future::Future;

use crate::{Failure, Sql};

/// Steps of the first turn: reading that many index rows takes less than a millisecond. Tests have few rows, and are to
/// see the ways overtake each other all the same.
const FIRST_TURN: usize = if cfg!(debug_assertions) { 32 } else { 1000 };

/// One way.
pub(super) trait Way {
    /// Goes about `steps` further; one is the reading of one row of an index. Whether the answer is there.
    fn advance(
        &mut self,
        sql: &mut impl Sql,
        steps: usize,
    ) -> impl Future<Output = Result<bool, Failure>> + Send;
}

/// The way that arrives first; `None` when there is none.
pub(super) async fn first<W: Way + Send>(sql: &mut impl Sql, mut ways: Vec<W>) -> Result<Option<W>, Failure> {
    let mut steps = FIRST_TURN;
    while !ways.is_empty() {
        for index in 0..ways.len() {
            if ways[index].advance(sql, steps).await? {
                return Ok(Some(ways.swap_remove(index)));
            }
        }
        steps = steps.saturating_mul(2);
    }
    Ok(None)
}
