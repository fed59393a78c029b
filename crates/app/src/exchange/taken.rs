//! Whether what a box sends is taken where it goes. All that leaves a box asks [`Reception`]: new messages hand it to their
//! decision, patches ask here, and so does whatever was kept unsent, when it is sent.

use potok_domain::MessageState;
use potok_domain::decide::Rejection;
use potok_domain::directory::Organization;
use potok_domain::relation::{Reception, Status};
use potok_types::{BoxId, DepartmentId};

use crate::core::CoreError;
use crate::{Exchange, ExchangeError};

impl Exchange {
    /// Whether a post of the box `from` to the organization `to` would be taken now, and the department of `to` where it would
    /// come to lie; `None` is wherever `to` puts what names none. `asked` is the department that the post names, at `path` of
    /// the request. Nothing is written, and nothing is kept of the answer: the recipient may say something else the next moment.
    ///
    /// It is one question to the store, besides what was read to have `to`. Not asked here: whether `to` has the department,
    /// and invitations, which are always taken.
    ///
    /// # Errors
    /// [`ExchangeError::Rejected`] with `Rejection::CounteragentsOnly`, `Rejection::BlockedSender` or
    /// `Rejection::ClosedDepartment`, which is what the method that sends answers (409), and what the one that only asks lists.
    pub async fn admission(
        &self,
        from: BoxId,
        to: &Organization,
        asked: Option<DepartmentId>,
        path: &str,
    ) -> Result<Option<DepartmentId>, ExchangeError> {
        let takes = self.core.reception(to.box_id, from).await?;
        let admitted = takes.admit(to, asked, false);
        Ok(admitted.map_err(|why| Rejection::not_taken(to, path, why))?)
    }

    /// The word of the box that a command names, if it names one.
    pub(super) async fn reception(
        &self,
        other: Option<BoxId>,
        from: BoxId,
    ) -> Result<Option<Reception>, ExchangeError> {
        match other {
            Some(other) => Ok(Some(self.core.reception(other, from).await?)),
            None => Ok(None),
        }
    }

    /// Each of the boxes takes a patch of the message. Whoever answers an invitation, or takes one back, is heard by who sent or
    /// got it.
    pub(super) async fn check_patch_is_taken(
        &self,
        state: &MessageState,
        boxes: &[BoxId],
    ) -> Result<(), ExchangeError> {
        for other in boxes.iter().filter(|other| **other != BoxId::ZERO && state.invitation.is_none()) {
            let takes = self.core.reception(*other, state.box_id).await?;
            if takes.status == Some(Status::IsMyCounteragent) {
                continue;
            }
            let organization = self.core.organization(*other).await?;
            let organization = organization.ok_or(CoreError::NoOrganization(*other))?;
            let admitted = takes.admit(&organization, None, false);
            admitted.map_err(|why| Rejection::not_taken(&organization, "MessagePatchToPost", why))?;
        }
        Ok(())
    }
}
