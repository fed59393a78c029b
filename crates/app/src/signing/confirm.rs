//! `CloudSignConfirm`: the code that the holder of the key was told.

use potok_domain::signing::{CodeHash, Signing, Tried};
use potok_types::access::User;
use potok_types::{BoxId, TaskId};

use super::{LIFE_SECONDS, RemoteSigning, SigningError, TRIES};
use crate::Permit;
use crate::access::hash_of;

impl RemoteSigning {
    /// Takes a code for the signing that `token` names; the signatures will lie on the shelf if `on_shelf`. The task by which the
    /// result is asked for is the signing itself.
    ///
    /// # Errors
    /// [`SigningError::BadCode`], [`SigningError::TooLate`]; [`SigningError::Busy`].
    pub async fn confirm_by_code(
        &self,
        user: &Permit<User>,
        token: &str,
        code: &str,
        on_shelf: bool,
    ) -> Result<TaskId, SigningError> {
        let id: TaskId = token.parse().map_err(|_| SigningError::TooLate)?;
        let hash = code_hash(code);
        let tried = |known: Option<Signing>| {
            let now = self.core.clock.now();
            let since = now.plus_seconds(-LIFE_SECONDS);
            let known = known.filter(|it| it.user == user.id && it.is_by_code() && it.started_at >= since);
            match known.ok_or(SigningError::TooLate)?.tried(&hash, on_shelf, now) {
                Tried::Right(next) => Ok((next, true)),
                Tried::Wrong(next) => Ok((next, false)),
                Tried::TooLate => Err(SigningError::TooLate),
            }
        };
        match self.change(id, tried).await? {
            true => Ok(id),
            false => Err(SigningError::BadCode),
        }
    }

    /// Writes what `next` makes of a signing, which is asked again when somebody else was faster.
    ///
    /// # Errors
    /// What `next` says; [`SigningError::Busy`].
    pub(crate) async fn change<T>(
        &self,
        id: TaskId,
        next: impl Fn(Option<Signing>) -> Result<(Signing, T), SigningError>,
    ) -> Result<T, SigningError> {
        for _ in 0..TRIES {
            let (changed, told) = next(self.kept.signing(id).await?)?;
            if self.kept.change_signing(&changed).await? {
                self.ready.ring(BoxId::ZERO);
                return Ok(told);
            }
        }
        Err(SigningError::Busy(id))
    }
}

/// What is kept of a code: people type it with blanks, and without.
pub(crate) fn code_hash(code: &str) -> CodeHash {
    let digits: String = code.chars().filter(|char| !char.is_whitespace()).collect();
    hash_of(&digits).0
}
