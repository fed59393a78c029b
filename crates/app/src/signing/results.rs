//! `DssSignResult`, `CloudSignResult`, `CloudSignConfirmResult`, `AutoSignReceiptsResult`: what came of signing.

use potok_domain::signing::{
    Done, DssResult, DssStatus, MadeSignature, SignedReceipts, Signing, Standing, Way, Work,
};
use potok_types::access::{BoxEmployee, TaskOwner};
use potok_types::{TaskId, UserId};

use super::{LIFE_SECONDS, RemoteSigning, SigningError};
use crate::Permit;

impl RemoteSigning {
    /// What `DssSign` has come to.
    ///
    /// # Errors
    /// [`SigningError::NoTask`], also for tasks of other boxes.
    pub async fn dss_result(
        &self,
        actor: &Permit<BoxEmployee>,
        id: TaskId,
    ) -> Result<DssResult, SigningError> {
        let signing = self.fresh(id).await?;
        let Work::Files { way: Way::Dss { box_id, confirmed }, .. } = &signing.work else {
            return Err(SigningError::NoTask(id));
        };
        if *box_id != actor.box_id() {
            return Err(SigningError::NoTask(id));
        }
        let status = match signing.standing(self.core.clock.now()) {
            Standing::Waiting { .. } | Standing::Running => DssStatus::InProgress,
            Standing::Done(Done::Signatures(made)) => DssStatus::Completed(made.clone()),
            Standing::Cancelled => DssStatus::Cancelled,
            Standing::Expired => DssStatus::Timeout,
            Standing::Occupied => DssStatus::Occupied,
            Standing::Crashed(_) | Standing::Done(_) => DssStatus::Crashed,
        };
        Ok(DssResult { status, confirmed: *confirmed })
    }

    /// The token of `CloudSign`; `None` until the holder is told a code.
    ///
    /// # Errors
    /// [`SigningError::NoTask`]; [`SigningError::Failed`] when nothing will be signed any more.
    pub async fn cloud_token(
        &self,
        user: &Permit<TaskOwner>,
        id: TaskId,
    ) -> Result<Option<TaskId>, SigningError> {
        let signing = self.by_code(user.id, id).await?;
        match signing.standing(self.core.clock.now()) {
            Standing::Waiting { has_code: false } => Ok(None),
            Standing::Waiting { has_code: true } | Standing::Running | Standing::Done(_) => Ok(Some(id)),
            other => Err(failed(other)),
        }
    }

    /// The signatures of `CloudSign`; `None` until they are made.
    ///
    /// # Errors
    /// [`SigningError::NoTask`], also for what was not confirmed; [`SigningError::Failed`] when nothing was signed.
    pub async fn cloud_signatures(
        &self,
        user: &Permit<TaskOwner>,
        id: TaskId,
    ) -> Result<Option<Vec<MadeSignature>>, SigningError> {
        let signing = self.by_code(user.id, id).await?;
        match signing.standing(self.core.clock.now()) {
            Standing::Waiting { .. } => Err(SigningError::NoTask(id)),
            Standing::Running => Ok(None),
            Standing::Done(Done::Signatures(made)) => {
                let all: Option<Vec<MadeSignature>> =
                    made.iter().map(|signature| signature.clone().map(MadeSignature::Inline)).collect();
                let lacking = "the key did not sign one of the files; begin again with CloudSign";
                all.map(Some).ok_or_else(|| SigningError::Failed(lacking.to_owned()))
            }
            Standing::Done(Done::OnShelf(names)) => {
                Ok(Some(names.iter().cloned().map(MadeSignature::OnShelf).collect()))
            }
            other => Err(failed(other)),
        }
    }

    /// What `AutoSignReceipts` did; `None` until it is done.
    ///
    /// # Errors
    /// [`SigningError::NoTask`], also for what came to nothing: then nothing was posted but what the documents show.
    pub async fn signed_receipts(
        &self,
        user: &Permit<TaskOwner>,
        id: TaskId,
    ) -> Result<Option<SignedReceipts>, SigningError> {
        let signing = self.own(user.id, id).await?;
        let Work::Receipts { next, .. } = &signing.work else { return Err(SigningError::NoTask(id)) };
        match signing.standing(self.core.clock.now()) {
            Standing::Waiting { .. } | Standing::Running => Ok(None),
            Standing::Done(Done::Receipts(count)) => {
                Ok(Some(SignedReceipts { count: *count, next: next.clone() }))
            }
            _ => Err(SigningError::NoTask(id)),
        }
    }

    async fn by_code(&self, user: UserId, id: TaskId) -> Result<Signing, SigningError> {
        let signing = self.own(user, id).await?;
        if signing.is_by_code() { Ok(signing) } else { Err(SigningError::NoTask(id)) }
    }

    async fn own(&self, user: UserId, id: TaskId) -> Result<Signing, SigningError> {
        let signing = self.fresh(id).await?;
        if signing.user == user { Ok(signing) } else { Err(SigningError::NoTask(id)) }
    }

    async fn fresh(&self, id: TaskId) -> Result<Signing, SigningError> {
        let since = self.core.clock.now().plus_seconds(-LIFE_SECONDS);
        let found = self.kept.signing(id).await?;
        found.filter(|it| it.started_at >= since).ok_or(SigningError::NoTask(id))
    }
}

/// Why nothing will be signed any more.
fn failed(standing: Standing<'_>) -> SigningError {
    let reason = match standing {
        Standing::Cancelled => "the holder of the key refused to sign",
        Standing::Expired => "the holder of the key did not confirm in time; begin again with CloudSign",
        Standing::Crashed(reason) => reason,
        _ => "nothing was signed; begin again with CloudSign",
    };
    SigningError::Failed(reason.to_owned())
}
