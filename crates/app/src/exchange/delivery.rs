//! The operator's delivery: check signatures, write the event to the receiving box, report to the sending one.
//!
//! At least once, and safe to repeat: what has arrived is recognized, and the report settles the delivery in the same
//! append. Each append touches one box.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use potok_domain::access::Scope;
use potok_domain::directory::Organization;
use potok_domain::operator::ConfirmationKind;
use potok_domain::receive::{self, Arrived, FailureContents, Receipt};
use potok_domain::strengthen::{self, Strengthened};
use potok_domain::{DocumentRef, Entity, Event, MessageState, Verdict};
use potok_seams::{Judgement, OperatorError};
use potok_store::{Append, AppendError, Leased, SettleError, SmallContent, StreamAppend, StreamId, WorkerId};
use potok_types::{BoxId, ContentHash, EventId};

use super::confirm::Confirming;
use super::notice::notification;
use super::stamp::Stamped;
use crate::{App, AppError, CoreError};

/// A worker without work looks again after this time, in case a lease of another node ran out.
const IDLE: Duration = Duration::from_secs(1);
/// How often an append is tried again when others change the message meanwhile.
const TRIES: usize = 20;
/// Pauses after failed attempts, in seconds; the last one is kept.
const PAUSES_SECONDS: [i64; 5] = [1, 5, 15, 60, 300];

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many deliveries were handled; there may be more.
    Handled(usize),
    /// There was nothing to do.
    Idle,
}

/// Delivers what is due, step by step.
#[derive(Clone)]
pub struct DeliveryWorker {
    app: Arc<App>,
    id: WorkerId,
}

impl DeliveryWorker {
    /// A worker over `app`; any number may run at once.
    pub fn new(app: Arc<App>) -> Self {
        let id = WorkerId(app.entropy.uuid());
        Self { app, id }
    }

    /// One bounded step: leases what is due and handles all of it. Never cut in the middle; safe to repeat.
    ///
    /// # Errors
    /// `CoreError::Store` when nothing could be leased. Failures of single deliveries are logged and tried again.
    pub async fn work(&self) -> Result<Progress, AppError> {
        let options = &self.app.options;
        let now = self.app.clock.now();
        let until = now.plus_seconds(options.delivery_lease_seconds);
        let leased = self.app.store.lease_due(self.id, now, until, options.delivery_batch).await?;
        if leased.is_empty() {
            return Ok(Progress::Idle);
        }
        let count = leased.len();
        let mut tasks = tokio::task::JoinSet::new();
        for lease in leased {
            let app = Arc::clone(&self.app);
            tasks.spawn(async move { app.handle(lease).await });
        }
        while let Some(done) = tasks.join_next().await {
            if let Err(error) = done {
                // The lease runs out, and the delivery is handed out again.
                tracing::error!(%error, "a delivery was cut off by a fault of the server");
            }
        }
        Ok(Progress::Handled(count))
    }

    /// Waits until there may be work. Freely cancellable.
    pub async fn wait_for_work(&self) {
        // Nobody has to come: the time limit is what is waited for then.
        drop(tokio::time::timeout(IDLE, self.app.delivery_wanted.notified()).await);
    }

    /// Works until `stop` is done, then finishes the running step.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let wait = match self.work().await {
                Ok(Progress::Handled(_)) => false,
                Ok(Progress::Idle) => true,
                Err(error) => {
                    tracing::error!(error = %error, source = ?std::error::Error::source(&error), "deliveries could not be leased");
                    true
                }
            };
            let next = async {
                if wait {
                    self.wait_for_work().await;
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = next => {}
            }
        }
    }
}

/// Why an attempt failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Operator(#[from] OperatorError),
    #[error("there is no organization with the box {0}")]
    NoOrganization(BoxId),
    #[error("the lease ran out while the delivery was handled")]
    LeaseLost,
    #[error("this program does not know how to deliver a {0}: update it")]
    UnknownKind(StreamId),
    #[error("the sending box has no event {0} of this message")]
    NoSource(EventId),
    #[error("there is no box {0} to deliver to")]
    NoTarget(BoxId),
    #[error("the message was changed by others {TRIES} times in a row")]
    Busy,
}

impl From<CoreError> for Failed {
    fn from(error: CoreError) -> Self {
        Self::App(error.into())
    }
}

/// What the operator found and made before a delivery.
#[derive(Clone, Copy)]
struct Found<'a> {
    verdicts: &'a [Verdict],
    /// Signatures with time stamps.
    copies: &'a [Strengthened],
    /// Certificates and copies, not written anywhere yet.
    contents: &'a [SmallContent],
}

impl App {
    async fn handle(&self, leased: Leased) {
        let delivery = leased.delivery;
        match self.deliver(leased).await {
            Ok(()) => {}
            // Another worker has it by now.
            Err(Failed::LeaseLost) => {}
            Err(error) => {
                let attempt = leased.token.attempt;
                tracing::warn!(
                    stream = %delivery.stream, event.id = %delivery.event, to = %delivery.to, attempt,
                    %error, "delivery failed and will be tried again"
                );
                let step = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
                let pause = PAUSES_SECONDS[step.min(PAUSES_SECONDS.len() - 1)];
                let at = self.clock.now().plus_seconds(pause);
                match self.store.retry_at(leased.token, at, &error.to_string()).await {
                    Ok(()) | Err(SettleError::LeaseLost) => {}
                    Err(SettleError::Store(error)) => {
                        tracing::error!(%error, "a failed delivery could not be given back; its lease will run out");
                    }
                }
            }
        }
    }

    async fn deliver(&self, leased: Leased) -> Result<(), Failed> {
        let delivery = leased.delivery;
        let message_id = delivery.stream.message().ok_or(Failed::UnknownKind(delivery.stream))?;
        let found = self.state_with(delivery.from, message_id, delivery.event).await?;
        let (source, event) = found.ok_or(Failed::NoSource(delivery.event))?;
        let judgements = self.judge(&source, &event).await?;
        if judgements.iter().any(|judgement| !judgement.verdict.is_valid) {
            return self.report_failure(leased, &source, &event, &judgements).await;
        }
        let verdicts: Vec<Verdict> = judgements.iter().map(|judgement| judgement.verdict.clone()).collect();
        let mut beside = self.keep_certificates(&judgements).await?;
        let to = match delivery.to {
            // Only the operator had to look at the signatures.
            BoxId::ZERO => None,
            box_id => {
                let to = self.store.organization_by_box(box_id).await.map_err(AppError::from)?;
                Some(to.ok_or(Failed::NoTarget(box_id))?)
            }
        };
        let stamped = match &to {
            Some(_) => self.stamped(&source, &verdicts).await?,
            None => Stamped::default(),
        };
        beside.extend(stamped.contents);
        let found = Found { verdicts: &verdicts, copies: &stamped.copies, contents: &beside };
        let arrived = match &to {
            Some(to) => self.hand_over(&source, &event, found, to).await?,
            None => Some(Arrived::at_operator(self.clock.now())),
        };
        let Some(arrived) = arrived else { return self.settle(leased).await };
        let confirming = match &to {
            Some(to) => Confirming::of(self, &source, &event, ConfirmationKind::Received, to).await?,
            None => Confirming::nothing(self),
        };
        let patch_id = EventId::from_uuid(self.entropy.uuid());
        for _ in 0..TRIES {
            let now = self.clock.now();
            let report =
                receive::delivered(&source, &event, &verdicts, arrived.clone(), delivery.to, now, patch_id);
            let Some(report) = report else { return self.settle(leased).await };
            let report = strengthen::beside_originals(report, &source, &verdicts, &stamped.copies);
            let mut contents = beside.clone();
            let report = confirming.put_into(report, &mut contents).await?;
            if self.try_report(&leased, report, contents).await? {
                return Ok(());
            }
        }
        Err(Failed::Busy)
    }

    /// Writes the event to the receiving box, unless it is there already. `None`: there is nothing to deliver.
    async fn hand_over(
        &self,
        source: &MessageState,
        event: &Event,
        found: Found<'_>,
        to: &Organization,
    ) -> Result<Option<Arrived>, Failed> {
        let links: Vec<DocumentRef> = source
            .documents()
            .flat_map(|(_, document)| {
                document.initial_documents.iter().chain(&document.subordinate_documents)
            })
            .copied()
            .filter(|link| link.message_id != source.message_id)
            .collect();
        let existing = self.existing_documents(to.box_id, links, &Scope::All).await?;
        let packets = self.open_packets(to.box_id, &existing).await?;
        let confirming = Confirming::of(self, source, event, ConfirmationKind::PassedOn, to).await?;
        for _ in 0..TRIES {
            let target = self.find_state(to.box_id, source.message_id).await?;
            let now = self.clock.now();
            let receipt =
                receive::receive(source, event, found.verdicts, target.as_deref(), to, now, &existing);
            let told = receipt.arrived();
            let Receipt::New(mut arrived) = receipt else { return Ok(told) };
            receive::join(&mut arrived, |document| packets.get(&document).copied());
            let arrived = strengthen::in_place_of_originals(arrived, found.copies);
            let mut contents = self.copied_contents(source.box_id, &arrived, found.contents).await?;
            let arrived = confirming.put_into(arrived, &mut contents).await?;
            let after = match target {
                None => MessageState::open(to.box_id, &arrived).ok_or(AppError::Internal)?,
                Some(target) => {
                    let mut after = MessageState::clone(&target);
                    after.apply(&arrived);
                    after
                }
            };
            let mut links = receive::links(&arrived);
            links.extend(self.named_originals(&after, &arrived).await?);
            let onward: Vec<_> = receive::onward(&after, &arrived, source.box_id).into_iter().collect();
            let goes_on = !onward.is_empty();
            match self.append_one(&after, arrived, contents, links, onward, None).await {
                Ok(()) => {
                    if goes_on {
                        self.delivery_wanted.notify_one();
                    }
                    return Ok(told);
                }
                Err(AppendError::Stale { .. }) => {}
                Err(AppendError::Repeated(_)) => return Err(AppError::Internal.into()),
                Err(AppendError::LeaseLost) => return Err(Failed::LeaseLost),
                Err(AppendError::Store(error)) => return Err(AppError::from(error).into()),
            }
        }
        Err(Failed::Busy)
    }

    /// The small contents of an arriving event, to be kept in the receiving box too. Large ones are shared by name.
    /// `certificates` were found on the way and are not written anywhere yet.
    async fn copied_contents(
        &self,
        from: BoxId,
        arrived: &Event,
        certificates: &[SmallContent],
    ) -> Result<Vec<SmallContent>, AppError> {
        let mut copied: Vec<SmallContent> = certificates.to_vec();
        let found: HashSet<ContentHash> = certificates.iter().map(|kept| kept.hash).collect();
        let hashes: HashSet<ContentHash> = arrived
            .entities()
            .iter()
            .flat_map(Entity::contents)
            .filter(|content| content.size_bytes <= self.small_content_bytes)
            .map(|content| content.hash)
            .filter(|hash| !found.contains(hash))
            .collect();
        let hashes: Vec<ContentHash> = hashes.into_iter().collect();
        copied.extend(self.store.small_contents(from, &hashes).await?);
        Ok(copied)
    }

    /// Keeps the certificates that verdicts name; the small ones are written with the events that do.
    async fn keep_certificates(&self, judgements: &[Judgement]) -> Result<Vec<SmallContent>, AppError> {
        let mut small = Vec::new();
        for certificate in judgements.iter().flat_map(|judgement| &judgement.certificates) {
            self.keep(certificate.clone(), &mut small).await?;
        }
        Ok(small)
    }

    async fn report_failure(
        &self,
        leased: Leased,
        source: &MessageState,
        event: &Event,
        judgements: &[Judgement],
    ) -> Result<(), Failed> {
        let mut contents = self.keep_certificates(judgements).await?;
        let notification = notification(source, judgements).into();
        let notification = self.keep(notification, &mut contents).await?;
        let mut reports = Vec::new();
        for judgement in judgements.iter().filter(|judgement| !judgement.verdict.is_valid) {
            let report = self.keep(self.rendering.verification_report(judgement), &mut contents).await?;
            reports.push((judgement.verdict.signature, report));
        }
        let failure = FailureContents { notification, reports };
        let verdicts: Vec<Verdict> = judgements.iter().map(|judgement| judgement.verdict.clone()).collect();
        let patch_id = EventId::from_uuid(self.entropy.uuid());
        for _ in 0..TRIES {
            let now = self.clock.now();
            let report = receive::not_delivered(
                source,
                event,
                &verdicts,
                failure.clone(),
                now,
                patch_id,
                &*self.entropy,
            );
            if self.try_report(&leased, report, contents.clone()).await? {
                return Ok(());
            }
        }
        Err(Failed::Busy)
    }

    /// Tells the sending box what became of its event, and settles the delivery in the same append. False: the message
    /// was changed meanwhile.
    async fn try_report(
        &self,
        leased: &Leased,
        report: Event,
        contents: Vec<SmallContent>,
    ) -> Result<bool, Failed> {
        let state = self.state(leased.delivery.from, report.message_id).await?;
        let mut after = MessageState::clone(&state);
        after.apply(&report);
        match self.append_one(&after, report, contents, Vec::new(), Vec::new(), Some(leased.token)).await {
            Ok(()) => Ok(true),
            Err(AppendError::Stale { .. }) => Ok(false),
            Err(AppendError::Repeated(_)) => Err(AppError::Internal.into()),
            Err(AppendError::LeaseLost) => Err(Failed::LeaseLost),
            Err(AppendError::Store(error)) => Err(AppError::from(error).into()),
        }
    }

    /// Forgets a delivery of which there is nothing to tell: it has become pointless, or it was the copy for a third box.
    async fn settle(&self, leased: Leased) -> Result<(), Failed> {
        match self.store.append(Append::settling(leased.token)).await {
            Ok(_) => Ok(()),
            Err(AppendError::LeaseLost) => Err(Failed::LeaseLost),
            Err(AppendError::Store(error)) => Err(AppError::from(error).into()),
            // It names neither an operation nor a stream.
            Err(AppendError::Repeated(_) | AppendError::Stale { .. }) => Err(AppError::Internal.into()),
        }
    }

    async fn append_one(
        &self,
        after: &MessageState,
        event: Event,
        contents: Vec<SmallContent>,
        links: Vec<(DocumentRef, DocumentRef)>,
        deliver_to: Vec<BoxId>,
        settles: Option<potok_store::LeaseToken>,
    ) -> Result<(), AppendError> {
        let of_message = self.of_message(after, &event, deliver_to);
        let of_message = StreamAppend { contents, links, ..of_message };
        self.store.append(Append { settles, ..Append::new(after.box_id, vec![of_message]) }).await?;
        self.states.put(&Arc::new(after.clone()));
        Ok(())
    }
}
