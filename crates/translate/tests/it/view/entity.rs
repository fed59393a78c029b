//! Fields of one entity that the stories do not show.

use potok_domain::command::NewSignature;
use potok_domain::{Change, Event, MessageState, PowerOfAttorney};
use potok_stories::{Story, Who, bytes, patch, user_of};
use potok_translate::ContentPlan;
use potok_translate::view::{MessageVersion, MessageView, message};
use potok_types::{ContentHash, ContentRef};
use potok_wire::proto::docflow::StatusName;
use potok_wire::proto::events::Entity as Shown;

use super::{after, events, state};
use crate::shown::story;

fn show(state: &MessageState) -> Vec<Shown> {
    message(state, &MessageView::whole(MessageVersion::V6), &mut ContentPlan::nothing()).entities
}

fn shown(steps: &str) -> Vec<Shown> {
    show(&state(&story(steps), Who::A))
}

/// What is shown after `steps`, when `change` changes what happened in the box of A.
fn shown_otherwise(steps: &str, change: impl FnOnce(&mut [Event])) -> Vec<Shown> {
    let mut events = events(&story(steps), Who::A);
    change(&mut events);
    show(&after(Who::A, &events))
}

#[test]
fn a_formalized_document_tells_its_version_twice() {
    let formal = shown("post UniversalTransferDocument fnДОП vutd970_05_03_01");
    assert_eq!(formal[0].version.as_deref(), Some("utd970_05_03_01"));
    assert_eq!(formal[0].attachment_version, formal[0].version);
    let plain = shown("post Nonformalized");
    assert_eq!((&plain[0].version, &plain[0].attachment_version), (&None, &None));
}

#[test]
fn what_was_asked_for_is_shown_and_what_was_not_is_false() {
    let is_asked = |shown: &Shown| {
        (shown.need_recipient_signature(), shown.need_receipt(), shown.is_encrypted_content())
    };
    assert_eq!(is_asked(&shown("post Nonformalized")[0]), (false, false, false));
    let asked = shown("post Nonformalized ask receipt encrypted fndefault vv1");
    assert_eq!(is_asked(&asked[0]), (true, true, true));
    assert!(asked[0].packet_id.is_some());
}

#[test]
fn labels_are_shown_as_they_were_given() {
    let mut story = Story::new();
    story.step("post Nonformalized").expect("it is taken");
    let mut command = patch(Who::A, story.message());
    command.signatures.push(NewSignature {
        path: "Signatures[0]".to_owned(),
        parent: story.simulation.document(story.message(), 0),
        signature: bytes("approval"),
        power: None,
        prepared: None,
        is_approval: true,
        labels: vec!["one".to_owned(), "two".to_owned()],
    });
    story.simulation.patch(Who::A, &command).expect("it is taken");
    let shown = show(&state(&story, Who::A));
    assert_eq!(shown.last().unwrap().labels, ["one", "two"]);
}

#[test]
fn the_author_is_shown_on_signatures_of_people_only() {
    let shown = shown("post Invoice; deliver");
    let authors: Vec<_> = shown.iter().map(|entity| entity.author_user_id.as_deref().unwrap()).collect();
    let author = user_of(Who::A).to_string();
    assert_eq!(authors, ["", author.as_str(), "", ""], "document, signature, confirmation, the operator's");
}

#[test]
fn what_has_no_bytes_has_no_content_at_all() {
    let shown = shown("post Nonformalized; A moves d1 to-sales");
    assert_eq!(shown.last().unwrap().content, None);
}

#[test]
fn a_size_beyond_the_field_is_cut_and_does_not_wrap() {
    let shown = shown_otherwise("post Nonformalized", |events| {
        let Change::Posted(posted) = &mut events[0].change else { panic!("it opens the message") };
        posted.entities[0].content =
            Some(ContentRef { hash: ContentHash::of(b""), size_bytes: u64::from(u32::MAX) + 1 });
    });
    assert_eq!(shown[0].content.as_ref().unwrap().size, i32::MAX);
}

#[test]
fn a_power_of_attorney_is_judged_once_the_signature_was_checked() {
    let unchecked = shown("post Nonformalized");
    assert_eq!(unchecked[1].power_of_attorney_attachment_status, None);
    for (found, name, comment) in [
        (PowerOfAttorney::Attached, StatusName::PowerOfAttorneyAttached, None),
        (PowerOfAttorney::NotRequired, StatusName::PowerOfAttorneyNotRequired, None),
        (
            PowerOfAttorney::Required,
            StatusName::PowerOfAttorneyRequired,
            Some("Документ подписан сертификатом другого ЮЛ/ИП, возможно, требуется МЧД"),
        ),
    ] {
        let shown = shown_otherwise("post Nonformalized; deliver", |events| {
            let Change::Patched(patched) = &mut events[1].change else { panic!("it is a report") };
            patched.checks[0].power_of_attorney = Some(found);
        });
        let status = shown[1].power_of_attorney_attachment_status.as_ref().unwrap();
        assert_eq!((status.status_name, status.comment.as_deref()), (name as i32, comment));
    }
}
