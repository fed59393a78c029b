//! `DssSign`, `CloudSign`: what is to be signed, and by which key.

use bytes::Bytes;
use potok_cms::{Certificate, DigestAlgorithm, Thumbprint, UnixTime};
use potok_domain::access::{Action, check_documents};
use potok_domain::command::{KeyChoice, NewFileToSign, Source, ToSign};
use potok_domain::paper::PreparedId;
use potok_domain::signing::{Confirmed, FileToSign, HeldKey, KeyName, Signing, Way, Work};
use potok_types::access::{BoxEmployee, MaySign, NamedDocuments, User};
use potok_types::{BoxId, EntityId, Invalid, MessageId, TaskId, UserId, limits};

use super::error::not_open;
use super::{OTHERS, RemoteSigning, SigningError};
use crate::core::{CoreError, Missing};
use crate::{Actor, Permit};

impl RemoteSigning {
    /// Begins `DssSign`: the holder confirms it before the administrator, unless nobody watches the key.
    ///
    /// # Errors
    /// [`SigningError::NoKey`]; `Missing::Content`, `Denied::Document`; `Denied::Permission` for a key by its holder without
    /// `UseGoskey`; `CoreError::Invalid` for bytes that are not there.
    pub async fn begin_dss(
        &self,
        actor: &Permit<BoxEmployee<MaySign>>,
        choice: &KeyChoice,
        files: Vec<NewFileToSign>,
    ) -> Result<TaskId, SigningError> {
        if matches!(choice, KeyChoice::Holder { .. }) {
            actor.check_parts(&[Action::UseGoskey])?;
        }
        let key = self.key(actor.user.id, choice).await?;
        let files = self.digests(actor.user.id, Some(actor), &key, files).await?;
        let confirmed = match choice {
            _ if key.is_unattended => Confirmed::Nowhere,
            KeyChoice::Holder { .. } => Confirmed::ByHolder,
            KeyChoice::Longest { .. } | KeyChoice::Certificate { .. } => Confirmed::Elsewhere,
        };
        let way = Way::Dss { box_id: actor.box_id(), confirmed };
        self.begin(&key, Work::Files { way, files }).await
    }

    /// Begins `CloudSign`: the program sends the code that the holder is told.
    ///
    /// # Errors
    /// As [`Self::begin_dss`]; [`SigningError::NoBox`] for an entity of a box that is not open to the user.
    pub async fn begin_cloud(
        &self,
        user: &Permit<User>,
        choice: &KeyChoice,
        files: Vec<NewFileToSign>,
    ) -> Result<TaskId, SigningError> {
        let key = self.key(user.id, choice).await?;
        let files = self.digests(user.id, None, &key, files).await?;
        self.begin(&key, Work::Files { way: Way::Cloud, files }).await
    }

    pub(super) async fn begin(&self, key: &HeldKey, work: Work) -> Result<TaskId, SigningError> {
        let others = self.kept.waiting_signings(key.user, OTHERS).await?;
        let id = TaskId::from_uuid(self.core.entropy.uuid());
        let signing = Signing::begin(id, key, work, &others, self.core.clock.now());
        self.kept.put_signing(&signing).await?;
        self.ready.ring(BoxId::ZERO);
        Ok(id)
    }

    /// The key of a user that is meant.
    pub(super) async fn key(&self, user: UserId, choice: &KeyChoice) -> Result<HeldKey, SigningError> {
        let now = UnixTime(self.core.clock.now().unix_seconds());
        let held = self.kept.held_keys(user).await?;
        let read = |key: HeldKey| Some((Certificate::from_der(&key.certificate).ok()?, key));
        let mut known =
            held.into_iter().filter_map(read).filter(|(certificate, _)| certificate.is_valid_at(now));
        let found = match choice {
            KeyChoice::Longest { .. } => known.max_by_key(|(certificate, _)| certificate.not_after()),
            KeyChoice::Certificate { path, thumbprint } => {
                let wrong = || Invalid::new(*path, "40 hexadecimal digits are expected");
                let wanted = Thumbprint::parse(thumbprint).ok_or_else(wrong)?;
                known.find(|(_, key)| key.name == KeyName(*wanted.as_bytes()))
            }
            KeyChoice::Holder { snils, .. } => {
                let wanted = digits(snils);
                let is_meant = |certificate: &Certificate| {
                    certificate.subject().snils().is_some_and(|known| digits(known) == wanted)
                };
                known
                    .filter(|(certificate, _)| is_meant(certificate))
                    .max_by_key(|(certificate, _)| certificate.not_after())
            }
        };
        found.map(|(_, key)| key).ok_or_else(|| match choice {
            KeyChoice::Longest { path } => SigningError::NoKey { path, wanted: "in date".to_owned() },
            KeyChoice::Certificate { path, thumbprint } => {
                SigningError::NoKey { path, wanted: format!("{thumbprint} and in date") }
            }
            KeyChoice::Holder { path, snils } => {
                SigningError::NoKey { path, wanted: format!("of SNILS {snils} and in date") }
            }
        })
    }

    /// What a key signs of each file.
    async fn digests(
        &self,
        user: UserId,
        actor: Option<&Actor>,
        key: &HeldKey,
        files: Vec<NewFileToSign>,
    ) -> Result<Vec<FileToSign>, SigningError> {
        let known = DigestAlgorithm::ALL.into_iter().find(|algorithm| algorithm.name() == key.digest);
        let algorithm = known.ok_or(CoreError::CutOff)?;
        let mut digests = Vec::with_capacity(files.len());
        for NewFileToSign { path, name, content } in files {
            let bytes = self.bytes(user, actor, &path, content).await?;
            let digest = self.core.room.read(&bytes, move |bytes| algorithm.digest(bytes)).await?;
            digests.push(FileToSign { name, digest });
        }
        Ok(digests)
    }

    async fn bytes(
        &self,
        user: UserId,
        actor: Option<&Actor>,
        path: &str,
        content: ToSign,
    ) -> Result<Bytes, SigningError> {
        let (box_id, message, entity) = match content {
            ToSign::Given(Source::Inline(bytes)) if bytes.len() as u64 <= limits::DOCUMENT_BYTES => {
                return Ok(bytes);
            }
            ToSign::Given(Source::OnShelf(name)) => {
                let place = format!("{path}.Content.NameOnShelf");
                let found = self.shelf.find_document(user, &name, &place).await?;
                let missing =
                    || Invalid::new(place, format!("there is no file {name:?} on your shelf")).into();
                return found.ok_or_else(missing);
            }
            ToSign::Given(Source::Prepared(id)) => return self.prepared(user, actor, path, &id).await,
            ToSign::Given(_) => {
                let most = limits::DOCUMENT_BYTES;
                return Err(Invalid::new(path, format!("a file has at most {most} bytes")).into());
            }
            ToSign::Entity { box_id, message, entity } => (box_id, message, entity),
        };
        let named = match (actor, box_id) {
            (Some(actor), None) => actor.clone(),
            (actor, Some(box_id)) => {
                let place = format!("{path}.Content.DocumentId.BoxId");
                self.in_box(user, actor, &place, box_id).await?
            }
            (None, None) => return Err(Invalid::required(format!("{path}.Content.DocumentId.BoxId")).into()),
        };
        self.entity_bytes(&named, message, entity).await
    }

    /// The user as somebody of `box_id`, which need not be the box of the call.
    async fn in_box(
        &self,
        user: UserId,
        actor: Option<&Actor>,
        place: &str,
        box_id: BoxId,
    ) -> Result<Actor, SigningError> {
        if let Some(actor) = actor.filter(|actor| actor.box_id() == box_id) {
            return Ok(actor.clone());
        }
        let again = Permit::<NamedDocuments>::again(&self.core, user, box_id).await;
        Ok(again.map_err(|error| not_open(error, place, box_id))?.holder())
    }

    /// What `PrepareDocumentsToSign` made, of a document that the user sees.
    async fn prepared(
        &self,
        user: UserId,
        actor: Option<&Actor>,
        path: &str,
        id: &str,
    ) -> Result<Bytes, SigningError> {
        let place = format!("{path}.Content.PatchedContentId");
        let missing = || {
            let reason = format!("there is no content {id:?}, or none any more; prepare it again");
            SigningError::from(Invalid::new(&place, reason))
        };
        let named = PreparedId::parse(id).ok_or_else(missing)?;
        let actor = self.in_box(user, actor, &place, named.box_id).await?;
        if named.message != MessageId::ZERO {
            let state = self.core.state(actor.box_id(), named.message).await?;
            check_documents(&actor.scope, &state, [named.document])?;
        }
        self.shelf.prepared(named.box_id, id).await?.ok_or_else(missing)
    }

    async fn entity_bytes(
        &self,
        actor: &Actor,
        message: MessageId,
        entity: EntityId,
    ) -> Result<Bytes, SigningError> {
        let missing = || Missing::Content { message, entity };
        let state = self.core.state(actor.box_id(), message).await?;
        let found = state.entity(entity).ok_or_else(missing)?;
        check_documents(&actor.scope, &state, [state.root_of(entity)])?;
        let content = found.entity.content.ok_or_else(missing)?;
        let _room = self.core.room.memory.take(content.size_bytes)?;
        let mut loaded = self.core.load_contents(actor.box_id(), [content.hash]).await?;
        Ok(loaded.remove(&content.hash).ok_or(CoreError::LostContent { entity })?)
    }
}

/// Numbers are written with dashes and blanks, and without.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
