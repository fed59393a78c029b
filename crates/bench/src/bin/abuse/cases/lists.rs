//! Long lists and long texts. A patch of 20 000 signatures took 14.5 s before it was refused; 8000 requests were taken, and each
//! read of their message cost 2.3 s from then on; a number of 27 MB stopped all writes for 13 s and grew the database by half a
//! gigabyte; searches of 60 000 words stood the server still.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use potok_testkit::sdk::Format;
use potok_testkit::sdk::api::Payload as _;
use potok_testkit::sdk::proto::ResolutionRequestType;
use potok_testkit::sdk::proto::docflow::SearchDocflowsRequest;
use potok_testkit::sdk::proto::events::{
    DocumentAttachment, DocumentSignature, MessagePatchToPost, MessageToPost, MetadataItem,
    ResolutionRequestAttachment, SignedContent,
};

use super::Outcome;
use crate::stage::{Cast, Scene};
use crate::{Failed, wire};

/// As many as the server takes in one list.
const ALLOWED: usize = 200;

fn bearer(scene: &Cast) -> String {
    format!("Bearer {}", scene.villain.token)
}

async fn posted(scene: &Cast, path: &str, body: &[u8]) -> Result<u16, Failed> {
    Ok(wire::post(scene.server, path, Some(&bearer(scene)), body).await?.status)
}

async fn patched(scene: &Cast, patch: &MessagePatchToPost) -> Result<u16, Failed> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    // A patch that was seen before would be answered from memory.
    let path = format!("/V3/PostMessagePatch?operationId=abuse-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    posted(scene, &path, &patch.to_body(Format::Protobuf)).await
}

fn patch(scene: &Cast) -> MessagePatchToPost {
    MessagePatchToPost {
        box_id: scene.villain.box_id.clone(),
        message_id: scene.message.clone(),
        ..MessagePatchToPost::default()
    }
}

fn with_signatures(scene: &Cast, count: usize) -> MessagePatchToPost {
    let signature = DocumentSignature {
        parent_entity_id: scene.document.clone(),
        sign_with_test_signature: Some(true),
        ..DocumentSignature::default()
    };
    MessagePatchToPost { signatures: vec![signature; count], ..patch(scene) }
}

fn with_requests(scene: &Cast, count: usize) -> MessagePatchToPost {
    let request = ResolutionRequestAttachment {
        initial_document_id: scene.document.clone(),
        target_user_id: Some(scene.villain.user_id.clone()),
        r#type: ResolutionRequestType::ApprovementRequest as i32,
        ..ResolutionRequestAttachment::default()
    };
    MessagePatchToPost { resolution_requests: vec![request; count], ..patch(scene) }
}

pub(super) async fn words(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let words: Vec<String> = (0..60_000).map(|number| format!("w{number}")).collect();
    let request = SearchDocflowsRequest { query_string: words.join(" "), ..SearchDocflowsRequest::default() };
    let path = format!("/V5/SearchDocflows?boxId={}", scene.villain.box_id);
    Ok(Outcome::Answered(posted(&scene, &path, &request.to_body(Format::Protobuf)).await?))
}

pub(super) async fn signatures(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    Ok(Outcome::Answered(patched(&scene, &with_signatures(&scene, 20_000)).await?))
}

pub(super) async fn allowed_signatures(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    Ok(Outcome::Answered(patched(&scene, &with_signatures(&scene, ALLOWED)).await?))
}

pub(super) async fn requests(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    Ok(Outcome::Answered(patched(&scene, &with_requests(&scene, 8000)).await?))
}

pub(super) async fn thousands_of_requests(scene: Scene) -> Result<(), Failed> {
    for _ in 0..20 {
        let status = patched(&scene, &with_requests(&scene, ALLOWED)).await?;
        if status != 200 {
            return Err(format!("a patch of {ALLOWED} requests was answered by {status}").into());
        }
    }
    Ok(())
}

pub(super) async fn read_message(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let path = format!("/V6/GetMessage?boxId={}&messageId={}", scene.villain.box_id, scene.message);
    let request = wire::head("GET", &path, Some(&bearer(&scene)), 0);
    Ok(Outcome::Answered(wire::call(scene.server, &request, b"").await?.status))
}

static LABELS: OnceLock<Vec<u8>> = OnceLock::new();

/// One signature, whose labels are written by hand: `Labels` is field 8, and each is empty.
pub(super) async fn prepare_labels(scene: Scene) -> Result<(), Failed> {
    LABELS.get_or_init(|| {
        let mut signature = DocumentSignature {
            parent_entity_id: scene.document.clone(),
            sign_with_test_signature: Some(true),
            ..DocumentSignature::default()
        }
        .to_body(Format::Protobuf)
        .to_vec();
        signature.extend([0x42, 0].repeat(46 << 20));
        let mut body = patch(&scene).to_body(Format::Protobuf).to_vec();
        body.push(0x2A);
        let mut length = signature.len();
        while length >= 0x80 {
            body.push((length as u8) | 0x80);
            length >>= 7;
        }
        body.push(length as u8);
        body.extend(signature);
        body
    });
    Ok(())
}

pub(super) async fn labels(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let body = LABELS.get().ok_or("the labels were not prepared")?;
    Ok(Outcome::Answered(posted(&scene, "/V3/PostMessagePatch", body).await?))
}

fn letter(scene: &Cast, documents: usize, metadata: &[MetadataItem], text: String) -> MessageToPost {
    let document = DocumentAttachment {
        signed_content: SignedContent {
            content: Some(text.into_bytes().into()),
            sign_with_test_signature: Some(true),
            ..SignedContent::default()
        },
        type_named_id: "Nonformalized".to_owned(),
        metadata: metadata.to_vec(),
        ..DocumentAttachment::default()
    };
    MessageToPost {
        from_box_id: scene.villain.box_id.clone(),
        to_box_id: Some(scene.villain.other_box_id.clone()),
        document_attachments: vec![document; documents],
        ..MessageToPost::default()
    }
}

fn item(key: &str, value: String) -> MetadataItem {
    MetadataItem { key: key.to_owned(), value }
}

static METADATA: OnceLock<Bytes> = OnceLock::new();

pub(super) async fn prepare_metadata(scene: Scene) -> Result<(), Failed> {
    METADATA.get_or_init(|| {
        let number = "12345678 ".repeat(3_000_000);
        let metadata = [item("FileName", "a.txt".to_owned()), item("DocumentNumber", number)];
        letter(&scene, 1, &metadata, "x".to_owned()).to_body(Format::Protobuf)
    });
    Ok(())
}

pub(super) async fn metadata(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let body = METADATA.get().ok_or("the number was not prepared")?;
    Ok(Outcome::Answered(posted(&scene, "/V3/PostMessage", body).await?))
}

pub(super) async fn allowed_metadata(scene: Scene, caller: usize) -> Result<Outcome, Failed> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let words: Vec<String> = (0..140).map(|word| format!("n{word:03}{number}")).collect();
    let number: String = words.join(" ").chars().take(1000).collect();
    let metadata = [item("FileName", "a.txt".to_owned()), item("DocumentNumber", number.clone())];
    let body = letter(&scene, 40, &metadata, format!("{caller} {number}")).to_body(Format::Protobuf);
    Ok(Outcome::Answered(posted(&scene, "/V3/PostMessage", &body).await?))
}
