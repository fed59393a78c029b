//! What is asked: whole requests, and the exchange that they are about.

use potok_testkit::sdk::Format;
use potok_testkit::sdk::api::Payload as _;
use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::docflow::{GetDocflowBatchRequest, GetDocflowRequest};
use potok_testkit::{Letter, Org, Person, World};

type Failed = Box<dyn std::error::Error>;

/// A hundred exchanged documents: (message, document) of each.
///
/// # Errors
/// The server refused something.
pub async fn exchange(world: &World, a: &Org, b: &Org) -> Result<Vec<(String, String)>, Failed> {
    let mut ids = Vec::new();
    for n in 0..100 {
        let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature();
        letter.0.document_attachments[0] = Letter::document("contract.pdf", vec![n; 2000]);
        letter.0.document_attachments[0].need_recipient_signature = Some(true);
        let message = a.boss.post(&letter).await?;
        ids.push((message.message_id.clone(), message.entities[0].entity_id.clone()));
    }
    world.drain().await;
    for (message, document) in &ids {
        b.boss.sign(message, document).await?;
    }
    world.drain().await;
    Ok(ids)
}

/// `GetDocflows` of these documents.
pub fn docflows(boss: &Person, ids: &[(String, String)], format: Format) -> Vec<u8> {
    let requests = ids
        .iter()
        .map(|(message, document)| GetDocflowRequest {
            document_id: DocumentId { message_id: message.clone(), entity_id: document.clone() },
            ..GetDocflowRequest::default()
        })
        .collect();
    let body = GetDocflowBatchRequest { requests }.to_body(format);
    post(boss, &format!("/V2/GetDocflows?boxId={}", boss.box_id), &body, format)
}

/// A `GET`.
pub fn get(boss: &Person, path: &str, format: Format) -> Vec<u8> {
    request(boss, "GET", path, &[], format)
}

/// A `POST`.
pub fn post(boss: &Person, path: &str, body: &[u8], format: Format) -> Vec<u8> {
    request(boss, "POST", path, body, format)
}

fn request(boss: &Person, verb: &str, path: &str, body: &[u8], format: Format) -> Vec<u8> {
    let kind = match format {
        Format::Json => "Accept: application/json\r\nContent-Type: application/json\r\n",
        Format::Protobuf => "",
    };
    let mut whole = format!(
        "{verb} {path} HTTP/1.1\r\nHost: potok\r\nAuthorization: Bearer {}\r\n{kind}Content-Length: {}\r\n\r\n",
        boss.access_token,
        body.len()
    )
    .into_bytes();
    whole.extend_from_slice(body);
    whole
}
