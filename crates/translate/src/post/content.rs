//! Bytes of a request: given in place, on the shelf, or left to the server as a test signature.

use bytes::Bytes;
use potok_domain::command::Source;
use potok_wire::proto::events::SignedContent;

use super::fields::filled;
use crate::BadRequest;

/// `SignedContent`, taken apart.
pub(super) struct Signed {
    pub(super) content: Source,
    pub(super) signature: Option<Source>,
}

/// The three ways to give a signature; at most one may be used.
pub(super) struct GivenSignature {
    pub(super) inline: Option<Bytes>,
    pub(super) on_shelf: Option<String>,
    pub(super) is_test: bool,
}

/// Exactly one of `Content` and `NameOnShelf`; at most one kind of signature. `path` is that of the structure.
pub(super) fn signed_content(path: &str, signed: SignedContent) -> Result<Signed, BadRequest> {
    if signed.power_of_attorney.is_some() {
        return Err(BadRequest::not_built(format!("{path}.PowerOfAttorney")));
    }
    let is_test = signed.sign_with_test_signature();
    let given =
        GivenSignature { inline: signed.signature, on_shelf: signed.signature_name_on_shelf, is_test };
    Ok(Signed {
        content: unsigned_content(path, signed.content, signed.name_on_shelf)?,
        signature: signature(path, given)?,
    })
}

/// The same where a signature must not be missing.
pub(super) fn signed_content_with_signature(
    path: &str,
    signed: SignedContent,
) -> Result<(Source, Source), BadRequest> {
    let Signed { content, signature } = signed_content(path, signed)?;
    let signature = signature.ok_or_else(|| missing_signature(path))?;
    Ok((content, signature))
}

/// Exactly one of `Content` and `NameOnShelf`. `path` is that of the structure.
pub(super) fn unsigned_content(
    path: &str,
    inline: Option<Bytes>,
    on_shelf: Option<String>,
) -> Result<Source, BadRequest> {
    // Clients that set every field send empty bytes where they mean none; nobody signs an empty file.
    match (inline.filter(|bytes| !bytes.is_empty()), filled(on_shelf)) {
        (Some(bytes), None) => Ok(Source::Inline(bytes)),
        (None, Some(name)) => Ok(Source::OnShelf(name)),
        (Some(_), Some(_)) => Err(BadRequest::invalid(
            format!("{path}.Content"),
            "Content and NameOnShelf are both given; leave one of them out",
        )),
        (None, None) => Err(BadRequest::invalid(
            format!("{path}.Content"),
            "neither Content nor NameOnShelf is given; put the bytes into Content or the name of an uploaded file into \
             NameOnShelf",
        )),
    }
}

/// `None` when no signature is given. `path` is that of the structure that holds the fields.
pub(super) fn signature(path: &str, given: GivenSignature) -> Result<Option<Source>, BadRequest> {
    let inline = given.inline.filter(|bytes| !bytes.is_empty());
    let on_shelf = filled(given.on_shelf);
    match (inline, on_shelf, given.is_test) {
        (None, None, false) => Ok(None),
        (Some(bytes), None, false) => Ok(Some(Source::Inline(bytes))),
        (None, Some(name), false) => Ok(Some(Source::OnShelf(name))),
        (None, None, true) => Ok(Some(Source::TestSignature)),
        _ => Err(BadRequest::invalid(
            format!("{path}.Signature"),
            "at most one of Signature, SignatureNameOnShelf and SignWithTestSignature may be given; leave the others out",
        )),
    }
}

/// Says that a signature is missing in the structure at `path`.
pub(super) fn missing_signature(path: &str) -> BadRequest {
    BadRequest::invalid(
        format!("{path}.Signature"),
        "a signature is required; give one of Signature, SignatureNameOnShelf and SignWithTestSignature",
    )
}
