//! From the bytes of a request to kept contents.

use bytes::Bytes;
use potok_domain::command::{Keep, KeepMessage, NewDocument, NewDraft, Recognized, Source};
use potok_domain::decide::Rejection;
use potok_domain::registry::{self, Version};
use potok_fns::Remark;
use potok_fns::schema::Schema;
use potok_room::Taken;
use potok_seams::{NotAccepted, TestSignature};
use potok_store::SmallContent;
use potok_types::{Attested, ContentHash, ContentRef, Invalid, limits};

use super::box_bytes::BoxBytes;
use super::patience::Patience;
use super::{Exchange, ExchangeError};
use crate::paper::OfficialFile;
use crate::{Actor, CoreError};

mod answers;
mod editing;
mod patch;
mod power;
mod read;

/// Keeps the contents of one request. What was kept and is not named by an event in the end does no harm: it has no
/// name that anybody knows.
pub(crate) struct Resolver<'a> {
    exchange: &'a Exchange,
    actor: &'a Actor,
    patience: Patience,
    /// Documents are held to their formats.
    is_strict: bool,
    /// Nobody delivers what comes, so powers of attorney are checked now.
    is_internal: bool,
    /// Nothing outlives the call.
    pub(crate) is_dry: bool,
    /// Room for what a dry call holds.
    rooms: Vec<Taken>,
    /// What was kept last, which is what is signed next.
    at_hand: Option<(ContentHash, Bytes)>,
    /// What the append has to write.
    pub(crate) small: Vec<SmallContent>,
}

impl<'a> Resolver<'a> {
    /// `is_internal`: what comes stays inside the organization.
    pub(crate) fn new(exchange: &'a Exchange, actor: &'a Actor, is_internal: bool) -> Self {
        Self {
            exchange,
            actor,
            patience: Patience::begin(),
            is_strict: true,
            is_internal,
            is_dry: exchange.is_trial(),
            rooms: Vec::new(),
            at_hand: None,
            small: Vec::new(),
        }
    }

    pub(crate) fn message(
        exchange: &'a Exchange,
        actor: &'a Actor,
        is_internal: bool,
        draft: Option<NewDraft>,
    ) -> Self {
        let is_strict = draft.is_none_or(|draft| draft.is_strict);
        Self { is_strict, ..Self::new(exchange, actor, is_internal) }
    }

    async fn bytes_of(&self, path: &str, source: Source) -> Result<Bytes, ExchangeError> {
        match source {
            Source::Inline(bytes) => Ok(bytes),
            Source::OnShelf(name) => {
                let place = format!("{path}.NameOnShelf");
                let found = self.exchange.shelf.find_document(self.actor.user.id, &name, &place).await?;
                found.ok_or_else(|| {
                    let (row, owner) = (Attested::NotOnShelf, path.trim_end_matches(".SignedContent"));
                    Invalid::attested(row, format!("{path}.NameOnShelf"), &[&owner, &name]).into()
                })
            }
            Source::TestSignature => {
                Err(ExchangeError::invalid(path, "a test signature cannot stand for content"))
            }
            Source::Prepared(id) => {
                let found = self.exchange.shelf.prepared(self.actor.organization.box_id, &id).await?;
                found.ok_or_else(|| {
                    let path = format!("{path}.PatchedContentId");
                    Rejection::NotPrepared { path, id }.into()
                })
            }
            Source::Kept(content) => {
                let (core, box_id) = (&self.exchange.core, self.actor.box_id());
                Ok(BoxBytes { core, box_id, small: &self.small }.bytes(content).await?)
            }
        }
    }

    async fn put(&mut self, bytes: Bytes) -> Result<ContentRef, ExchangeError> {
        let core = &self.exchange.core;
        if !self.is_dry {
            return Ok(core.keep(bytes, &mut self.small).await?);
        }
        let content = ContentRef::of(&bytes);
        self.rooms.push(core.room.memory.take(content.size_bytes)?);
        self.small.push(SmallContent { hash: content.hash, bytes });
        Ok(content)
    }

    async fn keep_bytes(&mut self, path: &str, source: Source) -> Result<ContentRef, ExchangeError> {
        if let Source::Kept(content) = source {
            return Ok(content);
        }
        let bytes = self.bytes_of(path, source).await?;
        if bytes.len() as u64 > limits::DOCUMENT_BYTES {
            return Err(ExchangeError::invalid(
                path,
                format!(
                    "{} bytes are more than a document may have ({}); split it",
                    bytes.len(),
                    limits::DOCUMENT_BYTES
                ),
            ));
        }
        let content = self.put(bytes.clone()).await?;
        self.at_hand = Some((content.hash, bytes));
        Ok(content)
    }

    /// Keeps words of the request.
    pub(crate) async fn text(&mut self, path: &str, words: Source) -> Result<ContentRef, ExchangeError> {
        self.keep_bytes(path, words).await
    }

    async fn keep_signature(
        &mut self,
        path: &str,
        source: Source,
        signed: ContentRef,
    ) -> Result<ContentRef, ExchangeError> {
        match source {
            Source::TestSignature => {
                let signature = self.test_signature(path, signed).await?;
                self.put(signature).await
            }
            given => {
                let bytes = self.bytes_of(path, given).await?;
                let accepting = async {
                    self.exchange.verifier.accept(bytes).await.map_err(|error| match error {
                        NotAccepted::Unusable(unusable) => {
                            ExchangeError::invalid(format!("{path}.Signature"), unusable.to_string())
                        }
                        NotAccepted::NotDone(not_done) => not_done.into(),
                    })
                };
                let signature = self.patience.wait(accepting).await?;
                self.keep_bytes(path, Source::Inline(signature)).await
            }
        }
    }

    /// The server's own signature over `signed`, which came with the request or is in the box.
    async fn test_signature(&self, path: &str, signed: ContentRef) -> Result<Bytes, ExchangeError> {
        let Actor { organization, user, employee, .. } = self.actor;
        let refused = |reason| Err(ExchangeError::invalid(format!("{path}.SignWithTestSignature"), reason));
        let Some(signer) = &self.exchange.test_signatures else {
            return refused("test signatures are switched off on this server; give a Signature");
        };
        if !organization.is_test {
            return refused(
                "test signatures are for test organizations, and this one is no test; give a Signature",
            );
        }
        let core = &self.exchange.core;
        let (content, _room) = match &self.at_hand {
            Some((hash, bytes)) if *hash == signed.hash => (bytes.clone(), Taken::default()),
            _ => {
                let bytes = BoxBytes { core, box_id: organization.box_id, small: &self.small };
                let room = core.room.memory.take(signed.size_bytes)?;
                (bytes.bytes(signed).await?, room)
            }
        };
        let (position, at) = (employee.position.as_str(), core.clock.now());
        let signing = signer.sign(TestSignature { organization, user, position, content, at });
        self.patience.wait(signing).await
    }

    /// What the file of a document says, as far as it is of a format. `path` is the document's place in the request.
    async fn first_title(
        &self,
        path: &str,
        bytes: &Bytes,
        is_required: bool,
        is_sent: bool,
    ) -> Result<Option<Recognized>, ExchangeError> {
        let said = match read::title(&self.exchange.core.room, bytes.clone()).await? {
            Ok(Some(said)) => said,
            Ok(None) if is_required => return Err(Rejection::not_in_format(path, None).into()),
            Ok(None) => return Ok(None),
            Err(error) => return refuse_remarks(path, &[Remark::from(&error)]),
        };
        let mut remarks = self.against_format(bytes, said.file).await?;
        if is_sent && said.answered.is_none() {
            remarks.extend(said.name_remarks);
        }
        if remarks.is_empty() { Ok(Some(said.recognized)) } else { refuse_remarks(path, &remarks) }
    }

    /// What an official file has against its format.
    async fn against_format(&self, bytes: &Bytes, file: OfficialFile) -> Result<Vec<Remark>, CoreError> {
        self.exchange.schemas.remarks(&self.exchange.core.room, bytes, file).await
    }

    /// What the file of a draft says, if it can be read by now.
    async fn guessed_title(&self, bytes: &Bytes) -> Result<Option<Recognized>, ExchangeError> {
        let said = read::title(&self.exchange.core.room, bytes.clone()).await?;
        Ok(said.ok().flatten().map(|said| said.recognized))
    }

    async fn keep_document(
        &mut self,
        document: NewDocument<Source>,
    ) -> Result<NewDocument<ContentRef>, ExchangeError> {
        let format = format_of(&document);
        let path = document.signed_path();
        let bytes = self.bytes_of(&path, document.content.clone()).await?;
        let recognized = match format {
            _ if document.editing_setting.is_some() => {
                let setting = document.editing_setting.as_deref().unwrap_or_default();
                Some(self.title_to_edit(&document.path, setting, &bytes).await?)
            }
            Format::None => None,
            _ if !self.is_strict => self.guessed_title(&bytes).await?,
            Format::Optional | Format::Required => {
                let is_sent = document.signature.is_some();
                self.first_title(&document.path, &bytes, format == Format::Required, is_sent).await?
            }
        };
        let content = match document.content {
            Source::Kept(content) => {
                self.at_hand = Some((content.hash, bytes));
                content
            }
            _ => self.keep_bytes(&path, Source::Inline(bytes)).await?,
        };
        let signature = match document.signature.clone() {
            Some(given) => Some(self.keep_signature(&path, given, content).await?),
            None => None,
        };
        let power = self.power(document.power.clone(), signature, Some(content)).await?;
        let comment = match document.comment.clone() {
            Some(given) => Some(self.keep_bytes(&format!("{}.Comment", document.path), given).await?),
            None => None,
        };
        let title = match document.prepared_title.clone() {
            Some(given) => Some(self.prepared_title(&document.path, given).await?),
            None => None,
        };
        Ok(NewDocument { recognized, ..document.with_bytes(content, signature, power, comment, title) })
    }
}

impl Keep<Source, ContentRef> for Resolver<'_> {
    type Error = ExchangeError;

    async fn keep(&mut self, path: &str, source: Source) -> Result<ContentRef, ExchangeError> {
        self.keep_bytes(path, source).await
    }
}

impl KeepMessage<Source, ContentRef> for Resolver<'_> {
    async fn document(
        &mut self,
        given: NewDocument<Source>,
    ) -> Result<NewDocument<ContentRef>, ExchangeError> {
        self.keep_document(given).await
    }
}

/// Whether bytes have to be of an official format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    /// They are anything, also a broken official file, or nobody can look into them.
    None,
    /// The type knows files without a format too.
    Optional,
    /// The type, or the version that was named, has one.
    Required,
}

fn format_of<S>(document: &NewDocument<S>) -> Format {
    let is_plain = |name: &str| registry::is_same_name(name, registry::PLAIN_VERSION);
    // The decision refuses an unknown type.
    let Some(known) = registry::lookup(&document.type_named_id) else { return Format::None };
    let mut versions = known.functions.iter().flat_map(|function| function.versions);
    if document.is_encrypted || !versions.clone().any(Version::is_formal) {
        return Format::None;
    }
    match &document.version {
        Some(version) if is_plain(version) => Format::None,
        Some(_) => Format::Required,
        None if versions.any(|version| is_plain(version.name)) => Format::Optional,
        None => Format::Required,
    }
}

/// Refuses a file for what is wrong with it.
fn refuse_remarks<T>(path: &str, remarks: &[Remark]) -> Result<T, ExchangeError> {
    let reason = Remark::list(remarks, Schema::VIOLATIONS);
    Err(Rejection::InvalidContent { path: path.to_owned(), reason }.into())
}
