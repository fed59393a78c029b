//! Changes that are tried: everything is checked and decided as for a real one, and nothing is written.

use std::sync::{Arc, Mutex, PoisonError};

use potok_store::Operation;

use crate::Exchange;
use crate::core::Terms;

/// A signature that the call would take, and that its delivery would find bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeliverable {
    /// Where the signature stands in the request.
    pub path: String,
    /// What is wrong with it, in the words of whoever judged it; empty when there is nothing to say.
    pub words: Vec<String>,
}

/// What was found while changes were tried, besides what they would be answered.
#[derive(Debug, Default)]
pub(crate) struct Trial {
    /// Signatures are judged that a real call leaves to its delivery.
    judges: bool,
    found: Mutex<Vec<Undeliverable>>,
}

impl Exchange {
    /// The same exchange, on which changes are only tried: they are refused as the real ones, answered as the real ones (ids
    /// and times are those of the trial), and leave nothing behind.
    ///
    /// Signatures that a real call leaves to its delivery are judged too: see [`Self::undeliverable`].
    pub fn trial(&self) -> Self {
        let trial = Trial { judges: true, ..Trial::default() };
        Self { trial: Some(Arc::new(trial)), ..self.clone() }
    }

    /// The same, where signatures are left to the delivery that there will not be.
    pub(super) fn brief_trial(&self) -> Self {
        Self { trial: Some(Arc::default()), ..self.clone() }
    }

    /// What the trials found that a real call would answer with nothing, in the order of the request.
    pub fn undeliverable(&self) -> Vec<Undeliverable> {
        let found =
            self.trial.as_ref().map(|trial| trial.found.lock().unwrap_or_else(PoisonError::into_inner));
        found.map(|found| found.clone()).unwrap_or_default()
    }

    /// Signatures are judged that a real call leaves to its delivery.
    pub(super) fn judges_all(&self) -> bool {
        self.trial.as_ref().is_some_and(|trial| trial.judges)
    }

    pub(super) const fn is_trial(&self) -> bool {
        self.trial.is_some()
    }

    /// How changes are written here.
    pub(super) fn terms<'a>(&self, operation: Option<&'a Operation>) -> Terms<'a> {
        Terms { operation, settles: None, is_dry: self.is_trial() }
    }

    pub(super) fn note(&self, found: Undeliverable) {
        if let Some(trial) = &self.trial {
            trial.found.lock().unwrap_or_else(PoisonError::into_inner).push(found);
        }
    }
}
