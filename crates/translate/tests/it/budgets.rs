//! Bytes in docflows.

use std::collections::HashMap;

use bytes::Bytes;
use potok_stories::Who;
use potok_translate::docflow::Relations;
use potok_translate::docflow_v2::document_with_docflow;
use potok_translate::{ContentBudget, ContentPlan};
use potok_types::ContentHash;
use potok_wire::proto::docflow::DocumentWithDocflow;
use serde_json::Value;

use crate::rows::check_rows;
use crate::shown::{Seen, json, seen};

/// What the documents and signatures of stories are; the words of the two signatures have the same length.
fn load(plan: &ContentPlan) -> HashMap<ContentHash, Bytes> {
    let all = ["document", "signature 1", "signature 2"].map(str::as_bytes);
    let named: HashMap<_, _> =
        all.map(|bytes| (ContentHash::of(bytes), Bytes::from_static(bytes))).into_iter().collect();
    plan.hashes().iter().map(|hash| (*hash, named[hash].clone())).collect()
}

fn show(seen: &Seen, inject: bool, plan: &mut ContentPlan) -> DocumentWithDocflow {
    document_with_docflow(&seen.state, seen.document, &Relations::default(), inject, plan)
        .expect("the document is there")
}

/// What B sees of a signed document under `budget`.
fn filled(budget: ContentBudget, inject: bool) -> Value {
    let seen = seen("post Nonformalized ask; deliver; B signs d1", Who::B);
    let mut plan = ContentPlan::planning(budget);
    show(&seen, inject, &mut plan);
    let mut plan = ContentPlan::filling(budget, load(&plan));
    json(&show(&seen, inject, &mut plan))
}

const ROWS: [&str; 4] = [
    "/Docflow/DocumentAttachment/Attachment/Entity/Content/Data",
    "/Docflow/DocumentAttachment/Signature/Entity/Content/Data",
    "/Docflow/BilateralDocflow/RecipientSignatureDocflow/RecipientSignature/Entity/Content/Data",
    "/Docflow/DocumentAttachment/Signature/VerificationResult/IsValid",
];

#[test]
fn bytes_come_only_when_they_are_asked_for() {
    let view = filled(ContentBudget::DOCFLOWS, false);
    for pointer in ROWS {
        assert_eq!(view.pointer(pointer), None, "{pointer}");
    }
    let view = filled(ContentBudget::DOCFLOWS, true);
    for pointer in ROWS {
        assert!(view.pointer(pointer).is_some(), "{pointer}");
    }
    check_rows(
        &[("B".to_owned(), view)],
        r#"
        /Docflow/DocumentAttachment/Attachment/Entity/Content | {"Data":"ZG9jdW1lbnQ=","Size":8}
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/RecipientSignature/VerificationResult | -
        "#,
    );
}

#[test]
fn the_document_and_the_rest_have_budgets_of_their_own() {
    // The document has 8 bytes, each signature 11.
    let view = filled(ContentBudget::Separate { main: 7, other: 21, certificates: 0 }, true);
    let has = |pointer: &str| view.pointer(pointer).is_some();
    assert_eq!(ROWS[..3].iter().map(|row| has(row)).collect::<Vec<_>>(), [false, true, false]);
    let view = filled(ContentBudget::Separate { main: 8, other: 22, certificates: 0 }, true);
    let has = |pointer: &str| view.pointer(pointer).is_some();
    assert!(ROWS[..3].iter().all(|row| has(row)));
}
