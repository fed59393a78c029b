//! What can happen to a message in one box.

use std::sync::Arc;

use potok_types::{BoxId, ContentRef, DepartmentId, EntityId, EventId, MessageId, PacketId, Ticks, UserId};

use crate::{Check, Entity, Metadata, PowerOfAttorney, Verification};

/// One change of one message in one box. Recorded once, never edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Equals the message id for [`Change::Posted`], the patch id otherwise. The same in every box it reaches.
    pub id: EventId,
    /// The message.
    pub message_id: MessageId,
    /// When: one clock reading for all of the event.
    pub at: Ticks,
    /// What happened.
    pub change: Change,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The message appeared in this box: always the first event.
    Posted(Box<Posted>),
    /// Something was added to it.
    Patched(Box<Patched>),
}

/// The message as it appeared in this box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Letter, draft or template.
    pub message_type: MessageType,
    /// The sender. Its department is known in the sender's box only.
    pub from: Party,
    /// The recipient; the sender itself for an internal message; [`Party::NOBODY`] while a draft names none.
    pub to: Party,
    /// The intermediate addressee, which has to answer before the recipient gets anything.
    pub proxy: Option<Party>,
    /// What must be done to all documents at once.
    pub lock_mode: LockMode,
    /// Sent inside one organization.
    pub is_internal: bool,
    /// Without legal force.
    pub is_test: bool,
    /// A draft that is sent as it is or thrown away: neither its addressees nor its documents are replaced.
    pub is_locked: bool,
    /// What it was made of, in the box where it was made.
    pub made_from: Option<MadeFrom>,
    /// The person who made it, in the box where it was made.
    pub author: Option<UserId>,
    /// Documents first, each followed by what hangs under it; parents before children.
    pub entities: Vec<Entity>,
    /// It invites to a partnership, by its first document.
    pub invitation: Option<Inviting>,
    /// What is to become of it, if it is a template.
    pub template: Option<Template>,
}

/// The letter that one of the two sides of a template is to make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// The box that makes the letter and sends it: a side of the template.
    pub from: BoxId,
    /// Who gets the letter, perhaps somebody who never sees the template.
    pub to: BoxId,
    /// The department there; `None` is the head.
    pub to_department: Option<DepartmentId>,
    /// The intermediate addressee of the letter.
    pub proxy: Option<BoxId>,
    /// The department there; `None` is the head.
    pub proxy_department: Option<DepartmentId>,
    /// Any number of letters are made of it. Of others one is, and they are deleted by that.
    pub is_reusable: bool,
}

/// What is said with an invitation by message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inviting {
    /// What is written to the other side.
    pub message: Option<String>,
}

/// What a letter was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MadeFrom {
    /// A draft or a template.
    pub message_type: MessageType,
    /// Which one, in the same box.
    pub message_id: MessageId,
    /// It is a template of which any number of letters are made.
    pub is_reusable: bool,
}

/// One side of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its box.
    pub box_id: BoxId,
    /// Its readable name at that time.
    pub title: String,
    /// The department that the sender named on this side; `None` when it named none or it is not for this box to see.
    pub department: Option<DepartmentId>,
}

/// A draft is done with: nobody sends it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recycled {
    /// The letter that it became; `None` when it was thrown away.
    pub letter: Option<MessageId>,
}

/// What was added to a message in one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patched {
    /// Who added it.
    pub origin: Origin,
    /// New entities, parents before children.
    pub entities: Vec<Entity>,
    /// Results of signature checks of earlier entities.
    pub checks: Vec<SignatureChecked>,
    /// What became of documents besides what the new entities say.
    pub documents: Vec<DocumentPatch>,
    /// What became of the delivery of an earlier event of this box.
    pub report: Option<DeliveryReport>,
    /// What became of the draft that the message is.
    pub recycled: Option<Recycled>,
    /// Documents that have other bytes from now on.
    pub rewritten: Vec<Rewritten>,
}

/// Other bytes of a document that nobody else has yet, and what they say of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Which document of the message.
    pub document: EntityId,
    /// Its bytes.
    pub content: ContentRef,
    /// Its attributes.
    pub metadata: Vec<Metadata>,
}

/// Who made a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person of this box.
    Own {
        /// The person; `None` when the server acts for the box.
        user: Option<UserId>,
    },
    /// It was made in this other box and delivered.
    Received {
        /// The box where it was made.
        from: BoxId,
    },
    /// The operator.
    Operator,
}

/// Something that became of one document, without an entity that would say so to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentPatch {
    /// Which document of the message.
    pub document: EntityId,
    /// What becomes of the document.
    pub change: DocumentChange,
}

/// What may become of a document in one box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentChange {
    /// It belongs to this packet now; packets are each box's own.
    Packet(PacketId),
    /// It lies in this department now.
    Moved {
        /// The department; zero is the head.
        to: DepartmentId,
    },
    /// It was deleted in this box.
    Deleted,
    /// It was restored in this box.
    Restored,
    /// The sender revoked it alone: the request needed nobody's consent when its signature was found good.
    Revoked {
        /// The request.
        request: EntityId,
    },
    /// The intermediate addressee answered, and the document appeared in the recipient's box. Known in the sender's box.
    PassedOn {
        /// When it appeared there.
        at: Ticks,
    },
    /// It was shown to a third box as it was then; nobody else learns of that.
    Forwarded {
        /// The third box.
        to: BoxId,
    },
}

/// The end of a signature's check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureChecked {
    /// Which signature.
    pub signature: EntityId,
    /// Never [`Check::Unchecked`].
    pub check: Check,
    /// Whether the signer needs a power of attorney.
    pub power_of_attorney: Option<PowerOfAttorney>,
    /// What the check found out; `None` when nobody looked into the signature.
    pub verification: Option<Arc<Verification>>,
}

/// What became of the delivery of an earlier event of this box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryReport {
    /// It arrived.
    Delivered {
        /// Which event of this box.
        event: EventId,
        /// This is the first delivery of the message itself.
        whole_message: bool,
        /// When it appeared in the other box.
        at: Ticks,
    },
    /// It will not arrive.
    NotDelivered {
        /// Which event of this box.
        event: EventId,
    },
}

/// The kind of a message; numbers of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum MessageType {
    /// Sent, or to be sent as it is.
    Letter = 1,
    /// Not sent; becomes a new letter.
    Draft = 2,
    /// A prepared form for the other side.
    Template = 3,
}

impl MessageType {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Letter, Self::Draft, Self::Template];

    /// Its documents lie in departments, and are seen by who sees those. Drafts lie in none: only who sees all documents
    /// sees them.
    pub const fn lies_in_departments(self) -> bool {
        !matches!(self, Self::Draft)
    }

    /// The kind of `number`, if there is one.
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Letter),
            2 => Some(Self::Draft),
            3 => Some(Self::Template),
            _ => None,
        }
    }
}

/// What must be done to all documents of a packet at once; numbers of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum LockMode {
    /// Nothing.
    #[default]
    None = 1,
    /// Sending.
    Send = 2,
    /// Everything.
    Full = 3,
}

impl LockMode {
    /// The mode of `number`, if there is one.
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::None),
            2 => Some(Self::Send),
            3 => Some(Self::Full),
            _ => None,
        }
    }
}

impl Party {
    /// Nobody: the addressee of a draft that names none yet.
    pub const NOBODY: Self = Self { box_id: BoxId::ZERO, title: String::new(), department: None };

    /// It is somebody, and not [`Self::NOBODY`].
    pub fn is_named(&self) -> bool {
        self.box_id != BoxId::ZERO
    }
}

impl Posted {
    /// A letter of which nothing else is said, without documents.
    pub const fn letter(from: Party, to: Party) -> Self {
        Self {
            message_type: MessageType::Letter,
            from,
            to,
            proxy: None,
            lock_mode: LockMode::None,
            is_internal: false,
            is_test: false,
            is_locked: false,
            made_from: None,
            author: None,
            entities: Vec::new(),
            invitation: None,
            template: None,
        }
    }
}

impl Patched {
    /// A patch by `origin` that adds nothing yet.
    pub const fn by(origin: Origin) -> Self {
        Self {
            origin,
            entities: Vec::new(),
            checks: Vec::new(),
            documents: Vec::new(),
            report: None,
            recycled: None,
            rewritten: Vec::new(),
        }
    }
}

impl Event {
    /// What it did to documents besides what its entities say.
    pub fn documents(&self) -> &[DocumentPatch] {
        match &self.change {
            Change::Posted(_) => &[],
            Change::Patched(patched) => &patched.documents,
        }
    }

    /// The person of this box who did it, if it was one.
    pub fn author(&self) -> Option<UserId> {
        match &self.change {
            Change::Posted(posted) => posted.author,
            Change::Patched(patched) => match patched.origin {
                Origin::Own { user } => user,
                Origin::Received { .. } | Origin::Operator => None,
            },
        }
    }

    /// The entities that this event added.
    pub fn entities(&self) -> &[Entity] {
        match &self.change {
            Change::Posted(posted) => &posted.entities,
            Change::Patched(patched) => &patched.entities,
        }
    }

    /// All bytes that this event names: those of its entities, what checks of earlier ones found, and what documents have from
    /// now on.
    pub fn contents(&self) -> impl Iterator<Item = ContentRef> + '_ {
        let (checks, rewritten): (&[SignatureChecked], &[Rewritten]) = match &self.change {
            Change::Posted(_) => (&[], &[]),
            Change::Patched(patched) => (&patched.checks, &patched.rewritten),
        };
        let found = checks.iter().filter_map(|check| check.verification.as_deref());
        self.entities()
            .iter()
            .flat_map(Entity::contents)
            .chain(found.flat_map(Verification::contents))
            .chain(rewritten.iter().map(|it| it.content))
    }
}
