//! Reading facts from the message: which entity plays which part.

use potok_types::EntityId;

use crate::{AttachmentType, Check, Document, DocumentRef, EntityState, MessageState, Service};

use super::facts::{Confirmation, Receipt, Response, ResponseKind, Signed};

/// Of several candidates the newest good one counts, else the newest unchecked one, else the newest bad one.
const fn rank(check: Check) -> u8 {
    match check {
        Check::Valid => 2,
        Check::Unchecked => 1,
        Check::Invalid => 0,
    }
}

/// Finds the parts that entities play.
pub(super) struct Reader<'a> {
    pub(super) state: &'a MessageState,
}

impl<'a> Reader<'a> {
    /// Signatures under `parent` that mean something to the flow, oldest first.
    fn signatures(&self, parent: EntityId) -> impl Iterator<Item = &'a EntityState> + Clone {
        self.state
            .children(parent)
            .filter(|child| child.entity.signature().is_some_and(|signature| !signature.is_approval))
    }

    fn services(&self, parent: EntityId, is: fn(&Service) -> bool) -> impl Iterator<Item = &'a EntityState> {
        self.state.children(parent).filter(move |child| child.entity.service().is_some_and(is))
    }

    fn with_signature(&self, file: &'a EntityState, signature: Option<&'a EntityState>) -> Signed<'a> {
        let carrier = signature.unwrap_or(file);
        Signed {
            file,
            signature,
            time_stamped: signature.and_then(|signature| self.time_stamped(signature)),
            comment: self.services(file.entity.id, |service| matches!(service, Service::Comment)).next(),
            delivered_at: if self.state.is_internal {
                (carrier.check == Check::Valid).then_some(carrier.appeared_at)
            } else {
                carrier.delivered_at
            },
        }
    }

    fn time_stamped(&self, signature: &EntityState) -> Option<&'a EntityState> {
        let copy = self.signatures(signature.entity.id).last()?;
        // Copies of copies end, because every copy is newer than what it copies.
        Some(self.time_stamped(copy).unwrap_or(copy))
    }

    /// A service file with the best signature under it.
    fn signed(&self, file: &'a EntityState) -> Signed<'a> {
        let signature = self.signatures(file.entity.id).max_by_key(|signature| rank(signature.check));
        self.with_signature(file, signature)
    }

    /// The document with the sender's signature. Inside one organization both sides sign as the same box: the sender's
    /// is the first that is not bad, and what follows it is the answer.
    pub(super) fn title(&self, document: &'a EntityState) -> Signed<'a> {
        let id = document.entity.id;
        let signature = if self.state.is_internal {
            let mut signatures = self.signatures(id);
            let newest = signatures.clone().last();
            signatures.find(|signature| signature.check != Check::Invalid).or(newest)
        } else {
            self.state.signature_of(id, self.state.from.box_id).map(|(signature, _)| signature)
        };
        self.with_signature(document, signature)
    }

    pub(super) fn response(&self, title: &Signed<'a>) -> Option<Response<'a>> {
        let document = title.file.entity.id;
        let sender_signature = title.signature?.entity.id;
        let after_sender = self
            .state
            .children(document)
            .skip_while(move |child| child.entity.id != sender_signature)
            .skip(1);
        let candidates =
            self.state.children(document).filter_map(|child| self.response_by_recipient(child)).filter(
                |response| {
                    let id = response.signed.file.entity.id;
                    !self.state.is_internal || after_sender.clone().any(|child| child.entity.id == id)
                },
            );
        candidates.max_by_key(|response| response.signed.check().map_or(0, rank))
    }

    /// `child` of a document as an answer to it, if it is one.
    fn response_by_recipient(&self, child: &'a EntityState) -> Option<Response<'a>> {
        let (kind, signed) = match (child.entity.signature(), child.entity.service()) {
            (Some(signature), _) if signature.is_approval => return None,
            (Some(signature), _) if signature.signer_box != self.state.to.box_id => return None,
            (Some(_), _) => (ResponseKind::Signature, self.with_signature(child, Some(child))),
            (None, Some(Service::XmlSignatureRejection)) => {
                (ResponseKind::Refusal { is_formal: true }, self.signed(child))
            }
            (None, Some(Service::SignatureRequestRejection)) => {
                (ResponseKind::Refusal { is_formal: false }, self.signed(child))
            }
            _ => return None,
        };
        Some(Response { kind, signed, confirmation: self.confirmation(child.entity.id) })
    }

    /// The newest receipt on `parent` whose signature is not bad.
    fn signed_receipt(&self, parent: EntityId) -> Option<Signed<'a>> {
        self.services(parent, |service| matches!(service, Service::Receipt | Service::InvoiceReceipt))
            .map(|receipt| self.signed(receipt))
            .filter(|receipt| !receipt.is_invalid())
            .max_by_key(|receipt| receipt.check().map_or(0, rank))
    }

    pub(super) fn receipt(&self, parent: EntityId) -> Option<Receipt<'a>> {
        let signed = self.signed_receipt(parent)?;
        Some(Receipt { signed, confirmation: self.confirmation(signed.file.entity.id) })
    }

    pub(super) fn confirmation(&self, parent: EntityId) -> Option<Confirmation<'a>> {
        let file = self.services(parent, |service| matches!(service, Service::Confirmation)).last()?;
        Some(Confirmation { signed: self.signed(file), receipt: self.signed_receipt(file.entity.id) })
    }

    /// Is the document revised, is it corrected by another delivered document of the same message?
    pub(super) fn successors(&self, id: EntityId, document: &Document) -> (bool, bool) {
        let this = DocumentRef { message_id: self.state.message_id, entity_id: id };
        let successors = self
            .state
            .documents()
            .filter(|(entity, other)| {
                other.initial_documents.contains(&this) && self.title(entity).is_settled()
            })
            .map(|(_, other)| succession(document.attachment_type, other.attachment_type));
        successors.fold((false, false), |(revised, corrected), succession| {
            (
                revised || succession == Some(Succession::Revises),
                corrected || succession == Some(Succession::Corrects),
            )
        })
    }
}

/// What a later document means to the one it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Succession {
    /// It stands in its place.
    Revises,
    /// It changes its sums.
    Corrects,
}

const fn succession(document: AttachmentType, later: AttachmentType) -> Option<Succession> {
    use AttachmentType as Type;
    match (document, later) {
        (Type::Invoice | Type::InvoiceRevision, Type::InvoiceRevision)
        | (Type::InvoiceCorrection | Type::InvoiceCorrectionRevision, Type::InvoiceCorrectionRevision)
        | (
            Type::UniversalTransferDocument | Type::UniversalTransferDocumentRevision,
            Type::UniversalTransferDocumentRevision,
        )
        | (
            Type::UniversalCorrectionDocument | Type::UniversalCorrectionDocumentRevision,
            Type::UniversalCorrectionDocumentRevision,
        ) => Some(Succession::Revises),
        (
            Type::Invoice | Type::InvoiceRevision,
            Type::InvoiceCorrection | Type::UniversalCorrectionDocument,
        )
        | (
            Type::UniversalTransferDocument | Type::UniversalTransferDocumentRevision,
            Type::UniversalCorrectionDocument,
        ) => Some(Succession::Corrects),
        _ => None,
    }
}
