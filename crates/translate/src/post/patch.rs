//! `POST /V3/PostMessagePatch` and `POST /V4/PostMessagePatch`.

use potok_domain::command::{NewRejection, NewService, NewSignature, PostPatch, Source};
use potok_wire::proto::events::{
    DocumentSignature, MessagePatchToPost, MessagePatchToPostV2, ReceiptAttachment,
    RequestedSignatureRejection, SignedContent, XmlSignatureRejectionAttachment,
};

use super::BadPost;
use super::checks::{Reserved, id, labels};
use super::content::{GivenSignature, missing_signature, signature, signed_content_with_signature};
use super::file_id;

/// Reads the body of the V3 method.
///
/// # Errors
/// As [`super::message_to_post`].
pub fn patch_v3(posted: MessagePatchToPost) -> Result<PostPatch<Source>, BadPost> {
    const ROOT: &str = "MessagePatchToPost";
    refuse_not_built(
        ROOT,
        &[
            ("CorrectionRequests", posted.correction_requests.is_empty()),
            ("XmlTorg12BuyerTitles", posted.xml_torg12_buyer_titles.is_empty()),
            (
                "XmlAcceptanceCertificateBuyerTitles",
                posted.xml_acceptance_certificate_buyer_titles.is_empty(),
            ),
            ("Resolutions", posted.resolutions.is_empty()),
            ("ResolutionRequests", posted.resolution_requests.is_empty()),
            ("ResolutionRequestCancellations", posted.resolution_request_cancellations.is_empty()),
            ("ResolutionRequestDenials", posted.resolution_request_denials.is_empty()),
            (
                "ResolutionRequestDenialCancellations",
                posted.resolution_request_denial_cancellations.is_empty(),
            ),
            ("RevocationRequests", posted.revocation_requests.is_empty()),
            ("CustomDataPatches", posted.custom_data_patches.is_empty()),
            ("ResolutionRouteAssignments", posted.resolution_route_assignments.is_empty()),
            ("SignatureVerifications", posted.signature_verifications.is_empty()),
            ("EditDocumentPacketCommands", posted.edit_document_packet_commands.is_empty()),
            (
                "UniversalTransferDocumentBuyerTitles",
                posted.universal_transfer_document_buyer_titles.is_empty(),
            ),
            ("ResolutionRouteRemovals", posted.resolution_route_removals.is_empty()),
            ("RecipientTitles", posted.recipient_titles.is_empty()),
            ("EditingPatches", posted.editing_patches.is_empty()),
            ("TtGisFixationCancellationRequests", posted.tt_gis_fixation_cancellation_requests.is_empty()),
        ],
    )?;
    Lists {
        root: ROOT,
        box_id: posted.box_id,
        message_id: posted.message_id,
        signatures: posted.signatures,
        receipts: posted.receipts,
        plain_rejections: posted.requested_signature_rejections,
        xml_rejections: posted.xml_signature_rejections,
    }
    .into_command()
}

/// Reads the body of the V4 method.
///
/// # Errors
/// As [`super::message_to_post`].
pub fn patch_v4(posted: MessagePatchToPostV2) -> Result<PostPatch<Source>, BadPost> {
    const ROOT: &str = "MessagePatchToPostV2";
    refuse_not_built(
        ROOT,
        &[
            ("CorrectionRequests", posted.correction_requests.is_empty()),
            ("Resolutions", posted.resolutions.is_empty()),
            ("ResolutionRequests", posted.resolution_requests.is_empty()),
            ("ResolutionRequestCancellations", posted.resolution_request_cancellations.is_empty()),
            ("ResolutionRequestDenials", posted.resolution_request_denials.is_empty()),
            (
                "ResolutionRequestDenialCancellations",
                posted.resolution_request_denial_cancellations.is_empty(),
            ),
            ("RevocationRequests", posted.revocation_requests.is_empty()),
            ("CustomDataPatches", posted.custom_data_patches.is_empty()),
            ("ResolutionRouteAssignments", posted.resolution_route_assignments.is_empty()),
            ("SignatureVerifications", posted.signature_verifications.is_empty()),
            ("EditDocumentPacketCommands", posted.edit_document_packet_commands.is_empty()),
            ("ResolutionRouteRemovals", posted.resolution_route_removals.is_empty()),
            ("RecipientTitles", posted.recipient_titles.is_empty()),
            ("EditingPatches", posted.editing_patches.is_empty()),
            ("UniversalMessages", posted.universal_messages.is_empty()),
            ("TtGisFixationCancellationRequests", posted.tt_gis_fixation_cancellation_requests.is_empty()),
        ],
    )?;
    Lists {
        root: ROOT,
        box_id: posted.box_id,
        message_id: posted.message_id,
        signatures: posted.signatures,
        receipts: posted.receipts,
        plain_rejections: Vec::new(),
        xml_rejections: posted.xml_signature_rejections,
    }
    .into_command()
}

/// A list that would be ignored would make a patch that is half done, so each of them is refused by name.
fn refuse_not_built(root: &str, lists: &[(&str, bool)]) -> Result<(), BadPost> {
    match lists.iter().find(|(_, is_empty)| !is_empty) {
        Some((name, _)) => Err(BadPost::not_built(format!("{root}.{name}"))),
        None => Ok(()),
    }
}

/// The lists that both versions have and that this server knows.
struct Lists {
    root: &'static str,
    box_id: String,
    message_id: String,
    signatures: Vec<DocumentSignature>,
    receipts: Vec<ReceiptAttachment>,
    plain_rejections: Vec<RequestedSignatureRejection>,
    xml_rejections: Vec<XmlSignatureRejectionAttachment>,
}

impl Lists {
    fn into_command(self) -> Result<PostPatch<Source>, BadPost> {
        let root = self.root;
        let box_id = id(format!("{root}.BoxId"), &self.box_id)?;
        let message_id = id(format!("{root}.MessageId"), &self.message_id)?;
        let signatures =
            each(self.signatures, |i, item| new_signature(format!("{root}.Signatures[{i}]"), item))?;
        let receipts = each(self.receipts, |i, item| {
            Posted {
                path: format!("{root}.Receipts[{i}]"),
                parent: item.parent_entity_id,
                content: item.signed_content,
                labels: item.labels,
                reserved: Reserved::Impersonal,
            }
            .into_service(file_name_in)
        })?;
        let mut rejections = each(self.plain_rejections, |i, item| {
            let posted = Posted {
                path: format!("{root}.RequestedSignatureRejections[{i}]"),
                parent: item.parent_entity_id,
                content: item.signed_content,
                labels: item.labels,
                reserved: Reserved::Refused,
            };
            let service = posted.into_service(|_| None)?;
            check_text(&service)?;
            Ok(NewRejection { service, is_formal: false })
        })?;
        rejections.extend(each(self.xml_rejections, |i, item| {
            let posted = Posted {
                path: format!("{root}.XmlSignatureRejections[{i}]"),
                parent: item.parent_entity_id,
                content: item.signed_content,
                labels: item.labels,
                reserved: Reserved::Refused,
            };
            Ok(NewRejection { service: posted.into_service(file_name_in)?, is_formal: true })
        })?);
        if signatures.is_empty() && receipts.is_empty() && rejections.is_empty() {
            return Err(BadPost::Empty { structure: root });
        }
        let mut given = signatures
            .iter()
            .map(|signature| &signature.signature)
            .chain(receipts.iter().map(|receipt| &receipt.signature))
            .chain(rejections.iter().map(|rejection| &rejection.service.signature));
        let is_test = given.any(|signature| *signature == Source::TestSignature);
        Ok(PostPatch { box_id, message_id, is_test, signatures, receipts, rejections })
    }
}

fn each<T, U>(items: Vec<T>, convert: impl Fn(usize, T) -> Result<U, BadPost>) -> Result<Vec<U>, BadPost> {
    items.into_iter().enumerate().map(|(i, item)| convert(i, item)).collect()
}

fn new_signature(path: String, posted: DocumentSignature) -> Result<NewSignature<Source>, BadPost> {
    for (field, is_given) in [
        ("PatchedContentId", posted.patched_content_id.as_ref().is_some_and(|id| !id.is_empty())),
        ("PowerOfAttorney", posted.power_of_attorney.is_some()),
    ] {
        if is_given {
            return Err(BadPost::not_built(format!("{path}.{field}")));
        }
    }
    let is_approval = posted.is_approvement_signature();
    let is_test = posted.sign_with_test_signature();
    let given =
        GivenSignature { inline: posted.signature, on_shelf: posted.signature_name_on_shelf, is_test };
    let signature = signature(&path, given)?.ok_or_else(|| missing_signature(&path, ""))?;
    Ok(NewSignature {
        parent: id(format!("{path}.ParentEntityId"), &posted.parent_entity_id)?,
        signature,
        is_approval,
        labels: labels(&path, posted.labels, Reserved::Refused)?,
        path,
    })
}

/// A signed file under an entity; every list of such files has the same fields.
struct Posted {
    path: String,
    parent: String,
    content: SignedContent,
    labels: Vec<String>,
    reserved: Reserved,
}

impl Posted {
    fn into_service(
        self,
        file_name: impl Fn(&Source) -> Option<String>,
    ) -> Result<NewService<Source>, BadPost> {
        let path = self.path;
        let parent = id(format!("{path}.ParentEntityId"), &self.parent)?;
        let (content, signature) =
            signed_content_with_signature(&format!("{path}.SignedContent"), self.content)?;
        let labels = labels(&path, self.labels, self.reserved)?;
        Ok(NewService { path, parent, file_name: file_name(&content), content, signature, labels })
    }
}

/// A file on the shelf is named when its bytes are read, which is not here.
fn file_name_in(content: &Source) -> Option<String> {
    match content {
        Source::Inline(bytes) => file_id::file_name(bytes),
        Source::OnShelf(_) | Source::TestSignature => None,
    }
}

fn check_text(service: &NewService<Source>) -> Result<(), BadPost> {
    match &service.content {
        Source::Inline(bytes) if std::str::from_utf8(bytes).is_err() => Err(BadPost::invalid(
            format!("{}.SignedContent.Content", service.path),
            "Content must be valid UTF8 string; encode the reason of the refusal as UTF-8",
        )),
        _ => Ok(()),
    }
}
