//! `GenerateForwardedDocumentPrintForm`, `GenerateForwardedDocumentProtocol`: what was forwarded, as it was then.

use potok_types::access::BoxEmployee;

use super::case::is_title;
use super::{DocumentProtocol, Made, MadeFile, PrintError, Printing, Product};
use crate::Permit;
use crate::core::ForwardedId;

impl Printing {
    /// The print form of a forwarded document.
    ///
    /// # Errors
    /// `Missing::Forwarded`; [`PrintError::NotSupported`]; `CoreError::NoRoom`.
    pub async fn forwarded_form(
        &self,
        actor: &Permit<BoxEmployee>,
        id: ForwardedId,
    ) -> Result<Made<MadeFile>, PrintError> {
        let found = self.core.one_forwarded(actor.box_id(), id).await?;
        let document = id.document.entity_id;
        if !self.is_due(actor.box_id(), id.document.message_id, document, Product::Form) {
            return Ok(Made::Working);
        }
        Ok(Made::Ready(self.form_in(found.seen, document, document).await?))
    }

    /// The protocol of a forwarded document.
    ///
    /// # Errors
    /// As [`Printing::forwarded_form`]; [`PrintError::Operator`].
    pub async fn forwarded_protocol(
        &self,
        actor: &Permit<BoxEmployee>,
        id: ForwardedId,
    ) -> Result<Made<DocumentProtocol>, PrintError> {
        let found = self.core.one_forwarded(actor.box_id(), id).await?;
        let document = id.document.entity_id;
        if !self.is_due(actor.box_id(), id.document.message_id, document, Product::Protocol) {
            return Ok(Made::Working);
        }
        let case = self.case(found.seen, document, is_title).await?;
        Ok(Made::Ready(self.protocol_of(&case).await?))
    }
}
