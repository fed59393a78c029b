//! Events of messages: check the signatures, bring the event to the receiving box, tell the sending one.

mod arrival;
mod confirm;
mod judge;
mod notice;
mod powers;
mod report;
pub(crate) mod stamp;

use std::sync::Arc;

use async_trait::async_trait;
use potok_domain::operator::{CheckedPower, ConfirmationKind};
use potok_domain::receive::Arrived;
use potok_domain::strengthen::Strengthened;
use potok_domain::{Event, MessageState, Verdict};
use potok_seams::{Judgement, OperatorDocuments, SignatureVerifier};
use potok_store::{Leased, SmallContent};
use potok_types::{BoxId, EntityId};
use potok_workers::Turns;

use confirm::Confirming;
use powers::right_of;
use stamp::{Stamped, Stamps};

use super::carrier::Carrier;
use super::failed::Failed;
use crate::core::{Core, CoreError};

/// Carries events of messages.
pub(crate) struct Messages {
    pub(crate) core: Arc<Core>,
    pub(crate) verifier: Arc<dyn SignatureVerifier>,
    /// Makes the confirmations.
    pub(crate) operator: Arc<dyn OperatorDocuments>,
    /// Stamps what is delivered, if there is an authority for it.
    pub(crate) stamps: Option<Arc<Stamps>>,
    /// Of judging signatures, which keeps the processors busy.
    pub(crate) judging: Turns,
}

#[async_trait]
impl Carrier for Messages {
    async fn carry(&self, leased: Leased) -> Result<(), Failed> {
        self.deliver(leased).await
    }
}

/// One event on its way: where it comes from, and what the operator found and made on the way.
struct Parcel {
    /// The lease that telling the sending box settles.
    leased: Leased,
    /// The event of the sending box.
    event: Event,
    /// Its message there, as it was when the delivery began.
    source: Arc<MessageState>,
    /// What was found out about its signatures.
    verdicts: Vec<Verdict>,
    /// Signatures with time stamps.
    copies: Vec<Strengthened>,
    /// What was found out about its powers of attorney, for each of the two boxes.
    powers: [Vec<CheckedPower>; 2],
    /// Certificates and copies, not written anywhere yet.
    contents: Vec<SmallContent>,
}

impl Messages {
    async fn deliver(&self, leased: Leased) -> Result<(), Failed> {
        let delivery = leased.delivery;
        let no_source = Failed::NoSource { stream: delivery.stream, event: delivery.event };
        let Some(message) = delivery.stream.message() else { return Err(no_source) };
        let found = self.core.state_with(delivery.from, message, delivery.revision).await?;
        let Some((source, event)) = found.filter(|(_, event)| event.id == delivery.event) else {
            return Err(no_source);
        };
        let judgements = self.judge(&source, &event).await?;
        let powers = self.check_powers(&source, &event, delivery.to).await?;
        let has_power = |signature| powers.iter().any(|(of, _)| *of == signature);
        let verdicts = judgements.iter().map(|judgement| {
            let found = judgement.verdict.clone();
            let right = right_of(found.power_of_attorney, has_power(found.signature));
            Verdict { power_of_attorney: right, ..found }
        });
        let verdicts = verdicts.collect();
        // Each box has an id of its own for what was found.
        let arriving: Vec<CheckedPower> = powers.into_iter().map(|(_, checked)| checked).collect();
        let told = arriving.iter().map(|checked| {
            let id = EntityId::from_uuid(self.core.entropy.id());
            CheckedPower { id, ..checked.clone() }
        });
        let powers = [told.collect(), arriving];
        let contents = self.keep_certificates(&judgements).await?;
        let mut parcel = Parcel { leased, event, source, verdicts, copies: Vec::new(), powers, contents };
        if judgements.iter().any(|judgement| !judgement.verdict.is_valid) {
            return self.report_failure(parcel, &judgements).await;
        }
        if delivery.to == BoxId::ZERO {
            // Only the operator had to look at the signatures.
            let arrived = Arrived::at_operator(self.core.clock.now());
            return self
                .report_delivery(parcel, arrived, Confirming::nothing(&self.core, &*self.operator))
                .await;
        }
        let to = self.core.organization(delivery.to).await?;
        let to = to.ok_or(Failed::NoTarget(delivery.to))?;
        let Stamped { copies, contents } = match &self.stamps {
            Some(stamps) => stamps.of(&self.core, &parcel.source, &parcel.verdicts).await?,
            None => Stamped::default(),
        };
        parcel.copies = copies;
        parcel.contents.extend(contents);
        let Some(arrived) = self.hand_over(&parcel, &to).await? else {
            return self.settle(leased).await;
        };
        self.core.figures.arrived(parcel.event.at, self.core.clock.now());
        let kind = ConfirmationKind::Received;
        let confirming =
            Confirming::of(&self.core, &*self.operator, &parcel.source, &parcel.event, kind, &to).await?;
        self.report_delivery(parcel, arrived, confirming).await
    }

    /// Keeps the certificates that verdicts name; the small ones are written with the events that do.
    async fn keep_certificates(&self, judgements: &[Judgement]) -> Result<Vec<SmallContent>, CoreError> {
        let mut small = Vec::new();
        for certificate in judgements.iter().flat_map(|judgement| &judgement.certificates) {
            self.core.keep(certificate.clone(), &mut small).await?;
        }
        Ok(small)
    }
}
