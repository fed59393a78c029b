//! The form of what becomes of templates.

use potok_types::limits;

use super::{Reserved, labels, refuse};
use crate::command::NewRefusal;
use crate::decide::Rejection;

/// Checks what can be seen in `item` alone.
///
/// # Errors
/// [`Rejection::Invalid`] names the field that is wrong.
pub fn refusal<S>(item: &NewRefusal<S>) -> Result<(), Rejection> {
    const MOST: usize = limits::TEMPLATE_REFUSAL_COMMENT_CHARS;
    let given = item.comment.as_ref().map_or(0, |comment| comment.chars().count());
    if given > MOST {
        let reason = format!("{given} characters are given, at most {MOST} are allowed; shorten the comment");
        return refuse(format!("{}.Comment", item.path), reason);
    }
    labels(&item.path, &item.labels, Reserved::Refused)
}
