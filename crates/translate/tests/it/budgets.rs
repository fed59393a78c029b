//! Bytes in docflows.

use std::collections::HashMap;

use bytes::Bytes;
use potok_translate::docflow::Relations;
use potok_translate::docflow_v2::document_with_docflow;
use potok_translate::{ContentBudget, ContentPlan};
use potok_types::ContentHash;
use potok_wire::proto::docflow::DocumentWithDocflow;

use crate::golden::{check_rows, json};
use crate::script::{Who, World, document_id};

const DOCUMENT: &[u8] = b"%PDF-1.7 contract";

/// Every content of a story is the text of its entity's id, but for the document's.
fn load(plan: &ContentPlan, world: &World) -> HashMap<ContentHash, Bytes> {
    let state = world.state(Who::B).expect("the message is there");
    let texts = state.entities().iter().map(|found| found.entity.id.to_string().into_bytes());
    let all = texts.chain([DOCUMENT.to_vec()]);
    let named: HashMap<_, _> = all.map(|bytes| (ContentHash::of(&bytes), Bytes::from(bytes))).collect();
    plan.hashes().iter().map(|hash| (*hash, named[hash].clone())).collect()
}

fn show(world: &World, inject: bool, plan: &mut ContentPlan) -> DocumentWithDocflow {
    let state = world.state(Who::B).expect("the message is there");
    document_with_docflow(&state, document_id(), &Relations::default(), inject, plan)
        .expect("the document is there")
}

/// What B sees of a signed document under `budget`.
fn filled(budget: ContentBudget, inject: bool) -> serde_json::Value {
    let world = World::after("post request\n deliver\n B sign");
    let mut plan = ContentPlan::planning(budget);
    show(&world, inject, &mut plan);
    let mut plan = ContentPlan::filling(budget, load(&plan, &world));
    json(&show(&world, inject, &mut plan))
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
        /Docflow/DocumentAttachment/Attachment/Entity/Content | {"Data":"JVBERi0xLjcgY29udHJhY3Q=","Size":17}
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/RecipientSignature/VerificationResult | -
        "#,
    );
}

#[test]
fn the_document_and_the_rest_have_budgets_of_their_own() {
    // The document has 17 bytes, each signature 36.
    let view = filled(ContentBudget::Separate { main: 16, other: 71, certificates: 0 }, true);
    let has = |pointer: &str| view.pointer(pointer).is_some();
    assert_eq!(ROWS[..3].iter().map(|row| has(row)).collect::<Vec<_>>(), [false, true, false]);
    let view = filled(ContentBudget::Separate { main: 17, other: 72, certificates: 0 }, true);
    let has = |pointer: &str| view.pointer(pointer).is_some();
    assert!(ROWS[..3].iter().all(|row| has(row)));
}
