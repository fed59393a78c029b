//! `PostRoamingNotification`: another operator says what became of what its box got, and whoever sent that learns of it.

use std::collections::HashMap;

use bytes::Bytes;
use potok_domain::decide::Outcome;
use potok_domain::roaming::{self, NewReport, RoamingReport};
use potok_domain::{MessageState, Service};
use potok_types::access::RoamingOperator;
use potok_types::{EntityId, EventId, limits};

use crate::core::{NewChange, Terms};
use crate::{Exchange, ExchangeError, Missing, Permit};

const EVENT: &str = "RoamingNotificationToPost.EventId";

impl Exchange {
    /// Says in the box that sent an event what became of it with another operator.
    ///
    /// # Errors
    /// `CoreError::Invalid` for what the operator's box did not get, and what is no file that is delivered: nothing was written.
    pub async fn post_roaming_notification(
        &self,
        operator: &Permit<RoamingOperator>,
        report: NewReport,
    ) -> Result<(), ExchangeError> {
        let box_id = operator.actor.box_id();
        let event = report.event;
        let found = self.core.readings.event(box_id, event).await?.ok_or_else(|| {
            let reason = format!("event {event} is not in box {box_id}; take the id from its feed");
            ExchangeError::invalid(EVENT, reason)
        })?;
        let message = found.message_id;
        if report.message.is_some_and(|named| named != message) {
            let reason = format!("event {event} is of message {message}; name that, or leave it out");
            return Err(ExchangeError::invalid("RoamingNotificationToPost.MessageId", reason));
        }
        let state = self.core.state(box_id, message).await?;
        let about = about(&state, &report)?;
        let sender = state.counteragent().box_id;
        let mut small = Vec::new();
        let words = self.core.keep(Bytes::from(report.words.clone()), &mut small).await?;
        let text: String = report.words.trim().chars().take(limits::REASON_CHARS).collect();
        let text = Some(text).filter(|text| !text.is_empty());
        let report = RoamingReport { about, is_success: report.is_success, words, text };
        self.core
            .commit(sender, Terms::default(), || async {
                let state = self.core.find_state(sender, message).await?;
                let state = state.ok_or(Missing::ToChange { box_id: sender, message })?;
                let event = roaming::reported(&state, &report, self.core.clock.now(), &*self.core.entropy);
                Ok::<_, ExchangeError>(NewChange::all(
                    Outcome::inside(&state, event),
                    &HashMap::new(),
                    small.clone(),
                ))
            })
            .await?;
        Ok(())
    }
}

/// What the report is about: files that came to the operator's box.
fn about(state: &MessageState, report: &NewReport) -> Result<Vec<EntityId>, ExchangeError> {
    if report.about.is_empty() {
        let brought = brought_by(state, report.event);
        if brought.is_empty() {
            let reason = format!("event {} brought no document; name what is meant", report.event);
            return Err(ExchangeError::invalid("RoamingNotificationToPost.NotifiableEntityIds", reason));
        }
        return Ok(brought);
    }
    for (i, id) in report.about.iter().enumerate() {
        let came = state.entity(*id).is_some_and(|found| !found.is_own && !found.entity.is_private());
        if !came {
            let path = format!("RoamingNotificationToPost.NotifiableEntityIds[{i}]");
            let reason = format!("nobody sent {id} to this box in message {}", state.message_id);
            return Err(ExchangeError::invalid(path, reason));
        }
    }
    Ok(report.about.clone())
}

/// Documents, requests to revoke them and universal messages, of which people ask how they got there.
fn brought_by(state: &MessageState, event: EventId) -> Vec<EntityId> {
    let is_asked_of = |service: &Service| {
        matches!(service, Service::RevocationRequest { .. } | Service::UniversalMessage(_))
    };
    let brought = state.entities().iter().filter(|found| found.event == event && !found.is_own);
    let brought = brought
        .filter(|found| found.entity.document().is_some() || found.entity.service().is_some_and(is_asked_of));
    brought.map(|found| found.entity.id).collect()
}
