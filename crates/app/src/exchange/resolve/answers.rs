//! Files that answer others: they are of their kind and name the file that they answer. Otherwise they are refused before
//! anything is used up: a receipt is one for each file, and a wrong one would stand in the way of the right one.

use bytes::Bytes;
use potok_domain::command::{PreparedTitle, Source};
use potok_domain::decide::Rejection;
use potok_domain::{Body, EntityState, MessageState, Service, access, carriage};
use potok_fns::recognize::{self, Made};
use potok_fns::service::{Answer, NoAnswer};
use potok_fns::xml::{self, Limits};
use potok_fns::{Family, Remark};
use potok_types::{ContentRef, EntityId};

use super::read::{self, SaidByTitle};
use super::{Resolver, refuse_remarks};
use crate::CoreError;
use crate::exchange::ExchangeError;
use crate::exchange::box_bytes::BoxBytes;
use crate::paper::{OfficialFile, in_both_languages};

impl Resolver<'_> {
    /// Reads a service file of a family, which answers `parent`. `path` is the place of the file in the request.
    pub(super) async fn answer(
        &self,
        path: &str,
        bytes: &Bytes,
        family: Family,
        (parent, state): (EntityId, &MessageState),
    ) -> Result<Answer, ExchangeError> {
        let answer = match read::answer(&self.exchange.core.room, bytes.clone(), family).await? {
            Ok(answer) => answer,
            Err(refused @ NoAnswer::Faulty(_)) => return refuse_remarks(path, &refused.remarks()),
            Err(NoAnswer::Other) => return Err(Rejection::not_in_format(path, None).into()),
        };
        let mut remarks = self.against_format(bytes, OfficialFile::Service(answer.kind())).await?;
        // The decision refuses an unknown parent, and what it is called is not told to whom it is not shown.
        if let Some(parent) = state.entity(parent) {
            access::check_documents(&self.actor.scope, state, [state.root_of(parent.entity.id)])?;
            let (name, signatures) = self.called(parent, state).await?;
            remarks.extend(answer.remarks(&name, &signatures));
        }
        if remarks.is_empty() { Ok(answer) } else { refuse_remarks(path, &remarks) }
    }

    /// The name of a file, and the signatures under it.
    async fn called(
        &self,
        file: &EntityState,
        state: &MessageState,
    ) -> Result<(String, Vec<Bytes>), ExchangeError> {
        let mut signatures = Vec::new();
        for child in state.children(file.entity.id).filter(|child| child.entity.signature().is_some()) {
            if let Some(content) = child.entity.content {
                signatures.push(self.kept(content).await?);
            }
        }
        let entity = &file.entity;
        // Encrypted bytes do not say their name, so whoever posts them says it.
        let told =
            entity.document().filter(|_| entity.is_encrypted).and_then(|found| found.metadata("FileId"));
        // The formats want a name, and a document may have none.
        let name = told.or(entity.file_name.as_deref()).filter(|name| !name.is_empty()).unwrap_or("-");
        Ok((name.to_owned(), signatures))
    }

    /// What a title says that answers another, which it has to name. `path` is its place in the request.
    pub(super) async fn answering_title(
        &self,
        path: &str,
        bytes: &Bytes,
        (parent, state): (EntityId, &MessageState),
    ) -> Result<SaidByTitle, ExchangeError> {
        let other =
            |reason: String| ExchangeError::from(Rejection::TitleFormat { path: path.to_owned(), reason });
        let said = match read::title(&self.exchange.core.room, bytes.clone()).await? {
            Ok(Some(said)) => said,
            Ok(None) => {
                let reason = read::aside(&self.exchange.core.room, bytes.clone(), |bytes| {
                    xml::check(bytes, &Limits::TITLE)
                })
                .await?;
                return Err(other(match reason {
                    Ok(()) => {
                        "файл не является титулом известного формата / the file is no title of a known format"
                            .into()
                    }
                    Err(error) => in_both_languages(&error),
                }));
            }
            Err(error) => return Err(other(in_both_languages(&error))),
        };
        let document = state.root_of(parent);
        let is_of_format = state.document(document).is_none_or(|(_, document)| {
            said.recognized.kinds.iter().any(|kind| kind.version == document.kind.version)
        });
        let Some(answered) = said.answered.as_ref().filter(|_| is_of_format) else {
            // The first title of some document, or one of another format: the decision knows which one is awaited.
            return Ok(said);
        };
        let mut remarks = self.against_format(bytes, said.file).await?;
        remarks.extend(said.name_remarks.iter().cloned());
        if state.entity(document).is_some() {
            access::check_documents(&self.actor.scope, state, [document])?;
            let mut of_document = None;
            for made in self.titles(document, state).await? {
                let found = answered.remarks(&made);
                // A third title may answer either of those before it; what is wrong is told of the document itself.
                let is_right = found.is_empty();
                of_document.get_or_insert(found);
                if is_right {
                    of_document = None;
                    break;
                }
            }
            remarks.extend(of_document.unwrap_or_default());
        }
        if remarks.is_empty() { Ok(said) } else { refuse_remarks(path, &remarks) }
    }

    /// Keeps the title that is written for the recipient of the document at `path`.
    pub(super) async fn prepared_title(
        &mut self,
        path: &str,
        title: PreparedTitle<Source>,
    ) -> Result<PreparedTitle<ContentRef>, ExchangeError> {
        let path = format!("{path}.PredefinedRecipientTitle");
        let place = format!("{path}.UnsignedContent");
        let bytes = self.bytes_of(&place, title.content.clone()).await?;
        let said = match read::title(&self.exchange.core.room, bytes.clone()).await? {
            Ok(Some(said)) => said,
            Ok(None) => return Err(Rejection::not_in_format(path, None).into()),
            Err(error) => return refuse_remarks(&path, &[Remark::from(&error)]),
        };
        let remarks = self.against_format(&bytes, said.file).await?;
        if !remarks.is_empty() {
            return refuse_remarks(&path, &remarks);
        }
        let content = match title.content {
            Source::Kept(content) => content,
            _ => self.keep_bytes(&place, Source::Inline(bytes)).await?,
        };
        let (recognized, with_disagreements) = (Some(said.recognized), said.with_disagreements);
        Ok(PreparedTitle { content, recognized, with_disagreements })
    }

    /// How the titles of a document call themselves, the first one first. Encrypted ones say nothing.
    async fn titles(&self, document: EntityId, state: &MessageState) -> Result<Vec<Made>, ExchangeError> {
        let is_title = |body: &Body| matches!(body, Body::Service(Service::Title(_)));
        let later = state.children(document).filter(|child| is_title(&child.entity.body));
        let mut found = Vec::new();
        for title in state.entity(document).into_iter().chain(later) {
            if let Some(content) = title.entity.content.filter(|_| !title.entity.is_encrypted) {
                found.extend(recognize::made(&self.kept(content).await?));
            }
        }
        Ok(found)
    }

    /// A signature that sends a document: its file has to have a name that can be sent.
    pub(super) async fn sending(
        &self,
        path: &str,
        signed: ContentRef,
        (parent, state): (EntityId, &MessageState),
    ) -> Result<(), ExchangeError> {
        let Some((found, _)) = state.document(parent) else { return Ok(()) };
        let is_formal = found.entity.version.is_some() && !found.entity.is_encrypted;
        if !is_formal || !carriage::is_unsent(state, parent) {
            return Ok(());
        }
        access::check_documents(&self.actor.scope, state, [parent])?;
        let title = self.kept(signed).await?;
        self.is_complete(path, found, &title).await?;
        match read::title(&self.exchange.core.room, title).await? {
            Ok(Some(said)) if !said.name_remarks.is_empty() => refuse_remarks(path, &said.name_remarks),
            _ => Ok(()),
        }
    }

    /// Bytes of the box.
    pub(super) async fn kept(&self, content: ContentRef) -> Result<Bytes, CoreError> {
        let box_id = self.actor.organization.box_id;
        BoxBytes { core: &self.exchange.core, box_id, small: &self.small }.bytes(content).await
    }
}
