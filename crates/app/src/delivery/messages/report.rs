//! What the sending box is told. Telling it settles the delivery.

use potok_domain::operator::with_checked_powers;
use potok_domain::receive::{self, Arrived, FailureContents};
use potok_domain::strengthen;
use potok_seams::Judgement;
use potok_store::Leased;
use potok_types::EventId;

use super::confirm::Confirming;
use super::notice::notification;
use super::{Messages, Parcel};
use crate::core::{NewChange, Terms};
use crate::delivery::failed::Failed;

impl Messages {
    /// Tells that the event has arrived, as far as there is something to tell of it.
    pub(super) async fn report_delivery(
        &self,
        parcel: Parcel,
        arrived: Arrived,
        confirming: Confirming<'_>,
    ) -> Result<(), Failed> {
        let Parcel { leased, event, source, verdicts, copies, powers: [powers, _], contents } = parcel;
        let patch_id = EventId::from_uuid(self.core.entropy.id());
        let (box_id, to) = (leased.delivery.from, leased.delivery.to);
        let (event, verdicts, arrived, confirming) = (&event, &verdicts, &arrived, &confirming);
        let (copies, contents, powers) = (&copies, &contents, &powers);
        let mut known = Some(source);
        self.core
            .commit(box_id, settling(leased), || {
                let known = known.take();
                async move {
                    let source = self.core.known_or_newest(known, box_id, event.message_id).await?;
                    let now = self.core.clock.now();
                    let report =
                        receive::delivered(&source, event, verdicts, arrived.clone(), to, now, patch_id);
                    let Some(report) = report else { return Ok(Vec::new()) };
                    let report = strengthen::beside_originals(report, &source, verdicts, copies);
                    let report = with_checked_powers(report, Some(&source), powers);
                    let mut contents = contents.clone();
                    let report = confirming.put_into(report, &mut contents).await?;
                    Ok::<_, Failed>(vec![NewChange { contents, ..NewChange::next(&source, report) }])
                }
            })
            .await?;
        Ok(())
    }

    /// Tells which signatures are bad, and why.
    pub(super) async fn report_failure(
        &self,
        parcel: Parcel,
        judgements: &[Judgement],
    ) -> Result<(), Failed> {
        let Parcel { leased, event, source, verdicts, mut contents, .. } = parcel;
        let notification = notification(&source, judgements).into();
        let notification = self.core.keep(notification, &mut contents).await?;
        let mut reports = Vec::new();
        for judgement in judgements.iter().filter(|judgement| !judgement.verdict.is_valid) {
            let report =
                self.core.keep(self.core.rendering.verification_report(judgement), &mut contents).await?;
            reports.push((judgement.verdict.signature, report));
        }
        let failure = FailureContents { notification, reports };
        let patch_id = EventId::from_uuid(self.core.entropy.id());
        let box_id = leased.delivery.from;
        let (event, verdicts, failure, contents) = (&event, &verdicts, &failure, &contents);
        let mut known = Some(source);
        self.core
            .commit(box_id, settling(leased), || {
                let known = known.take();
                async move {
                    let source = self.core.known_or_newest(known, box_id, event.message_id).await?;
                    let (now, entropy) = (self.core.clock.now(), &*self.core.entropy);
                    let report = receive::not_delivered(
                        &source,
                        event,
                        verdicts,
                        failure.clone(),
                        now,
                        patch_id,
                        entropy,
                    );
                    let contents = contents.clone();
                    Ok::<_, Failed>(vec![NewChange { contents, ..NewChange::next(&source, report) }])
                }
            })
            .await?;
        Ok(())
    }

    /// Forgets a delivery of which there is nothing to tell: it has become pointless, or it was the copy for a third box.
    pub(super) async fn settle(&self, leased: Leased) -> Result<(), Failed> {
        Ok(self.core.settle(leased.token, leased.delivery.stream).await?)
    }
}

/// With the end of the delivery.
const fn settling(leased: Leased) -> Terms<'static> {
    Terms { operation: None, settles: Some(leased.token), is_dry: false }
}
