//! Names of files on a shelf, which mean something else to everybody who says them.

use super::{PostMessage, PostPatch, PowerToAttach, Source};

const fn is_on_shelf(source: &Source) -> bool {
    matches!(source, Source::OnShelf(_))
}

impl PostMessage<Source> {
    /// Some of its bytes are a file on the shelf of whoever posts it.
    pub fn names_shelf(&self) -> bool {
        let documents = self.documents.iter().flat_map(|document| {
            let title = document.prepared_title.as_ref().map(|title| &title.content);
            [Some(&document.content), document.signature.as_ref(), document.comment.as_ref(), title]
        });
        let powers = self.documents.iter().filter_map(|document| document.power.as_ref());
        let powers = powers.flat_map(PowerToAttach::sources).map(Some);
        let data = self.structured_data.iter().map(|data| Some(&data.content));
        documents.chain(data).chain(powers).flatten().any(is_on_shelf)
    }
}

impl PostPatch<Source> {
    /// Some of its bytes are a file on the shelf of whoever posts it.
    pub fn names_shelf(&self) -> bool {
        let files = self.receipts.iter().chain(&self.amendment_requests).chain(&self.revocation_requests);
        let files = files
            .chain(&self.fixation_cancellations)
            .chain(self.rejections.iter().map(|item| &item.service))
            .chain(self.titles.iter().map(|item| &item.service))
            .flat_map(|file| {
                let powers = file.power.iter().flat_map(PowerToAttach::sources);
                [&file.content, &file.signature].into_iter().chain(powers)
            });
        let powers = self.signatures.iter().filter_map(|item| item.power.as_ref());
        let reports = self.verifications.iter().flat_map(|item| [Some(&item.report), item.comment.as_ref()]);
        files
            .chain(powers.flat_map(PowerToAttach::sources))
            .chain(self.signatures.iter().map(|item| &item.signature))
            .chain(self.resolutions.iter().map(|item| &item.comment))
            .chain(self.resolution_requests.iter().map(|item| &item.comment))
            .chain(self.cancellations.iter().map(|item| &item.comment))
            .chain(self.denials.iter().map(|item| &item.comment))
            .chain(self.route_assignments.iter().chain(&self.route_removals).map(|item| &item.comment))
            .chain(self.tag_changes.iter().map(|item| &item.content))
            .chain(self.universal_messages.iter().map(|item| &item.content))
            .chain(self.editions.iter().map(|item| &item.content))
            .chain(reports.flatten())
            .any(is_on_shelf)
    }
}
