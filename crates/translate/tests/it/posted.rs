//! What a document shows of its post: names, links, tags, departments, locks.

use potok_domain::command::{Link, NewDocument};
use potok_domain::{Body, Change, DocumentRef, LockMode, MessageState, Metadata, Tag};
use potok_stories::{EXPORT, SALES, Simulation, Who, box_of, document as plain, letter};
use potok_translate::ContentPlan;
use potok_translate::docflow::{Referrer, Relations};
use potok_translate::docflow_v2::document_with_docflow;
use potok_translate::document::document;
use potok_types::{ContentRef, EntityId, MessageId};
use serde_json::{Value, json as value};

use crate::shown::{self, json, seen};

type New = NewDocument<ContentRef>;

/// A letter of these documents, and the box of A after it was posted.
fn posted(documents: Vec<New>) -> (Simulation, MessageState) {
    let mut simulation = Simulation::new(7);
    let message = simulation.post(Who::A, &letter(documents)).expect("it is taken").message_id;
    let state = simulation.state(Who::A, message).expect("it was posted");
    (simulation, state)
}

fn nth(state: &MessageState, position: usize) -> EntityId {
    state.documents().nth(position).expect("it has so many documents").0.entity.id
}

fn flat(state: &MessageState, position: usize) -> Value {
    json(&document(state, nth(state, position)).expect("the document is there"))
}

fn docflow(state: &MessageState, position: usize, referrers: &[Referrer]) -> Value {
    let mut contents = ContentPlan::nothing();
    let relations = Relations { referrers, hidden: None };
    let flow = document_with_docflow(state, nth(state, position), &relations, false, &mut contents);
    json(&flow.expect("the document is there"))
}

fn metadata(pairs: &[(&str, &str)]) -> Vec<Metadata> {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    given.map(|(key, value)| Metadata { key: (*key).to_owned(), value: (*value).to_owned() }).collect()
}

/// Title and display name of a document of the type with what is known of file name, number and date. What cannot be
/// posted so is changed in the event: `kind` may be one of tomorrow, and the file may have no name.
#[track_caller]
fn check_names(kind: &str, [file, number, date]: [&str; 3], title: &str, display: &str) {
    let (simulation, state) = posted(vec![plain()]);
    let mut events = simulation.events(Who::A, state.message_id).to_vec();
    let Change::Posted(first) = &mut events[0].change else { panic!("the first event opens the message") };
    let entity = &mut first.entities[0];
    entity.file_name = (!file.is_empty()).then(|| file.to_owned());
    if let Body::Document(document) = &mut entity.body {
        document.kind.type_named_id = kind.to_owned();
        document.metadata = metadata(&[("DocumentNumber", number), ("DocumentDate", date)]);
    }
    let state = MessageState::replay(box_of(Who::A), &events).expect("they open the message");
    assert_eq!(flat(&state, 0)["Title"], title);
    let shown = docflow(&state, 0, &[]);
    assert_eq!(shown["Docflow"]["DocumentAttachment"]["Attachment"]["DisplayFilename"], display);
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

fn link(message: MessageId, entity: EntityId) -> Value {
    value!({"EntityId": entity.to_string(), "MessageId": message.to_string()})
}

#[test]
fn links_are_seen_from_both_ends() {
    for is_initial in [true, false] {
        let base = New { custom_document_id: Some("base".to_owned()), ..plain() };
        let mut other = plain();
        let links = if is_initial { &mut other.initial_documents } else { &mut other.subordinate_documents };
        links.push(Link::SameRequest("base".to_owned()));
        let (_, state) = posted(vec![base, other]);
        let [first, second] = [0, 1].map(|position| link(state.message_id, nth(&state, position)));
        let (to_second, to_first) = if is_initial {
            ("SubordinateDocumentIds", "InitialDocumentIds")
        } else {
            ("InitialDocumentIds", "SubordinateDocumentIds")
        };
        for show in [|state: &MessageState, at| docflow(state, at, &[]), flat] {
            assert_eq!(show(&state, 0)[to_second], value!([second]), "{is_initial}");
            assert_eq!(show(&state, 0)[to_first], value!([]));
            assert_eq!(show(&state, 1)[to_first], value!([first]));
        }
    }
}

#[test]
fn what_refers_to_a_document_is_told_once() {
    let base = New { custom_document_id: Some("base".to_owned()), ..plain() };
    let sibling = New { initial_documents: vec![Link::SameRequest("base".to_owned())], ..plain() };
    let (mut simulation, state) = posted(vec![base, sibling]);
    let this = DocumentRef { message_id: state.message_id, entity_id: nth(&state, 0) };
    let later = New { initial_documents: vec![Link::Existing(this)], ..plain() };
    let later = simulation.post(Who::A, &letter(vec![later])).expect("it is taken").message_id;
    let mut referrers = shown::referrers(&simulation, Who::A, this);
    assert_eq!(referrers.len(), 1, "the other message has one");
    // A list of referrers may name those of the message too.
    referrers.push(Referrer::of(&state, nth(&state, 1)).expect("it is there"));
    let expected =
        value!([link(state.message_id, nth(&state, 1)), link(later, simulation.document(later, 0))]);
    assert_eq!(docflow(&state, 0, &referrers)["SubordinateDocumentIds"], expected);
    assert_eq!(flat(&state, 0)["SubordinateDocumentIds"], value!([expected[0]]), "in the message alone");
}

#[test]
fn tags_stand_by_key_whatever_its_case() {
    let tags = ["b", "Я", "C", "a"].map(|key| Tag { key: key.to_owned(), value: format!("{key}!") }).into();
    let (_, state) = posted(vec![New { tags, ..plain() }]);
    let expected = value!([
        {"Key": "a", "Value": "a!"}, {"Key": "b", "Value": "b!"},
        {"Key": "C", "Value": "C!"}, {"Key": "Я", "Value": "Я!"},
    ]);
    assert_eq!(flat(&state, 0)["CustomData"], expected);
    assert_eq!(docflow(&state, 0, &[])["Docflow"]["CustomData"], expected);
}

#[test]
fn the_senders_department_is_no_business_of_the_recipient() {
    let mut simulation = Simulation::new(7);
    let mut command = letter(vec![plain()]);
    (command.from_department, command.to_department) = (Some(EXPORT), Some(SALES));
    let message = simulation.post(Who::A, &command).expect("it is taken").message_id;
    simulation.deliver_all();
    let [sender, recipient] =
        [Who::A, Who::B].map(|who| flat(&simulation.state(who, message).expect("it is there"), 0));
    let (from, to) = (value!(EXPORT.to_string()), value!(SALES.to_string()));
    assert_eq!((&sender["FromDepartmentId"], &sender["ToDepartmentId"]), (&from, &to));
    assert_eq!(recipient.get("FromDepartmentId"), None);
    assert_eq!(recipient["ToDepartmentId"], to);
}

#[test]
fn a_packet_is_locked_until_it_is_sent_or_for_ever() {
    for (mode, words, is_locked) in [
        (LockMode::None, "delay", false),
        (LockMode::Send, "delay send-lock", true),
        (LockMode::Send, "send-lock", false),
        (LockMode::Full, "full-lock", true),
    ] {
        let shown = flat(&seen(&format!("post Nonformalized {words}"), Who::A).state, 0);
        assert_eq!(shown["PacketIsLocked"], value!(is_locked), "{words}");
        assert_eq!(shown["LockMode"], value!(format!("{mode:?}")));
    }
}

#[test]
fn a_draft_lies_in_no_department() {
    let draft = seen("post Nonformalized draft", Who::A);
    assert_eq!(docflow(&draft.state, 0, &[])["Docflow"]["DepartmentId"], value!(""));
}

#[test]
fn a_revision_or_correction_in_the_same_message_is_told() {
    for (kind, flag) in
        [("UniversalTransferDocumentRevision", 2), ("UniversalCorrectionDocument", 4), ("Invoice", 0)]
    {
        let of = |kind: &str, function: &str| New {
            type_named_id: kind.to_owned(),
            function: Some(function.to_owned()),
            metadata: Vec::new(),
            ..plain()
        };
        let base =
            New { custom_document_id: Some("base".to_owned()), ..of("UniversalTransferDocument", "СЧФ") };
        let function = if kind == "UniversalCorrectionDocument" { "КСЧФ" } else { "СЧФ" };
        let initial_documents = vec![Link::SameRequest("base".to_owned())];
        let (mut simulation, state) = posted(vec![base, New { initial_documents, ..of(kind, function) }]);
        simulation.deliver_all();
        let state = simulation.state(Who::B, state.message_id).expect("it has arrived");
        assert_eq!(flat(&state, 0)["AmendmentRequestMetadata"]["AmendmentFlags"], value!(flag), "{kind}");
        let flow = &docflow(&state, 0, &[])["Docflow"]["InboundUniversalTransferDocumentDocflow"];
        assert_eq!((&flow["IsRevised"], &flow["IsCorrected"]), (&value!(flag == 2), &value!(flag == 4)));
    }
}
