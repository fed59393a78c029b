//! `POST /V3/PostMessagePatch` and `POST /V4/PostMessagePatch`.

mod approval;
mod document;
mod exchange;
mod universal;

use potok_domain::AttachmentType;
use potok_domain::command::{PostPatch, Source};
use potok_types::{box_at, id_at};
use potok_wire::proto::events::{
    MessagePatchToPost, MessagePatchToPostV2, RecipientTitleAttachment, RequestedSignatureRejection,
};

use crate::BadRequest;

/// Reads the body of the V3 method.
///
/// # Errors
/// As [`super::message_to_post`].
pub fn patch_v3(posted: MessagePatchToPost) -> Result<PostPatch<Source>, BadRequest> {
    use AttachmentType as Type;
    let obsolete = Obsolete {
        plain_rejections: posted.requested_signature_rejections,
        titles: vec![
            ("XmlTorg12BuyerTitles", &[Type::XmlTorg12BuyerTitle], posted.xml_torg12_buyer_titles),
            (
                "XmlAcceptanceCertificateBuyerTitles",
                &[Type::XmlAcceptanceCertificateBuyerTitle],
                posted.xml_acceptance_certificate_buyer_titles,
            ),
            (
                "UniversalTransferDocumentBuyerTitles",
                &[Type::UniversalTransferDocumentBuyerTitle, Type::UniversalCorrectionDocumentBuyerTitle],
                posted.universal_transfer_document_buyer_titles,
            ),
        ],
    };
    let current = MessagePatchToPostV2 {
        box_id: posted.box_id,
        message_id: posted.message_id,
        receipts: posted.receipts,
        correction_requests: posted.correction_requests,
        signatures: posted.signatures,
        resolutions: posted.resolutions,
        resolution_requests: posted.resolution_requests,
        resolution_request_cancellations: posted.resolution_request_cancellations,
        resolution_request_denials: posted.resolution_request_denials,
        resolution_request_denial_cancellations: posted.resolution_request_denial_cancellations,
        revocation_requests: posted.revocation_requests,
        xml_signature_rejections: posted.xml_signature_rejections,
        custom_data_patches: posted.custom_data_patches,
        resolution_route_assignments: posted.resolution_route_assignments,
        signature_verifications: posted.signature_verifications,
        edit_document_packet_commands: posted.edit_document_packet_commands,
        resolution_route_removals: posted.resolution_route_removals,
        recipient_titles: posted.recipient_titles,
        editing_patches: posted.editing_patches,
        universal_messages: Vec::new(),
        tt_gis_fixation_cancellation_requests: posted.tt_gis_fixation_cancellation_requests,
    };
    Reader { root: "MessagePatchToPost" }.command(current, obsolete)
}

/// Reads the body of the V4 method.
///
/// # Errors
/// As [`super::message_to_post`].
pub fn patch_v4(posted: MessagePatchToPostV2) -> Result<PostPatch<Source>, BadRequest> {
    Reader { root: "MessagePatchToPostV2" }.command(posted, Obsolete::default())
}

/// The lists that only the older structure has.
#[derive(Default)]
struct Obsolete {
    plain_rejections: Vec<RequestedSignatureRejection>,
    /// Name of the list, what its titles are, and they.
    titles: Vec<(&'static str, &'static [AttachmentType], Vec<RecipientTitleAttachment>)>,
}

/// Reads the lists of a structure.
struct Reader {
    /// Its name.
    root: &'static str,
}

impl Reader {
    fn command(
        &self,
        posted: MessagePatchToPostV2,
        obsolete: Obsolete,
    ) -> Result<PostPatch<Source>, BadRequest> {
        let root = self.root;
        let box_id = box_at(format!("{root}.BoxId"), &posted.box_id)?;
        let message_id = id_at(format!("{root}.MessageId"), &posted.message_id)?;
        let mut command = PostPatch { structure: root, ..PostPatch::empty(box_id, message_id) };
        command.signatures = self.each("Signatures", posted.signatures, exchange::signature)?;
        command.receipts = self.each("Receipts", posted.receipts, exchange::receipt)?;
        command.rejections =
            self.each("RequestedSignatureRejections", obsolete.plain_rejections, exchange::plain_rejection)?;
        let formal =
            self.each("XmlSignatureRejections", posted.xml_signature_rejections, exchange::xml_rejection)?;
        command.rejections.extend(formal);
        command.titles = self.each("RecipientTitles", posted.recipient_titles, |path, item| {
            exchange::title(path, item, None)
        })?;
        for (list, only, items) in obsolete.titles {
            command
                .titles
                .extend(self.each(list, items, |path, item| exchange::title(path, item, Some(only)))?);
        }
        command.amendment_requests =
            self.each("CorrectionRequests", posted.correction_requests, exchange::amendment_request)?;
        command.revocation_requests =
            self.each("RevocationRequests", posted.revocation_requests, exchange::revocation_request)?;
        command.fixation_cancellations = self.each(
            "TtGisFixationCancellationRequests",
            posted.tt_gis_fixation_cancellation_requests,
            exchange::fixation_cancellation,
        )?;
        command.resolutions = self.each("Resolutions", posted.resolutions, approval::resolution)?;
        command.resolution_requests =
            self.each("ResolutionRequests", posted.resolution_requests, approval::request)?;
        command.cancellations = self.each(
            "ResolutionRequestCancellations",
            posted.resolution_request_cancellations,
            approval::cancellation,
        )?;
        command.cancellations.extend(self.each(
            "ResolutionRequestDenialCancellations",
            posted.resolution_request_denial_cancellations,
            approval::denial_cancellation,
        )?);
        command.denials =
            self.each("ResolutionRequestDenials", posted.resolution_request_denials, approval::denial)?;
        command.route_assignments = self.each(
            "ResolutionRouteAssignments",
            posted.resolution_route_assignments,
            approval::route_assignment,
        )?;
        command.route_removals =
            self.each("ResolutionRouteRemovals", posted.resolution_route_removals, approval::route_removal)?;
        command.tag_changes =
            self.each("CustomDataPatches", posted.custom_data_patches, document::tag_change)?;
        command.packets =
            self.each("EditDocumentPacketCommands", posted.edit_document_packet_commands, document::packet)?;
        command.verifications =
            self.each("SignatureVerifications", posted.signature_verifications, document::verification)?;
        command.universal_messages =
            self.each("UniversalMessages", posted.universal_messages, universal::universal_message)?;
        command.editions = self.each("EditingPatches", posted.editing_patches, document::edition)?;
        command.is_test = has_test_signature(&command);
        Ok(command)
    }

    fn each<T, U>(
        &self,
        list: &str,
        items: Vec<T>,
        convert: impl Fn(String, T) -> Result<U, BadRequest>,
    ) -> Result<Vec<U>, BadRequest> {
        let root = self.root;
        items.into_iter().enumerate().map(|(i, item)| convert(format!("{root}.{list}[{i}]"), item)).collect()
    }
}

fn has_test_signature(command: &PostPatch<Source>) -> bool {
    let services = command.receipts.iter().chain(&command.amendment_requests);
    let services = services
        .chain(&command.revocation_requests)
        .chain(&command.fixation_cancellations)
        .chain(command.rejections.iter().map(|rejection| &rejection.service))
        .chain(command.titles.iter().map(|title| &title.service))
        .map(|service| &service.signature);
    let mut given = services.chain(command.signatures.iter().map(|signature| &signature.signature));
    given.any(|signature| *signature == Source::TestSignature)
}

/// A comment to something that always has one, if only an empty one.
fn comment(text: Option<String>) -> Source {
    Source::Inline(text.unwrap_or_default().into())
}
