//! Words that stand for values.

use potok_domain::query::FeedOrder;
use potok_domain::{Direction, MessageType};

use crate::BadRequest;

pub(super) const ORDERS: [(&str, FeedOrder); 2] =
    [("Ascending", FeedOrder::Ascending), ("Descending", FeedOrder::Descending)];
pub(super) const MESSAGE_TYPES: [(&str, MessageType); 3] =
    [("Letter", MessageType::Letter), ("Draft", MessageType::Draft), ("Template", MessageType::Template)];
pub(super) const DIRECTIONS: [(&str, Direction); 3] =
    [("Inbound", Direction::Inbound), ("Outbound", Direction::Outbound), ("Internal", Direction::Internal)];

/// The value that is called `word`, in any case.
pub(super) fn named<T: Copy>(place: &str, word: &str, values: &[(&str, T)]) -> Result<T, BadRequest> {
    let found = values.iter().find(|(name, _)| name.eq_ignore_ascii_case(word.trim()));
    found.map(|&(_, value)| value).ok_or_else(|| {
        let names: Vec<&str> = values.iter().map(|&(name, _)| name).collect();
        BadRequest::worded(format!(
            "{place} has the wrong value {word:?}: one of {} is expected",
            names.join(", ")
        ))
    })
}

/// The same for each of `words`, which stand at `place` of the request.
pub(super) fn all_named<T: Copy>(
    place: &str,
    words: &[String],
    values: &[(&str, T)],
) -> Result<Vec<T>, BadRequest> {
    words.iter().map(|word| named(place, word, values)).collect()
}
