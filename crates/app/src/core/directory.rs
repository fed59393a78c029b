//! The one way in which the directory changes: read, decide, append; and again when others were faster.

use potok_domain::Revision;
use potok_domain::directory::{DirectoryEvent, DirectoryWish};
use potok_store::{Append, AppendError, StreamAppend, StreamId, UserCertificate};
use potok_types::{BoxId, EventId, UserId};

use super::{Core, CoreError};

/// How often a decision is taken when others keep changing what it stands on.
const TRIES: usize = 20;

/// What somebody wants changed together, all or nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct DirectoryWishes {
    /// What there is to be afterwards, in this order. Nothing: nothing is written.
    pub(crate) wishes: Vec<DirectoryWish>,
    /// For the user among them who gets one, the hash of the password.
    pub(crate) password_hash: Option<String>,
    /// For the user among them who gets one, a certificate that opens the account.
    pub(crate) certificate: Option<UserCertificate>,
}

impl From<DirectoryWish> for DirectoryWishes {
    fn from(wish: DirectoryWish) -> Self {
        Self { wishes: vec![wish], ..Self::default() }
    }
}

impl Core {
    /// Changes the directory of `box_id` as `decide` wants, in the name of `author` (`None`: of whoever administers the
    /// server). `decide` reads what it stands on each time that it is asked, because it is asked again when others changed
    /// that meanwhile; what it tells beside is handed on.
    ///
    /// # Errors
    /// What `decide` says; else [`CoreError::Busy`] and [`CoreError::Store`].
    pub(crate) async fn change_directory<T, E, D>(
        &self,
        box_id: BoxId,
        author: Option<UserId>,
        mut decide: impl FnMut() -> D,
    ) -> Result<T, E>
    where
        E: From<CoreError>,
        D: Future<Output = Result<(DirectoryWishes, T), E>>,
    {
        let stream = StreamId::directory(box_id);
        let mut expected = self.journal.revision(box_id, stream).await.map_err(CoreError::Store)?;
        for _ in 0..TRIES {
            let (wishes, told) = decide().await?;
            if wishes.wishes.is_empty() {
                return Ok(told);
            }
            let append = Append::new(box_id, vec![self.prepare(box_id, author, expected, wishes)]);
            match self.journal.append(append).await {
                Ok(_) => return Ok(told),
                Err(AppendError::Stale { found, .. }) => expected = found,
                // Whoever wants a user looks for the login and the certificate, and finds them the next time.
                Err(AppendError::LoginTaken(_)) => {}
                Err(AppendError::Store(error)) => return Err(CoreError::Store(error).into()),
                Err(AppendError::Repeated(_) | AppendError::LeaseLost | AppendError::Erased(_)) => break,
            }
        }
        Err(CoreError::Busy(box_id).into())
    }

    fn prepare(
        &self,
        box_id: BoxId,
        author: Option<UserId>,
        expected: Revision,
        wishes: DirectoryWishes,
    ) -> StreamAppend {
        let at = self.clock.now();
        let event = |DirectoryWish { kind, change }| DirectoryEvent {
            id: EventId::from_uuid(self.entropy.id()),
            at,
            author,
            kind,
            change,
        };
        let events: Vec<DirectoryEvent> = wishes.wishes.into_iter().map(event).collect();
        let mut prepared = StreamAppend::of_directory(box_id, expected, &events);
        let user = prepared.directory.iter_mut().find(|row| row.is_of_user());
        if let Some(row) = user {
            row.password_hash = wishes.password_hash;
            row.certificate = wishes.certificate;
        }
        prepared
    }
}
