use potok_types::DepartmentId;

use potok_domain::command::{Link, NewStructuredData};
use potok_domain::receive::links;
use potok_domain::{AttachmentType, Change, DocumentRef, Entity, Tag};
use potok_stories::{EXPORT, SALES, Simulation, Who, bytes, document, letter, patch, user_of};

#[test]
fn what_is_the_senders_own_does_not_travel() {
    let mut simulation = Simulation::new(1);
    let base = simulation.post(Who::A, &letter(vec![document()])).unwrap();
    let base =
        DocumentRef { message_id: base.message_id, entity_id: simulation.document(base.message_id, 0) };
    // Not delivered yet: B does not have the base.
    simulation.outbox.clear();

    let mut posted = document();
    posted.custom_document_id = Some("my own".to_owned());
    posted.comment = Some(bytes("comment"));
    posted.tags = vec![Tag { key: "цвет".to_owned(), value: "синий".to_owned() }];
    let mut second = document();
    second.initial_documents = vec![Link::Existing(base), Link::SameRequest("my own".to_owned())];
    let mut command = letter(vec![posted, second]);
    command.from_department = Some(EXPORT);
    command.to_department = Some(SALES);
    command.structured_data = vec![NewStructuredData {
        path: "MessageToPost.StructuredDataAttachments[0]".to_owned(),
        document: "my own".to_owned(),
        content: bytes("data"),
        file_name: "data.xml".to_owned(),
    }];
    let message = simulation.post(Who::A, &command).unwrap().message_id;
    simulation.deliver_all();

    let at_a = simulation.state(Who::A, message).unwrap();
    let at_b = simulation.state(Who::B, message).unwrap();
    let ids = |state: &potok_domain::MessageState| {
        state.entities().iter().map(|found| found.entity.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&at_a), ids(&at_b), "entities have the same ids in both boxes");
    assert_eq!(at_a.from.department, Some(EXPORT));
    assert_eq!(at_b.from.department, None);
    assert_eq!(at_b.to.department, Some(SALES));
    for (found, document) in at_b.documents() {
        assert_eq!(document.custom_document_id, None);
        assert_eq!(document.department, SALES);
        assert!(!document.initial_documents.contains(&base), "B does not have the base");
        let signature = at_b.signature_of(found.entity.id, at_b.from.box_id).unwrap().1;
        assert_eq!(signature.signer_department, DepartmentId::ZERO);
    }
    let (first, second) = (simulation.document(message, 0), simulation.document(message, 1));
    let reference = |entity_id| DocumentRef { message_id: message, entity_id };
    assert_eq!(at_b.document(second).unwrap().1.initial_documents, [reference(first)]);
    assert_eq!(at_b.document(first).unwrap().1.subordinate_documents, [reference(second)]);
    assert_eq!(at_b.document(first).unwrap().1.tags.len(), 1, "tags are for both sides");
    assert_eq!(at_a.document(second).unwrap().1.initial_documents.len(), 2);
    let Change::Posted(posted) = &simulation.events(Who::B, message)[0].change else {
        panic!("not a message")
    };
    assert_eq!(posted.author, None);
}

#[test]
fn an_unknown_department_of_the_recipient_becomes_its_head() {
    let mut simulation = Simulation::new(1);
    let mut command = letter(vec![document()]);
    command.to_department = Some(SALES);
    let message = simulation.post(Who::A, &command).unwrap().message_id;
    simulation.organizations.get_mut(&Who::B).unwrap().departments.clear();
    simulation.deliver_all();
    let state = simulation.state(Who::B, message).unwrap();
    assert!(state.documents().all(|(_, document)| document.department == DepartmentId::ZERO));
}

#[test]
fn links_show_in_a_box_that_has_both_ends() {
    let mut simulation = Simulation::new(1);
    let base = simulation.post(Who::A, &letter(vec![document()])).unwrap().message_id;
    simulation.deliver_all();
    let base = DocumentRef { message_id: base, entity_id: simulation.document(base, 0) };
    let mut posted = document();
    posted.subordinate_documents = vec![Link::Existing(base)];
    let message = simulation.post(Who::A, &letter(vec![posted])).unwrap().message_id;
    simulation.deliver_all();
    let new = DocumentRef { message_id: message, entity_id: simulation.document(message, 0) };
    for who in [Who::A, Who::B] {
        assert_eq!(links(&simulation.events(who, message)[0]), [(base, new)], "{who:?}");
    }
}

#[test]
fn the_person_behind_an_impersonal_receipt_is_not_named() {
    for (label, is_named) in [("_impersonal", false), ("usual", true)] {
        let mut simulation = Simulation::new(1);
        let message = simulation.post(Who::A, &letter(vec![document()])).unwrap().message_id;
        simulation.deliver_all();
        let mut command = patch(Who::B, message);
        command.receipts.push(potok_domain::command::NewService {
            path: "Receipts[0]".to_owned(),
            parent: simulation.document(message, 0),
            content: bytes("receipt"),
            signature: bytes("signature"),
            power: None,
            file_name: None,
            text: None,
            content_type_id: None,
            labels: vec![label.to_owned()],
        });
        simulation.patch(Who::B, &command).unwrap();
        simulation.deliver_all();
        let state = simulation.state(Who::A, message).unwrap();
        let receipts: Vec<&Entity> = state
            .entities()
            .iter()
            .map(|found| &found.entity)
            .filter(|entity| {
                let parent = entity.parent.and_then(|parent| state.entity(parent));
                let is_receipt = |entity: &Entity| entity.attachment_type() == AttachmentType::Receipt;
                is_receipt(entity) || parent.is_some_and(|parent| is_receipt(&parent.entity))
            })
            .collect();
        assert_eq!(receipts.len(), 2, "the file and its signature");
        for entity in receipts {
            assert_eq!(entity.author, is_named.then_some(user_of(Who::B)), "{label}");
        }
    }
}

#[test]
fn a_link_to_a_document_that_is_not_sent_does_not_show() {
    let mut simulation = Simulation::new(1);
    let mut documents = vec![document(), document()];
    documents[0].custom_document_id = Some("base".to_owned());
    documents[1].initial_documents = vec![Link::SameRequest("base".to_owned())];
    documents.iter_mut().for_each(|document| document.signature = None);
    let mut command = letter(documents);
    command.delay_send = true;
    let message = simulation.post(Who::A, &command).unwrap().message_id;
    for (position, expected) in [(1, 0), (0, 1)] {
        let mut command = patch(Who::A, message);
        command.signatures.push(potok_domain::command::NewSignature {
            path: "Signatures[0]".to_owned(),
            parent: simulation.document(message, position),
            signature: bytes("signature"),
            power: None,
            prepared: None,
            is_approval: false,
            labels: Vec::new(),
        });
        simulation.patch(Who::A, &command).unwrap();
        simulation.deliver_all();
        let state = simulation.state(Who::B, message).unwrap();
        let (_, arrived) = state.document(simulation.document(message, position)).unwrap();
        assert_eq!(arrived.initial_documents.len() + arrived.subordinate_documents.len(), expected);
    }
}
