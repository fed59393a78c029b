//! Deliveries between the boxes, as the workers do them.

use std::collections::HashSet;

use potok_domain::operator::{self, Confirmation, ConfirmationKind};
use potok_domain::receive::{self, Arrived, FailureContents, Receipt};
use potok_domain::strengthen::{self, Strengthened};
use potok_domain::templates;
use potok_domain::{Event, MessageState, PowerOfAttorney, Verdict};
use potok_types::{BoxId, EntityId, Entropy as _, EventId};

use crate::cast::{Who, box_of, bytes};
use crate::simulation::{Planned, Simulation};

impl Simulation {
    /// The first half of a delivery: what the receiving box takes, and the verdicts.
    pub fn hand_over(&mut self, planned: Planned) -> (Vec<Verdict>, Option<Receipt>) {
        let Planned { from, message, event, to } = planned;
        let source = self.state(from, message).expect("the event's box has the message");
        let events = self.events(from, message);
        let event = events.iter().find(|found| found.id == event).expect("the event was written").clone();
        let verdicts: Vec<Verdict> = receive::signatures_to_check(&source, &event)
            .into_iter()
            .map(|signature| {
                let content = source.entity(signature).and_then(|state| state.entity.content);
                Verdict {
                    signature,
                    is_valid: !self.bad.contains(&content.expect("a signature has bytes").hash),
                    power_of_attorney: Some(PowerOfAttorney::NotRequired),
                    verification: None,
                }
            })
            .collect();
        if verdicts.iter().any(|verdict| !verdict.is_valid) {
            return (verdicts, None);
        }
        let now = self.tick();
        let Some(to) = to else {
            return (verdicts, Some(Receipt::Already(Arrived::at_operator(now))));
        };
        let target = self.state(to, message);
        let receipt = receive::receive(
            &source,
            &event,
            &verdicts,
            target.as_ref(),
            &self.organizations[&to],
            now,
            &self.existing(to),
        );
        let receipt = match receipt {
            Receipt::New(mut arrived) => {
                receive::join(&mut arrived, |document| self.open_packet(to, document));
                let arrived = strengthen::in_place_of_originals(arrived, &self.stamped(&verdicts));
                let confirmations =
                    self.confirmations(&source, &event, ConfirmationKind::PassedOn, box_of(to));
                let arrived = operator::with_confirmations(arrived, &confirmations);
                self.journal.entry((to, message)).or_default().push(arrived.clone());
                let after = self.state(to, message).expect("it has an event now");
                for box_id in receive::onward(&after, &arrived, box_of(from)) {
                    let next = Who::of(box_id);
                    self.outbox.push_back(Planned { from: to, message, event: arrived.id, to: next });
                }
                self.tell_template(to, &after, &arrived);
                Receipt::New(arrived)
            }
            other => other,
        };
        (verdicts, Some(receipt))
    }

    /// What the template of a letter is told of what came to the letter.
    fn tell_template(&mut self, who: Who, letter: &MessageState, arrived: &Event) {
        let template = templates::template_of(letter).and_then(|template| self.state(who, template));
        let Some(template) = template else { return };
        let now = self.tick();
        let told = templates::refusal_told(letter, arrived, &template, now, &self.entropy);
        if let Some(told) = told {
            self.record(who, told);
        }
    }

    /// The second half: what the sending box is told.
    pub fn report(&mut self, planned: Planned, verdicts: &[Verdict], receipt: Option<Receipt>) {
        let Planned { from, message, event, to } = planned;
        let to = to.map_or(BoxId::ZERO, box_of);
        let source = self.state(from, message).expect("the event's box has the message");
        let events = self.events(from, message);
        let event = events.iter().find(|found| found.id == event).expect("the event was written").clone();
        let now = self.tick();
        let patch_id = EventId::from_uuid(self.entropy.uuid());
        let report = match receipt {
            Some(receipt) => match receipt.arrived() {
                None => return,
                Some(arrived) => {
                    let report = receive::delivered(&source, &event, verdicts, arrived, to, now, patch_id);
                    let Some(report) = report else { return };
                    let stamped = self.stamped(verdicts);
                    let report = strengthen::beside_originals(report, &source, verdicts, &stamped);
                    let confirmations = self.confirmations(&source, &event, ConfirmationKind::Received, to);
                    operator::with_confirmations(report, &confirmations)
                }
            },
            None => {
                let bad = verdicts.iter().filter(|verdict| !verdict.is_valid);
                let reports = bad.map(|verdict| (verdict.signature, bytes("report"))).collect();
                let failure = FailureContents { notification: bytes("notice"), reports };
                receive::not_delivered(&source, &event, verdicts, failure, now, patch_id, &self.entropy)
            }
        };
        self.journal.entry((from, message)).or_default().push(report);
    }

    /// The copies with time stamps, where the operator makes them. Their bytes follow from the signature, so that both
    /// halves of a delivery mean the same ones.
    fn stamped(&self, verdicts: &[Verdict]) -> Vec<Strengthened> {
        let good = verdicts.iter().filter(|verdict| self.stamps && verdict.is_valid);
        let copies = good.map(|verdict| Strengthened {
            original: verdict.signature,
            id: EntityId::from_uuid(self.entropy.uuid()),
            content: bytes(&format!("stamped {}", verdict.signature)),
        });
        copies.collect()
    }

    fn confirmations(
        &self,
        source: &MessageState,
        event: &Event,
        kind: ConfirmationKind,
        to: BoxId,
    ) -> Vec<Confirmation> {
        let due = operator::due(source, event, kind, to).into_iter();
        due.map(|due| Confirmation {
            attachment: due.attachment,
            kind,
            id: EntityId::from_uuid(self.entropy.uuid()),
            file_name: format!("about {}", due.file_name),
            content: bytes("confirmation"),
            signature_id: EntityId::from_uuid(self.entropy.uuid()),
            signature: bytes("signature of the operator"),
        })
        .collect()
    }

    /// Delivers everything planned, each event twice, as a worker that dies between the halves makes it happen.
    pub fn deliver_all(&mut self) {
        while let Some(planned) = self.outbox.pop_front() {
            let (verdicts, first) = self.hand_over(planned);
            let (_, second) = self.hand_over(planned);
            if let (Some(first @ Receipt::New(_)), second) = (&first, second) {
                let arrived = first.arrived().expect("it is new");
                assert_eq!(second, Some(Receipt::Already(arrived)), "what came is recognized");
            }
            self.report(planned, &verdicts, first);
        }
    }

    /// Delivers one of the planned events that may go now, if there are any: those of one message of one box go in order.
    /// A delivery that is cut off dies between its halves and is repeated later.
    pub fn deliver_one(&mut self, which: usize, is_cut: bool) {
        let mut seen = HashSet::new();
        let outbox = self.outbox.iter().enumerate();
        let due: Vec<usize> = outbox
            .filter(|(_, planned)| seen.insert((planned.from, planned.message)))
            .map(|(position, _)| position)
            .collect();
        if due.is_empty() {
            return;
        }
        let position = due[which % due.len()];
        let planned = self.outbox[position];
        let (verdicts, receipt) = self.hand_over(planned);
        if let Some(first @ Receipt::New(_)) = &receipt {
            let (_, again) = self.hand_over(planned);
            let arrived = first.arrived().expect("it is new");
            assert_eq!(again, Some(Receipt::Already(arrived)), "what came is recognized");
        }
        if !is_cut {
            self.report(planned, &verdicts, receipt);
            self.outbox.remove(position);
        }
    }
}
