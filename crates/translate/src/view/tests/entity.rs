//! Fields of one entity that the golden files do not show.

use potok_domain::{Body, Check, Document, Entity, Patched, PowerOfAttorney, Service, SignatureChecked};
use potok_types::{ContentHash, ContentRef};
use potok_wire::proto::docflow::StatusName;
use potok_wire::proto::events::Entity as Shown;

use super::world::{after, document, entity_id, own, patched, posted, service, signature};
use crate::ContentPlan;
use crate::view::{MessageVersion, MessageView, message};

fn show(entities: Vec<Entity>, checks: Vec<SignatureChecked>) -> Vec<Shown> {
    let events = [posted(0, entities), patched(1, 1, Patched { checks, ..own() })];
    let view = MessageView::whole(MessageVersion::V6);
    message(&after(1, &events), &view, &mut ContentPlan::nothing()).entities
}

#[test]
fn a_formalized_document_tells_its_version_twice() {
    let formalized = Entity { version: Some("utd970_05_03_01".to_owned()), ..document(1, 0) };
    let shown = show(vec![formalized, document(2, 0)], Vec::new());
    assert_eq!(shown[0].version.as_deref(), Some("utd970_05_03_01"));
    assert_eq!(shown[0].attachment_version, shown[0].version);
    assert_eq!((&shown[1].version, &shown[1].attachment_version), (&None, &None));
}

#[test]
fn what_was_asked_for_is_shown_and_what_was_not_is_false() {
    let body = match document(1, 0).body {
        Body::Document(posted) => {
            Body::Document(Box::new(Document { need_recipient_signature: false, ..*posted }))
        }
        other => other,
    };
    let asked =
        Entity { need_receipt: true, is_encrypted: true, labels: vec!["label".to_owned()], ..document(2, 0) };
    let shown = show(vec![Entity { body, ..document(1, 0) }, asked], Vec::new());
    assert!(
        !shown[0].need_recipient_signature() && !shown[0].need_receipt() && !shown[0].is_encrypted_content()
    );
    assert!(
        shown[1].need_recipient_signature() && shown[1].need_receipt() && shown[1].is_encrypted_content()
    );
    assert_eq!(shown[1].labels, ["label"]);
    assert!(shown[1].packet_id.is_some());
}

#[test]
fn the_author_is_shown_on_signatures_only() {
    let shown = show(vec![document(1, 0), signature(2, 1, 0, 1), signature(3, 1, 0, 0)], Vec::new());
    let authors: Vec<_> = shown.iter().map(|entity| entity.author_user_id.as_deref().unwrap()).collect();
    assert_eq!(authors, ["", super::world::user(1).to_string().as_str(), ""]);
}

#[test]
fn a_file_without_bytes_has_no_content_at_all() {
    let shown = show(vec![Entity { content: None, ..document(1, 0) }], Vec::new());
    assert_eq!(shown[0].content, None);
}

#[test]
fn a_size_beyond_the_field_is_cut_and_does_not_wrap() {
    let huge = ContentRef { hash: ContentHash::of(b""), size_bytes: u64::from(u32::MAX) + 1 };
    let shown = show(vec![Entity { content: Some(huge), ..document(1, 0) }], Vec::new());
    assert_eq!(shown[0].content.as_ref().unwrap().size, i32::MAX);
}

#[test]
fn a_power_of_attorney_is_judged_once_the_signature_was_checked() {
    for (found, name, comment) in [
        (None, None, None),
        (Some(PowerOfAttorney::Attached), Some(StatusName::PowerOfAttorneyAttached), None),
        (Some(PowerOfAttorney::NotRequired), Some(StatusName::PowerOfAttorneyNotRequired), None),
        (
            Some(PowerOfAttorney::Required),
            Some(StatusName::PowerOfAttorneyRequired),
            Some("Документ подписан сертификатом другого ЮЛ/ИП, возможно, требуется МЧД"),
        ),
    ] {
        let checked = found.map(|status| SignatureChecked {
            signature: entity_id(2),
            check: Check::Valid,
            power_of_attorney: Some(status),
            verification: None,
        });
        let shown = show(vec![document(1, 0), signature(2, 1, 0, 1)], checked.into_iter().collect());
        let status = shown[1].power_of_attorney_attachment_status.as_ref();
        assert_eq!(status.map(|status| status.status_name), name.map(|name| name as i32));
        assert_eq!(status.and_then(|status| status.comment.as_deref()), comment);
    }
}

#[test]
fn services_keep_the_numbers_of_the_api() {
    let kinds = [
        (Service::Comment, 5),
        (Service::StructuredData, 17),
        (Service::Receipt, 27),
        (Service::InvoiceReceipt, 2),
        (Service::SignatureRequestRejection, 8),
        (Service::XmlSignatureRejection, 28),
        (Service::Confirmation, 3),
        (Service::SignatureVerificationReport, 10),
    ];
    for (kind, number) in kinds {
        let shown = show(vec![document(1, 0), service(2, Some(1), 0, kind)], Vec::new());
        assert_eq!(shown[1].attachment_type, Some(number));
        assert_eq!(shown[1].not_delivered_event_id, None);
    }
}
