//! Requests to amend a document, and what answers them.

use potok_domain::docflow::{ReceiptStatus, Referrer, Relations, docflow, docflow_with};
use potok_domain::{AttachmentType, DocumentRef};

use super::{check, line};
use crate::script::{Who, World, document_id};

#[test]
fn an_amendment_request_is_confirmed_and_delays_nothing() {
    check(
        "
        post type=Invoice wf=17
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении» [receipt revoke]
        confirm document
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении» [receipt revoke]
        B amend
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении. Ожидается уточнение» [receipt revoke AMENDED]
        deliver
          A - Warning «Ожидается извещение о получении. Требуется уточнение» [revoke AMENDED]
          B - Warning «Требуется подписать извещение о получении. Ожидается уточнение» [receipt revoke AMENDED]
        B receipt
          A - Warning «Ожидается извещение о получении. Требуется уточнение» [revoke AMENDED]
          B - Warning «Ожидается уточнение» [AMENDED]
        deliver
          A - Warning «Требуется уточнение» [AMENDED]
          B - Warning «Ожидается уточнение» [AMENDED]
        confirm receipt
          A + Warning «Требуется уточнение» [AMENDED]
          B + Warning «Ожидается уточнение» [AMENDED]
        confirm amendment
          A + Warning «Требуется уточнение» [AMENDED]
          B + Warning «Ожидается уточнение» [AMENDED]
        ",
    );
}

#[test]
fn an_amendment_request_is_answered_by_a_receipt_where_confirmations_are() {
    check(
        "
        post type=Invoice wf=10
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Требуется подписать извещение о получении» [receipt revoke]
        B amend
          A - Warning «Ожидается извещение о получении» [revoke]
          B - Warning «Ожидается извещение о получении. Требуется подписать извещение о получении. Ожидается уточнение» [receipt revoke AMENDED]
        deliver
          A - Warning «Ожидается извещение о получении. Требуется подписать извещение о получении. Требуется уточнение» [revoke AMENDED]
          B - Warning «Ожидается извещение о получении. Требуется подписать извещение о получении. Ожидается уточнение» [receipt revoke AMENDED]
        A receipt on amendment
          A - Warning «Ожидается извещение о получении. Требуется уточнение» [revoke AMENDED]
          B - Warning «Ожидается извещение о получении. Требуется подписать извещение о получении. Ожидается уточнение» [receipt revoke AMENDED]
        deliver
          A - Warning «Ожидается извещение о получении. Требуется уточнение» [revoke AMENDED]
          B - Warning «Требуется подписать извещение о получении. Ожидается уточнение» [receipt revoke AMENDED]
        ",
    );
}

#[test]
fn a_refused_document_is_amended_no_more() {
    check(
        "
        post request
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        B amend
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись. Ожидается извещение о получении. Ожидается уточнение» [answer receipt revoke AMENDED]
        deliver
          A - Warning «Ожидается основная подпись. Требуется подписать извещение о получении. Требуется уточнение» [revoke AMENDED]
          B - Warning «Требуется подпись. Ожидается извещение о получении. Ожидается уточнение» [answer receipt revoke AMENDED]
        A receipt on amendment
          A - Warning «Ожидается подпись контрагента. Требуется уточнение» [revoke AMENDED]
          B - Warning «Требуется подпись. Ожидается извещение о получении. Ожидается уточнение» [answer receipt revoke AMENDED]
        deliver
          A - Warning «Ожидается подпись контрагента. Требуется уточнение» [revoke AMENDED]
          B - Warning «Требуется подпись. Ожидается уточнение» [answer receipt revoke AMENDED]
        B refuse
          A - Warning «Ожидается подпись контрагента. Требуется уточнение» [revoke AMENDED]
          B - Error «Отказано в подписи» [receipt revoke REFUSED AMENDED]
        deliver
          A + Error «Контрагент отказал в подписи» [revoke REFUSED AMENDED]
          B + Error «Отказано в подписи» [receipt revoke REFUSED AMENDED]
        ",
    );
}

/// A document of another message that refers to the one of the stories.
fn referrer(attachment_type: AttachmentType, is_delivered: bool) -> Referrer {
    let world = World::after("post");
    let state = world.state(Who::A).expect("the message is there");
    let later = Referrer::of(&state, document_id()).expect("the document is there");
    Referrer {
        document: DocumentRef { entity_id: document_id(), ..later.document },
        attachment_type,
        delivered_at: is_delivered.then_some(later.appeared_at),
        ..later
    }
}

#[test]
fn a_revision_or_correction_in_another_message_ends_the_request() {
    let story =
        "post type=Invoice wf=17\n deliver\n B amend\n deliver\n B receipt\n deliver\n confirm receipt";
    let world = World::after(story);
    for (who, asked) in [(Who::A, "Требуется уточнение"), (Who::B, "Ожидается уточнение")]
    {
        let state = world.state(who).expect("the message is there");
        for (kind, is_delivered, bits) in [
            (AttachmentType::InvoiceRevision, true, 3),
            (AttachmentType::InvoiceRevision, false, 1),
            (AttachmentType::InvoiceCorrection, true, 5),
            (AttachmentType::Nonformalized, true, 1),
        ] {
            let referrers = [referrer(kind, is_delivered)];
            let relations = Relations { referrers: &referrers };
            let flow = docflow_with(&state, document_id(), &relations).expect("the document is there");
            assert_eq!(flow.steps.amendment.bits(), bits, "{kind:?}");
            let expected = match bits {
                1 => format!("- Warning «{asked}» [AMENDED]"),
                _ => "- Info «Ожидается подтверждение оператора» [AMENDED]".to_owned(),
            };
            assert_eq!(line(&flow), expected, "{kind:?}");
        }
    }
}

#[test]
fn a_referrer_counts_from_when_it_was_there() {
    let world = World::after("post\n deliver");
    let state = world.state(Who::A).expect("the message is there");
    let later = Referrer::of(&state, document_id()).expect("the document is there");
    let delivered_at = later.delivered_at.expect("it is delivered");
    assert!(later.appeared_at < delivered_at);
    assert_eq!(later.at(delivered_at), Some(later));
    assert_eq!(later.at(later.appeared_at), Some(Referrer { delivered_at: None, ..later }));
    assert_eq!(later.at(later.appeared_at.plus_seconds(-1)), None);
}

#[test]
fn every_request_is_kept_and_the_newest_good_one_counts() {
    let world = World::after("post type=Invoice wf=10\n deliver\n B amend\n deliver\n B amend\n fail");
    let state = world.state(Who::B).expect("the message is there");
    let flow = docflow(&state, document_id()).expect("the document is there");
    assert_eq!(flow.facts.amendments.len(), 2);
    let newest = flow.facts.amendment.expect("there is one");
    assert!(newest.signed.is_settled());
    assert_eq!(flow.steps.amendment_receipt, ReceiptStatus::Waiting);
}
