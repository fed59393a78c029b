//! The building blocks from version 3 on: files with signatures, receipts, confirmations, refusals.

use potok_domain::docflow::{ReceiptStatus, Response, ResponseKind, Signed};
use potok_domain::{Check, EntityState, Service, UniversalMessage};
use potok_wire::proto::UniversalMessageInfo;
use potok_wire::proto::docflow::qualified_details::QualifiedSignatureSource;
use potok_wire::proto::docflow::{
    ConfirmationDocflowV4, OutOfWorkflowUniversalMessageDocflow, PowerOfAttorneyStatusChange,
    QualifiedDetails, ReceiptDocflowV4, SignaturePowerOfAttorney, SignatureRejectionDocflowV4, SignatureType,
    SignatureTypeInfo, SignatureV3, SignedAttachmentV3, TtGisFixationCancellation, TtGisFixationDocflow,
    UniversalMessageAttachmentDocflow,
};

use super::info;
use super::parts::{ConfirmationPart, ReceiptPart};
use crate::answers::powers_of_attorney;
use crate::docflow::files::{Files, display_name};
use crate::docflow::{Seen, timestamp};
use crate::document;
use crate::view::{power_of_attorney, universal_message_info};

/// Longest text taken out of a file.
const PLAIN_TEXT_CHARS: usize = 5_000;

/// Does the version know universal messages?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UniversalMessages {
    /// It shows them.
    Shown,
    /// It shows what follows from them, but not the messages; where it requires a file, theirs stands in.
    Hidden,
}

/// Builds blocks and puts bytes into them.
pub(crate) struct Blocks<'a> {
    pub(crate) seen: &'a Seen<'a>,
    pub(crate) universal_messages: UniversalMessages,
    pub(crate) files: Files<'a>,
}

impl Blocks<'_> {
    /// The signature of a file or a bare one.
    pub(crate) fn signature(&mut self, signed: &Signed<'_>) -> Option<Box<SignatureV3>> {
        let found = signed.signature?;
        let signature = found.entity.signature()?;
        Some(Box::new(SignatureV3 {
            cms: self.files.entity(found),
            cades_t: signed.time_stamped.map(|copy| self.files.entity(copy)),
            signer_box_id: signature.signer_box.to_string(),
            signer_department_id: signature.signer_department.to_string(),
            is_valid: found.check != Check::Invalid,
            verification_result: self.files.verification(found),
            delivered_at: signed.delivered_at.map(timestamp),
            power_of_attorney: self.power(found),
            power_of_attorney_attachment_status: found.power_of_attorney.map(power_of_attorney),
            signature_type_info: Some(signature_type(found.check)),
        }))
    }

    /// The power of attorney that came with a signature, and what its checks found.
    fn power(&mut self, signature: &EntityState) -> Option<Box<SignaturePowerOfAttorney>> {
        let state = self.seen.state;
        let found = state.power_of(signature.entity.id)?;
        let power = found.entity.power()?;
        let checks: Vec<_> = state.power_checks(found.entity.id).collect();
        let status_changes = checks.iter().map(|(check, validation)| PowerOfAttorneyStatusChange {
            entity: self.files.entity(check),
            power_of_attorney_status: powers_of_attorney::validation(validation),
        });
        let status_changes = status_changes.collect();
        Some(Box::new(SignaturePowerOfAttorney {
            entity: self.files.entity(found),
            full_id: powers_of_attorney::full_id(&power.name),
            status: checks.last().map(|(_, validation)| powers_of_attorney::validation(validation)),
            status_changes,
            roaming_sending_status: None,
            sending_type: Some(power.sending as i32),
        }))
    }

    /// A file with its signature.
    pub(crate) fn signed(&mut self, signed: &Signed<'_>) -> SignedAttachmentV3 {
        let display_name = display_name(&self.seen.flow.facts, signed);
        SignedAttachmentV3 {
            attachment: self.files.attachment(signed.file, display_name),
            signature: self.signature(signed),
            comment: signed.comment.map(|comment| self.files.entity(comment)),
            content_type_id: signed.file.entity.content_type_id.clone(),
        }
    }

    /// That what the state was told of the goods is cancelled; `None` when nothing was.
    pub(crate) fn fixation(&mut self, cancellation: Option<&Signed<'_>>) -> Option<TtGisFixationDocflow> {
        let signed = cancellation?;
        let entity = self.files.entity(signed.file);
        let signature = *self.signature(signed)?;
        Some(TtGisFixationDocflow {
            cancellation_status: Some(document::fixation_status(cancellation) as i32),
            cancellation: Some(Box::new(TtGisFixationCancellation { entity, signature })),
        })
    }

    /// A file that is no universal message: those stand elsewhere.
    pub(crate) fn classic(&mut self, signed: &Signed<'_>) -> Option<SignedAttachmentV3> {
        signed.universal_message().is_none().then(|| self.signed(signed))
    }

    /// A file that is a universal message, if the version shows those.
    pub(crate) fn universal(&mut self, signed: &Signed<'_>) -> Option<UniversalMessageAttachmentDocflow> {
        signed.universal_message().and_then(|message| self.universal_message(signed.file, message))
    }

    fn universal_message(
        &mut self,
        file: &EntityState,
        message: &UniversalMessage,
    ) -> Option<UniversalMessageAttachmentDocflow> {
        (self.universal_messages == UniversalMessages::Shown).then(|| UniversalMessageAttachmentDocflow {
            attachment: self.files.attachment(file, None),
            message_info: message_info(message),
            content_type_id: file.entity.content_type_id.clone(),
            is_read: Some(info::is_read(self.seen.state, file)),
        })
    }

    /// Universal messages that mean nothing to the flow.
    pub(crate) fn out_of_workflow(
        &mut self,
        found: &[&EntityState],
    ) -> Option<OutOfWorkflowUniversalMessageDocflow> {
        let messages: Vec<_> = found
            .iter()
            .filter_map(|file| match file.entity.service() {
                Some(Service::UniversalMessage(message)) => self.universal_message(file, message),
                _ => None,
            })
            .collect();
        (!messages.is_empty()).then_some(OutOfWorkflowUniversalMessageDocflow { messages })
    }

    /// A receipt.
    pub(crate) fn receipt(&mut self, part: &ReceiptPart<'_>) -> ReceiptDocflowV4 {
        let signed = part.signed.as_ref();
        ReceiptDocflowV4 {
            is_finished: part.is_finished,
            receipt_attachment: signed.and_then(|signed| self.classic(signed)),
            sent_at: signed.and_then(Signed::sent_at).map(timestamp),
            delivered_at: signed.and_then(|signed| signed.delivered_at).map(timestamp),
            confirmation: part.confirmation.map(|confirmation| Box::new(self.confirmation(&confirmation))),
            status: part.status as i32,
            universal_message: signed.and_then(|signed| self.universal(signed)),
        }
    }

    /// An operator's confirmation.
    pub(crate) fn confirmation(&mut self, part: &ConfirmationPart<'_>) -> ConfirmationDocflowV4 {
        let signed = part.confirmation.map(|confirmation| confirmation.signed);
        let receipt = part.confirmation.and_then(|confirmation| confirmation.receipt);
        ConfirmationDocflowV4 {
            is_finished: part.is_finished,
            confirmation_attachment: signed.map(|signed| self.signed(&signed)),
            confirmed_at: signed.map(|signed| timestamp(signed.file.entity.created_at)),
            receipt: match (part.receipt_status, receipt) {
                (None, None) => None,
                (status, signed) => Some(Box::new(self.receipt(&ReceiptPart {
                    is_finished: signed.is_some_and(|signed| signed.is_valid()),
                    status: status.unwrap_or(ReceiptStatus::Finished),
                    signed,
                    confirmation: None,
                }))),
            },
            roaming_confirmation: None,
        }
    }

    /// A refusal.
    pub(crate) fn rejection(&mut self, refusal: &Response<'_>) -> Box<SignatureRejectionDocflowV4> {
        let signed = &refusal.signed;
        let is_hidden = self.universal_messages == UniversalMessages::Hidden;
        let rejection = if is_hidden { Some(self.signed(signed)) } else { self.classic(signed) };
        Box::new(SignatureRejectionDocflowV4 {
            signature_rejection: rejection,
            is_formal: refusal.kind == ResponseKind::Refusal { is_formal: true },
            delivered_at: signed.delivered_at.map(timestamp),
            plain_text: plain_text(signed),
            universal_message: self.universal(signed),
        })
    }
}

/// Words of a file: they were read when it was posted.
pub(crate) fn plain_text(signed: &Signed<'_>) -> Option<String> {
    let Some(message) = signed.universal_message() else { return signed.file.entity.text.clone() };
    let texts: Vec<&str> = message.events.iter().filter_map(|event| event.text.as_deref()).collect();
    (!texts.is_empty()).then(|| texts.join("\n").chars().take(PLAIN_TEXT_CHARS).collect())
}

/// In docflows every fact is written, also one that equals the default of its field.
pub(crate) fn message_info(message: &UniversalMessage) -> UniversalMessageInfo {
    UniversalMessageInfo {
        code_group: Some(message.code_group.map_or(0, |group| group as i32)),
        is_out_of_workflow: Some(message.is_out_of_workflow),
        ..universal_message_info(message)
    }
}

/// What kind of signature it is, as far as its check got.
fn signature_type(check: Check) -> SignatureTypeInfo {
    let source = QualifiedDetails { signature_source: QualifiedSignatureSource::Default as i32 };
    match check {
        Check::Unchecked => SignatureTypeInfo {
            signature_type: SignatureType::OnVerification as i32,
            ..SignatureTypeInfo::default()
        },
        Check::Valid | Check::Invalid => SignatureTypeInfo {
            signature_type: SignatureType::Qualified as i32,
            qualified_details: Some(source),
            ..SignatureTypeInfo::default()
        },
    }
}
