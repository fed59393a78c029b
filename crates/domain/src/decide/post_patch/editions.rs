//! What was missing in documents when they were stored (`EditingPatches`).

use potok_types::{ContentRef, Invalid};

use super::super::{Rejection, Step};
use super::Patch;
use crate::Service;
use crate::carriage;
use crate::command::NewEdition;

impl Patch<'_> {
    /// The document has from now on what is given. The edition stays beside it in this box; nobody else hears of it.
    pub(super) fn edit(&mut self, item: &NewEdition<ContentRef>) -> Result<(), Rejection> {
        let (path, id) = (item.path.as_str(), item.parent);
        let (_, document) = self.document(path, id)?;
        let refuse = |reason| Err(Rejection::state(path, id, Step::Edit, reason));
        if !carriage::is_unsent(self.state, id) {
            return refuse("он уже отправлен");
        }
        if document.editing_setting.is_none() {
            return refuse("он сохранен без EditingSettingId");
        }
        if self.is_rewritten(id) {
            let reason = "the document is edited twice in one request; give all in one edition";
            return Err(Invalid::new(format!("{path}.ParentEntityId"), reason).into());
        }
        match &item.title {
            Some(title) => self.rewrite_with(path, id, title, document)?,
            None => return Err(Rejection::not_in_format(path, None)),
        }
        self.add_note(id, item.content, Service::Edition, &item.labels);
        Ok(())
    }
}
