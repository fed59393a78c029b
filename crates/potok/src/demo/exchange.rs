//! What is played: a contract is sent, delivered and signed, all of it through the API.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use potok_sdk::api::methods::{BoxQuery, GetMessageQuery, OperationQuery};
use potok_sdk::proto::DocumentId;
use potok_sdk::proto::docflow::{GetDocflowBatchRequest, GetDocflowRequest};
use potok_sdk::proto::events::{
    DocumentAttachment, DocumentSignature, Entity, EntityType, Message, MessagePatchToPostV2, MessageToPost,
    MetadataItem, SignedContent,
};
use potok_sdk::{Auth, Client};
use potok_types::BoxId;
use serde::Serialize;

use super::cast::{Cast, Player};
use crate::print::line;

/// How long a delivery may take before something must be wrong.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// The ids of what happened.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Exchange {
    pub(super) message_id: String,
    pub(super) document_id: String,
    /// The event by which the recipient's signature came back.
    pub(super) event_id: String,
}

/// Plays the exchange and tells it on the way. `run` tells this run from others: the same post twice would be taken for a
/// repeat and change nothing.
pub(super) async fn play(base_url: &str, cast: &Cast, run: &str) -> Result<Exchange, Box<dyn Error>> {
    let (sender, recipient) = (cast.sender(), cast.recipient());
    let (from, to) = (client(base_url, cast, sender)?, client(base_url, cast, recipient)?);
    let operation = OperationQuery { operation_id: Some(run.to_owned()) };

    let posted = from.post_message_v3(&operation, letter(sender, recipient)).await?;
    let document = document_of(&posted).ok_or("the posted message has no document")?;
    let (message_id, document_id) = (posted.message_id.clone(), document.entity_id.clone());
    line(format_args!(
        "{} sent a contract and asks for a signature: message {message_id}",
        sender.organization
    ));

    let recipient_query = query(recipient, &message_id)?;
    wait_for(|| find_message(&to, &recipient_query)).await?;
    line(format_args!("{} received it", recipient.organization));

    to.post_message_patch_v4(&operation, signature(recipient, &message_id, &document_id)).await?;
    line(format_args!("{} signed it", recipient.organization));

    let sender_query = query(sender, &message_id)?;
    let sender_box: BoxId = sender.box_id.parse()?;
    wait_for(async || {
        let message = find_message(&from, &sender_query).await?;
        Ok(message.filter(|message| is_signed_by(message, &document_id, recipient)))
    })
    .await?;
    let newest = from.get_last_event_v2(&BoxQuery::new(sender_box)).await?.0;
    let event_id = newest.ok_or("the sender's feed is empty")?.event_id;
    let status = status(&from, sender_box, &message_id, &document_id).await?;
    line(format_args!("{} received the signature; the document: {status}", sender.organization));
    Ok(Exchange { message_id, document_id, event_id })
}

fn client(base_url: &str, cast: &Cast, player: &Player) -> Result<Client, potok_sdk::Error> {
    let auth = Auth::refresh_token(&cast.client_secret, &player.refresh_token);
    Client::builder(base_url, &cast.api_client_id).auth(auth).build()
}

fn letter(sender: &Player, recipient: &Player) -> MessageToPost {
    let text = format!(
        "Договор поставки № 7\n\n{} и {} договорились о поставке цветов.\n",
        sender.organization, recipient.organization
    );
    let metadata = [("FileName", "Договор № 7.txt"), ("DocumentNumber", "7"), ("DocumentDate", "01.02.2026")];
    let document = DocumentAttachment {
        signed_content: SignedContent {
            content: Some(Bytes::from(text)),
            sign_with_test_signature: Some(true),
            ..SignedContent::default()
        },
        type_named_id: "Nonformalized".to_owned(),
        comment: Some("Подпишите, пожалуйста".to_owned()),
        need_recipient_signature: Some(true),
        metadata: metadata
            .map(|(key, value)| MetadataItem { key: key.to_owned(), value: value.to_owned() })
            .into(),
        ..DocumentAttachment::default()
    };
    MessageToPost {
        from_box_id: sender.box_id.clone(),
        to_box_id: Some(recipient.box_id.clone()),
        document_attachments: vec![document],
        ..MessageToPost::default()
    }
}

fn signature(signer: &Player, message_id: &str, document_id: &str) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        box_id: signer.box_id.clone(),
        message_id: message_id.to_owned(),
        signatures: vec![DocumentSignature {
            parent_entity_id: document_id.to_owned(),
            sign_with_test_signature: Some(true),
            ..DocumentSignature::default()
        }],
        ..MessagePatchToPostV2::default()
    }
}

fn query(player: &Player, message_id: &str) -> Result<GetMessageQuery, Box<dyn Error>> {
    Ok(GetMessageQuery::new(player.box_id.parse::<BoxId>()?, message_id.parse::<potok_types::MessageId>()?))
}

/// The message, if it is in the box already.
async fn find_message(client: &Client, query: &GetMessageQuery) -> Result<Option<Message>, potok_sdk::Error> {
    match client.get_message_v6(query).await {
        Ok(message) => Ok(Some(message)),
        Err(error) if error.status() == Some(404) => Ok(None),
        Err(error) => Err(error),
    }
}

fn document_of(message: &Message) -> Option<&Entity> {
    message.entities.iter().find(|entity| entity.document_info.is_some())
}

fn is_signed_by(message: &Message, document_id: &str, signer: &Player) -> bool {
    message.entities.iter().any(|entity| {
        entity.entity_type() == EntityType::Signature
            && entity.parent_entity_id.as_deref() == Some(document_id)
            && entity.signer_box_id.as_deref() == Some(&*signer.box_id)
    })
}

async fn status(
    client: &Client,
    box_id: BoxId,
    message_id: &str,
    document_id: &str,
) -> Result<String, Box<dyn Error>> {
    let document_id = DocumentId { message_id: message_id.to_owned(), entity_id: document_id.to_owned() };
    let request = GetDocflowBatchRequest {
        requests: vec![GetDocflowRequest { document_id, ..GetDocflowRequest::default() }],
    };
    let found = client.get_docflows_v2(&BoxQuery::new(box_id), request).await?;
    let docflow = found.documents.into_iter().next().and_then(|document| document.docflow);
    let docflow = docflow.ok_or("the docflow is missing")?;
    let text = docflow.docflow_status.and_then(|status| status.primary_status?.status_text);
    let text = text.unwrap_or_default();
    Ok(if docflow.is_finished.unwrap_or_default() {
        format!("«{text}», finished")
    } else {
        format!("«{text}»")
    })
}

/// Looks again and again until there is something.
async fn wait_for<T>(
    look: impl AsyncFn() -> Result<Option<T>, potok_sdk::Error>,
) -> Result<T, Box<dyn Error>> {
    let waiting = async {
        let mut pauses = tokio::time::interval(PAUSE);
        loop {
            pauses.tick().await;
            if let Some(found) = look().await? {
                return Ok(found);
            }
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(found) => found,
        Err(_) => Err(format!("nothing was delivered within {} seconds", PATIENCE.as_secs()).into()),
    }
}
