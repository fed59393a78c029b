//! `GeneratePrintForm`: a document as PDF.

use std::sync::Arc;

use bytes::Bytes;
use potok_domain::{DocumentKind, EntityState, MessageState, Service};
use potok_fns::{MoscowTime, recognize};
use potok_print::{Exchange, File, Layout, Printed, cover, service_form, title_form, with_stamps};
use potok_types::access::NamedDocuments;
use potok_types::{ContentRef, EntityId, MessageId};

use super::case::Case;
use super::{Made, MadeFile, PrintError, Printing, Product};
use crate::Permit;
use crate::core::CoreError;

/// Memory that a form takes for each byte of what is printed: its tree, and its pages.
const TIMES: u64 = 6;
/// And whatever is printed.
const LEAST_BYTES: u64 = 256 * 1024;

impl Printing {
    /// The print form of a document, or of a file that answers one: a receipt, a refusal, a request. A recipient's title is printed with
    /// the title that it answers.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Document`; `CoreError::Denied`; [`PrintError::NotSupported`]; `CoreError::NoRoom`.
    pub async fn print_form(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        entity: EntityId,
    ) -> Result<Made<MadeFile>, PrintError> {
        let (state, root) = self.visible(actor, message, entity).await?;
        if !self.is_due(actor.box_id(), message, entity, Product::Form) {
            return Ok(Made::Working);
        }
        Ok(Made::Ready(self.form_in(state, root, entity).await?))
    }

    /// The print form of an entity of a message of which nothing else is looked at.
    pub(crate) async fn form_in(
        &self,
        state: Arc<MessageState>,
        root: EntityId,
        entity: EntityId,
    ) -> Result<MadeFile, PrintError> {
        let is_title = |found: &EntityState| matches!(found.entity.service(), Some(Service::Title(_)));
        // An answer by a title says nothing without the title that it answers.
        let entity = if state.entity(entity).is_some_and(is_title) { root } else { entity };
        let case =
            self.case(state, root, |found| found.entity.id == entity || entity == root && is_title(found));
        let case = case.await?;
        self.form_of(&case, entity).await
    }

    /// The print form of an entity of a case that has its content.
    pub(crate) async fn form_of(&self, case: &Case, entity: EntityId) -> Result<MadeFile, PrintError> {
        let job = Job::of(case, entity)?;
        let name = format!("{}.pdf", job.title);
        let content = self.rendered(job).await?;
        Ok(MadeFile { name, content })
    }

    /// Draws, in turn with all other work.
    pub(crate) async fn rendered(&self, job: Job) -> Result<Bytes, PrintError> {
        let size = job.content.len() + job.answer.as_ref().map_or(0, Bytes::len);
        let taken = self.core.room.memory.take(LEAST_BYTES + TIMES * size as u64).map_err(CoreError::from)?;
        let drawn = self.core.room.work.serve(move || {
            let drawn = job.draw();
            drop(taken);
            drawn
        });
        Ok(Bytes::from(drawn.await.map_err(CoreError::from)?))
    }
}

/// What a page is made of.
pub(crate) struct Job {
    pub(crate) title: String,
    pub(crate) file_name: String,
    pub(crate) content: Bytes,
    pub(crate) answer: Option<Bytes>,
    pub(crate) is_encrypted: bool,
    pub(crate) layout: Layout,
    pub(crate) exchange: Exchange,
    pub(crate) at: MoscowTime,
}

impl Job {
    fn of(case: &Case, entity: EntityId) -> Result<Self, PrintError> {
        let not_supported = PrintError::NotSupported { entity };
        let Some(found) = case.state.entity(entity) else { return Err(not_supported) };
        let (_, document) = case.document();
        let is_root = entity == case.root;
        let title =
            if is_root { case.name() } else { super::protocol::what(case, found).unwrap_or_default() };
        if title.is_empty() || found.entity.content.is_none() {
            return Err(not_supported);
        }
        let answer = if is_root { case.answer() } else { None };
        let exchange = if is_root {
            let files: Vec<EntityId> =
                std::iter::once(entity).chain(answer.map(|found| found.entity.id)).collect();
            case.exchange(entity, &files)
        } else {
            case.exchange_of_answer(found)
        };
        Ok(Self {
            title,
            file_name: found.entity.file_name.clone().unwrap_or_default(),
            content: case.bytes(found)?,
            answer: answer.map(|found| case.bytes(found)).transpose()?,
            is_encrypted: found.entity.is_encrypted,
            layout: layout(&document.kind),
            exchange,
            at: MoscowTime::at(found.entity.created_at),
        })
    }

    /// The pages: by the layout of the file's format; behind its own pages; else a cover.
    fn draw(&self) -> Vec<u8> {
        let Self { title, content, exchange, at, .. } = self;
        if !self.is_encrypted && recognize::file_id(content).is_some() {
            let answer = self.answer.as_deref();
            let drawn = if recognize::service_family(content).is_some() || is_universal(content) {
                service_form(title, content, exchange, *at)
            } else {
                let (name, layout) = (title.as_str(), self.layout);
                title_form(&Printed { name, title: content, answer, layout, exchange, at: *at })
            };
            // What cannot be read has a cover, like everything without a layout.
            if let Ok(drawn) = drawn {
                return drawn;
            }
        }
        let sum = ContentRef::of(content).hash.to_string();
        let text = if self.is_encrypted { "" } else { plain_text(content) };
        let file = File { title, name: &self.file_name, length: content.len(), sum: &sum, text };
        let stamped = if self.is_encrypted { None } else { with_stamps(content, file, exchange).ok() };
        stamped.unwrap_or_else(|| cover(file, exchange, *at))
    }
}

/// Whether a file is a universal message, which names itself in no other way than by its name.
fn is_universal(content: &[u8]) -> bool {
    recognize::file_id(content).is_some_and(|name| name.starts_with("DP_UNISOOBSCH"))
}

/// What people wrote as plain text: refusals and comments are no longer.
fn plain_text(content: &[u8]) -> &str {
    const LONGEST: usize = 20_000;
    let text = if content.len() <= LONGEST { std::str::from_utf8(content).unwrap_or_default() } else { "" };
    let is_text = !text.chars().any(|c| c.is_control() && !c.is_whitespace()) && !text.starts_with('<');
    if is_text { text } else { "" }
}

/// How documents of a kind look: transfer documents are sent as waybills and acts too.
pub(crate) fn layout(kind: &DocumentKind) -> Layout {
    match kind.type_named_id.as_str() {
        "XmlTorg12" => Layout::Waybill,
        "XmlAcceptanceCertificate" | "PerformedWorkAcceptanceCertificate" => Layout::Act,
        _ => Layout::OfFormat,
    }
}
