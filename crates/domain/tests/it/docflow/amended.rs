//! Requests to amend a document, and the documents that answer them from other messages.

use potok_domain::AttachmentType;
use potok_domain::docflow::{ReceiptStatus, Referrer, Relations, docflow_with};
use potok_stories::Who;

use super::{read, state, story};
use crate::lifecycles::line;

#[test]
fn a_revision_or_correction_in_another_message_ends_the_request() {
    let told = story("post Invoice; deliver; B amends d1; deliver; B receipts d1; deliver");
    for (who, asked) in [(Who::A, "Требуется уточнение"), (Who::B, "Ожидается уточнение")]
    {
        let (state, document) = state(&told, who);
        let this = Referrer::of(&state, document).expect("the document is there");
        for (attachment_type, is_delivered, bits) in [
            (AttachmentType::InvoiceRevision, true, 3),
            (AttachmentType::InvoiceRevision, false, 1),
            (AttachmentType::InvoiceCorrection, true, 5),
            (AttachmentType::Nonformalized, true, 1),
        ] {
            let delivered_at = is_delivered.then_some(this.appeared_at);
            let referrers = [Referrer { attachment_type, delivered_at, ..this }];
            let relations = Relations { referrers: &referrers, hidden: None };
            let flow = docflow_with(&state, document, &relations).expect("the document is there");
            assert_eq!(flow.steps.amendment.bits(), bits, "{attachment_type:?}");
            let expected = match bits {
                1 => format!("+ Warning «{asked}» [AMENDED]"),
                _ => "+ Info «Документооборот завершен» [AMENDED]".to_owned(),
            };
            assert_eq!(line(&flow), expected, "{attachment_type:?}");
        }
    }
}

#[test]
fn a_referrer_counts_from_when_it_was_there() {
    let (state, document) = state(&story("post Nonformalized; deliver"), Who::A);
    let later = Referrer::of(&state, document).expect("the document is there");
    let delivered_at = later.delivered_at.expect("it is delivered");
    assert!(later.appeared_at < delivered_at);
    assert_eq!(later.at(delivered_at), Some(later));
    assert_eq!(later.at(later.appeared_at), Some(Referrer { delivered_at: None, ..later }));
    assert_eq!(later.at(later.appeared_at.plus_seconds(-1)), None);
}

#[test]
fn every_request_is_kept_and_the_newest_good_one_counts() {
    read("post Invoice wf10; deliver; B amends d1; deliver; B amends d1 badly; deliver", Who::B, |flow| {
        assert_eq!(flow.facts.amendments.len(), 2);
        assert!(flow.facts.amendment.expect("there is one").signed.is_settled());
        assert_eq!(flow.steps.amendment_receipt, ReceiptStatus::Waiting);
    });
}
