//! What is wrong with one value of a request.

use std::fmt::Display;
use std::str::FromStr;

use crate::{Attested, BoxId, InvalidId};

/// One value of a request cannot be used. Shown as `MessageToPost.LockMode: unknown lock mode; use None, Send or Full`, or in
/// the words of its row of the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", place(.path, *.row))]
pub struct Invalid {
    /// The structure and its fields down to the value: `MessageToPost.DocumentAttachments[0].Comment`.
    pub path: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
    /// The row of [`Attested`] whose words the reason is; it names the place itself, where programs look for it.
    pub row: Option<Attested>,
}

impl Invalid {
    /// The value at `path` is wrong for `reason`.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into(), row: None }
    }

    /// The value at `path` is wrong in words that programs compare: those of `row`, with `values` in its places.
    pub fn attested(row: Attested, path: impl Into<String>, values: &[&dyn Display]) -> Self {
        Self { path: path.into(), reason: row.words(values), row: Some(row) }
    }

    /// The field at `path` is empty or not there.
    pub fn required(path: impl Into<String>) -> Self {
        let path = path.into();
        // Structures of patches were seen with a full stop, others without.
        let row = match path.starts_with("MessagePatchToPost") {
            true => Attested::RequiredFieldOfPatch,
            false => Attested::RequiredField,
        };
        let reason = row.words(&[&path]);
        Self { path, reason, row: Some(row) }
    }
}

/// What stands before the reason: a row has its place in its own words.
fn place(path: &str, row: Option<Attested>) -> String {
    if row.is_some() { String::new() } else { format!("{path}: ") }
}

/// The id that `text`, the value at `path`, spells.
///
/// # Errors
/// [`Invalid`] naming the path and the kind of id that was expected there.
pub fn id_at<T: FromStr<Err = InvalidId>>(path: impl Into<String>, text: &str) -> Result<T, Invalid> {
    if text.is_empty() {
        return Err(Invalid::required(path));
    }
    text.parse().map_err(|error: InvalidId| Invalid::new(path, error.to_string()))
}

/// The box that `text`, the value at `path`, names.
///
/// # Errors
/// [`Invalid`] in the words that programs know, also when nothing is there.
pub fn box_at(path: impl Into<String>, text: &str) -> Result<BoxId, Invalid> {
    text.parse().map_err(|_: InvalidId| Invalid::attested(Attested::BadBoxId, path, &[&text]))
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
        for (path, text) in [
            ("MessageToPost.FromDepartmentId", "MessageToPost.FromDepartmentId is required field"),
            ("MessagePatchToPost.MessageId", "MessagePatchToPost.MessageId is required field."),
        ] {
            assert_eq!(id_at::<MessageId>(path, "").unwrap_err().to_string(), text);
        }
        for wrong in ["", "m"] {
            let error = box_at("Patch.BoxId", wrong).unwrap_err();
            assert_eq!(error.to_string(), format!("BoxId field is not valid box id: {wrong}"));
            assert_eq!(error.path, "Patch.BoxId");
        }
    }
}
