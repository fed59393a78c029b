//! Who signs, beside the calls.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use potok_domain::access::Action;
use potok_domain::signing::{Confirmed, Done, HeldKey, Signing, Stage, Way, Work};
use potok_store::StoreError;
use potok_types::access::{BoxEmployee, MaySign};
use potok_types::{BoxId, TaskId, Ticks, limits};
use potok_workers::{Listener, Progress, Worker, pause};

use super::{LIFE_SECONDS, RemoteSigning};
use crate::Permit;
use crate::access::{AccessError, is_blocked};
use crate::core::CoreError;
use crate::shelf::{ShelfError, ShelfUpload};

/// How long a worker may be at one signing without renewing its lease, before another one begins it too. Both may end it: what
/// was done is written once, and posts have operations of their own.
const LEASE_SECONDS: i64 = 10;
/// A lease is renewed after so long, as long as the key is at work.
const RENEWED_AFTER: Duration = Duration::from_secs(5);
/// A key that has not signed after so many renewals hangs.
const MOST_RENEWALS: u32 = 120;
/// When a signing is tried again that the server could not do.
const RETRY_SECONDS: i64 = 5;
/// A worker without work looks again after this time: commands of the administrator ring no bell.
const IDLE: Duration = Duration::from_secs(1);

/// Signs what was confirmed, one after the other, oldest first.
pub struct SigningWorker {
    signing: Arc<RemoteSigning>,
    bell: Listener,
}

impl RemoteSigning {
    /// Somebody who signs.
    pub fn worker(self: &Arc<Self>) -> SigningWorker {
        SigningWorker { bell: self.ready.listen(), signing: Arc::clone(self) }
    }

    /// Takes from the workers of a program that died what they had, so that it is done at once: how many signings that was.
    /// Nobody else may be signing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn free(&self) -> Result<u64, StoreError> {
        self.kept.free_signings().await
    }

    /// Forgets what nobody may ask for any more: how many.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn forget_old(&self) -> Result<u64, CoreError> {
        let since = self.core.clock.now().plus_seconds(-LIFE_SECONDS);
        Ok(self.kept.forget_signings(since).await?)
    }

    /// Does one signing: what was done is written once, however often it is tried.
    async fn do_one(&self) -> Result<Progress, CoreError> {
        let now = self.core.clock.now();
        let mut until = now.plus_seconds(LEASE_SECONDS);
        let Some(signing) = self.kept.claim_signing(now, until).await? else { return Ok(Progress::Idle) };
        let next = match self.held(&signing, &mut until).await {
            Err(error) => {
                let again = self.core.clock.now().plus_seconds(RETRY_SECONDS);
                self.kept.release_signing(signing.id, until, again).await?;
                return Err(error);
            }
            Ok(Ok(done)) => signing.done(done),
            Ok(Err(reason)) => {
                tracing::warn!(signing = %signing.id, reason, "a signing came to nothing");
                signing.crashed(&reason)
            }
        };
        if let Some(next) = next {
            // Whoever was faster has written the same.
            self.kept.change_signing(&next).await?;
        }
        Ok(Progress::Worked)
    }

    /// Does it, and renews its lease meanwhile, which ends at `until`.
    async fn held(&self, signing: &Signing, until: &mut Ticks) -> Result<Result<Done, String>, CoreError> {
        let mut done = std::pin::pin!(self.done(signing));
        for _ in 0..MOST_RENEWALS {
            tokio::select! {
                biased;
                done = &mut done => return done,
                () = pause(RENEWED_AFTER) => {}
            }
            let next = self.core.clock.now().plus_seconds(LEASE_SECONDS);
            // Should that fail, another one may begin it too.
            if self.kept.release_signing(signing.id, *until, next).await.is_ok() {
                *until = next;
            }
        }
        done.await
    }

    /// What came of it; inside, why it cannot be done.
    async fn done(&self, signing: &Signing) -> Result<Result<Done, String>, CoreError> {
        let held = self.kept.held_keys(signing.user).await?;
        let Some(key) = held.into_iter().find(|key| key.name == signing.key) else {
            return Ok(Err("the key was taken away".to_owned()));
        };
        if is_blocked(&self.core, signing.user).await? {
            return Ok(Err("the user is blocked".to_owned()));
        }
        match &signing.work {
            Work::Files { way, files } => {
                if let Way::Dss { box_id, confirmed } = way {
                    let parts: &[Action] = match confirmed {
                        Confirmed::ByHolder => &[Action::UseGoskey],
                        Confirmed::Nowhere | Confirmed::Elsewhere => &[],
                    };
                    if let Err(reason) = self.may_still(signing, *box_id, parts).await? {
                        return Ok(Err(reason));
                    }
                }
                let digests = files.iter().map(|file| file.digest.clone()).collect();
                let made = match self.signatures(&key, digests).await {
                    Ok(made) => made,
                    Err(reason) => return Ok(Err(reason)),
                };
                match signing.stage {
                    Stage::Ready { on_shelf: true } => self.put_on_shelf(signing, made).await,
                    _ => Ok(Ok(Done::Signatures(made))),
                }
            }
            Work::Receipts { box_id, targets, .. } => {
                if let Err(reason) = self.may_still(signing, *box_id, &[]).await? {
                    return Ok(Err(reason));
                }
                self.receipts(signing, *box_id, &key, targets).await
            }
        }
    }

    /// The signatures over contents with these digests; what went wrong with the key is for the log.
    pub(super) async fn signatures(
        &self,
        key: &HeldKey,
        digests: Vec<Vec<u8>>,
    ) -> Result<Vec<Option<Bytes>>, String> {
        let signed = self.keys.sign(&key.place, key.name, digests, self.core.clock.now()).await;
        signed.map_err(|error| {
            tracing::error!(%error, user = %key.user, "a key of a user cannot be used");
            "the key cannot be used now: the log of the server says why".to_owned()
        })
    }

    /// Whether the user still has the rights in the box that it needed; inside, which are gone.
    async fn may_still(
        &self,
        signing: &Signing,
        box_id: BoxId,
        parts: &[Action],
    ) -> Result<Result<(), String>, CoreError> {
        match Permit::<BoxEmployee<MaySign>>::again(&self.core, signing.user, box_id).await {
            Ok(permit) => Ok(permit.check_parts(parts).map_err(|denied| denied.to_string())),
            Err(AccessError::Core(error @ (CoreError::Store(_) | CoreError::CutOff))) => Err(error),
            Err(error) => Ok(Err(error.to_string())),
        }
    }

    async fn put_on_shelf(
        &self,
        signing: &Signing,
        made: Vec<Option<Bytes>>,
    ) -> Result<Result<Done, String>, CoreError> {
        let Some(made) = made.into_iter().collect::<Option<Vec<Bytes>>>() else {
            return Ok(Err("the key did not sign one of the files".to_owned()));
        };
        let mut names = Vec::with_capacity(made.len());
        for (nth, bytes) in made.into_iter().enumerate() {
            let name = shelf_name(signing.id, nth);
            let upload = ShelfUpload { name: name.clone(), part_index: 0, is_last: true };
            match self.shelf.put(signing.user, &upload, bytes, limits::SHELF_LIFETIME_SECONDS).await {
                Ok(()) => names.push(name),
                Err(ShelfError::Core(error)) => return Err(error),
                Err(error) => return Ok(Err(error.to_string())),
            }
        }
        Ok(Ok(Done::OnShelf(names)))
    }
}

fn shelf_name(id: TaskId, nth: usize) -> String {
    format!("{id}-{nth}.sgn")
}

impl SigningWorker {
    /// Signs everything that is to be signed.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn drain(&mut self) -> Result<(), CoreError> {
        while self.step().await? == Progress::Worked {}
        Ok(())
    }
}

impl Worker for SigningWorker {
    type Error = CoreError;

    fn name(&self) -> &'static str {
        "signing"
    }

    async fn step(&mut self) -> Result<Progress, CoreError> {
        self.bell.heard();
        self.signing.do_one().await
    }

    async fn rest(&mut self) {
        tokio::select! {
            () = self.bell.rung() => {}
            () = pause(IDLE) => {}
        }
    }

    fn tell(&self, error: CoreError, pause: Duration) {
        tracing::warn!(%error, ?pause, "nothing could be signed; tried again after a pause");
    }
}
