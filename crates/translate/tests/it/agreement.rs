//! Every version tells the same story.

use potok_domain::docflow::{Docflow, docflow};
use potok_domain::{EntityState, MessageState, Service};
use potok_translate::docflow::{Relations, V2, V3, V4, V5};
use potok_types::EntityId;
use serde_json::Value;

use crate::shown;

/// What all versions say, each in its own words.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    is_signed: bool,
    is_refused: bool,
    is_revoked: bool,
    is_amendment_requested: bool,
    status: String,
}

fn text<'a>(view: &'a Value, pointer: &str) -> &'a str {
    view.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn flag(view: &Value, pointer: &str) -> Option<bool> {
    view.pointer(pointer).and_then(Value::as_bool)
}

fn status(view: &Value) -> String {
    format!(
        "{} {}",
        text(view, "/Docflow/DocflowStatus/PrimaryStatus/Severity"),
        text(view, "/Docflow/DocflowStatus/PrimaryStatus/StatusText")
    )
}

/// The flow object that version 2 fills.
fn flow_of_v2(view: &Value) -> &Value {
    let docflow = view["Docflow"].as_object().expect("a structure");
    let is_flow = |key: &str| key.ends_with("Docflow") && key != "RevocationDocflow";
    docflow.iter().find(|(key, _)| is_flow(key)).expect("exactly one").1
}

fn told_by_v2(view: &Value) -> Told {
    let flow = flow_of_v2(view);
    Told {
        is_signed: flag(flow, "/IsDocumentSignedByRecipient").unwrap_or(false),
        is_refused: flag(flow, "/IsDocumentRejectedByRecipient").unwrap_or(false),
        is_revoked: flag(view, "/Docflow/RevocationDocflow/IsRevocationAccepted").unwrap_or(false),
        is_amendment_requested: flag(flow, "/IsAmendmentRequested").unwrap_or(false),
        status: status(view),
    }
}

fn told_by_v3(view: &Value) -> Told {
    let response = text(view, "/Docflow/RecipientResponse/ResponseStatus");
    let flags = view.pointer("/Docflow/AmendmentRequest/AmendmentFlags").and_then(Value::as_i64);
    Told {
        is_signed: ["WithRecipientSignature", "WithRecipientPartiallySignature"].contains(&response),
        is_refused: response == "RecipientSignatureRequestRejected",
        is_revoked: text(view, "/Docflow/Revocation/RevocationStatus") == "RevocationAccepted",
        is_amendment_requested: flags.unwrap_or(0) & 1 != 0,
        status: status(view),
    }
}

fn told_by_v5(view: &Value) -> Told {
    let response = "/Docflow/Titles/0/ParticipantDocflows/0/Response";
    let response_status = text(view, &format!("{response}/Status"));
    let is_bad = response_status == "TitleParticipantResponseStatusInvalidSignature";
    let has = |part: &str| view.pointer(&format!("{response}/{part}")).is_some();
    let title = text(view, "/Docflow/Titles/1/AuthorSigning/Status");
    let has_title = ["TitleAuthorStatusVerifying", "TitleAuthorStatusSigned"].contains(&title);
    let amendments = view["Docflow"]["AmendmentRequests"].as_array().expect("a list");
    Told {
        is_signed: has("Signature") && !is_bad || has_title,
        is_refused: has("Rejection") && !is_bad,
        is_revoked: text(view, "/Docflow/Revocation/RevocationStatus") == "RevocationAccepted",
        is_amendment_requested: amendments
            .iter()
            .any(|request| request["AmendmentFlags"].as_i64().unwrap_or(0) & 1 != 0),
        status: status(view),
    }
}

/// The rule by which readers of version 3 find out that all is over.
fn is_over_in_v3(view: &Value) -> bool {
    let is_done = |step: &str| flag(view, &format!("/Docflow/{step}/IsFinished")).unwrap_or(true);
    flag(view, "/Docflow/SenderTitle/IsFinished") == Some(true)
        && text(view, "/Docflow/SenderTitle/SenderSignatureStatus") == "SenderSignatureCheckedAndValid"
        && ["Confirmation", "RecipientReceipt", "SenderReceipt", "RecipientResponse"].into_iter().all(is_done)
}

/// The same in version 5.
fn is_over_in_v5(view: &Value) -> bool {
    let titles = view["Docflow"]["Titles"].as_array().expect("a list");
    let response = "/ParticipantDocflows/0/Response";
    let is_refused = titles[0].pointer(&format!("{response}/Rejection")).is_some();
    let is_over = |title: &Value| {
        let steps = ["TitleDelivery/Confirmation", "Response", "Receipt"];
        let is_done =
            |step: &str| flag(title, &format!("/ParticipantDocflows/0/{step}/IsFinished")).unwrap_or(true);
        flag(title, "/AuthorSigning/IsFinished") == Some(true) && steps.into_iter().all(is_done)
    };
    // A title that was refused will never come.
    titles.iter().take(if is_refused { 1 } else { 2 }).all(is_over)
}

/// What an unrequested answer or receipt shows of itself says nothing about what is owed.
fn has_only_what_was_asked_for(flow: &Docflow<'_>) -> bool {
    let facts = &flow.facts;
    (flow.needs.response || facts.response.is_none())
        && (flow.needs.receipt || facts.receipt.is_none())
        && (flow.needs.sender_receipt || facts.sender_receipt.is_none())
}

/// The versions agree about the document in the box of `state`.
pub(crate) fn agree(state: &MessageState, document: EntityId) {
    let flow = docflow(state, document).expect("the document is there");
    let none = Relations::default();
    let v2 = shown::of_state::<V2>(state, document, &none).expect("the document is there");
    let v3 = shown::of_state::<V3>(state, document, &none).expect("the document is there");
    let v4 = shown::of_state::<V4>(state, document, &none).expect("the document is there");
    let v5 = shown::of_state::<V5>(state, document, &none).expect("the document is there");
    let told = told_by_v3(&v3);
    assert_eq!(told_by_v3(&v4), told);
    let is_message =
        |found: &EntityState| matches!(found.entity.service(), Some(Service::UniversalMessage(_)));
    if !state.entities().iter().any(is_message) {
        assert_eq!((&v3["Docflow"], &v3["DocumentInfo"]), (&v4["Docflow"], &v4["DocumentInfo"]));
    }
    assert_eq!(told_by_v5(&v5), told);
    // The families of version 2 that know no answers, and those that know no amendments, say nothing of them.
    let of_v2 = told_by_v2(&v2);
    let knows = |field: &str| flow_of_v2(&v2).get(field).is_some();
    let is_answered = told.is_signed || told.is_refused;
    let expected = Told {
        is_signed: told.is_signed && knows("IsDocumentSignedByRecipient"),
        is_refused: told.is_refused && knows("IsDocumentRejectedByRecipient"),
        is_amendment_requested: told.is_amendment_requested && knows("IsAmendmentRequested"),
        ..told
    };
    assert_eq!(of_v2, expected);
    assert!(!is_answered || flow.needs.may_respond);
    assert_eq!(flag(&v2, "/Docflow/IsFinished"), Some(flow.is_finished));
    let is_over = flag(flow_of_v2(&v2), "/IsFinished").expect("it is always said");
    assert_eq!(is_over, flow.done.all);
    if has_only_what_was_asked_for(&flow) {
        assert_eq!(is_over_in_v3(&v3), is_over, "{v3:#}");
        assert_eq!(is_over_in_v5(&v5), is_over, "{v5:#}");
    }
}
