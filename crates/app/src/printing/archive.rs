//! `GenerateDocumentZip`: a document with its signatures, or with everything that belongs to its exchange.

use potok_domain::EntityState;
use potok_fns::MoscowTime;
use potok_types::access::NamedDocuments;
use potok_types::{EntityId, MessageId, limits};
use potok_zip::{Archive, Time};

use super::case::Case;
use super::protocol::what;
use super::{Made, PrintError, Printing, Product};
use crate::Permit;
use crate::core::CoreError;

/// The folder of the shelf that archives lie in.
const FOLDER: &str = "archives";

impl Printing {
    /// Puts the archive on the caller's shelf, and tells its name there, without what stands before the names of the caller's own
    /// files.
    ///
    /// # Errors
    /// As [`Printing::document_protocol`]; [`PrintError::Shelf`], [`PrintError::TooLarge`].
    pub async fn document_zip(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: EntityId,
        is_full: bool,
    ) -> Result<Made<String>, PrintError> {
        let (state, root) = self.visible(actor, message, document).await?;
        if root != document {
            return Err(PrintError::NotSupported { entity: document });
        }
        if !self.is_due(actor.box_id(), message, document, Product::Archive) {
            return Ok(Made::Working);
        }
        let case = self.case(state, root, |found| found.entity.id == root || is_full).await?;
        let mut files = files(&case, is_full)?;
        if is_full {
            let form = self.form_of(&case, root).await?;
            let protocol = self.protocol_of(&case).await?;
            files.push((format!("{}.sig", protocol.form.name), protocol.signature));
            files.push((protocol.form.name, protocol.form.content));
            files.push((form.name, form.content));
        }
        let size: u64 = files.iter().map(|(_, content)| content.len() as u64).sum();
        let taken = self.core.room.memory.take(2 * size).map_err(CoreError::from)?;
        let at = time(case.made_at());
        let packed = self.core.room.work.serve(move || {
            let mut archive = Archive::new(at);
            let packed = files.iter().try_for_each(|(name, content)| archive.add(name, content).map(drop));
            drop(taken);
            packed.map(|()| archive.finish())
        });
        let packed = packed.await.map_err(CoreError::from)?.map_err(|_| PrintError::TooLarge { document })?;
        let name = format!("{FOLDER}/{}.zip", self.core.entropy.uuid());
        self.shelf.keep(actor, &name, packed.into(), limits::SHELF_LIFETIME_SECONDS).await?;
        Ok(Made::Ready(name))
    }
}

/// The files of an exchange with their names. Each signature stands behind what it signs.
fn files(case: &Case, is_full: bool) -> Result<Vec<(String, bytes::Bytes)>, PrintError> {
    let mut files = Vec::new();
    let under = |found: &&EntityState| case.state.root_of(found.entity.id) == case.root;
    for found in case.state.entities().iter().filter(under) {
        let is_wanted = found.entity.id == case.root || is_full && what(case, found).is_some();
        if !is_wanted || found.entity.content.is_none() {
            continue;
        }
        let name = found.entity.file_name.clone().filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| found.entity.id.to_string());
        files.push((name.clone(), case.bytes(found)?));
        let mut signatures: Vec<&EntityState> = case.signatures(found.entity.id).collect();
        let mut number = 0;
        while number < signatures.len() {
            let signature = signatures[number];
            number += 1;
            files.push((format!("{name}.{number}.sig"), case.bytes(signature)?));
            // A copy with a time stamp hangs under what it copies.
            signatures.extend(case.signatures(signature.entity.id));
        }
    }
    Ok(files)
}

/// When files of an archive were made.
pub(super) fn time(at: MoscowTime) -> Time {
    let day = at.date.get();
    let time = at.time();
    let mut parts = time.split('.').map(|part| part.parse().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    Time {
        year: u16::try_from(day.year()).unwrap_or_default(),
        month: day.month().into(),
        day: day.day(),
        hour: next(),
        minute: next(),
        second: next(),
    }
}
