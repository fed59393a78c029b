//! The file by which a sender cancels what the state was told of marked goods: JSON with the name of the document and the sender's INN.
//!
//! Published is one example of it, and what stands there is taken for the rule.

use serde_json::{Value, json};

const DOCUMENT: &str = "fixation_document_id";
const INN: &str = "inn";

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FixationCancellation {
    /// The name that the document gives itself, behind `FIX_`.
    pub(crate) document: String,
    /// INN of whoever told the state.
    pub(crate) inn: String,
}

impl FixationCancellation {
    /// That of the document in the file `file_name`.
    pub(crate) fn of(file_name: &str, inn: &str) -> Self {
        let name = file_name.strip_suffix(".xml").unwrap_or(file_name);
        Self { document: format!("FIX_{name}"), inn: inn.to_owned() }
    }

    /// What `bytes` say; `None` when they are no such file.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let said: Value = serde_json::from_slice(bytes).ok()?;
        let text = |name| said.get(name)?.as_str().map(str::to_owned);
        Some(Self { document: text(DOCUMENT)?, inn: text(INN)? })
    }

    /// Its bytes.
    pub(crate) fn write(&self) -> Vec<u8> {
        json!({ DOCUMENT: self.document, INN: self.inn }).to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let made = FixationCancellation::of("ON_NSCHFDOPPR_1.xml", "9612345678");
        assert_eq!(
            String::from_utf8(made.write()).unwrap(),
            r#"{"fixation_document_id":"FIX_ON_NSCHFDOPPR_1","inn":"9612345678"}"#
        );
        assert_eq!(FixationCancellation::read(&made.write()), Some(made));
        for other in
            [&b""[..], b"<a/>", b"{}", br#"{"inn":"1"}"#, br#"{"fixation_document_id":1,"inn":"1"}"#, b"[]"]
        {
            assert_eq!(FixationCancellation::read(other), None);
        }
    }
}
