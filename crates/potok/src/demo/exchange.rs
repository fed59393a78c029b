//! What is played: a universal transfer document with real signatures, the receipt, the buyer's title, and the
//! operator's confirmations of all of them. Everything goes through the API, as between programs of strangers.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use potok_cms::UnixTime;
use potok_operator::Signer;
use potok_sdk::api::Raw;
use potok_sdk::api::methods::{BoxQuery, GenerateTitleXmlQuery, GetMessageQuery, OperationQuery};
use potok_sdk::proto::DocumentId;
use potok_sdk::proto::docflow::{Docflow, GetDocflowBatchRequest, GetDocflowRequest};
use potok_sdk::proto::events::{
    DocumentAttachment, Entity, Message, MessagePatchToPostV2, MessageToPost, ReceiptAttachment,
    RecipientTitleAttachment, SignedContent,
};
use potok_sdk::proto::invoicing::ReceiptGenerationRequestV2;
use potok_sdk::{Auth, Client};
use potok_types::{BoxId, Clock, Entropy, MessageId};
use serde::Serialize;

use super::cast::{Cast, Player};
use super::papers::{self, Side};
use crate::print::line;

/// What is sent: type, function, version.
const TYPE: &str = "UniversalTransferDocument";
const FUNCTION: &str = "СЧФДОП";
const VERSION: &str = "utd970_05_03_01";

/// How long a delivery may take before something must be wrong.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// The ids of what happened.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Exchange {
    pub(super) message_id: String,
    pub(super) document_id: String,
    /// The newest event of the sender's box.
    pub(super) event_id: String,
}

/// A player with everything needed to take part.
pub(super) struct Participant<'a> {
    pub(super) player: &'a Player,
    pub(super) side: Side,
    pub(super) signer: Signer,
    pub(super) client: Client,
    pub(super) box_id: BoxId,
}

/// Both sides, and where time and ids come from.
pub(super) struct Stage<'a> {
    pub(super) seller: Participant<'a>,
    pub(super) buyer: Participant<'a>,
    pub(super) clock: &'a dyn Clock,
    pub(super) entropy: &'a dyn Entropy,
}

/// A client that calls as `player`.
pub(super) fn client(base_url: &str, cast: &Cast, player: &Player) -> Result<Client, potok_sdk::Error> {
    let auth = Auth::refresh_token(&cast.client_secret, &player.refresh_token);
    Client::builder(base_url, &cast.api_client_id).auth(auth).build()
}

impl Participant<'_> {
    fn query(&self, message_id: &str) -> Result<GetMessageQuery, Box<dyn Error>> {
        Ok(GetMessageQuery::new(self.box_id, message_id.parse::<MessageId>()?))
    }

    /// The message as the box has it.
    pub(super) async fn message(&self, message_id: &str) -> Result<Message, Box<dyn Error>> {
        Ok(self.client.get_message_v6(&self.query(message_id)?).await?)
    }

    /// The message, if it has come already.
    async fn find_message(&self, query: &GetMessageQuery) -> Result<Option<Message>, potok_sdk::Error> {
        match self.client.get_message_v6(query).await {
            Ok(message) => Ok(Some(message)),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn docflow(&self, document_id: &DocumentId) -> Result<Option<Docflow>, potok_sdk::Error> {
        let request = GetDocflowRequest { document_id: document_id.clone(), ..GetDocflowRequest::default() };
        let batch = GetDocflowBatchRequest { requests: vec![request] };
        let found = self.client.get_docflows_v2(&BoxQuery::new(self.box_id), batch).await?;
        Ok(found.documents.into_iter().next().and_then(|document| document.docflow).map(|docflow| *docflow))
    }

    /// How the document stands, once nothing more is due on this side.
    async fn finished(&self, document_id: &DocumentId) -> Result<String, Box<dyn Error>> {
        let docflow = wait_for(async || {
            let docflow = self.docflow(document_id).await?;
            Ok(docflow.filter(|docflow| docflow.is_finished.unwrap_or_default()))
        })
        .await?;
        let status = docflow.docflow_status.and_then(|status| status.primary_status?.status_text);
        Ok(status.unwrap_or_default())
    }
}

impl Stage<'_> {
    /// Signs a paper by the key of `by`, as a program on that side does.
    fn signed(&self, paper: Bytes, by: &Participant<'_>) -> Result<SignedContent, Box<dyn Error>> {
        let signature = by.signer.sign(&paper, UnixTime(self.clock.now().unix_seconds()))?;
        Ok(SignedContent { content: Some(paper), signature: Some(signature), ..SignedContent::default() })
    }

    /// The title that the server makes of data; of an answer the answered document is named.
    async fn title(
        &self,
        by: &Participant<'_>,
        answered: Option<&DocumentId>,
        data: Bytes,
    ) -> Result<Bytes, Box<dyn Error>> {
        let index = i64::from(answered.is_some());
        let mut query = GenerateTitleXmlQuery::new(by.box_id, TYPE, FUNCTION, VERSION, index);
        if let Some(answered) = answered {
            query.letter_id = Some(answered.message_id.parse()?);
            query.document_id = Some(answered.entity_id.parse()?);
        }
        Ok(by.client.generate_title_xml(&query, Raw(data)).await?.0)
    }

    /// Plays the exchange and tells it on the way. The operation tells this run from others: the same post twice would be
    /// taken for a repeat and change nothing.
    pub(super) async fn play(&self) -> Result<Exchange, Box<dyn Error>> {
        let Self { seller, buyer, clock, entropy } = self;
        let (sells, buys) = (&seller.player.organization, &buyer.player.organization);
        let operation = |run: &str| OperationQuery { operation_id: Some(run.to_owned()) };
        let run = || operation(&entropy.uuid().to_string());

        let data = papers::transfer(&seller.side, &buyer.side, clock.now());
        let content = self.signed(self.title(seller, None, data).await?, seller)?;
        let posted = seller.client.post_message_v3(&run(), self.document(content)).await?;
        let document = document_of(&posted).ok_or("the posted message has no document")?;
        let document_id =
            DocumentId { message_id: posted.message_id.clone(), entity_id: document.entity_id.clone() };
        line(format_args!("{sells} sent a signed transfer document: message {}", posted.message_id));

        let query = buyer.query(&posted.message_id)?;
        wait_for(|| buyer.find_message(&query)).await?;
        line(format_args!("The operator checked the signature; {buys} received the document"));

        let request = ReceiptGenerationRequestV2 {
            message_id: document_id.message_id.clone(),
            attachment_id: document_id.entity_id.clone(),
            signer_content: buyer.side.signer(),
        };
        let receipt = buyer.client.generate_receipt_xml_v2(&BoxQuery::new(buyer.box_id), request).await?.0;
        let patch = MessagePatchToPostV2 {
            receipts: vec![ReceiptAttachment {
                parent_entity_id: document_id.entity_id.clone(),
                signed_content: self.signed(receipt, buyer)?,
                ..ReceiptAttachment::default()
            }],
            ..self.patch(&document_id)
        };
        buyer.client.post_message_patch_v4(&run(), patch).await?;
        line(format_args!("{buys} sent a signed receipt"));

        let data = papers::acceptance(&buyer.side, clock.now());
        let answer = self.title(buyer, Some(&document_id), data).await?;
        let patch = MessagePatchToPostV2 {
            recipient_titles: vec![RecipientTitleAttachment {
                parent_entity_id: document_id.entity_id.clone(),
                signed_content: self.signed(answer, buyer)?,
                ..RecipientTitleAttachment::default()
            }],
            ..self.patch(&document_id)
        };
        buyer.client.post_message_patch_v4(&run(), patch).await?;
        line(format_args!("{buys} accepted the goods and sent the signed title of the buyer"));

        for side in [seller, buyer] {
            let status = side.finished(&document_id).await?;
            line(format_args!("{}: «{status}», finished", side.player.organization));
        }
        let newest = seller.client.get_last_event_v2(&BoxQuery::new(seller.box_id)).await?.0;
        let event_id = newest.ok_or("the sender's feed is empty")?.event_id;
        let DocumentId { message_id, entity_id: document_id } = document_id;
        Ok(Exchange { message_id, document_id, event_id })
    }

    fn document(&self, content: SignedContent) -> MessageToPost {
        let document = DocumentAttachment {
            signed_content: content,
            type_named_id: TYPE.to_owned(),
            function: Some(FUNCTION.to_owned()),
            version: Some(VERSION.to_owned()),
            ..DocumentAttachment::default()
        };
        MessageToPost {
            from_box_id: self.seller.player.box_id.clone(),
            to_box_id: Some(self.buyer.player.box_id.clone()),
            document_attachments: vec![document],
            ..MessageToPost::default()
        }
    }

    fn patch(&self, document_id: &DocumentId) -> MessagePatchToPostV2 {
        MessagePatchToPostV2 {
            box_id: self.buyer.player.box_id.clone(),
            message_id: document_id.message_id.clone(),
            ..MessagePatchToPostV2::default()
        }
    }
}

fn document_of(message: &Message) -> Option<&Entity> {
    message.entities.iter().find(|entity| entity.document_info.is_some())
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
