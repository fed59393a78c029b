//! The workflows as `GetWorkflowsSettings` lists them: all of them, by number.

use potok_domain::workflow::{
    ConfirmationBehavior, Participant, ParticipantAction, WORKFLOWS, WorkflowSettings,
};
use potok_wire::proto::workflows::participant_type::ParticipantType;
use potok_wire::proto::workflows::{
    DocumentWorkflowSettings, DocumentWorkflowSettingsList, DocumentWorkflowSettingsListV2,
    DocumentWorkflowSettingsV2, ParticipantSetting, ParticipantSettingV2,
};

/// `GetWorkflowsSettings` V2.
pub fn settings_v2() -> DocumentWorkflowSettingsListV2 {
    let settings = WORKFLOWS.iter().map(|workflow| DocumentWorkflowSettingsV2 {
        id: workflow.id.0,
        participants: participants(workflow)
            .map(|(participant, part)| ParticipantSettingV2 {
                participant: Some(participant as i32),
                participant_action: Some(part.action as i32),
                title_receipt_behavior: Some(part.receipt as i32),
            })
            .collect(),
        operator_confirmation_receipt_behavior: always(workflow.confirmation_receipt),
        receipt_operator_confirmation_receipt_behavior: always(workflow.receipt_confirmation_receipt),
        receipt_operator_confirmation_behavior: Some(workflow.receipt_confirmation as i32),
        amendment_request_response_behavior: Some(workflow.amendment as i32),
        receipt_roaming_confirmation_behavior: always(workflow.receipt_roaming_confirmation),
        invitation_behavior: Some(workflow.invitation as i32),
    });
    DocumentWorkflowSettingsListV2 { document_workflow_settings: settings.collect() }
}

/// `GetWorkflowsSettings` V1, which also says what is confirmed for each participant.
pub fn settings_v1() -> DocumentWorkflowSettingsList {
    let settings = WORKFLOWS.iter().map(|workflow| {
        let roams = workflow.receipt_roaming_confirmation;
        DocumentWorkflowSettings {
            id: workflow.id.0,
            participants: participants(workflow)
                .map(|(participant, part)| {
                    let is_confirmed = match participant {
                        ParticipantType::Sender => workflow.title_is_confirmed(),
                        ParticipantType::Recipient => workflow.response_is_confirmed(),
                        ParticipantType::Proxy | ParticipantType::Unknown => false,
                    };
                    ParticipantSetting {
                        participant: Some(participant as i32),
                        participant_action: Some(part.action as i32),
                        title_receipt_behavior: Some(part.receipt as i32),
                        operator_confirmation_behavior: to_both(is_confirmed),
                        roaming_confirmation_behavior: always(is_confirmed && roams),
                    }
                })
                .collect(),
            operator_confirmation_receipt_behavior: always(workflow.confirmation_receipt),
            receipt_operator_confirmation_receipt_behavior: always(workflow.receipt_confirmation_receipt),
            receipt_operator_confirmation_behavior: Some(workflow.receipt_confirmation as i32),
            amendment_request_response_behavior: Some(workflow.amendment as i32),
            amendment_request_operator_confirmation_behavior: to_both(workflow.amendment_is_confirmed()),
            receipt_roaming_confirmation_behavior: always(roams),
            amendment_request_roaming_confirmation_behavior: always(
                workflow.amendment_is_confirmed() && roams,
            ),
            invitation_behavior: Some(workflow.invitation as i32),
        }
    });
    DocumentWorkflowSettingsList { document_workflow_settings: settings.collect() }
}

/// Who takes part and how. The sender always writes title 0.
fn participants(workflow: &WorkflowSettings) -> impl Iterator<Item = (ParticipantType, Participant)> {
    let sender = Participant { action: ParticipantAction::Title, receipt: workflow.sender_receipt };
    [
        (ParticipantType::Sender, Some(sender)),
        (ParticipantType::Proxy, workflow.proxy),
        (ParticipantType::Recipient, workflow.recipient),
    ]
    .into_iter()
    .filter_map(|(participant, part)| Some((participant, part?)))
}

/// `Never` and `Always` have these numbers in all enumerations that know nothing else.
fn always(is: bool) -> Option<i32> {
    Some(if is { 2 } else { 1 })
}

fn to_both(is: bool) -> Option<i32> {
    let behavior = if is { ConfirmationBehavior::InitiatorCounterpart } else { ConfirmationBehavior::Never };
    Some(behavior as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: i32 = ConfirmationBehavior::Never as i32;

    /// `Sender Title 3; Recipient Title 2`.
    fn line(number: i32) -> String {
        let all = settings_v2().document_workflow_settings;
        let found = all.iter().find(|workflow| workflow.id == number).unwrap();
        let parts = found.participants.iter().map(|part| {
            let action = part.participant_action();
            format!("{:?} {action:?} {:?}", part.participant(), part.title_receipt_behavior())
        });
        let parts: Vec<String> = parts.collect();
        format!(
            "{}; receipts on confirmations {:?}, {:?}; receipts confirmed {:?}, roaming {:?}; amendment {:?}; \
             invitation {:?}",
            parts.join("; "),
            found.operator_confirmation_receipt_behavior(),
            found.receipt_operator_confirmation_receipt_behavior(),
            found.receipt_operator_confirmation_behavior(),
            found.receipt_roaming_confirmation_behavior(),
            found.amendment_request_response_behavior(),
            found.invitation_behavior(),
        )
    }

    #[test]
    fn workflows_are_listed_by_number() {
        let numbers: Vec<i32> =
            settings_v2().document_workflow_settings.iter().map(|workflow| workflow.id).collect();
        assert_eq!(numbers, (1..=19).collect::<Vec<i32>>());
        for (number, expected) in [
            (
                2,
                "Sender Title DefineByUser; Proxy Signature Never; Recipient Signature Never; receipts on confirmations \
                 Never, Never; receipts confirmed Never, roaming Never; amendment OperatorConfirmationOrReceipt; \
                 invitation Never",
            ),
            (
                4,
                "Sender Title Always; receipts on confirmations Always, Always; receipts confirmed Initiator, roaming \
                 Never; amendment OperatorConfirmationOrReceipt; invitation Never",
            ),
            (
                7,
                "Sender Title DefineByUser; Recipient OptionalSignature Never; receipts on confirmations Never, Never; \
                 receipts confirmed Never, roaming Never; amendment None; invitation Always",
            ),
            (
                13,
                "Sender Title DefineByUser; Proxy Title Never; Recipient Title Never; receipts on confirmations Never, \
                 Never; receipts confirmed Never, roaming Never; amendment OperatorConfirmationOrReceipt; invitation \
                 Never",
            ),
            (
                18,
                "Sender Title Always; Recipient Title DefineByUser; receipts on confirmations Never, Never; receipts \
                 confirmed InitiatorCounterpart, roaming Always; amendment OperatorConfirmation; invitation Never",
            ),
        ] {
            assert_eq!(line(number), expected, "workflow {number}");
        }
    }

    #[test]
    fn both_versions_say_the_same() {
        let (old, new) = (settings_v1(), settings_v2());
        for (old, new) in old.document_workflow_settings.iter().zip(&new.document_workflow_settings) {
            assert_eq!(old.id, new.id);
            assert_eq!(old.participants.len(), new.participants.len());
            for (old, new) in old.participants.iter().zip(&new.participants) {
                assert_eq!(
                    (old.participant, old.participant_action),
                    (new.participant, new.participant_action)
                );
                assert_eq!(old.title_receipt_behavior, new.title_receipt_behavior);
            }
            assert_eq!(
                old.receipt_operator_confirmation_behavior,
                new.receipt_operator_confirmation_behavior
            );
        }
        let confirmed = |number: usize| -> Vec<i32> {
            let found = &old.document_workflow_settings[number - 1];
            found.participants.iter().map(|part| part.operator_confirmation_behavior.unwrap_or(0)).collect()
        };
        let both = ConfirmationBehavior::InitiatorCounterpart as i32;
        assert_eq!(confirmed(1), [NEVER; 3]);
        assert_eq!(confirmed(17), [both]);
        assert_eq!(confirmed(16), [both, NEVER]);
        assert_eq!(confirmed(19), [both, NEVER, both]);
    }
}
