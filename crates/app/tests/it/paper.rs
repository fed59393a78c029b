//! Official files: made and read.

use bytes::Bytes;
use potok_app::{CoreError, Missing, PaperError, Permit, Subject};
use potok_domain::MessageState;
use potok_domain::paper::{FileFormat, FileRequest, GivenSigner, SignerByDetails, SignerDetails};
use potok_fns::service::Clarification;
use potok_stories::{STORAGE, Who, colleague_of};
use potok_types::EntityId;
use potok_types::access::{BoxEmployee, KnownClient, NamedDocuments};

use crate::fixture::{AppFixture, document, letter_with};

fn signer() -> GivenSigner {
    GivenSigner::Details(SignerByDetails {
        path: "Signer",
        certificate: None,
        thumbprint: None,
        details: Some(SignerDetails {
            surname: "Орлова".to_owned(),
            first_name: "Мария".to_owned(),
            patronymic: None,
            job_title: Some("Бухгалтер".to_owned()),
        }),
    })
}

fn about(state: &MessageState, attachment: EntityId) -> FileRequest {
    FileRequest {
        message: state.message_id,
        attachment,
        attachment_path: "attachmentId",
        text: "Нет подписи на второй странице".to_owned(),
        text_path: "ErrorMessage",
        format: FileFormat::V1_02,
    }
}

fn first_document(state: &MessageState) -> EntityId {
    state.documents().next().unwrap().0.entity.id
}

async fn program(fixture: &AppFixture) -> Permit<KnownClient> {
    let caller = fixture.program().await;
    fixture.app.callers().permit(Some(&caller), Subject::default()).await.unwrap()
}

#[tokio::test]
async fn a_refusal_is_made_where_it_could_be_posted() {
    let fixture = AppFixture::start().await;
    let mut command = letter_with(b"one");
    command.documents[0].need_recipient_signature = true;
    let posted = fixture.post(command).await;
    fixture.deliver().await;
    let request = about(&posted, first_document(&posted));
    let paper = fixture.app.paper();
    let recipient = fixture.boss::<NamedDocuments>(Who::B).await;
    let made = paper.generate_signature_rejection(&recipient, &request, &signer()).await.unwrap();
    let read = Clarification::parse(&made.content).unwrap();
    assert_eq!((read.text.as_str(), read.signer.name.last.as_str()), (request.text.as_str(), "Орлова"));
    assert!(made.file_name.contains("2BM-A_2BM-B"), "{}", made.file_name);
    let program = program(&fixture).await;
    let told = paper.parse_signature_rejection(&program, &made.content).await.unwrap();
    assert_eq!(told.text, request.text);

    let sender = fixture.boss::<NamedDocuments>(Who::A).await;
    let refused = paper.generate_signature_rejection(&sender, &request, &signer()).await;
    assert!(matches!(refused, Err(PaperError::Rejected(_))), "nobody refuses what the own side sent");
    let unknown = about(&posted, EntityId::ZERO);
    let refused = paper.generate_signature_rejection(&recipient, &unknown, &signer()).await.unwrap_err();
    assert!(matches!(refused, PaperError::Core(CoreError::Missing(Missing::Content { .. }))), "{refused}");
}

#[tokio::test]
async fn files_of_hidden_documents_are_not_made() {
    let fixture = AppFixture::start().await;
    let mut command = letter_with(b"one");
    command.to_department = Some(STORAGE);
    command.documents[0].need_recipient_signature = true;
    let posted = fixture.post(command).await;
    fixture.deliver().await;
    let colleague = fixture.permit::<NamedDocuments>(Who::B, colleague_of(Who::B)).await;
    let (request, signer) = (about(&posted, first_document(&posted)), signer());
    let made = fixture.app.paper().generate_signature_rejection(&colleague, &request, &signer);
    assert!(matches!(made.await, Err(PaperError::Core(CoreError::Denied(_)))));
}

#[tokio::test]
async fn what_is_no_amendment_request_is_not_read_as_one() {
    let fixture = AppFixture::start().await;
    let posted = fixture.post(potok_stories::letter(vec![document(b"one")])).await;
    let sender = fixture.boss::<NamedDocuments>(Who::A).await;
    let entity = first_document(&posted);
    let refused =
        fixture.app.paper().amendment_request_info(&sender, posted.message_id, entity).await.unwrap_err();
    assert!(matches!(refused, PaperError::NoAmendmentRequest { entity: id } if id == entity));
    let nowhere = fixture
        .app
        .paper()
        .amendment_request_info(&sender, posted.message_id, EntityId::ZERO)
        .await
        .unwrap_err();
    assert!(matches!(nowhere, PaperError::Core(CoreError::Missing(Missing::Content { .. }))));
    let program = program(&fixture).await;
    let nothing = Bytes::from_static(b"<x/>");
    let refused = fixture.app.paper().parse_signature_rejection(&program, &nothing).await.unwrap_err();
    assert!(refused.to_string().starts_with("the request body: "), "{refused}");
}

#[tokio::test]
async fn anything_can_be_sent_as_a_file_without_a_format() {
    let fixture = AppFixture::start().await;
    let employee = fixture.boss::<BoxEmployee>(Who::A).await;
    for bytes in [&b"%PDF-1.7"[..], b"", "<Файл ИдФайл=\"x\">".as_bytes()] {
        let file = Bytes::from_static(bytes);
        let found = fixture.app.paper().detect_titles(&employee, &file).await.unwrap();
        let kinds: Vec<_> = found.iter().map(|title| &*title.kind.type_named_id).collect();
        assert_eq!(kinds, ["Nonformalized"]);
    }
}
