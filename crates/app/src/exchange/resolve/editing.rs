//! Documents that are stored before all of them is known: they are held to their formats but for what may still be given, and get
//! that by editions.

use bytes::Bytes;
use potok_domain::command::{NewEdition, Prepared, Recognized, Source};
use potok_domain::decide::Rejection;
use potok_domain::{DocumentKind, EntityState, MessageState, access, carriage};
use potok_fns::xml::XmlError;
use potok_fns::{MoscowTime, PROGRAM_OF_PEOPLE, Remark};
use potok_titles::{Editing, Format, Sources};
use potok_types::{ContentRef, Invalid};

use super::{Resolver, read, refuse_remarks};
use crate::CoreError;
use crate::exchange::ExchangeError;

/// Memory that a title takes for each of its bytes, while it is taken apart or made anew.
const TIMES: u64 = 16;

/// What may be given to a document of this kind, and the format of its titles.
fn setting(id: &str, kinds: &[DocumentKind], function: Option<&str>) -> Result<(Editing, Format), String> {
    let editing =
        Editing::find(id).ok_or("there is no such setting for documents of order 970; take one of those")?;
    let format = kinds.iter().find_map(|kind| editing.format(&kind.version));
    match format.filter(|_| function == Some(editing.function())) {
        Some(format) => Ok((editing, format)),
        None => Err(format!(
            "the setting is for transfer documents of order 970 with the function {}; take one that is for this document",
            editing.function()
        )),
    }
}

fn remarks(found: &[XmlError]) -> Vec<Remark> {
    found.iter().map(Remark::from).collect()
}

impl Resolver<'_> {
    /// What the file of a document says to which something may still be given. `path` is the document's place in the request.
    pub(super) async fn title_to_edit(
        &self,
        path: &str,
        id: &str,
        bytes: &Bytes,
    ) -> Result<Recognized, ExchangeError> {
        let said = match read::title(&self.exchange.core.room, bytes.clone()).await? {
            Ok(Some(said)) => said.recognized,
            Ok(None) => return Err(Rejection::not_in_format(path, None).into()),
            Err(error) => return refuse_remarks(path, &[Remark::from(&error)]),
        };
        let (editing, format) = setting(id, &said.kinds, said.function.as_deref())
            .map_err(|reason| Invalid::new(format!("{path}.EditingSettingId"), reason))?;
        match self.taken_apart(bytes, move |bytes| editing.check(format, bytes)).await? {
            Ok(()) => Ok(said),
            Err(found) => refuse_remarks(path, &remarks(&found)),
        }
    }

    /// Work that takes the title `bytes` apart.
    async fn taken_apart<T: Send + 'static>(
        &self,
        bytes: &Bytes,
        work: impl FnOnce(&[u8]) -> T + Send + 'static,
    ) -> Result<T, CoreError> {
        let room = &self.exchange.core.room;
        let _taken = room.memory.take(TIMES * bytes.len() as u64)?;
        Ok(room.read(bytes, work).await?)
    }

    /// Insists on nothing being left to be given to a document that is sent now, with the bytes `title`.
    pub(super) async fn is_complete(
        &self,
        path: &str,
        found: &EntityState,
        title: &Bytes,
    ) -> Result<(), ExchangeError> {
        let Some(document) = found.entity.document() else { return Ok(()) };
        let editing = document.editing_setting.as_deref().and_then(Editing::find);
        let Some(editing) = editing else { return Ok(()) };
        let Some(format) = editing.format(&document.kind.version) else { return Ok(()) };
        match self.taken_apart(title, move |title| editing.missing(format, title)).await? {
            Ok(missing) | Err(missing) if !missing.is_empty() => {
                return refuse_remarks(path, &remarks(&missing));
            }
            _ => {}
        }
        let Ok(Some(said)) = read::title(&self.exchange.core.room, title.clone()).await? else {
            return Ok(());
        };
        let found = self.against_format(title, said.file).await?;
        if found.is_empty() { Ok(()) } else { refuse_remarks(path, &found) }
    }

    /// Keeps an edition, and the document with what it gives.
    pub(super) async fn edition(
        &mut self,
        given: NewEdition<Source>,
        state: &MessageState,
    ) -> Result<NewEdition<ContentRef>, ExchangeError> {
        let place = format!("{}.Content", given.path);
        let bytes = self.bytes_of(&place, given.content.clone()).await?;
        let content = self.keep_bytes(&place, Source::Inline(bytes.clone())).await?;
        // The decision says why anything else is not edited.
        let edited = state.document(given.parent).filter(|_| carriage::is_unsent(state, given.parent));
        let title = match edited {
            Some((found, document)) => match document.editing_setting.as_deref().and_then(Editing::find) {
                Some(editing) => {
                    access::check_documents(&self.actor.scope, state, [given.parent])?;
                    self.edited(&given.path, editing, found, &bytes).await?
                }
                None => None,
            },
            None => None,
        };
        Ok(given.with_bytes(content, title))
    }

    /// The title of the document with what `edition` gives.
    async fn edited(
        &mut self,
        path: &str,
        editing: Editing,
        found: &EntityState,
        edition: &Bytes,
    ) -> Result<Option<Prepared<ContentRef>>, ExchangeError> {
        let version = found.entity.document().map(|document| document.kind.version.as_str());
        let format = version.and_then(|version| editing.format(version));
        let (Some(format), Some(content)) = (format, found.entity.content) else { return Ok(None) };
        let title = self.kept(content).await?;
        let core = &self.exchange.core;
        let (now, guid) = (MoscowTime::at(core.clock.now()), core.entropy.uuid());
        let (operator, edition) = (self.exchange.operator.operator(), edition.clone());
        let made = move |title: &[u8]| {
            let edition = editing.read(&edition)?;
            let sources = Sources { now, guid, program: PROGRAM_OF_PEOPLE, operator: &operator, first: None };
            format.edit(title, &edition, &sources)
        };
        let made: Bytes = match self.taken_apart(&title, made).await? {
            Ok(made) => made.bytes.into(),
            Err(found) => return refuse_remarks(path, &remarks(&found)),
        };
        let said = read::title(&self.exchange.core.room, made.clone()).await?;
        let recognized = said.ok().flatten().map(|said| said.recognized);
        let content = self.keep_bytes(path, Source::Inline(made)).await?;
        Ok(Some(Prepared { content, recognized }))
    }
}
