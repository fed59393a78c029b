//! Posts and their delivery.

use potok_app::{CoreError, ExchangeError, Shows, StoredContent};
use potok_domain::MessageState;
use potok_domain::command::{PostMessage, Source};
use potok_domain::directory::{Organization, Permissions};
use potok_store::Operation;
use potok_stories::{Who, box_of, colleague_of, document_of, letter, organization, user_of};
use potok_types::BoxId;
use potok_types::access::{BoxEmployee, MayCreate, NamedDocuments, User};

use crate::fixture::{AppFixture, BAD, UNUSABLE, inline, letter_with};
use crate::shelf::AtOnce;

fn operation(id: &str) -> Operation {
    Operation { method: "PostMessage", id: id.to_owned() }
}

fn signed_by(signature: Source) -> PostMessage<Source> {
    letter(vec![document_of(inline(b"document"), signature)])
}

/// The bytes of everything in the message that has some.
async fn contents(fixture: &AppFixture, who: Who, state: &MessageState) -> Vec<Vec<u8>> {
    let named = fixture.boss::<NamedDocuments>(who).await;
    let mut found = Vec::new();
    for entity in state.entities().iter().filter(|found| found.entity.content.is_some()) {
        let bytes =
            fixture.app.reading().get_entity_content(&named, state.message_id, entity.entity.id).await;
        found.push(match bytes.unwrap() {
            StoredContent::AtHand(bytes) => bytes.to_vec(),
            StoredContent::InPieces(mut pieces) => pieces.next().await.unwrap().unwrap().to_vec(),
        });
    }
    found
}

async fn message(fixture: &AppFixture, who: Who, posted: &MessageState) -> std::sync::Arc<MessageState> {
    let named = fixture.boss::<NamedDocuments>(who).await;
    fixture.app.reading().get_message(&named, posted.message_id, None, Shows::ALL).await.unwrap().state
}

#[tokio::test]
async fn a_letter_arrives_whole_and_its_sender_learns_of_it() {
    // Nothing is small here, so the bytes go through the object store.
    for small_content_bytes in [0, 64 * 1024] {
        let fixture =
            AppFixture::start_with(|options| options.small_content_bytes = small_content_bytes).await;
        let posted = fixture.post(letter_with(b"contract")).await;
        assert!(message(&fixture, Who::A, &posted).await.revision() == posted.revision());
        fixture.deliver().await;
        let arrived = message(&fixture, Who::B, &posted).await;
        let bytes = contents(&fixture, Who::B, &arrived).await;
        assert!(bytes.contains(&b"contract".to_vec()) && bytes.contains(&b"signature".to_vec()));
        assert!(message(&fixture, Who::A, &posted).await.revision() > posted.revision());
    }
}

#[tokio::test]
async fn a_bad_signature_stops_the_letter_and_is_reported() {
    let fixture = AppFixture::start().await;
    let posted = fixture.post(signed_by(inline(BAD))).await;
    fixture.deliver().await;
    let named = fixture.boss::<NamedDocuments>(Who::B).await;
    assert!(
        fixture.app.reading().get_message(&named, posted.message_id, None, Shows::ALL).await.is_err(),
        "it never came"
    );
    let told = message(&fixture, Who::A, &posted).await;
    let bytes = contents(&fixture, Who::A, &told).await;
    assert!(bytes.iter().any(|bytes| bytes.ends_with(b" is bad")), "the report of the check is among them");
}

#[tokio::test]
async fn a_repeated_post_is_the_first_one() {
    let fixture = AppFixture::start().await;
    let boss = fixture.boss::<BoxEmployee<MayCreate>>(Who::A).await;
    let post = async |content, id: &str| {
        fixture.app.exchange().post_message(&boss, letter_with(content), operation(id)).await
    };
    let first = post(b"one", "same").await.unwrap();
    let again = post(b"other bytes", "same").await.unwrap();
    assert_eq!(again, first);
    assert_ne!(post(b"one", "another").await.unwrap(), first);
}

#[tokio::test]
async fn what_a_post_names_has_to_be_usable() {
    let fixture = AppFixture::start_with(|options| options.test_signatures = false).await;
    let boss = fixture.boss::<BoxEmployee<MayCreate>>(Who::A).await;
    let post = async |command| {
        fixture.app.exchange().post_message(&boss, command, operation("x")).await.unwrap_err()
    };
    for (command, words) in [
        (signed_by(Source::TestSignature), "SignWithTestSignature: test signatures are switched off"),
        (signed_by(inline(UNUSABLE)), "SignedContent.Signature: it is no CMS"),
        (signed_by(Source::OnShelf("sig".to_owned())), ": File 'sig' not found in temporary file storage"),
        (letter(vec![document_of(Source::TestSignature, inline(b"x"))]), "cannot stand for content"),
    ] {
        let refused = post(command).await;
        assert!(matches!(refused, ExchangeError::Core(CoreError::Invalid(_))), "{refused}");
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let nowhere = PostMessage { to: Some(BoxId::ZERO), ..letter_with(b"one") };
    assert!(!matches!(post(nowhere).await, ExchangeError::Core(CoreError::CutOff)));
}

#[tokio::test]
async fn the_shelf_and_the_server_can_stand_in_for_bytes() {
    let fixture = AppFixture::start().await;
    fixture.store.put_organization(&Organization { is_test: true, ..organization(Who::A) });
    let caller = fixture.caller(user_of(Who::A)).await;
    let permit =
        fixture.app.callers().permit::<User>(Some(&caller), potok_app::Subject::default()).await.unwrap();
    let upload = potok_app::ShelfUpload { name: "large.pdf".to_owned(), part_index: 0, is_last: true };
    let bytes = AtOnce(bytes::Bytes::from_static(b"from the shelf"));
    fixture.app.shelf().upload(&permit, &upload, bytes).await.unwrap();
    let mut command =
        letter(vec![document_of(Source::OnShelf("large.pdf".to_owned()), Source::TestSignature)]);
    command.is_test = true;
    let posted = fixture.post(command).await;
    let bytes = contents(&fixture, Who::A, &posted).await;
    assert_eq!(bytes, [&b"from the shelf"[..], b"test signature over 14 bytes"]);
}

#[tokio::test]
async fn who_may_not_sign_posts_nothing_signed() {
    let fixture = AppFixture::start().await;
    let permissions = Permissions { can_sign_documents: false, ..Permissions::full() };
    fixture.employ(colleague_of(Who::A), box_of(Who::A), permissions).await;
    let permit = fixture.permit::<BoxEmployee<MayCreate>>(Who::A, colleague_of(Who::A)).await;
    let refused =
        fixture.app.exchange().post_message(&permit, letter_with(b"one"), operation("x")).await.unwrap_err();
    assert!(matches!(&refused, ExchangeError::Core(CoreError::Denied(_))), "{refused}");
    assert!(refused.to_string().contains("SignDocuments"), "{refused}");
}
