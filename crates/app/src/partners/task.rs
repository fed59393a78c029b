//! `AcquireCounteragentResult`: what an invitation came to.

use potok_domain::DocumentRef;
use potok_domain::directory::Organization;
use potok_store::TaskOutcome;
use potok_types::TaskId;
use potok_types::access::TaskOwner;

use super::{Partners, PartnersError};
use crate::Permit;
use crate::core::CoreError;

/// Why nobody was invited by a document that the operator did not deliver.
const BAD_SIGNATURE: &str = "AcquireCounteragentRequest.InvitationDocument.SignedContent.Signature: the signature is not \
                             valid, so the invitation was not sent; sign the document again, and invite again";

/// How long a result is kept.
const LIFE_SECONDS: i64 = 24 * 3600;

/// Who was invited, or is a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acquired {
    /// The organization.
    pub organization: Organization,
    /// The document that came with the invitation.
    pub document: Option<DocumentRef>,
}

impl Partners {
    /// What the task came to; `None` while it is on the way.
    ///
    /// # Errors
    /// [`PartnersError::NoTask`], also for tasks of others: which of the two is not told. [`PartnersError::TaskFailed`].
    pub async fn acquired(
        &self,
        user: &Permit<TaskOwner>,
        id: TaskId,
    ) -> Result<Option<Acquired>, PartnersError> {
        let since = self.core.clock.now().plus_seconds(-LIFE_SECONDS);
        let found = self.tasks.task(id).await?;
        let task = found.filter(|task| task.user == user.id && task.started_at >= since);
        let task = task.ok_or(PartnersError::NoTask(id))?;
        let (counteragent, document) = match task.outcome {
            TaskOutcome::Failed { reason } => return Err(PartnersError::TaskFailed(reason)),
            TaskOutcome::Power { .. } | TaskOutcome::NoPower { .. } => return Err(PartnersError::NoTask(id)),
            TaskOutcome::Done { counteragent } => (counteragent, None),
            TaskOutcome::WithDocument { counteragent, document } => {
                let message = self.core.state(task.box_id, document.message_id).await?;
                let is_bad = message.entity(document.entity_id).is_some_and(|found| found.is_undeliverable);
                if !message.is_delivered && is_bad {
                    return Err(PartnersError::TaskFailed(BAD_SIGNATURE.to_owned()));
                }
                if !message.is_delivered {
                    return Ok(None);
                }
                (counteragent, Some(document))
            }
        };
        let organization = self.core.directory.organization_by_box(counteragent).await?;
        let organization = organization.ok_or(PartnersError::NoTask(id))?;
        Ok(Some(Acquired { organization, document }))
    }

    /// Forgets the tasks whose results nobody may ask for any more: how many.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn forget_old_tasks(&self) -> Result<u64, CoreError> {
        let since = self.core.clock.now().plus_seconds(-LIFE_SECONDS);
        Ok(self.tasks.forget_tasks(since).await?)
    }
}
