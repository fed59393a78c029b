//! What a document shows of its post: names, links, tags, departments, locks.

use potok_domain::{
    Body, Change, Document, DocumentRef, Entity, Event, LockMode, MessageState, Metadata, Posted, Tag,
};
use potok_translate::ContentPlan;
use potok_translate::docflow::{Referrer, Relations};
use potok_translate::docflow_v2::document_with_docflow;
use potok_translate::document::document;
use potok_types::EntityId;
use serde_json::{Value, json as value};

use crate::golden::json;
use crate::script::{Who, World, box_of, document_id, message_id};

/// The events of `who` after `story`, with the post changed by `change`.
fn state(story: &str, who: Who, change: impl FnOnce(&mut Posted)) -> MessageState {
    let mut events: Vec<Event> = World::after(story).events(who).to_vec();
    let Change::Posted(posted) = &mut events[0].change else { panic!("the first event opens the message") };
    change(posted);
    MessageState::replay(box_of(who), &events).expect("the first event opens the message")
}

fn first(posted: &mut Posted) -> (&mut Option<String>, &mut Document) {
    let entity = &mut posted.entities[0];
    let Body::Document(document) = &mut entity.body else { panic!("documents come first") };
    (&mut entity.file_name, document)
}

fn shown(state: &MessageState) -> Value {
    json(&document(state, document_id()).expect("the document is there"))
}

fn docflow(state: &MessageState, relations: Relations<'_>) -> Value {
    let mut contents = ContentPlan::nothing();
    let flow = document_with_docflow(state, document_id(), &relations, false, &mut contents);
    json(&flow.expect("the document is there"))
}

/// Title and display name of a document of the type with what is known of file name, number and date.
#[track_caller]
fn check_names(kind: &str, [file, number, date]: [&str; 3], title: &str, display: &str) {
    let state = state("post", Who::A, |posted| {
        let (file_name, document) = first(posted);
        *file_name = (!file.is_empty()).then(|| file.to_owned());
        document.kind.type_named_id = kind.to_owned();
        let metadata = [("DocumentNumber", number), ("DocumentDate", date)];
        document.metadata = metadata
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| Metadata { key: key.to_owned(), value: value.to_owned() })
            .collect();
    });
    assert_eq!(shown(&state)["Title"], title);
    let flow = docflow(&state, Relations::default());
    assert_eq!(flow["Docflow"]["DocumentAttachment"]["Attachment"]["DisplayFilename"], display);
}

#[test]
fn a_document_is_called_by_what_is_known_of_it() {
    check_names(
        "Invoice",
        ["a.xml", "12", "01.02.2025"],
        "Счет-фактура №12 от 01.02.25",
        "Счет-фактура №12 от 01.02.25.xml",
    );
    check_names("Invoice", ["a.xml", "12", ""], "Счет-фактура №12", "Счет-фактура №12.xml");
    check_names(
        "Invoice",
        ["a.xml", "", "01.02.2025"],
        "Счет-фактура от 01.02.25",
        "Счет-фактура от 01.02.25.xml",
    );
    check_names("Nonformalized", ["contract.v2.pdf", "", ""], "contract.v2.pdf", "contract.v2.pdf");
    check_names(
        "Nonformalized",
        ["README", "7", ""],
        "Неформализованный документ №7",
        "Неформализованный документ №7",
    );
    check_names(
        "Nonformalized",
        [".profile", "7", ""],
        "Неформализованный документ №7",
        "Неформализованный документ №7",
    );
    check_names("Nonformalized", ["", "", ""], "Неформализованный документ", "Неформализованный документ");
    check_names("OfTomorrow", ["", "1", "2025"], "OfTomorrow №1 от 2025", "OfTomorrow №1 от 2025");
}

#[test]
fn links_are_seen_from_both_ends() {
    let sibling: EntityId = "d0000000-0000-4000-8000-000000000002".parse().expect("a GUID");
    let here = |entity_id| DocumentRef { message_id: message_id(), entity_id };
    let elsewhere = DocumentRef {
        message_id: "e0000000-0000-4000-8000-000000000009".parse().expect("a GUID"),
        entity_id: document_id(),
    };
    let id = |link: DocumentRef| value!({"EntityId": link.entity_id.to_string(), "MessageId": link.message_id.to_string()});
    let with_sibling = |change: fn(&mut Document, DocumentRef)| {
        state("post", Who::A, |posted| {
            let mut entity: Entity = posted.entities[0].clone();
            entity.id = sibling;
            if let Body::Document(document) = &mut entity.body {
                change(document, here(document_id()));
            }
            posted.entities.push(entity);
        })
    };
    let refers = with_sibling(|document, this| document.initial_documents.push(this));
    let this = Referrer::of(&refers, document_id()).expect("the document is there");
    let referrers = [elsewhere, here(sibling)].map(|document| Referrer { document, ..this });
    let flow = docflow(&refers, Relations { referrers: &referrers });
    assert_eq!(flow["SubordinateDocumentIds"], value!([id(here(sibling)), id(elsewhere)]), "each once");
    assert_eq!(flow["InitialDocumentIds"], value!([]));
    assert_eq!(shown(&refers)["SubordinateDocumentIds"], value!([id(here(sibling))]));

    let is_base = with_sibling(|document, this| document.subordinate_documents.push(this));
    assert_eq!(docflow(&is_base, Relations::default())["InitialDocumentIds"], value!([id(here(sibling))]));
    assert_eq!(shown(&is_base)["InitialDocumentIds"], value!([id(here(sibling))]));

    let posted_with_links = state("post", Who::A, |posted| {
        let (_, document) = first(posted);
        document.initial_documents.push(elsewhere);
        document.subordinate_documents.push(here(sibling));
    });
    let flow = docflow(&posted_with_links, Relations::default());
    assert_eq!(flow["InitialDocumentIds"], value!([id(elsewhere)]));
    assert_eq!(flow["SubordinateDocumentIds"], value!([id(here(sibling))]));
}

#[test]
fn tags_stand_by_key_whatever_its_case() {
    let state = state("post", Who::A, |posted| {
        let (_, document) = first(posted);
        document.tags =
            ["b", "Я", "C", "a"].map(|key| Tag { key: key.to_owned(), value: format!("{key}!") }).into();
    });
    let expected = value!([
        {"Key": "a", "Value": "a!"}, {"Key": "b", "Value": "b!"},
        {"Key": "C", "Value": "C!"}, {"Key": "Я", "Value": "Я!"},
    ]);
    assert_eq!(shown(&state)["CustomData"], expected);
    assert_eq!(docflow(&state, Relations::default())["Docflow"]["CustomData"], expected);
}

#[test]
fn the_senders_department_is_no_business_of_the_recipient() {
    let from = "de000000-0000-4000-8000-000000000001";
    let to = "de000000-0000-4000-8000-000000000002";
    let with_departments = |who| {
        state("post\n deliver", who, |posted| {
            posted.from.department = from.parse().ok();
            posted.to.department = to.parse().ok();
        })
    };
    let sender = shown(&with_departments(Who::A));
    assert_eq!((&sender["FromDepartmentId"], &sender["ToDepartmentId"]), (&value!(from), &value!(to)));
    let recipient = shown(&with_departments(Who::B));
    assert_eq!(recipient.get("FromDepartmentId"), None);
    assert_eq!(recipient["ToDepartmentId"], value!(to));
}

#[test]
fn a_packet_is_locked_until_it_is_sent_or_for_ever() {
    for (mode, story, is_locked) in [
        (LockMode::None, "post unsent", false),
        (LockMode::Send, "post unsent", true),
        (LockMode::Send, "post", false),
        (LockMode::Full, "post", true),
    ] {
        let shown = shown(&state(story, Who::A, |posted| posted.lock_mode = mode));
        assert_eq!(shown["PacketIsLocked"], value!(is_locked), "{mode:?} {story}");
        assert_eq!(shown["LockMode"], value!(format!("{mode:?}")));
    }
}

#[test]
fn a_draft_lies_in_no_department() {
    let draft = state("post draft", Who::A, |_| {});
    assert_eq!(docflow(&draft, Relations::default())["Docflow"]["DepartmentId"], value!(""));
}

#[test]
fn a_revision_or_correction_in_the_same_message_is_told() {
    for (kind, flag) in
        [("UniversalTransferDocumentRevision", 2), ("UniversalCorrectionDocument", 4), ("Invoice", 0)]
    {
        let story = "post type=UniversalTransferDocument function=СЧФ wf=17\n deliver";
        let state = state(story, Who::B, |posted| {
            let mut document = posted.entities[0].clone();
            let mut signature = posted.entities[1].clone();
            document.id = "d0000000-0000-4000-8000-000000000002".parse().expect("a GUID");
            signature.id = "50000000-0000-4000-8000-000000000099".parse().expect("a GUID");
            signature.parent = Some(document.id);
            if let Body::Document(document) = &mut document.body {
                let named = potok_domain::registry::lookup(kind).expect("a known type");
                document.attachment_type = named.attachment_type;
                document
                    .initial_documents
                    .push(DocumentRef { message_id: message_id(), entity_id: document_id() });
            }
            posted.entities.extend([document, signature]);
        });
        assert_eq!(shown(&state)["AmendmentRequestMetadata"]["AmendmentFlags"], value!(flag), "{kind}");
        let flow =
            &docflow(&state, Relations::default())["Docflow"]["InboundUniversalTransferDocumentDocflow"];
        assert_eq!((&flow["IsRevised"], &flow["IsCorrected"]), (&value!(flag == 2), &value!(flag == 4)));
    }
}
