//! Who must do what next, in plain words.

use potok_wire::proto::documents::{
    Document, DocumentAction, DocumentActionType as Act, GeneralReceiptStatus, ProxySignatureStatus,
    RecipientResponseStatus, ResolutionStatusType, RevocationStatus, SenderSignatureStatus,
};

use crate::frame::Frame;

/// Something that somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Whoever looks at the page.
    pub(super) is_mine: bool,
    pub(super) who: String,
    pub(super) what: String,
}

/// Asks whether an action may be done.
fn may(actions: &[DocumentAction], kind: Act) -> bool {
    actions.iter().any(|action| action.r#type() == kind)
}

/// What has to be done with the document; nothing when nothing has to.
pub(super) fn steps(
    frame: &Frame,
    document: &Document,
    actions: &[DocumentAction],
    other: &str,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let who_other = match other.is_empty() {
        true => frame.say("Другая сторона", "The other side").to_owned(),
        false => other.to_owned(),
    };
    let mut mine = |russian: &str, english: &str| {
        let who = frame.say("Вы", "You").to_owned();
        steps.push(Step { is_mine: true, who, what: frame.say(russian, english).to_owned() });
    };
    let must_answer = may(actions, Act::SignParticipantTitle) || owes_title(actions);
    if document.sender_signature_status() == SenderSignatureStatus::WaitingForSenderSignature {
        mine("подпишите и отправьте документ", "sign the document and send it");
    } else if owes_title(actions) {
        mine(
            "примите документ и ответьте своим титулом или откажите",
            "accept the document and answer with your title, or refuse",
        );
    } else if may(actions, Act::SignParticipantTitle) {
        mine("подпишите документ или откажите", "sign the document, or refuse");
    }
    if document.recipient_receipt_metadata.receipt_status() == GeneralReceiptStatus::HaveToCreateReceipt
        && may(actions, Act::ConfirmReceiptOfTitle)
    {
        mine("подпишите извещение о получении", "sign a receipt");
    }
    if may(actions, Act::SignRevocationRequestByEndParticipant) {
        mine("согласитесь аннулировать документ или откажите", "agree to revoke the document, or refuse");
    }
    let resolution = document.resolution_status.as_ref().map(|it| it.r#type());
    if resolution == Some(ResolutionStatusType::ApprovementRequested) && may(actions, Act::ResolveWithApprove)
    {
        mine("согласуйте документ или откажите", "approve the document, or disapprove");
    }
    of_others(frame, document, must_answer, &who_other, resolution, actions, &mut steps);
    steps
}

fn owes_title(actions: &[DocumentAction]) -> bool {
    actions.iter().any(|action| {
        let title = action.payload.as_ref().and_then(|it| it.attach_participant_title.as_ref());
        action.r#type() == Act::AttachParticipantTitle && title.is_none_or(|title| !title.is_optional)
    })
}

fn of_others(
    frame: &Frame,
    document: &Document,
    must_answer: bool,
    other: &str,
    resolution: Option<ResolutionStatusType>,
    actions: &[DocumentAction],
    steps: &mut Vec<Step>,
) {
    let mut add = |who: &str, russian: &str, english: &str| {
        let what = frame.say(russian, english).to_owned();
        steps.push(Step { is_mine: false, who: who.to_owned(), what });
    };
    let operator = frame.say("Оператор", "The operator");
    let colleagues = frame.say("Ваши коллеги", "Your colleagues");
    if document.sender_signature_status() == SenderSignatureStatus::SenderSignatureUnchecked {
        add(
            operator,
            "проверяет подпись и доставляет документ",
            "checks the signature and delivers the document",
        );
    }
    if document.proxy_signature_status() == ProxySignatureStatus::WaitingForProxySignature {
        let who = frame.say("Промежуточный получатель", "The intermediate addressee");
        add(who, "подписывает или отказывает", "signs or refuses");
    }
    let is_inbound = document.document_direction() == potok_wire::proto::DocumentDirection::Inbound;
    if document.recipient_response_status() == RecipientResponseStatus::WaitingForRecipientSignature {
        match (is_inbound, must_answer) {
            (false, _) => add(other, "подписывает документ или отказывает", "signs the document or refuses"),
            (true, false) => add(
                colleagues,
                "подписывают документ: у вас нет права подписи или очередь не ваша",
                "sign the document: you may not, or it is not your turn",
            ),
            (true, true) => {}
        }
    }
    if document.recipient_receipt_metadata.receipt_status() == GeneralReceiptStatus::WaitingForReceipt {
        add(other, "подписывает извещение о получении", "signs a receipt");
    }
    if document.revocation_status() == RevocationStatus::RevocationIsRequestedByMe {
        add(other, "соглашается аннулировать или отказывает", "agrees to the revocation or refuses");
    }
    let asks_inside = matches!(
        resolution,
        Some(ResolutionStatusType::ApprovementRequested | ResolutionStatusType::SignatureRequested)
    );
    if asks_inside
        && !(may(actions, Act::ResolveWithApprove)
            && resolution == Some(ResolutionStatusType::ApprovementRequested))
    {
        add(colleagues, "согласуют или подписывают документ", "approve or sign the document");
    }
}

#[cfg(test)]
mod tests {
    use potok_pages::Language;
    use potok_wire::proto::DocumentDirection;

    use super::*;

    fn action(kind: Act) -> DocumentAction {
        DocumentAction { r#type: kind as i32, payload: None }
    }

    fn told(document: &Document, actions: &[Act]) -> Vec<String> {
        let frame = Frame { language: Language::English, ..Frame::default() };
        let actions: Vec<DocumentAction> = actions.iter().map(|kind| action(*kind)).collect();
        let steps = steps(&frame, document, &actions, "Лютик");
        steps.into_iter().map(|step| format!("{} {}", step.who, step.what)).collect()
    }

    #[test]
    fn both_sides_are_told_whose_turn_it_is() {
        let mut document = Document {
            recipient_response_status: RecipientResponseStatus::WaitingForRecipientSignature as i32,
            document_direction: Some(DocumentDirection::Outbound as i32),
            ..Document::default()
        };
        assert_eq!(told(&document, &[]), ["Лютик signs the document or refuses"]);
        document.document_direction = Some(DocumentDirection::Inbound as i32);
        assert_eq!(told(&document, &[Act::SignParticipantTitle]), ["You sign the document, or refuse"]);
        assert_eq!(
            told(&document, &[Act::AttachParticipantTitle]),
            ["You accept the document and answer with your title, or refuse"]
        );
        assert_eq!(
            told(&document, &[]),
            ["Your colleagues sign the document: you may not, or it is not your turn"]
        );
        document.recipient_response_status = RecipientResponseStatus::WithRecipientSignature as i32;
        assert_eq!(told(&document, &[Act::Delete]), [""; 0]);
        document.revocation_status = Some(RevocationStatus::RequestsMyRevocation as i32);
        let asked = told(&document, &[Act::SignRevocationRequestByEndParticipant]);
        assert_eq!(asked, ["You agree to revoke the document, or refuse"]);
    }
}
