//! `AutoSignReceipts`: the receipts that a box owes, made, signed and posted.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as KEYS;
use potok_cms::DigestAlgorithm;
use potok_domain::command::{KeyChoice, NewService, PostPatch, Source};
use potok_domain::docflow::docflow;
use potok_domain::paper::{FileFormat, FileRequest, GivenSigner, SignerByDetails};
use potok_domain::query::{DocumentFilter, DocumentOrder, DocumentPlace};
use potok_domain::rows::StatusWord;
use potok_domain::signing::{Done, HeldKey, Signing, Work};
use potok_store::{DocumentQuery, Operation};
use potok_types::access::{BoxEmployee, MayPatch, MaySign, NamedDocuments};
use potok_types::{BoxId, EntityId, Invalid, MessageId, TaskId};

use super::{RemoteSigning, SigningError};
use crate::Permit;
use crate::core::CoreError;
use crate::exchange::ExchangeError;
use crate::paper::PaperError;

/// Documents of one batch.
const BATCH: usize = 100;
/// Where errors about made receipts stand.
const PATH: &str = "Receipts[0]";

/// How one receipt ended.
enum Posted {
    /// It is there.
    Done,
    /// None could be posted, and none will be.
    Left,
}

impl RemoteSigning {
    /// Begins to sign the receipts that the box owes on a batch of its documents, as far as the caller sees them: the batch behind
    /// `after`, which the result of another one named. What they are is settled now.
    ///
    /// # Errors
    /// [`SigningError::NoKey`]; `CoreError::Invalid` for a key of a batch that no result named.
    pub async fn begin_receipts(
        &self,
        actor: &Permit<BoxEmployee<MaySign>>,
        choice: &KeyChoice,
        after: Option<&str>,
    ) -> Result<TaskId, SigningError> {
        let after = after.filter(|key| !key.is_empty()).map(place).transpose()?;
        let key = self.key(actor.user.id, choice).await?;
        let box_id = actor.box_id();
        let query = DocumentQuery {
            box_id,
            filter: DocumentFilter {
                statuses: StatusWord::HaveToCreateReceipt.into(),
                within: actor.scope.clone(),
                ..DocumentFilter::default()
            },
            order: DocumentOrder::Time,
            is_descending: false,
            after,
            limit: BATCH,
            count_up_to: 0,
        };
        let page = self.core.readings.documents(query).await?;
        let mut targets = Vec::new();
        for (document, _) in &page.documents {
            let state = self.core.state(box_id, document.message_id).await?;
            let owed = docflow(&state, document.entity_id).map(|flow| flow.owed_receipts());
            targets.extend(owed.into_iter().flatten().map(|entity| (document.message_id, entity)));
        }
        let last = page.documents.last().filter(|_| page.documents.len() == BATCH);
        let next = last.map(|(_, place)| KEYS.encode(place.to_bytes())).unwrap_or_default();
        self.begin(&key, Work::Receipts { box_id, targets, next }).await
    }

    /// Makes, signs and posts each of them. One that is there already, because a worker before died, counts.
    pub(super) async fn receipts(
        &self,
        signing: &Signing,
        box_id: BoxId,
        key: &HeldKey,
        targets: &[(MessageId, EntityId)],
    ) -> Result<Result<Done, String>, CoreError> {
        let mut count = 0;
        for (message, entity) in targets {
            match self.receipt(signing, box_id, key, (*message, *entity)).await? {
                Ok(Posted::Done) => count += 1,
                Ok(Posted::Left) => {}
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(Ok(Done::Receipts(count)))
    }

    async fn receipt(
        &self,
        signing: &Signing,
        box_id: BoxId,
        key: &HeldKey,
        (message, entity): (MessageId, EntityId),
    ) -> Result<Result<Posted, String>, CoreError> {
        let operation = Operation { method: "AutoSignReceipts", id: format!("{}/{entity}", signing.id) };
        if self.core.journal.operation(box_id, &operation).await?.is_some() {
            return Ok(Ok(Posted::Done));
        }
        let request = FileRequest {
            message,
            attachment: entity,
            attachment_path: PATH,
            text: String::new(),
            text_path: PATH,
            format: FileFormat::V1_03,
        };
        let signer = GivenSigner::Details(SignerByDetails {
            path: PATH,
            certificate: Some(key.certificate.clone().into()),
            thumbprint: None,
            details: None,
        });
        let Ok(permit) = Permit::<NamedDocuments>::again(&self.core, signing.user, box_id).await else {
            return Ok(Ok(Posted::Left));
        };
        let made = match self.paper.generate_receipt(&permit, &request, &signer).await {
            Ok(made) => made,
            Err(PaperError::Core(error)) if is_fault(&error) => return Err(error),
            Err(error) => return Ok(Ok(left(signing, entity, &error))),
        };
        let known = DigestAlgorithm::ALL.into_iter().find(|algorithm| algorithm.name() == key.digest);
        let algorithm = known.ok_or(CoreError::CutOff)?;
        let digest = self.core.room.read(&made.content, move |bytes| algorithm.digest(bytes)).await?;
        let signature = match self.signatures(key, vec![digest]).await.map(|mut all| all.pop().flatten()) {
            Ok(Some(signature)) => signature,
            Ok(None) => return Ok(Err("the key did not sign a receipt".to_owned())),
            Err(reason) => return Ok(Err(reason)),
        };
        let mut command = PostPatch::empty(box_id, message);
        command.receipts.push(NewService {
            path: PATH.to_owned(),
            parent: entity,
            content: Source::Inline(made.content),
            signature: Source::Inline(signature),
            power: None,
            file_name: None,
            text: None,
            content_type_id: None,
            labels: Vec::new(),
        });
        let permit = Permit::<NamedDocuments<MayPatch>>::again(&self.core, signing.user, box_id).await;
        let Ok(permit) = permit else { return Ok(Ok(Posted::Left)) };
        match self.exchange.post_patch(&permit, command, operation).await {
            Ok(_) => Ok(Ok(Posted::Done)),
            Err(ExchangeError::Core(error)) if is_fault(&error) => Err(error),
            Err(error) => Ok(Ok(left(signing, entity, &error))),
        }
    }
}

/// The server's own, which may be gone when it is tried again.
const fn is_fault(error: &CoreError) -> bool {
    matches!(
        error,
        CoreError::Store(_)
            | CoreError::Content(_)
            | CoreError::NoRoom(_)
            | CoreError::CutOff
            | CoreError::Busy(_)
    )
}

/// What stands in the way of a receipt is for people to look at; the others of the batch do not wait for it.
fn left(signing: &Signing, entity: EntityId, error: &dyn std::error::Error) -> Posted {
    tracing::info!(signing = %signing.id, %entity, %error, "a receipt was left out");
    Posted::Left
}

/// The place that the result of another batch named.
fn place(key: &str) -> Result<DocumentPlace, Invalid> {
    let bytes = KEYS.decode(key).ok();
    let place = bytes.and_then(|bytes| DocumentPlace::from_bytes(DocumentOrder::Time, &bytes));
    place.ok_or_else(|| {
        Invalid::new("batchKey", "it is no NextBatchKey of AutoSignReceiptsResult; leave it out")
    })
}
