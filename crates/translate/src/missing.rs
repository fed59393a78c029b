//! Fields that a body lacks, in the words that programs compare.

use potok_types::{Attested, Invalid};
use potok_wire::{DecodeError, Reason};

/// Fields whose absence has words of its own: structure of the body, name of the field, row. The row is filled with the
/// place of the structure that lacks the field.
const OWN_WORDS: &[(&str, &str, Attested)] = &[
    ("MessageToPost", "TypeNamedId", Attested::NoType),
    ("SignatureRejectionInfo", "Signer", Attested::NoSigner),
    ("InvoiceCorrectionRequestInfo", "Signer", Attested::NoSigner),
    ("RevocationRequestInfo", "Signer", Attested::NoSigner),
];

/// The field that is missing, if that is what is wrong with the body.
pub fn missing(error: &DecodeError) -> Option<Invalid> {
    if *error.reason() != Reason::Missing {
        return None;
    }
    let body = error.message();
    let path = format!("{body}.{}", error.path());
    let (owner, field) = path.rsplit_once('.')?;
    let row = OWN_WORDS.iter().find(|(known, name, _)| *known == body && *name == field);
    Some(match row {
        Some((.., row)) => Invalid::attested(*row, path.clone(), &[&owner]),
        // An absent box and one that is no box are told alike.
        None if field.ends_with("BoxId") => Invalid::attested(Attested::BadBoxId, path, &[&""]),
        None => Invalid::required(path),
    })
}

#[cfg(test)]
mod tests {
    use potok_wire::proto::events::{MessagePatchToPost, MessageToPost};
    use potok_wire::proto::invoicing::SignatureRejectionInfo;
    use potok_wire::{WireMessage, decode_json};

    use super::*;

    fn told<M: WireMessage>(json: &str) -> Option<String> {
        missing(&decode_json::<M>(json.as_bytes()).expect_err(json)).map(|missing| missing.to_string())
    }

    #[test]
    fn what_is_missing_is_told_as_programs_know_it() {
        const BOXES: &str = r#""FromBoxId": "a", "ToBoxId": "b""#;
        let post = |rest: &str| told::<MessageToPost>(&format!("{{{rest}}}"));
        assert_eq!(post("").as_deref(), Some("BoxId field is not valid box id: "));
        assert_eq!(
            post(&format!(r#"{BOXES}, "DocumentAttachments": [{{"SignedContent": {{}}}}]"#)).as_deref(),
            Some(
                "MessageToPost.DocumentAttachments[0]: Incorrect DocumentAttachment. TypeNamedId must be specified"
            )
        );
        assert_eq!(
            post(&format!(r#"{BOXES}, "DocumentAttachments": [{{"TypeNamedId": "a"}}]"#)).as_deref(),
            Some("MessageToPost.DocumentAttachments[0].SignedContent is required field")
        );
        assert_eq!(
            told::<MessagePatchToPost>(
                r#"{"BoxId": "a", "MessageId": "b", "Receipts": [{"SignedContent": {}}]}"#
            )
            .as_deref(),
            Some("MessagePatchToPost.Receipts[0].ParentEntityId is required field.")
        );
        assert_eq!(
            told::<SignatureRejectionInfo>(r#"{"SignatureRejectionInfo": {"Signer": {}}}"#).as_deref(),
            Some("SignatureRejectionInfo.Signer should not be empty.")
        );
        assert_eq!(post(r#""FromBoxId": []"#), None);
    }
}
