//! Bytes of a request: given in place, on the shelf, or left to the server as a test signature.

use bytes::Bytes;
use potok_domain::command::{PowerToAttach, Source};
use potok_wire::proto::events::{PowerOfAttorneyToPost, SignedContent};

use super::fields::filled;
use crate::BadRequest;
use crate::read::powers;

/// `SignedContent`, taken apart.
pub(super) struct Signed {
    pub(super) content: Source,
    pub(super) signature: Option<Source>,
    pub(super) power: Option<PowerToAttach<Source>>,
}

/// The three ways to give a signature; at most one may be used.
pub(super) struct GivenSignature {
    pub(super) inline: Option<Bytes>,
    pub(super) on_shelf: Option<String>,
    pub(super) is_test: bool,
}

/// Exactly one of `Content` and `NameOnShelf`; at most one kind of signature. `path` is that of the structure.
pub(super) fn signed_content(path: &str, signed: SignedContent) -> Result<Signed, BadRequest> {
    let is_test = signed.sign_with_test_signature();
    let power = power(&format!("{path}.PowerOfAttorney"), signed.power_of_attorney.map(|it| *it))?;
    let given =
        GivenSignature { inline: signed.signature, on_shelf: signed.signature_name_on_shelf, is_test };
    Ok(Signed {
        content: unsigned_content(path, signed.content, signed.name_on_shelf)?,
        signature: signature(path, given)?,
        power,
    })
}

/// The same where a signature must not be missing.
pub(super) fn signed_content_with_signature(
    path: &str,
    signed: SignedContent,
) -> Result<(Source, Source, Option<PowerToAttach<Source>>), BadRequest> {
    let Signed { content, signature, power } = signed_content(path, signed)?;
    let signature = signature.ok_or_else(|| missing_signature(path))?;
    Ok((content, signature, power))
}

/// The power of attorney that is to come with a signature: one of the ways to name it, or none at all.
pub(super) fn power(
    path: &str,
    given: Option<PowerOfAttorneyToPost>,
) -> Result<Option<PowerToAttach<Source>>, BadRequest> {
    let Some(given) = given else { return Ok(None) };
    let in_document = given.use_document_content();
    let as_file = given.send_as_file();
    let PowerOfAttorneyToPost { full_id, use_default, content, contents, .. } = given;
    let is_file = content.is_some() || !contents.is_empty();
    let owned = path.to_owned();
    match (full_id, use_default, is_file) {
        (None, false, false) if in_document => Ok(Some(PowerToAttach::InDocument { path: owned })),
        (Some(id), false, false) if !in_document => {
            let name = powers::power_name(&format!("{path}.FullId"), &id)?;
            Ok(Some(PowerToAttach::Named { path: owned, name, as_file }))
        }
        (None, true, false) if !in_document => Ok(Some(PowerToAttach::Default { path: owned, as_file })),
        (None, false, true) if !in_document && (content.is_none() || contents.is_empty()) => {
            let one = content.map(|it| (format!("{path}.Content"), it));
            let all = contents.into_iter().enumerate();
            let all = all.map(|(nth, it)| (format!("{path}.Contents[{nth}]"), it));
            let files = one.into_iter().chain(all).map(|(path, it)| powers::signed_power(&path, it));
            Ok(Some(PowerToAttach::Files { path: owned, files: files.collect::<Result<_, _>>()? }))
        }
        _ => Err(BadRequest::invalid(
            path,
            "exactly one of FullId, UseDefault, Contents and UseDocumentContent has to be given; leave the others out",
        )),
    }
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

/// The bytes that were prepared for whoever signs them; whether there are such is not known here.
pub(super) fn prepared(id: Option<String>) -> Option<Source> {
    filled(id).map(Source::Prepared)
}

/// Says that a signature is missing in the structure at `path`.
pub(super) fn missing_signature(path: &str) -> BadRequest {
    BadRequest::invalid(
        format!("{path}.Signature"),
        "a signature is required; give one of Signature, SignatureNameOnShelf and SignWithTestSignature",
    )
}
