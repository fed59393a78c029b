//! What may be done about a relation, and what it comes to.

use potok_types::{BoxId, Ticks};

use super::{Act, Deed, Invitation, Relation, Status};
use crate::DocumentRef;
use crate::directory::{Organization, RoamingOperator};

/// An invitation, or the answer to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// What is written with it.
    pub message: Option<String>,
    /// The document that comes with it.
    pub attachment: Option<Attachment>,
    /// The other side takes documents from everybody, so it agrees to everybody too.
    pub is_welcome: bool,
    /// When the command came.
    pub at: Ticks,
}

/// The document of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Where it is; `None` before it was posted.
    pub document: Option<DocumentRef>,
    /// The other side is asked to sign it.
    pub needs_signature: bool,
}

/// Why nothing is done about a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelationRefusal {
    /// The document of the invitation asks for a signature.
    #[error(
        "the invitation of box {other} has a document that waits for a signature: sign it by PostMessagePatch, which \
         accepts the invitation, or refuse to sign it"
    )]
    NeedsResponse {
        /// Who invited.
        other: BoxId,
    },
    /// An invitation is answered with another document.
    #[error(
        "box {other} has invited this one: accept without InvitationDocument, and send the document as a message afterwards"
    )]
    AnsweredByDocument {
        /// Who invited.
        other: BoxId,
    },
    /// The invitation that should be taken back has a document.
    #[error(
        "the invitation to box {other} has a document: revoke that by GenerateRevocationRequestXml and PostMessagePatch"
    )]
    NeedsRevocation {
        /// Who was invited.
        other: BoxId,
    },
    /// An organization and its own box.
    #[error("box {0} is the organization's own: name the box of another organization")]
    OwnBox(BoxId),
    /// The other side is with another operator, to whom nothing leads from here.
    #[error(
        "box {other} is with another operator. Setting is required for document exchange: ask the administrator of the server"
    )]
    RoamingRequired {
        /// The other side.
        other: BoxId,
    },
    /// The other side is no more.
    #[error("the organization of box {other} is liquidated: it can be nobody's partner any more")]
    Liquidated {
        /// The other side.
        other: BoxId,
    },
    /// Only one of the two is a test organization.
    #[error("test organizations and others are no partners of each other: box {other} is of the other sort")]
    TestAndReal {
        /// The other side.
        other: BoxId,
    },
}

/// Can the two become partners at all? `operator` is that of the other one where it is with another operator, as far as it
/// is known.
///
/// # Errors
/// [`RelationRefusal::OwnBox`], [`RelationRefusal::RoamingRequired`], [`RelationRefusal::Liquidated`],
/// [`RelationRefusal::TestAndReal`].
pub fn check_sides(
    me: &Organization,
    other: &Organization,
    operator: Option<&RoamingOperator>,
) -> Result<(), RelationRefusal> {
    if me.box_id == other.box_id {
        return Err(RelationRefusal::OwnBox(me.box_id));
    }
    if other.is_roaming && !operator.is_some_and(RoamingOperator::takes_invitations) {
        return Err(RelationRefusal::RoamingRequired { other: other.box_id });
    }
    if other.restrictions.liquidated_on.is_some() {
        return Err(RelationRefusal::Liquidated { other: other.box_id });
    }
    if me.is_test != other.is_test {
        return Err(RelationRefusal::TestAndReal { other: other.box_id });
    }
    Ok(())
}

impl Relation {
    /// The next act of this side, which knows all that is known here.
    fn act(&self, at: Ticks, deed: Deed, message: Option<String>) -> Act {
        let number = self.mine().map_or(0, |act| act.number) + 1;
        Act { number, seen: self.seen(), at, deed, message }
    }
}

/// Asks for a partnership, or agrees to one. `None`: nothing has to be done.
///
/// # Errors
/// [`RelationRefusal::NeedsResponse`], [`RelationRefusal::AnsweredByDocument`].
pub fn acquire(relation: &Relation, invite: Invite) -> Result<Option<Act>, RelationRefusal> {
    let other = relation.other;
    let before = relation.status();
    let deed = match before {
        Some(Status::IsMyCounteragent | Status::IsInvitedByMe) => return Ok(None),
        Some(Status::InvitesMe) if relation.invitation().is_some_and(|it| it.needs_signature) => {
            return Err(RelationRefusal::NeedsResponse { other });
        }
        Some(Status::InvitesMe) if invite.attachment.is_some() => {
            return Err(RelationRefusal::AnsweredByDocument { other });
        }
        Some(Status::InvitesMe) => Deed::Accepted,
        None | Some(Status::RejectsMe | Status::IsRejectedByMe) => {
            let needs_signature = invite.attachment.is_some_and(|attachment| attachment.needs_signature);
            Deed::Invited(Invitation {
                document: invite.attachment.and_then(|attachment| attachment.document),
                needs_signature,
                is_accepted_at_once: invite.is_welcome
                    && !needs_signature
                    && before != Some(Status::RejectsMe),
                before,
            })
        }
    };
    Ok(Some(relation.act(invite.at, deed, invite.message)))
}

/// Ends a partnership, declines an invitation, or takes the own one back. `None`: nothing has to be done.
///
/// # Errors
/// [`RelationRefusal::NeedsResponse`], [`RelationRefusal::NeedsRevocation`].
pub fn break_up(
    relation: &Relation,
    message: Option<String>,
    at: Ticks,
) -> Result<Option<Act>, RelationRefusal> {
    let other = relation.other;
    let invitation = relation.invitation();
    let deed = match relation.status() {
        None | Some(Status::RejectsMe | Status::IsRejectedByMe) => return Ok(None),
        Some(Status::IsMyCounteragent) => Deed::BrokeUp,
        Some(Status::InvitesMe) if invitation.is_some_and(|it| it.needs_signature) => {
            return Err(RelationRefusal::NeedsResponse { other });
        }
        Some(Status::InvitesMe) => Deed::Declined,
        Some(Status::IsInvitedByMe) => {
            let own = relation.mine().and_then(Act::invitation);
            if own.is_some_and(|it| it.document.is_some()) {
                return Err(RelationRefusal::NeedsRevocation { other });
            }
            Deed::Withdrew { back_to: own.and_then(|it| it.before) }
        }
    };
    Ok(Some(relation.act(at, deed, message)))
}

/// The document of the other side's invitation was signed here.
pub fn document_signed(relation: &Relation, at: Ticks) -> Option<Act> {
    (relation.status() == Some(Status::InvitesMe)).then(|| relation.act(at, Deed::Accepted, None))
}

/// The signature under the document of the other side's invitation was refused here.
pub fn document_refused(relation: &Relation, at: Ticks) -> Option<Act> {
    (relation.status() == Some(Status::InvitesMe)).then(|| relation.act(at, Deed::Declined, None))
}

/// The document of this side's invitation was revoked.
pub fn document_revoked(relation: &Relation, document: DocumentRef, at: Ticks) -> Option<Act> {
    let own = relation.mine().and_then(Act::invitation).filter(|it| it.document == Some(document))?;
    let back_to = own.before;
    (relation.status() == Some(Status::IsInvitedByMe))
        .then(|| relation.act(at, Deed::Withdrew { back_to }, None))
}

/// A document of this side arrived at the other one.
pub fn document_exchanged(relation: &Relation, at: Ticks) -> Option<Act> {
    let makes = matches!(relation.status(), None | Some(Status::InvitesMe | Status::IsInvitedByMe));
    // What was written before stays what was written last.
    makes.then(|| relation.act(at, Deed::Exchanged, relation.message_to().map(str::to_owned)))
}

/// An act of the other side arrived; `None` when it came before.
pub fn heard(relation: &Relation, act: Act) -> Option<super::RelationChange> {
    (act.number > relation.seen()).then_some(super::RelationChange::Theirs(act))
}
