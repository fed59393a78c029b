//! The holder's word, and what a worker says after it.

use potok_types::{TaskId, Ticks};

use super::{CodeHash, Done, Signing, Stage, Standing};

/// The holder's word changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningRefusal {
    /// Nothing waits for it.
    #[error("signing {0} waits for nobody: it was confirmed or refused before, or its time is over")]
    NotWaiting(TaskId),
    /// The program that asked has to send the code.
    #[error(
        "signing {0} is confirmed by a code, which the program sends that asked for it: give the holder the code"
    )]
    ByCode(TaskId),
    /// It is confirmed here.
    #[error("signing {0} is confirmed before the administrator: it needs no code")]
    WithoutCode(TaskId),
}

/// What a code that a program sent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is the right one.
    Right(Signing),
    /// It is not, and that is counted.
    Wrong(Signing),
    /// No code is right any more.
    TooLate,
}

impl Signing {
    /// The holder is told another code; those from before are not good any more.
    ///
    /// # Errors
    /// [`SigningRefusal::NotWaiting`], [`SigningRefusal::WithoutCode`].
    pub fn with_code(&self, hash: CodeHash, now: Ticks) -> Result<Self, SigningRefusal> {
        if !self.is_by_code() {
            return Err(SigningRefusal::WithoutCode(self.id));
        }
        match (&self.stage, self.standing(now)) {
            (Stage::Waiting { until, tries, .. }, Standing::Waiting { .. }) => {
                Ok(self.at(Stage::Waiting { until: *until, code: Some(hash), tries: *tries }))
            }
            _ => Err(SigningRefusal::NotWaiting(self.id)),
        }
    }

    /// A program sent a code.
    pub fn tried(&self, hash: &CodeHash, on_shelf: bool, now: Ticks) -> Tried {
        match (&self.stage, self.standing(now)) {
            (Stage::Waiting { code: Some(code), .. }, Standing::Waiting { .. }) if code == hash => {
                Tried::Right(self.at(Stage::Ready { on_shelf }))
            }
            (Stage::Waiting { until, code, tries }, Standing::Waiting { .. }) => {
                Tried::Wrong(self.at(Stage::Waiting { until: *until, code: *code, tries: tries + 1 }))
            }
            _ => Tried::TooLate,
        }
    }

    /// The holder confirmed, or refused, before the administrator. What is confirmed by a code can only be refused there.
    ///
    /// # Errors
    /// [`SigningRefusal::NotWaiting`], [`SigningRefusal::ByCode`].
    pub fn answered(&self, is_confirmed: bool, now: Ticks) -> Result<Self, SigningRefusal> {
        if is_confirmed && self.is_by_code() {
            return Err(SigningRefusal::ByCode(self.id));
        }
        match self.standing(now) {
            Standing::Waiting { .. } if is_confirmed => Ok(self.at(Stage::Ready { on_shelf: false })),
            Standing::Waiting { .. } => Ok(self.at(Stage::Cancelled)),
            _ => Err(SigningRefusal::NotWaiting(self.id)),
        }
    }

    /// A worker did it; `None` when it was not to be done, or somebody else did it.
    pub fn done(&self, done: Done) -> Option<Self> {
        matches!(self.stage, Stage::Ready { .. }).then(|| self.at(Stage::Done(done)))
    }

    /// A worker found that it cannot be done; `None` as for [`Self::done`].
    pub fn crashed(&self, reason: &str) -> Option<Self> {
        matches!(self.stage, Stage::Ready { .. })
            .then(|| self.at(Stage::Crashed { reason: reason.to_owned() }))
    }
}
