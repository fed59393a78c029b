//! What is wrong with one value of a request.

use std::str::FromStr;

use crate::InvalidId;

/// One value of a request cannot be used. Shown as `MessageToPost.LockMode: unknown lock mode; use None, Send or Full`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct Invalid {
    /// The structure and its fields down to the value: `MessageToPost.DocumentAttachments[0].Comment`.
    pub path: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

impl Invalid {
    /// The value at `path` is wrong for `reason`.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

/// The id that `text`, the value at `path`, spells.
///
/// # Errors
/// [`Invalid`] naming the path and the kind of id that was expected there.
pub fn id_at<T: FromStr<Err = InvalidId>>(path: impl Into<String>, text: &str) -> Result<T, Invalid> {
    text.parse().map_err(|error: InvalidId| Invalid::new(path, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MessageId, parse_guid};

    #[test]
    fn an_id_is_read_or_its_place_is_named() {
        const TEXT: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
        let id: MessageId = id_at("Patch.MessageId", TEXT).unwrap();
        assert_eq!(Some(id.uuid()), parse_guid(TEXT));
        assert_eq!(
            id_at::<MessageId>("Patch.MessageId", "m").unwrap_err().to_string(),
            "Patch.MessageId: \"m\" is not a valid message id: a GUID is expected, with or without dashes"
        );
    }
}
