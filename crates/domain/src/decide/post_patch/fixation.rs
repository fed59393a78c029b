//! Requests to cancel what the state was told of marked goods.

use potok_types::{Attested, ContentRef, Invalid};

use super::super::{Rejection, Step};
use super::{Patch, receipts};
use crate::command::NewService;
use crate::{Service, carriage, fixation};

impl Patch<'_> {
    pub(super) fn cancel_fixation(&mut self, item: &NewService<ContentRef>) -> Result<(), Rejection> {
        let (path, id) = (item.path.as_str(), item.parent);
        let (found, _) = self.state.document(id).ok_or_else(|| Rejection::BadParent {
            path: format!("{path}.DocumentId"),
            parent: id,
            reason: "такого документа нет в сообщении",
        })?;
        if !self.state.side().is_sending() {
            return Err(Invalid::attested(Attested::NotTheSender, format!("{path}.DocumentId"), &[]).into());
        }
        let refuse = |reason: &'static str| Err(Rejection::state(path, id, Step::CancelFixation, reason));
        if carriage::is_unsent(self.state, id) {
            return refuse("он еще не отправлен");
        }
        if !found.entity.file_name.as_deref().is_some_and(fixation::speaks_of_marked_goods) {
            return refuse("имя его файла не говорит о маркированных товарах");
        }
        if fixation::cancellation(&self.now, id).is_some() {
            return refuse("сведения уже отменены");
        }
        receipts::limit_failures(self.state, path, id, self.context.now)?;
        self.add_service(item, id, Service::FixationCancellation, |file| file);
        Ok(())
    }
}
