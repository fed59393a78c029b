//! `PrepareDocumentsToSign`: titles made anew for whoever is going to sign them. Nothing of the box is changed: what is made is kept
//! for a day, until somebody signs it in place of what the document has.

use bytes::Bytes;
use potok_domain::command::Source;
use potok_domain::decide::{Rejection, Step};
use potok_domain::paper::{ContentToPrepare, DocumentToPrepare, PrepareToSign, PreparedId, SignerToPut};
use potok_domain::registry::{self, Resolved};
use potok_domain::{MessageState, MessageType, access, carriage};
use potok_fns::xml::XmlError;
use potok_fns::{MoscowTime, PROGRAM_OF_PEOPLE, Remark};
use potok_titles::{Checks, Contract, Format, Signers, Sources};
use potok_types::access::NamedDocuments;
use potok_types::{BoxId, EntityId, Invalid, MessageId, TaskId, limits};

use super::{Paper, PaperError};
use crate::{Actor, CoreError, Missing, Permit};

/// Memory that a title takes for each of its bytes, while it is made anew.
const TIMES: u64 = 16;

/// A title, and for whom and where it is made anew.
struct Renewal<'a> {
    /// Where it stands in the request.
    path: &'a str,
    format: Format,
    title: Bytes,
    to: Option<BoxId>,
    signer: &'a SignerToPut,
}

impl Paper {
    /// Makes the titles anew that the request names, as far as this server makes titles of their formats; others are left out. The
    /// names under which they can be signed come with their bytes.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Document`; `CoreError::Denied`; [`PaperError::Rejected`] for what is sent or thrown away;
    /// `CoreError::Invalid` for signers who do not fit the format, and titles that are not of it; [`PaperError::Shelf`].
    pub async fn prepare_to_sign(
        &self,
        actor: &Permit<NamedDocuments>,
        request: PrepareToSign,
    ) -> Result<Vec<(PreparedId, Bytes)>, PaperError> {
        let mut made = Vec::new();
        for it in &request.documents {
            let Some(renewal) = self.of_document(actor, it).await? else { continue };
            let title = self.renewed(actor, renewal).await?;
            made.push(self.kept(actor, (it.message, it.document), title).await?);
        }
        for it in &request.contents {
            let Some(format) = format_of(it)? else { continue };
            let ContentToPrepare { path, to, signer, .. } = it;
            let title = self.given(actor, it).await?;
            let renewal = Renewal { path, format, title, to: *to, signer };
            let title = self.renewed(actor, renewal).await?;
            made.push(self.kept(actor, (MessageId::ZERO, EntityId::ZERO), title).await?);
        }
        Ok(made)
    }

    /// The title of a document that waits to be sent; `None` when its bytes have no format.
    async fn of_document<'a>(
        &self,
        actor: &Actor,
        it: &'a DocumentToPrepare,
    ) -> Result<Option<Renewal<'a>>, PaperError> {
        let DocumentToPrepare { path, message, document, .. } = it;
        let (box_id, message, document) = (actor.box_id(), *message, *document);
        let state = self.core.state(box_id, message).await?;
        let wanted = if it.is_of_draft { MessageType::Draft } else { MessageType::Letter };
        if state.message_type != wanted {
            return Err(CoreError::from(Missing::Message { box_id, message }).into());
        }
        let (found, of) = state.document(document).ok_or(Missing::Document { message, document })?;
        access::check_documents(&actor.scope, &state, [document])?;
        waits(path, &state, document)?;
        let Some(version) = found.entity.version.as_deref().filter(|_| !found.entity.is_encrypted) else {
            return Ok(None);
        };
        let version = registry::resolve(&of.kind.type_named_id, Some(&of.kind.function), Some(version), None);
        let Ok(Resolved { version, .. }) = version else { return Ok(None) };
        let Some(format) = Format::find(version.name, 0) else { return Ok(None) };
        let content = found.entity.content.ok_or(CoreError::LostContent { entity: document })?;
        let mut loaded = self.core.load_contents(box_id, [content.hash]).await?;
        let title = loaded.remove(&content.hash).ok_or(CoreError::LostContent { entity: document })?;
        Ok(Some(Renewal { path, format, title, to: it.to, signer: &it.signer }))
    }

    /// The bytes that came with the request, or lie on the shelf.
    async fn given(&self, actor: &Actor, it: &ContentToPrepare) -> Result<Bytes, PaperError> {
        let place = format!("{}.Content", it.path);
        let bytes = match &it.content {
            Source::Inline(bytes) => bytes.clone(),
            Source::OnShelf(name) => {
                let found = self.shelf.find_document(actor.user.id, name, &place).await?;
                found.ok_or_else(|| {
                    let reason =
                        format!("file {name:?} is not on your shelf, or not all of its parts have come");
                    Invalid::new(format!("{place}.NameOnShelf"), reason)
                })?
            }
            Source::TestSignature | Source::Kept(_) | Source::Prepared(_) => {
                return Err(Invalid::new(place, "give Content or NameOnShelf").into());
            }
        };
        if bytes.len() as u64 > limits::DOCUMENT_BYTES {
            let reason = format!("more than a document may have ({} bytes)", limits::DOCUMENT_BYTES);
            return Err(Invalid::new(place, reason).into());
        }
        Ok(bytes)
    }

    /// The title with its new signer, of now.
    async fn renewed(&self, actor: &Actor, renewal: Renewal<'_>) -> Result<Bytes, PaperError> {
        let Renewal { path, format, title, to, signer } = renewal;
        let version = format.version();
        let signers = signers(path, version, signer)?;
        let _taken = self.core.room.memory.take(TIMES * title.len() as u64).map_err(CoreError::from)?;
        let read = move |title: &[u8]| Contract::of_title(format, title, signers);
        let contract = self.core.room.read(&title, read).await.map_err(CoreError::from)?;
        let mut contract = contract.map_err(|found| refused(path, &found))?;
        if let Some(to) = to {
            let organization = self.core.directory.organization_by_box(to).await?;
            let organization = organization.ok_or_else(|| {
                Invalid::new(
                    format!("{path}.ToBoxId"),
                    "there is no such box; take the id from GetCounteragent",
                )
            })?;
            contract.set_recipient(format, &organization.fns_participant_id);
        }
        let kept_for = registry::title_type(version, 0);
        let mut facts = Vec::new();
        for asked in contract.signers() {
            facts.push(self.signer_facts(actor, &asked, kept_for).await?);
        }
        let (operator, now) = (self.operator.operator(), MoscowTime::at(self.core.clock.now()));
        let guid = self.core.entropy.uuid();
        let made = move |_: &[u8]| {
            let sources = Sources { now, guid, program: PROGRAM_OF_PEOPLE, operator: &operator, first: None };
            format.generate(contract, &sources, &|_| None, &facts, Checks::All)
        };
        let made = self.core.room.read(&title, made).await.map_err(CoreError::from)?;
        Ok(made.map_err(|found| refused(path, &found))?.bytes.into())
    }

    async fn kept(
        &self,
        actor: &Actor,
        (message, document): (MessageId, EntityId),
        title: Bytes,
    ) -> Result<(PreparedId, Bytes), PaperError> {
        let id = PreparedId {
            box_id: actor.box_id(),
            message,
            document,
            number: TaskId::from_uuid(self.core.entropy.uuid()),
        };
        self.shelf.keep_prepared(&id, title.clone()).await?;
        Ok((id, title))
    }
}

/// First titles of the version are made here, and made anew for their signers.
pub fn makes_titles(version: &str) -> bool {
    Format::find(version, 0).is_some()
}

/// What was sent has its bytes for good.
fn waits(path: &str, state: &MessageState, document: EntityId) -> Result<(), Rejection> {
    if state.is_recycled {
        return Err(Rejection::Recycled(state.message_id));
    }
    if state.message_type == MessageType::Draft || carriage::is_unsent(state, document) {
        return Ok(());
    }
    Err(Rejection::InvalidDocumentState {
        path: path.to_owned(),
        document,
        step: Step::Sign,
        reason: "подготовить можно только документ, который еще не отправлен".into(),
    })
}

/// The format of a title that the request describes; `None` when this server makes none of that version.
fn format_of(it: &ContentToPrepare) -> Result<Option<Format>, Invalid> {
    let resolved = registry::resolve(&it.type_named_id, Some(&it.function), Some(&it.version), None);
    let resolved = resolved.map_err(|error| {
        let name = match error {
            registry::Unresolved::Type(_) => "TypeNamedId",
            registry::Unresolved::Function { .. } => "Function",
            _ => "Version",
        };
        Invalid::new(format!("{}.{name}", it.path), error.to_string())
    })?;
    Ok(Format::find(resolved.version.name, 0))
}

/// The signer by the field of which the format makes something.
fn signers(path: &str, version: &str, given: &SignerToPut) -> Result<Signers, Invalid> {
    let required = |field: &str, reason: String| Err(Invalid::new(format!("{path}.{field}"), reason));
    if registry::signer_type(version) == registry::UNIVERSAL_SIGNER {
        let Some(xml) = &given.content else {
            return required(
                "SignerContent",
                format!("signers of version {version} are described here; fill it"),
            );
        };
        return Signers::read(xml).map_err(|error| refused(&format!("{path}.SignerContent"), &[error]));
    }
    let [signer] = &given.extended[..] else {
        let reason = format!(
            "{} signers are given; documents of version {version} are prepared for exactly one",
            given.extended.len()
        );
        return required("ExtendedSigner", reason);
    };
    let reference =
        |thumbprint, certificate| Signers::reference(signer.box_id.as_deref(), thumbprint, certificate);
    match (&signer.details, &signer.certificate, &signer.thumbprint) {
        (Some(details), ..) => Ok(Signers::details(details)),
        (None, Some(certificate), _) => Ok(reference(None, Some(certificate.as_ref()))),
        (None, None, Some(thumbprint)) => Ok(reference(Some(thumbprint.as_str()), None)),
        (None, None, None) => {
            let reason = "nobody is named; give one of SignerDetails, SignerCertificate and SignerCertificateThumbprint";
            required("ExtendedSigner[0]", reason.to_owned())
        }
    }
}

/// Everything that is wrong. Lines and columns would be those of data that nobody has seen.
fn refused(path: &str, found: &[XmlError]) -> Invalid {
    let remarks: Vec<Remark> =
        found.iter().map(|error| Remark::from(&XmlError { position: None, ..error.clone() })).collect();
    Invalid::new(path, Remark::list(&remarks, found.len()))
}
