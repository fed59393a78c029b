//! `GetDocumentActions`.

use potok_domain::decide::{ActionKind, DocumentAction};
use potok_wire::proto::documents as wire;

/// What may be done with a document.
pub fn answer(actions: &[DocumentAction]) -> wire::DocumentActionList {
    wire::DocumentActionList { actions: actions.iter().map(action).collect() }
}

fn action(action: &DocumentAction) -> wire::DocumentAction {
    wire::DocumentAction { r#type: action.kind as i32, payload: payload(action) }
}

/// The part that is named like the type; types that have nothing to say have none.
fn payload(action: &DocumentAction) -> Option<wire::DocumentActionPayload> {
    let title_index = i32::try_from(action.title).unwrap_or(i32::MAX);
    let is_optional = action.is_optional;
    // Only exchanges that are not known here have one.
    let predefined_operation_result = None;
    let mut payload = wire::DocumentActionPayload::default();
    macro_rules! fill {
        ($($kind:ident => $field:ident: $part:ident { $($name:ident),* };)*) => {
            match action.kind {
                $(ActionKind::$kind => payload.$field = Some(wire::$part { $($name,)* }),)*
                _ => return None,
            }
        };
    }
    fill! {
        RejectTitle => reject_participant_title_signing:
            RejectParticipantTitleSigningDocumentActionPayload { title_index };
        SignApprovingly => sign_approvingly: SignApprovinglyDocumentActionPayload {};
        RequestApprovement => request_approvement: RequestApprovementDocumentActionPayload {};
        RequestPrimarySignature => request_primary_signature: RequestPrimarySignatureDocumentActionPayload {};
        RequestApprovementSignature => request_approvement_signature:
            RequestApprovementSignatureDocumentActionPayload {};
        Approve => resolve_with_approve: ResolveWithApproveDocumentActionPayload {};
        Disapprove => resolve_with_disapprove: ResolveWithDisapproveDocumentActionPayload {};
        CancelResolution => cancel_resolution: CancelResolutionDocumentActionPayload {};
        CancelRequest => cancel_resolution_request: CancelResolutionRequestDocumentActionPayload {};
        DenyRequest => deny_signature_request: DenySignatureRequestDocumentActionPayload {};
        CancelDenial => cancel_signature_request_denial: CancelSignatureRequestDenialDocumentActionPayload {};
        AssignRoute => assign_resolution_route_to_participant_title:
            AssignResolutionRouteToParticipantTitleDocumentActionPayload { title_index };
        RemoveRoute => remove_resolution_route_from_participant_title:
            RemoveResolutionRouteFromParticipantTitleDocumentActionPayload { title_index };
        AttachTitle => attach_participant_title:
            AttachParticipantTitleDocumentActionPayload { title_index, is_optional, predefined_operation_result };
        SignTitle => sign_participant_title:
            SignParticipantTitleDocumentActionPayload { title_index, predefined_operation_result };
        ReceiptTitle => confirm_receipt_of_title: ConfirmReceiptOfTitleDocumentActionPayload { title_index };
        InformAboutTitle => add_information_message_for_title:
            AddInformationMessageForTitleDocumentActionPayload { title_index };
    }
    Some(payload)
}
