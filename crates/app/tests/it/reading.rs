//! What the exchange shows to whom.

use potok_app::{CoreError, Missing, ReadingError, Shows};
use potok_domain::DocumentRef;
use potok_domain::command::PostMessage;
use potok_domain::query::{Bookmark, DepartmentRule, DocflowRequest, EventsRequest, FeedFilter, FeedOrder};
use potok_domain::{MessageState, command::Source};
use potok_stories::{SALES, STORAGE, Who, box_of, colleague_of};
use potok_types::access::{AllDocuments, FilteredDocuments, NamedDocuments};
use potok_types::{DepartmentId, EntityId, EventId, MessageId};

use crate::fixture::{AppFixture, letter_with};

/// A letter to a department of B.
fn to_department(department: DepartmentId, content: &'static [u8]) -> PostMessage<Source> {
    PostMessage { to_department: Some(department), ..letter_with(content) }
}

fn first_document(state: &MessageState) -> EntityId {
    state.documents().next().unwrap().0.entity.id
}

fn feed(rule: DepartmentRule) -> EventsRequest {
    EventsRequest {
        after: None,
        order: FeedOrder::Ascending,
        limit: 100,
        filter: FeedFilter::default(),
        rule,
    }
}

#[tokio::test]
async fn who_sees_one_department_is_shown_nothing_of_others() {
    let fixture = AppFixture::start().await;
    let sales = fixture.post(to_department(SALES, b"to sales")).await;
    let storage = fixture.post(to_department(STORAGE, b"to storage")).await;
    fixture.deliver().await;
    let reading = fixture.app.reading();
    let named = fixture.permit::<NamedDocuments>(Who::B, colleague_of(Who::B)).await;
    reading.get_message(&named, sales.message_id, None, Shows::ALL).await.unwrap();
    let (hidden, document) = (storage.message_id, first_document(&storage));
    let refusals = [
        reading.get_message(&named, hidden, None, Shows::ALL).await.map(drop),
        reading.get_document(&named, hidden, document).await.map(drop),
        reading.get_entity_content(&named, hidden, document).await.map(drop),
    ];
    for refused in refusals {
        assert!(matches!(refused, Err(ReadingError::Core(CoreError::Denied(_)))), "{refused:?}");
    }
    let filtered = fixture.permit::<FilteredDocuments>(Who::B, colleague_of(Who::B)).await;
    assert!(reading.documents_by_message(&filtered, hidden).await.unwrap().is_empty());
    assert_eq!(reading.documents_by_message(&filtered, sales.message_id).await.unwrap().len(), 1);
    // Of the feed they get the events of their department; those who see all get everything.
    let mine = reading.get_new_events(&filtered, feed(DepartmentRule::Union)).await.unwrap();
    assert!(mine.page.events.iter().all(|event| event.message_id == sales.message_id));
    assert!(!mine.page.events.is_empty() && mine.cut.is_some());
    let boss = fixture.boss::<FilteredDocuments>(Who::B).await;
    let all = reading.get_new_events(&boss, feed(DepartmentRule::Union)).await.unwrap();
    assert!(all.page.events.iter().any(|event| event.message_id == hidden) && all.cut.is_none());
}

#[tokio::test]
async fn a_department_is_named_that_is_there_and_seen() {
    let fixture = AppFixture::start().await;
    let reading = fixture.app.reading();
    let filtered = fixture.permit::<FilteredDocuments>(Who::B, colleague_of(Who::B)).await;
    let named = |department| feed(DepartmentRule::Named(Some(department)));
    reading.get_new_events(&filtered, named(SALES)).await.unwrap();
    // Nobody has to name the only department that they see.
    reading.get_new_events(&filtered, feed(DepartmentRule::Named(None))).await.unwrap();
    let refused = reading.get_new_events(&filtered, named(STORAGE)).await.unwrap_err();
    assert!(matches!(refused, ReadingError::DepartmentDenied(STORAGE)));
    let unknown = DepartmentId::from_uuid(uuid::Uuid::from_u128(1));
    let refused = reading.get_new_events(&filtered, named(unknown)).await.unwrap_err();
    assert!(
        matches!(refused, ReadingError::Core(CoreError::Missing(Missing::Department(id))) if id == unknown)
    );
    let after = EventsRequest { after: Some(Bookmark::Event(EventId::ZERO)), ..named(SALES) };
    let refused = reading.get_new_events(&filtered, after).await.unwrap_err();
    assert!(refused.to_string().starts_with("afterEventId: there is no event"), "{refused}");
}

#[tokio::test]
async fn what_is_not_in_the_box_is_missing_by_name() {
    let fixture = AppFixture::start().await;
    let posted = fixture.post(letter_with(b"one")).await;
    let reading = fixture.app.reading();
    let named = fixture.boss::<NamedDocuments>(Who::A).await;
    let missing = |error: ReadingError| match error {
        ReadingError::Core(CoreError::Missing(missing)) => missing,
        other => panic!("{other}"),
    };
    let (message, entity) = (posted.message_id, EntityId::ZERO);
    let unknown = MessageId::ZERO;
    let box_id = box_of(Who::A);
    let found = missing(reading.get_message(&named, unknown, None, Shows::ALL).await.unwrap_err());
    assert_eq!(found, Missing::Message { box_id, message: unknown });
    let found = missing(reading.get_message(&named, message, Some(entity), Shows::ALL).await.unwrap_err());
    assert_eq!(found, Missing::DocumentInMessage { message, document: entity });
    let found = missing(reading.get_entity_content(&named, message, entity).await.unwrap_err());
    assert_eq!(found, Missing::Content { message, entity });
    let document = first_document(&posted);
    let found = missing(reading.get_signature_info(&named, message, document).await.unwrap_err());
    assert_eq!(found, Missing::Signature { message, entity: document });
    let all = fixture.boss::<AllDocuments>(Who::A).await;
    let found = missing(reading.get_event(&all, EventId::ZERO).await.unwrap_err());
    assert_eq!(found, Missing::Event { box_id, event: EventId::ZERO });
    let request = DocflowRequest {
        document: DocumentRef { message_id: unknown, entity_id: entity },
        last_event: None,
        inject_content: false,
    };
    let found = missing(reading.get_docflows(&all, &[request]).await.unwrap_err());
    assert_eq!(found, Missing::Documents { box_id, asked: 1 });
    assert!(reading.get_docflows(&all, &[]).await.unwrap_err().to_string().contains("0 requests were given"));
}

#[tokio::test]
async fn a_document_is_shown_as_it_was_after_an_event() {
    let fixture = AppFixture::start().await;
    let posted = fixture.post(letter_with(b"one")).await;
    fixture.deliver().await;
    let all = fixture.boss::<AllDocuments>(Who::A).await;
    let document = DocumentRef { message_id: posted.message_id, entity_id: first_document(&posted) };
    let ask = |last_event| DocflowRequest { document, last_event, inject_content: false };
    let requests = [ask(None), ask(Some(posted.message_id.first_event()))];
    let found = fixture.app.reading().get_docflows(&all, &requests).await.unwrap();
    assert_eq!(found[1].state.revision(), posted.revision());
    assert!(found[0].state.revision() > posted.revision(), "the delivery is told");
}
