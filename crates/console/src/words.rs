//! How things of the exchange are called.

use potok_wire::proto::documents::document_history::document_history_item::EventType;
use potok_wire::proto::events::{AttachmentType, Entity, EntityType};

use crate::frame::Frame;

/// The types of documents that are met most: the name of the API, and what they are called.
pub(crate) const TYPES: &[(&str, &str, &str)] = &[
    ("Nonformalized", "Неформализованный документ", "Nonformalized document"),
    ("UniversalTransferDocument", "УПД", "Universal transfer document"),
    ("UniversalCorrectionDocument", "УКД", "Universal correction document"),
    ("UniversalTransferDocumentRevision", "Исправление УПД", "Revision of a UTD"),
    ("UniversalCorrectionDocumentRevision", "Исправление УКД", "Revision of a UCD"),
    ("Invoice", "Счёт-фактура", "Invoice"),
    ("InvoiceCorrection", "Корректировочный счёт-фактура", "Correction invoice"),
    ("XmlTorg12", "ТОРГ-12", "Waybill (TORG-12)"),
    ("Torg12", "ТОРГ-12 неформализованная", "Nonformalized waybill"),
    ("XmlAcceptanceCertificate", "Акт", "Acceptance certificate"),
    ("AcceptanceCertificate", "Акт неформализованный", "Nonformalized certificate"),
    ("ProformaInvoice", "Счёт на оплату", "Proforma invoice"),
    ("Contract", "Договор", "Contract"),
    ("SupplementaryAgreement", "Дополнительное соглашение", "Supplementary agreement"),
    ("ReconciliationAct", "Акт сверки", "Reconciliation act"),
    ("PriceList", "Ценовой лист", "Price list"),
    ("ServiceDetails", "Детализация", "Service details"),
    ("TrustConnectionRequest", "Приглашение", "Invitation"),
];

/// What a type is called; its own name where nobody knows better.
pub(crate) fn type_name(frame: &Frame, id: &str) -> String {
    let known = TYPES.iter().find(|(name, ..)| *name == id);
    known.map_or_else(|| id.to_owned(), |(_, russian, english)| frame.say(russian, english).to_owned())
}

/// What an entity of a message is.
pub(crate) fn entity(frame: &Frame, entity: &Entity) -> String {
    use AttachmentType as It;
    if entity.entity_type() == EntityType::Signature {
        let approving = entity.is_approvement_signature.unwrap_or_default();
        return match approving {
            true => frame.say("Согласующая подпись", "Approving signature"),
            false => frame.say("Подпись", "Signature"),
        }
        .to_owned();
    }
    let (russian, english) = match entity.attachment_type() {
        It::InvoiceReceipt | It::Receipt => ("Извещение о получении", "Receipt"),
        It::InvoiceConfirmation => ("Подтверждение оператора", "Operator's confirmation"),
        It::RoamingConfirmation => ("Подтверждение другого оператора", "Confirmation of another operator"),
        It::InvoiceCorrectionRequest => ("Уведомление об уточнении", "Request to amend"),
        It::AttachmentComment => ("Комментарий", "Comment"),
        It::DeliveryFailureNotification => ("Извещение о недоставке", "Notice of a failed delivery"),
        It::SignatureRequestRejection | It::XmlSignatureRejection => ("Отказ в подписи", "Refusal to sign"),
        It::SignatureVerificationReport => ("Протокол проверки подписи", "Report on the signature"),
        It::TrustConnectionRequest => ("Приглашение", "Invitation"),
        It::StructuredData => ("Структурированные данные", "Structured data"),
        It::Title
        | It::XmlTorg12BuyerTitle
        | It::XmlAcceptanceCertificateBuyerTitle
        | It::UniversalTransferDocumentBuyerTitle
        | It::UniversalCorrectionDocumentBuyerTitle => ("Титул получателя", "Recipient's title"),
        It::Resolution => ("Решение о согласовании", "Resolution"),
        It::ResolutionRequest => ("Запрос внутри организации", "Request inside the organization"),
        It::ResolutionRequestDenial => ("Отказ в запросе подписи", "Refusal of a request to sign"),
        It::RevocationRequest => ("Предложение об аннулировании", "Offer to revoke"),
        It::RoamingNotification => ("Квитанция роуминга", "Notice of roaming"),
        It::CustomData => ("Метки", "Tags"),
        It::MoveDocument => ("Перемещение", "Move"),
        It::ResolutionRouteAssignmentAttachment => ("Постановка на маршрут", "Put on a route"),
        It::ResolutionRouteRemovalAttachment => ("Снятие с маршрута", "Taken off a route"),
        It::Cancellation => ("Отмена", "Cancellation"),
        It::Edition => ("Изменение файла", "Edit of the file"),
        It::DeletionRestoration => ("Удаление или восстановление", "Deletion or restoring"),
        It::TemplateTransformation => ("Документ по шаблону", "Document made of a template"),
        It::TemplateRefusal => ("Отказ от шаблона", "Refusal of a template"),
        It::OuterDocflow => ("Статус внешней системы", "Status of another system"),
        It::PowerOfAttorney => ("Доверенность", "Power of attorney"),
        It::PowerOfAttorneyStatus => ("Статус доверенности", "Status of the power of attorney"),
        It::UniversalMessage => ("Технологическая квитанция", "Universal message"),
        It::TtGisFixationCancellationRequest => ("Отмена фиксации", "Cancellation of a fixation"),
        _ => ("Документ", "Document"),
    };
    frame.say(russian, english).to_owned()
}

/// What happened.
pub(crate) fn event(frame: &Frame, kind: EventType) -> &'static str {
    use EventType as It;
    let (russian, english) = match kind {
        It::Unknown => ("Событие", "Event"),
        It::CreatedFromTemplate => ("Создан по шаблону", "Made of a template"),
        It::OutOfWorkflowUniversalMessageAdded => {
            ("Добавлена технологическая квитанция", "A universal message was added")
        }
        It::WillBeSentTo => ("Указан получатель", "The recipient was named"),
        It::Sent => ("Подписан и отправлен", "Signed and sent"),
        It::Received => ("Доставлен получателю", "Delivered to the recipient"),
        It::TtGisFixationCancellationSigned => {
            ("Подписана отмена фиксации", "The cancellation of the fixation was signed")
        }
        It::RoamingDeliveryError => {
            ("Не доставлен другим оператором", "Another operator could not deliver it")
        }
        It::Signed => ("Подписан", "Signed"),
        It::PartiallySigned => ("Подписан с разногласиями", "Signed with disagreements"),
        It::Rejected => ("Отказано в подписи", "Refused to sign"),
        It::ReceiptSent => ("Отправлено извещение о получении", "A receipt was sent"),
        It::ApprovedWithSignature => ("Согласован подписью", "Approved with a signature"),
        It::AmendmentRequested => ("Запрошено уточнение", "An amendment was asked for"),
        It::RevokedUnilaterally => ("Отозван отправителем", "Revoked by the sender alone"),
        It::RevokedForcibly => ("Аннулирован принудительно", "Revoked by force"),
        It::RevocationRequested => ("Предложено аннулировать", "A revocation was offered"),
        It::RevocationAccepted => ("Аннулирован", "Revoked"),
        It::RevocationRejected => ("Отказано в аннулировании", "The revocation was refused"),
        It::ResolutionRouteActions => ("Шаг маршрута согласования", "A step of the route"),
        It::MoveToDepartmentResolutionRoute => ("Перемещён по маршруту", "Moved along the route"),
        It::ResolutionRequested => ("Запрошено внутри организации", "Asked for inside the organization"),
        It::ResolutionRequestCancelled => ("Запрос отменён", "The request was taken back"),
        It::SignatureRequestDenied => ("Отказано в запросе подписи", "The request to sign was refused"),
        It::Resolved => ("Принято решение о согласовании", "Approved or disapproved"),
        It::ResolutionRouteAssigned => ("Поставлен на маршрут", "Put on a route"),
        It::ResolutionRouteRemoved => ("Снят с маршрута", "Taken off the route"),
        It::Moved => ("Перемещён в другое подразделение", "Moved to another department"),
        It::Deleted => ("Удалён", "Deleted"),
        It::Restored => ("Восстановлен", "Restored"),
        It::Edited => ("Изменён", "Edited"),
        It::Forwarded => ("Переслан", "Forwarded"),
        It::TagsChanged => ("Изменены метки", "Tags were changed"),
        It::AmendmentSent => ("Отправлен исправленный документ", "An amended document was sent"),
        It::OuterDocflowChanged => ("Новый статус внешней системы", "New status of another system"),
        It::TransformedTo => ("По шаблону создан документ", "A document was made of the template"),
        It::DocumentTemplateRefused => {
            ("Отказано от документа шаблона", "A document of the template was refused")
        }
        It::TemplateRefused => ("Отказано от шаблона", "The template was refused"),
    };
    match frame.is_russian() {
        true => russian,
        false => english,
    }
}
