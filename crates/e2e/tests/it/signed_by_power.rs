//! Powers of attorney that come with signatures: named, as files, by default; and what both sides are told of them.

use bytes::Bytes;
use potok_testkit::sdk::api::methods::{BoxQuery, EmployeePowerOfAttorneyQuery, EntityQuery, OperationQuery};
use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::docflow::{
    GetDocflowBatchRequest, GetDocflowRequest, SignatureV3, StatusName,
};
use potok_testkit::sdk::proto::employees::powers_of_attorney::{
    EmployeePowerOfAttorneyIsDefaultPatch, EmployeePowerOfAttorneyToUpdateV2,
};
use potok_testkit::sdk::proto::events::{
    DocumentAttachment, DocumentSenderSignature, DocumentSignature, DraftToSend, Entity, Message,
    MessagePatchToPostV2, PowerOfAttorneyToPost, SignedContent,
};
use potok_testkit::sdk::proto::powers_of_attorney::{
    PowerOfAttorneySendingType as Sending, PowerOfAttorneyValidationStatus,
    PowerOfAttorneyValidationStatusNamedId as Status,
};
use potok_testkit::{Letter, Org, PAPER, Person, World, formal, test_signed};

use crate::power_of_attorney::{
    self as powers, HANDED_ON, NUMBER, by_name, full_id, given, handed_on, register, signed,
};
use crate::signatures::{self, DOCUMENT, INN};
use crate::support::feed;

const POWER: i32 = 77;
const STATUS: i32 = 78;

/// Posts a letter whose signature comes with `power`.
async fn post(from: &Org, to: &Org, power: PowerOfAttorneyToPost) -> Result<Message, (u16, String)> {
    post_signed(from, to, test_signed(DOCUMENT), power).await
}

pub(crate) async fn post_signed(
    from: &Org,
    to: &Org,
    content: SignedContent,
    power: PowerOfAttorneyToPost,
) -> Result<Message, (u16, String)> {
    let mut letter = Letter::new(from.box_id(), to.box_id()).wants_signature();
    letter.0.document_attachments[0].signed_content =
        SignedContent { power_of_attorney: Some(Box::new(power)), ..content };
    let posted = from.boss.post(&letter).await;
    posted.map_err(|error| (error.status().unwrap_or_default(), error.to_string()))
}

/// Everything that the feed of `person` has of this kind.
async fn told(person: &Person, kind: i32) -> Vec<Entity> {
    let events = feed(person).await.into_iter();
    let entities = events.flat_map(|event| {
        let of_message = event.message.into_iter().flat_map(|message| message.entities);
        let of_patch = event.patch.into_iter().flat_map(|patch| patch.entities);
        of_message.chain(of_patch).collect::<Vec<_>>()
    });
    entities.filter(|entity| entity.attachment_type() as i32 == kind).collect()
}

/// The statuses of powers in the feed of `person`.
async fn statuses(person: &Person) -> Vec<(Status, Vec<String>)> {
    let shown = told(person, STATUS).await;
    shown
        .iter()
        .map(|entity| read(entity.power_of_attorney_info.as_ref().unwrap().status.as_ref().unwrap()))
        .collect()
}

fn read(status: &PowerOfAttorneyValidationStatus) -> (Status, Vec<String>) {
    let results = status.validation_protocol.iter().flat_map(|protocol| &protocol.check_results);
    let codes = results.filter_map(|check| check.error.as_ref()).chain(&status.operation_error);
    (status.status_named_id(), codes.map(|error| error.code.replace("PowerOfAttorney.", "")).collect())
}

/// The sender's signature as the docflow shows it, and the status of all powers of the document.
async fn shown(person: &Person, message: &Message) -> (SignatureV3, Option<Status>) {
    let id = DocumentId {
        message_id: message.message_id.clone(),
        entity_id: message.entities[0].entity_id.clone(),
    };
    let request = GetDocflowRequest { document_id: id, ..GetDocflowRequest::default() };
    let batch = GetDocflowBatchRequest { requests: vec![request] };
    let query = BoxQuery::new(person.box_id);
    let answer = person.client.get_docflows_v4(&query, batch.clone()).await.unwrap();
    assert_eq!(person.json.get_docflows_v4(&query, batch).await.unwrap(), answer);
    let document = answer.documents.into_iter().next().unwrap();
    let docflow = document.docflow;
    let general =
        docflow.docflow_status.power_of_attorney_general_status.map(|status| status.status_named_id());
    (*docflow.sender_title.attachment.signature.unwrap(), general)
}

async fn content(person: &Person, message: &Message, power: &Entity) -> Option<(Bytes, Bytes, Vec<String>)> {
    let query = EntityQuery::new(
        person.box_id,
        message.message_id.parse::<potok_types::MessageId>().unwrap(),
        power.entity_id.parse::<potok_types::EntityId>().unwrap(),
    );
    let found = person.json.get_power_of_attorney_content_v2(&query).await.ok()?;
    let old = person.client.get_power_of_attorney_content(&query).await.unwrap();
    assert_eq!((&old.content, &old.signature), (&found.content.content, &found.content.signature));
    let info = person.client.get_power_of_attorney_info(&query).await.unwrap();
    assert_eq!(info.full_id, found.content.full_id);
    let chain: Vec<String> =
        found.delegation_chain.into_iter().map(|it| it.full_id.registration_number).collect();
    assert_eq!(info.delegation_chain.len(), chain.len());
    Some((found.content.content, found.content.signature, chain))
}

#[tokio::test]
async fn a_power_that_is_named_is_checked_on_its_way_and_both_sides_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let pki = signatures::pki(folder.path());
    let world = signatures::world(folder.path()).await;
    let a = world.real_organization("ООО «Ромашка»", INN).await;
    let b = world.real_organization("АО «Лютик»", "9687654321").await;
    let file = given();
    let registered = signed(file.clone(), signatures::signature(&pki.people[0][0], file.as_bytes()));
    powers::register_signed(&a.boss, registered).await;
    let ivanov = powers::issued(&pki.authority, "961234567890", "12345678901");
    let other = powers::issued(&pki.authority, "961200000033", "33333333333");
    for (signer, expected) in [
        (&ivanov, (Status::IsValid, vec![])),
        (&other, (Status::IsNotValid, vec!["OtherRepresentative".to_owned()])),
    ] {
        let signature = signatures::signature(signer, DOCUMENT);
        let signed = SignedContent {
            content: Some(DOCUMENT.into()),
            signature: Some(signature.into()),
            ..SignedContent::default()
        };
        let message = post_signed(&a, &b, signed, by_name(NUMBER)).await.unwrap();
        let kinds: Vec<i32> = message.entities.iter().map(|entity| entity.attachment_type() as i32).collect();
        let place = kinds.iter().position(|kind| *kind == POWER).unwrap();
        let (signature, power) = (&message.entities[place - 1], &message.entities[place]);
        assert_eq!(power.parent_entity_id.as_ref(), Some(&signature.entity_id));
        assert_eq!((&power.file_name, &power.content), (&None, &None));
        let info = power.power_of_attorney_info.as_ref().unwrap();
        assert_eq!((info.full_id.registration_number.as_str(), &info.status), (NUMBER, &None));
        assert_eq!(info.sending_type(), Sending::Metadata);
        // Nobody has looked yet.
        assert!(signature.power_of_attorney_attachment_status.is_none());
        world.drain().await;
        for side in [&a, &b] {
            assert_eq!(statuses(&side.boss).await.last(), Some(&expected));
            let (signature, general) = shown(&side.boss, &message).await;
            assert_eq!(general, Some(expected.0));
            let attached = signature.power_of_attorney_attachment_status.unwrap();
            assert_eq!(attached.status_name(), StatusName::PowerOfAttorneyAttached);
            let power = signature.power_of_attorney.unwrap();
            assert_eq!(power.full_id.registration_number, NUMBER);
            assert_eq!(read(&power.status.unwrap()), expected);
            assert_eq!((power.status_changes.len(), power.sending_type), (1, Some(Sending::Metadata as i32)));
        }
    }
    // What is not in the register cannot be checked.
    let signature = signatures::signature(&ivanov, DOCUMENT);
    let signed = SignedContent {
        content: Some(DOCUMENT.into()),
        signature: Some(signature.into()),
        ..SignedContent::default()
    };
    let message = post_signed(&a, &b, signed, by_name(HANDED_ON)).await.unwrap();
    world.drain().await;
    let (_, general) = shown(&b.boss, &message).await;
    assert_eq!(general, Some(Status::CanNotBeValidated));
    assert_eq!(statuses(&b.boss).await.last().unwrap().1, ["NotInRegister"]);
    let power = told(&b.boss, POWER).await.pop().unwrap();
    assert_eq!(content(&b.boss, &message, &power).await, None);
    world.end().await;
}

#[tokio::test]
async fn a_power_comes_as_a_file_with_its_chain() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let contents = vec![signed(given(), "sig 1"), signed(handed_on(), "sig 2")];
    let power = PowerOfAttorneyToPost { contents, ..PowerOfAttorneyToPost::default() };
    let message = post(&a, &b, power).await.unwrap();
    world.drain().await;
    for side in [&a, &b] {
        let power = told(&side.boss, POWER).await.pop().unwrap();
        let info = power.power_of_attorney_info.as_ref().unwrap();
        assert_eq!(
            (info.full_id.registration_number.as_str(), info.sending_type()),
            (HANDED_ON, Sending::File)
        );
        let (file, signature, chain) = content(&side.boss, &message, &power).await.unwrap();
        assert_eq!((file, signature), (handed_on().into(), "sig 2".into()));
        assert_eq!(chain, [NUMBER]);
        // The register does not know it, and test signatures name nobody whom it names.
        let (status, codes) = statuses(&side.boss).await.pop().unwrap();
        assert_eq!(status, Status::IsNotValid);
        assert_eq!(codes.last().map(String::as_str), Some("NotInRegister"));
    }
    // The obsolete way to send one file; and one of the register, as a file.
    register(&a.boss, given()).await;
    let old =
        PowerOfAttorneyToPost { content: Some(signed(given(), "sig 1")), ..PowerOfAttorneyToPost::default() };
    for power in [old, PowerOfAttorneyToPost { send_as_file: Some(true), ..by_name(NUMBER) }] {
        let message = post(&a, &b, power).await.unwrap();
        world.drain().await;
        let power = told(&b.boss, POWER).await.pop().unwrap();
        let (file, _, chain) = content(&b.boss, &message, &power).await.unwrap();
        assert_eq!((file, chain), (given().into(), vec![]));
        assert!(!statuses(&b.boss).await.pop().unwrap().1.contains(&"NotInRegister".to_owned()));
    }
    world.end().await;
}

#[tokio::test]
async fn the_default_power_comes_when_it_is_asked_for_also_with_answers_and_inside_an_organization() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let default = PowerOfAttorneyToPost { use_default: true, ..PowerOfAttorneyToPost::default() };
    let (status, text) = post(&a, &b, default.clone()).await.unwrap_err();
    assert!(status == 400 && text.contains("PowerOfAttorney.UseDefault: you have no default"), "{text}");
    for org in [&a, &b] {
        register(&org.boss, given()).await;
        let query = EmployeePowerOfAttorneyQuery::new(org.box_id());
        org.boss.client.add_employee_power_of_attorney_v2(&query, full_id(NUMBER)).await.unwrap();
        let update = EmployeePowerOfAttorneyToUpdateV2 {
            power_of_attorney_full_id: full_id(NUMBER),
            is_default_patch: Some(EmployeePowerOfAttorneyIsDefaultPatch { is_default: true }),
        };
        org.boss.client.update_employee_power_of_attorney_v2(&query, update).await.unwrap();
    }
    let message = post(&a, &b, default.clone()).await.unwrap();
    world.drain().await;
    let patch = MessagePatchToPostV2 {
        message_id: message.message_id.clone(),
        signatures: vec![DocumentSignature {
            parent_entity_id: message.entities[0].entity_id.clone(),
            sign_with_test_signature: Some(true),
            power_of_attorney: Some(Box::new(default.clone())),
            ..DocumentSignature::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    let answered = b.boss.patch(patch).await.unwrap();
    assert_eq!(answered.entities.len(), 2);
    world.drain().await;
    for side in [&a, &b] {
        assert_eq!((told(&side.boss, POWER).await.len(), statuses(&side.boss).await.len()), (2, 2));
    }

    // A draft is sent with one.
    let draft = a.boss.post(&Letter::new(a.box_id(), b.box_id()).draft()).await.unwrap();
    let sent = DraftToSend {
        box_id: a.box_id().to_string(),
        draft_id: draft.message_id.clone(),
        document_signatures: vec![DocumentSenderSignature {
            parent_entity_id: draft.entities[0].entity_id.clone(),
            sign_with_test_signature: Some(true),
            power_of_attorney: Some(Box::new(default.clone())),
            ..DocumentSenderSignature::default()
        }],
        ..DraftToSend::default()
    };
    let sent = a.boss.json.send_draft(&OperationQuery::new(), sent).await.unwrap();
    assert!(sent.entities.iter().any(|entity| entity.attachment_type() as i32 == POWER));
    world.drain().await;
    assert_eq!(told(&b.boss, POWER).await.len(), 3);

    // Inside the organization nothing is delivered: it is checked at once.
    let mut letter = Letter::new(a.box_id(), a.box_id());
    (letter.0.to_box_id, letter.0.is_internal) = (None, Some(true));
    let signed = &mut letter.0.document_attachments[0].signed_content;
    signed.power_of_attorney = Some(Box::new(default));
    let inside = a.boss.post(&letter).await.unwrap();
    let kinds: Vec<i32> = inside.entities.iter().map(|entity| entity.attachment_type() as i32).collect();
    assert_eq!(kinds[kinds.len() - 2..], [POWER, STATUS]);
    world.end().await;
}

#[tokio::test]
async fn a_title_names_the_power_of_its_signer() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    register(&a.boss, given()).await;
    for (number, issuer, status) in
        [(NUMBER, INN, Status::IsNotValid), (HANDED_ON, &a.organization.inn, Status::CanNotBeValidated)]
    {
        let mut document = formal(DocumentAttachment {
            type_named_id: "UniversalTransferDocument".to_owned(),
            function: Some("СЧФДОП".to_owned()),
            comment: Some(number.to_owned()),
            ..Letter::document("a.xml", PAPER)
        });
        let signed = &mut document.signed_content;
        let file = String::from_utf8(signed.content.take().unwrap().to_vec()).unwrap();
        let signer = format!("<Подписант><СвДоверЭл НомДовер='{number}'/></Подписант></Документ>");
        signed.content = Some(file.replace("</Документ>", &signer).into());
        signed.power_of_attorney = Some(Box::new(PowerOfAttorneyToPost {
            use_document_content: Some(true),
            ..PowerOfAttorneyToPost::default()
        }));
        let mut letter = Letter::new(a.box_id(), b.box_id());
        letter.0.document_attachments[0] = document;
        a.boss.post(&letter).await.unwrap();
        world.drain().await;
        for side in [&a, &b] {
            let power = told(&side.boss, POWER).await.pop().unwrap();
            let info = power.power_of_attorney_info.unwrap();
            let named = (info.full_id.registration_number.as_str(), info.full_id.issuer_inn.as_str());
            assert_eq!((named, info.sending_type()), ((number, issuer), Sending::DocumentContent));
            assert_eq!(statuses(&side.boss).await.pop().unwrap().0, status);
        }
    }
    world.end().await;
}

#[tokio::test]
async fn powers_that_cannot_come_are_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let nothing = PowerOfAttorneyToPost::default();
    let stranger = given().replace(NUMBER, "11111111-1111-4222-8333-444455556666");
    let files = |files: &[String]| {
        let contents = files.iter().map(|file| signed(file.clone(), "sig")).collect();
        PowerOfAttorneyToPost { contents, ..PowerOfAttorneyToPost::default() }
    };
    for (power, status, words) in [
        (nothing.clone(), 400, "SignedContent.PowerOfAttorney: exactly one of"),
        (PowerOfAttorneyToPost { use_default: true, ..by_name(NUMBER) }, 400, "exactly one of"),
        (
            PowerOfAttorneyToPost { use_document_content: Some(true), ..nothing },
            400,
            "PowerOfAttorney.UseDocumentContent: the signed file names no electronic power of attorney",
        ),
        (
            PowerOfAttorneyToPost { use_document_content: Some(true), ..by_name(NUMBER) },
            400,
            "exactly one of",
        ),
        (by_name("x"), 400, "PowerOfAttorney.FullId.RegistrationNumber"),
        (
            PowerOfAttorneyToPost { send_as_file: Some(true), ..by_name(NUMBER) },
            400,
            "the register has no such",
        ),
        (files(&["<a/>".to_owned()]), 400, "PowerOfAttorney.Contents[0].Content: the root element is a"),
        (files(&[given(), stranger]), 400, "belongs to no chain of the others"),
        (files(&vec![given(); 12]), 400, "a chain has at most 11"),
    ] {
        let (found, text) = post(&a, &b, power).await.unwrap_err();
        assert!((found, text.contains(words)) == (status, true), "{words}: {found} {text}");
    }
    // Who does not see the document, or asks for something else, learns nothing of a power.
    let message = post(&a, &b, by_name(NUMBER)).await.unwrap();
    world.drain().await;
    let signature = message.entities.iter().find(|entity| entity.entity_type() as i32 == 2).unwrap();
    for entity in [&message.entities[0], signature] {
        assert_eq!(content(&a.boss, &message, entity).await, None);
    }
    world.end().await;
}
