//! Decisions: which event follows from a command. Nothing is read or written here.
//!
//! What a person may do is seen before, by the policy ([`crate::access::check`]); here stands which documents they reach,
//! where those lie now. That is looked at first, then the form of the command, then the state of the message, so that
//! nobody learns the state of what they may not touch.

use std::collections::{BTreeMap, BTreeSet};

use potok_types::{BoxId, ContentHash, EntityId, Entropy, PacketId, Ticks, UserId};

use crate::access::{self, Scope};
use crate::directory::{MaySendNothing, Organization, Permissions, ResolutionRoute};
use crate::{DocumentRef, Event, MessageState, Verdict};

mod actions;
mod drafts;
pub mod form;
mod forward;
mod housekeeping;
mod joining;
mod links;
mod parts;
mod places;
mod post_message;
mod post_patch;
mod prepared;
mod recognized;
mod rejection;
mod templates;

pub use actions::{ActionKind, DocumentAction, document_actions, transformation};
pub use drafts::{letter_of_draft, recycle_draft, send_draft};
pub use forward::{Forwarded, forward};
pub use housekeeping::{Housekeeping, housekeeping};
pub use post_message::{Addressees, post_message};
pub use post_patch::{check_patch, post_patch};
pub use rejection::{Rejection, Step, Unsupported};
pub use templates::{check_refusals, letter_of_template, refuse_template, transform_template};

/// Who decides, and when.
pub struct Context<'a> {
    /// One clock reading for all that follows.
    pub now: Ticks,
    /// Where new ids come from.
    pub entropy: &'a dyn Entropy,
    /// The person.
    pub author: UserId,
    /// The person's full name.
    pub author_name: &'a str,
    /// The person's organization, whose box is the command's.
    pub organization: &'a Organization,
    /// What the person may do there.
    pub permissions: &'a Permissions,
    /// What was found out about signatures of the command, by their bytes. Inside one organization all of them are
    /// checked before; for others the operator does it on the way.
    pub checked: &'a BTreeMap<ContentHash, Verdict>,
}

impl Context<'_> {
    /// Insists on an organization that may send.
    ///
    /// # Errors
    /// [`Rejection::SenderLiquidated`], [`Rejection::SendingIsBlocked`].
    pub fn may_send(&self) -> Result<(), Rejection> {
        let organization = self.organization;
        organization.restrictions.may_send(self.now).map_err(|why| match why {
            MaySendNothing::Liquidated => Rejection::SenderLiquidated(organization.org_id),
            MaySendNothing::Blocked => Rejection::SendingIsBlocked(organization.org_id),
        })
    }

    /// Which documents the person sees.
    pub fn scope(&self) -> Scope {
        access::scope(self.author, self.permissions, self.organization)
    }
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The event of the box.
    pub event: Event,
    /// Its message right after it.
    pub after: MessageState,
    /// Events of other messages of the box that happen with it, each the next one of its message.
    pub of_others: Vec<Event>,
    /// The boxes that must get the event; the zero box is the operator, who only looks at signatures.
    pub deliver_to: Vec<BoxId>,
    /// Pairs (document, its base) that reach over messages.
    pub links: Vec<(DocumentRef, DocumentRef)>,
}

impl Outcome {
    /// The next event of `before`, of which nobody else learns.
    pub fn inside(before: &MessageState, event: Event) -> Self {
        let mut after = before.clone();
        after.apply(&event);
        Self { event, after, of_others: Vec::new(), deliver_to: Vec::new(), links: Vec::new() }
    }
}

/// What a patch may name outside of its message, as far as it exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedByPatch {
    /// Employees of the organization who are asked to do something.
    pub people: Vec<Person>,
    /// Routes of the organization.
    pub routes: Vec<ResolutionRoute>,
    /// Documents of other messages of the box that the person sees: those named, and the rest of their packets and of the
    /// packets of the documents in this message.
    pub documents: Vec<PacketMember>,
    /// Documents of this message that were made of documents of a template which somebody has refused since.
    pub refused: BTreeSet<EntityId>,
}

/// An employee who is asked to do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The user of the employee.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// Shut out of the organization.
    pub is_blocked: bool,
}

/// A document of another message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketMember {
    /// The document, which is in another message than the one that is changed.
    pub document: DocumentRef,
    /// Its packet.
    pub packet: PacketId,
    /// Its packet is locked now.
    pub is_locked: bool,
}

#[cfg(test)]
mod tests;
