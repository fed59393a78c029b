//! How each row of the table comes about. The match is exhaustive: a new row has to be provoked before it compiles.

use potok_testkit::app::admin::NewOrganization;
use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::proto::events::{MessagePatchToPostV2, RevocationRequestAttachment};
use potok_testkit::{Person, RawAnswer, RawRequest};
use potok_types::{Attested, DepartmentId};
use serde_json::json;

use super::place::{NOBODY, Place, TITLE_0, file, signed, transfer, with};

const MINE: &str = "/GetMyOrganizations";
const RECEIPT: &[u8] = include_bytes!("../../../../fns/testdata/izvpol_1.03.xml");

pub(super) async fn told(place: &Place, row: Attested) -> RawAnswer {
    let Place { world, a, b, .. } = place;
    let (sender, recipient) = (&a.boss, &b.boss);
    match row {
        Attested::NoAuthorization => world.raw(RawRequest::get(MINE)).await,
        Attested::UnknownClient => {
            let header = "DiadocAuth ddauth_api_client_id=other";
            world.raw(RawRequest::get(MINE).header("Authorization", header)).await
        }
        Attested::BadToken => world.raw(RawRequest::get(MINE).bearer("other")).await,
        Attested::WrongPassword => wrong_password(place).await,
        Attested::NotPaid => suspended(place).await,
        Attested::BoxDenied => place.get(sender, &format!("/V5/GetNewEvents?boxId={}", b.box_id())).await,
        Attested::NotMyOrganization => place.get(sender, &format!("/GetMyPermissions?orgId={NOBODY}")).await,
        Attested::NotAllDepartments => {
            let clerk = clerk(place, "sees-little").await;
            let (message, ..) = place.delivered().await;
            place.in_box(&clerk, "/V3/GetEvent", &format!("&eventId={message}")).await
        }
        Attested::DocumentDenied => {
            let clerk = clerk(place, "sees-less").await;
            let (message, document, _) = place.delivered().await;
            place.in_box(&clerk, "/V6/GetMessage", &format!("&messageId={message}&entityId={document}")).await
        }
        Attested::UnknownBox => place.get(sender, &format!("/GetBox?boxId={NOBODY}")).await,
        Attested::NoOrganization => place.get(sender, &format!("/GetOrganization?boxId={NOBODY}")).await,
        Attested::NotOneOrganization => {
            place.get(sender, "/GetOrganization?inn=7700000001&kpp=770001001").await
        }
        Attested::NoDocument | Attested::NoDocumentInMessage => {
            let (message, _, signature) = place.delivered().await;
            let method = if row == Attested::NoDocument { "/V3/GetDocument" } else { "/V5/GetMessage" };
            place.in_box(sender, method, &format!("&messageId={message}&entityId={signature}")).await
        }
        Attested::UnknownMessage => place.sign(sender, NOBODY, NOBODY).await,
        Attested::UnknownDepartment => {
            let (one, department) = (json!([file("a.txt")]), json!(NOBODY));
            place.letter(json!({ "DocumentAttachments": one, "ToDepartmentId": department })).await
        }
        Attested::NoBoxParameter => place.get(sender, "/V8/GetNewEvents").await,
        Attested::NoParameter => place.in_box(sender, "/V3/GetDocument", "&messageId=&entityId").await,
        Attested::BadIdParameter => {
            place.in_box(sender, "/V6/GetMessage", &format!("&messageId={NOBODY}&entityId=x")).await
        }
        Attested::BadParameter => place.in_box(sender, "/V8/GetNewEvents", "&limit=ten").await,
        Attested::BadCursor => place.in_box(sender, "/V8/GetNewEvents", "&afterIndexKey=CN3T").await,
        Attested::EmptyBody => place.post(sender, "/V3/PostMessage", "").await,
        Attested::UnreadableBody => place.post(sender, "/V3/PostMessage", "{\"FromBoxId\": []}").await,
        Attested::RequiredField => {
            place.letter(json!({ "ToBoxId": null, "DocumentAttachments": [file("a")] })).await
        }
        Attested::RequiredFieldOfPatch => {
            place.patch(sender, NOBODY, json!({ "Receipts": [{ "SignedContent": {} }] })).await
        }
        Attested::BadBoxId => place.letter(json!({ "FromBoxId": "me" })).await,
        Attested::NoSigner => {
            let (message, document, _) = place.delivered().await;
            let query = format!("boxId={}&messageId={message}&attachmentId={document}", b.box_id());
            place.post(recipient, &format!("/GenerateSignatureRejectionXml?{query}"), "{}").await
        }
        Attested::NoDocuments => place.letter(json!({})).await,
        Attested::EmptyPatch => {
            let (message, ..) = place.delivered().await;
            place.patch(recipient, &message, json!({})).await
        }
        Attested::NoType => place.document(json!({ "SignedContent": signed(b"a") })).await,
        Attested::WrongWorkflow => place.document(with(file("a.txt"), json!({ "WorkflowId": 18 }))).await,
        Attested::NoAttribute => place.document(with(file("a.txt"), json!({ "Metadata": [] }))).await,
        Attested::OddAttributes => {
            let odd = json!({ "Metadata": [{ "Key": "FileName", "Value": "a.xml" }] });
            place.document(with(transfer(TITLE_0), odd)).await
        }
        Attested::BadFileName => place.document(file("C:\\a.txt")).await,
        Attested::NotOnShelf => {
            let content = json!({ "NameOnShelf": "a.txt", "SignWithTestSignature": true });
            place.document(with(file("a.txt"), json!({ "SignedContent": content }))).await
        }
        Attested::SignatureOfUnsent => {
            place.letter(json!({ "DelaySend": true, "DocumentAttachments": [file("a.txt")] })).await
        }
        Attested::UnknownReference => {
            let links = json!({ "InitialDocumentIds": [{ "MessageId": "", "EntityId": "mine" }] });
            place.document(with(file("a.txt"), links)).await
        }
        Attested::BadParent => {
            let (message, ..) = place.delivered().await;
            place.sign(recipient, &message, NOBODY).await
        }
        Attested::NotTheSender => {
            let (message, document, _) = place.delivered().await;
            let request = json!({ "DocumentId": document, "SignedContent": signed(b"{}") });
            place.patch(recipient, &message, json!({ "TtGisFixationCancellationRequests": [request] })).await
        }
        Attested::NotInFormat => place.document(transfer(b"%PDF-1.7")).await,
        Attested::BadContent => {
            let (message, document, _) = place.transferred().await;
            let receipt = json!({ "ParentEntityId": document, "SignedContent": signed(RECEIPT) });
            place.patch(recipient, &message, json!({ "Receipts": [receipt] })).await
        }
        Attested::OtherTitleFormat => {
            let (message, document, _) = place.transferred().await;
            let title = json!({ "ParentEntityId": document, "SignedContent": signed(b"{}") });
            place.patch(recipient, &message, json!({ "RecipientTitles": [title] })).await
        }
        Attested::OtherDocumentType => {
            let (message, ..) = place.transferred().await;
            let confirmation = place.entity(recipient, &message, "InvoiceConfirmation").await;
            let query = format!("boxId={}&messageId={message}&attachmentId={confirmation}", b.box_id());
            let person = json!({ "Surname": "Иванов", "FirstName": "Иван", "JobTitle": "директор" });
            let signer = json!({ "SignerDetails": person }).to_string();
            place.post(recipient, &format!("/GenerateReceiptXml?{query}"), signer).await
        }
        Attested::OtherState => {
            let (message, document, _) = place.delivered().await;
            let first = place.sign(recipient, &message, &document).await;
            assert_eq!(first.status, 200, "{}", first.text());
            // The very same call would be answered as the first one.
            let again =
                json!({ "ParentEntityId": document, "SignWithTestSignature": true, "Labels": ["again"] });
            place.patch(recipient, &message, json!({ "Signatures": [again] })).await
        }
        Attested::HandedOver => handed_over(place).await,
        Attested::Revoked => {
            let (message, document, _) = place.delivered().await;
            revoke(place, sender, &message, &document).await;
            place.sign(recipient, &message, &document).await
        }
        Attested::UnderRevocation => {
            let (message, document, _) = place.delivered().await;
            place.sign(recipient, &message, &document).await;
            world.drain().await;
            revoke(place, sender, &message, &document).await;
            let again = sender.revocation(&message, &document, "снова").await;
            let again =
                json!({ "ParentEntityId": document, "SignedContent": signed(&again.content.unwrap()) });
            place.patch(sender, &message, json!({ "RevocationRequests": [again] })).await
        }
        Attested::PartOfPacket => {
            let both = json!([file("a.txt"), file("b.txt")]);
            let posted = place.letter(json!({ "LockMode": "Full", "DocumentAttachments": both })).await;
            world.drain().await;
            let posted: serde_json::Value = serde_json::from_slice(&posted.body).unwrap();
            let id = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            place.sign(recipient, &id(&posted["MessageId"]), &id(&posted["Entities"][0]["EntityId"])).await
        }
        Attested::NoSuchAnswer => {
            let (message, ..) = place.transferred().await;
            let confirmation = place.entity(recipient, &message, "InvoiceConfirmation").await;
            let mut patch = MessagePatchToPostV2 { message_id: message.clone(), ..Default::default() };
            patch.receipts.push(potok_testkit::sdk::proto::events::ReceiptAttachment {
                parent_entity_id: confirmation.clone(),
                signed_content: potok_testkit::test_signed(potok_testkit::PAPER),
                labels: Vec::new(),
            });
            recipient.complete(&mut patch).await;
            let made = patch.receipts[0].signed_content.content.clone().unwrap();
            let receipt = json!({ "ParentEntityId": confirmation, "SignedContent": signed(&made) });
            place.patch(recipient, &message, json!({ "Receipts": [receipt] })).await
        }
        Attested::CounteragentsOnly => {
            let cautious = NewOrganization {
                name: "ООО «Ива»".to_owned(),
                inn: "7702345678".to_owned(),
                is_test: true,
                counteragents_only: true,
                ..NewOrganization::default()
            };
            let cautious = world.app().admin().create_organization(cautious).await.unwrap();
            let to = cautious.box_id.to_string();
            place.letter(json!({ "ToBoxId": to, "DocumentAttachments": [file("a.txt")] })).await
        }
        Attested::BlockedSender => {
            let (a, b) = (&place.a.boss, &place.b.boss);
            crate::counteragents::invite(a, b.box_id, "").await.unwrap();
            world.drain().await;
            crate::counteragents::break_up(b, a.box_id, "").await.unwrap();
            world.drain().await;
            let to = b.box_id.to_string();
            place.letter(json!({ "ToBoxId": to, "DocumentAttachments": [file("a.txt")] })).await
        }
        Attested::InProgress | Attested::TooManyFailedSignatures => panic!("{row:?} is not provoked here"),
    }
}

async fn wrong_password(place: &Place) -> RawAnswer {
    let client = format!("DiadocAuth ddauth_api_client_id={}", place.world.program().id);
    let body = json!({ "login": place.a.boss.login, "password": "wrong" }).to_string();
    let request = RawRequest::post("/V3/Authenticate?type=password", body).header("Authorization", client);
    place.world.raw(request.header("Content-Type", "application/json")).await
}

async fn suspended(place: &Place) -> RawAnswer {
    let poor = place.world.third_side().await;
    place.world.app().admin().set_suspended(poor.box_id(), true).await.unwrap();
    place.in_box(&poor.boss, "/V8/GetNewEvents", "").await
}

/// Somebody of B who sees a department in which nothing lies.
async fn clerk(place: &Place, name: &str) -> Person {
    let department = place.world.department(&place.b, name, DepartmentId::ZERO).await;
    let permissions = Permissions {
        department: department.id,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    place.world.person(place.b.box_id(), name, permissions).await
}

async fn revoke(place: &Place, who: &Person, message: &str, document: &str) {
    let request = RevocationRequestAttachment {
        parent_entity_id: document.to_owned(),
        signed_content: who.revocation(message, document, "ошибка").await,
        labels: Vec::new(),
    };
    let patch = MessagePatchToPostV2 { message_id: message.to_owned(), ..Default::default() };
    who.patch(MessagePatchToPostV2 { revocation_requests: vec![request], ..patch }).await.unwrap();
    place.world.drain().await;
}

/// Signed by somebody who may not, while somebody else is asked to.
async fn handed_over(place: &Place) -> RawAnswer {
    let (message, document, _) = place.delivered().await;
    let permissions = Permissions { can_sign_documents: false, ..Permissions::full() };
    let other = place.world.person(place.b.box_id(), "may-not-sign", permissions).await;
    let request = json!({
        "InitialDocumentId": document,
        "Type": "SignatureRequest",
        "TargetUserId": place.b.boss.user_id.to_string(),
    });
    place.patch(&place.b.boss, &message, json!({ "ResolutionRequests": [request] })).await;
    place.sign(&other, &message, &document).await
}
