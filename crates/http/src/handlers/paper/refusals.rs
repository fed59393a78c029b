//! Why an official file is not made or read, as the client is told.

use potok_app::PaperError;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    PaperError {
        NoAmendmentRequest { entity: sample::document() } => Conflict,
            "Name the request: an entity of type InvoiceCorrectionRequest.";
        OtherDocumentType {
            reason: potok_domain::decide::Rejection::NotSupported {
                what: potok_domain::decide::Unsupported::Receipt,
                path: "query parameter attachmentId".to_owned(),
                document: sample::document(),
                reason: "…"
            }
        } => @OtherDocumentType,
            "Make files only where the docflow awaits them.";
        NoAnswer {
            document: sample::document(),
            kind: "UniversalTransferDocument СЧФ".to_owned()
        } => Conflict,
            "Answer it by a receipt, if its docflow awaits one.";
        Unreadable {
            entity: sample::document(),
            reason: "нет элемента Файл / there is no element Файл".to_owned()
        } => Conflict,
            "Look at the file itself: it is not of the format that it was posted as.";
        UnknownBox { path: "InvoiceInfo.Seller.BoxId".to_owned(), id: "1".to_owned() } => NotFound,
            "Take the id of the box from GetOrganization, or fill OrgInfo.";
    }
    pass Rejected;
    pass Shelf;
    pass Core;
}
