//! What some readers must not see, and what others do not know.

use potok_domain::AttachmentType;
use potok_domain::docflow::Docflows;
use potok_stories::Who;
use potok_translate::view::{EventVersion, box_event, cut_to_departments, for_version, needs_cut};
use potok_wire::encode_protobuf;
use potok_wire::framing::ReadyEvent;
use potok_wire::proto::events::{BoxEvent, Entity, EntityPatch, MessagePatch};

use super::{after, events, named, state};
use crate::shown::story;

fn ids(event: &BoxEvent) -> Vec<String> {
    let of_message = event.message.iter().flat_map(|message| &message.entities);
    let of_patch = event.patch.iter().flat_map(|patch| &patch.entities);
    of_message.chain(of_patch).map(|entity| entity.entity_id.clone()).collect()
}

#[test]
fn other_documents_are_cut_out_and_the_message_stays() {
    // The second event says that the signature under the first document is bad.
    let story = story("post Nonformalized Nonformalized comment badly; deliver");
    let events = events(&story, Who::A);
    let state = state(&story, Who::A);
    let [first_document, second_document] =
        [0, 1].map(|position| story.simulation.document(story.message(), position));
    let first = box_event(&Docflows::of(&after(Who::A, &events[..1])), &events[0]);
    let mut second = box_event(&Docflows::of(&state), &events[1]);
    let unknown = "00000000-0000-0000-0000-000000000050".to_owned();
    for id in [first_document.to_string(), second_document.to_string(), unknown] {
        let patch = EntityPatch { entity_id: id, ..EntityPatch::default() };
        second.patch.as_mut().unwrap().entity_patches.push(patch);
    }
    let names = |event: &BoxEvent| named(&story, Who::A, &ids(event));
    assert_eq!(names(&second), ["report(sA(d1))", "notice()"]);

    let visible = |document| document == second_document;
    let cut = cut_to_departments(first.clone(), &state, &visible);
    assert_eq!(names(&cut), ["d2", "comment(d2)", "sA(d2)"]);
    let (cut, whole) = (cut.message.unwrap(), first.message.unwrap());
    assert_eq!((cut.from_title, cut.to_title), (whole.from_title, whole.to_title));

    let cut = cut_to_departments(second.clone(), &state, &visible);
    assert_eq!(names(&cut), ["notice()"], "a notice belongs to the message");
    // The third one names an entity that nobody knows: it could belong to any document.
    let patches: Vec<_> =
        cut.patch.unwrap().entity_patches.into_iter().map(|patch| patch.entity_id).collect();
    assert_eq!(patches, [second_document.to_string()]);

    let cut = cut_to_departments(second.clone(), &state, &|document| document == first_document);
    assert_eq!(names(&cut), ["report(sA(d1))", "notice()"], "what hangs under a document is its own");
    let cut = cut_to_departments(second, &state, &|_| false);
    assert_eq!(names(&cut), ["notice()"]);
}

#[test]
fn older_methods_do_not_see_universal_messages() {
    let guid = |number| format!("00000000-00e0-4000-8000-{number:012x}");
    let entity = |number: u64, parent: Option<u64>, kind: AttachmentType| Entity {
        entity_id: guid(number),
        parent_entity_id: parent.map(guid),
        attachment_type: Some(kind.number()),
        ..Entity::default()
    };
    let entities = vec![
        entity(1, None, AttachmentType::Nonformalized),
        entity(2, Some(1), AttachmentType::UniversalMessage),
        entity(3, Some(2), AttachmentType::AttachmentComment),
        entity(4, Some(1), AttachmentType::AttachmentComment),
    ];
    let event =
        BoxEvent { patch: Some(MessagePatch { entities, ..MessagePatch::default() }), ..BoxEvent::default() };
    let needs = |event: &BoxEvent, version| {
        needs_cut(&ReadyEvent { body: &encode_protobuf(event), index_key: "" }, version)
    };
    assert!(needs(&event, EventVersion::WithoutUniversalMessages));
    assert!(!needs(&event, EventVersion::Current));
    assert_eq!(for_version(event.clone(), EventVersion::Current), event);
    let cut = for_version(event, EventVersion::WithoutUniversalMessages);
    assert_eq!(ids(&cut), [guid(1), guid(4)]);
    assert!(!needs(&cut, EventVersion::WithoutUniversalMessages));
}
