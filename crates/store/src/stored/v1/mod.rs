//! The first version of the stored event. Only additions with new numbers are allowed here.

mod service;

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::{Nothing, Stored};

pub(in crate::stored) use service::*;

/// Any id: 16 bytes.
#[derive(Clone, Copy)]
pub(in crate::stored) struct Id(pub(super) [u8; 16]);

/// A digest: 32 bytes.
#[derive(Clone, Copy)]
pub(in crate::stored) struct Digest(pub(super) [u8; 32]);

macro_rules! as_bytes {
    ($($name:ident),*) => {$(
        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                d.bytes()?.try_into().map(Self).map_err(|_| {
                    minicbor::decode::Error::message(concat!(stringify!($name), " has a wrong length"))
                })
            }
        }
    )*};
}

as_bytes!(Id, Digest);

#[derive(Encode, Decode)]
pub(in crate::stored) struct StoredEvent {
    #[n(0)]
    pub(in crate::stored) id: Id,
    #[n(1)]
    pub(in crate::stored) message_id: Id,
    #[n(2)]
    pub(in crate::stored) at: i64,
    #[n(3)]
    pub(in crate::stored) change: Change,
}

first_versions!(StoredEvent);

#[derive(Encode, Decode)]
pub(in crate::stored) enum Change {
    #[n(0)]
    Posted(#[n(0)] Box<Posted>),
    #[n(1)]
    Patched(#[n(0)] Patched),
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Posted {
    #[n(0)]
    pub(in crate::stored) message_type: MessageType,
    #[n(1)]
    pub(in crate::stored) from: Party,
    #[n(2)]
    pub(in crate::stored) to: Party,
    #[n(3)]
    pub(in crate::stored) lock_mode: LockMode,
    #[n(4)]
    pub(in crate::stored) is_internal: bool,
    #[n(5)]
    pub(in crate::stored) is_test: bool,
    #[n(6)]
    pub(in crate::stored) author: Option<Id>,
    #[n(7)]
    pub(in crate::stored) entities: Vec<Entity>,
    #[n(8)]
    pub(in crate::stored) proxy: Option<Party>,
    #[n(9)]
    pub(in crate::stored) invitation: Option<Inviting>,
    #[n(10)]
    #[cbor(default)]
    pub(in crate::stored) is_locked: bool,
    #[n(11)]
    pub(in crate::stored) made_from: Option<MadeFrom>,
    #[n(12)]
    pub(in crate::stored) template: Option<Template>,
}

/// The letter that is to be made of a template.
#[derive(Encode, Decode)]
pub(in crate::stored) struct Template {
    #[n(0)]
    pub(in crate::stored) from: Id,
    #[n(1)]
    pub(in crate::stored) to: Id,
    #[n(2)]
    pub(in crate::stored) to_department: Option<Id>,
    #[n(3)]
    pub(in crate::stored) proxy: Option<Id>,
    #[n(4)]
    pub(in crate::stored) proxy_department: Option<Id>,
    #[n(5)]
    pub(in crate::stored) is_reusable: bool,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Inviting {
    #[n(0)]
    pub(in crate::stored) message: Option<String>,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct MadeFrom {
    #[n(0)]
    pub(in crate::stored) message_type: MessageType,
    #[n(1)]
    pub(in crate::stored) message_id: Id,
    #[n(2)]
    #[cbor(default)]
    pub(in crate::stored) is_reusable: bool,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Party {
    #[n(0)]
    pub(in crate::stored) box_id: Id,
    #[n(1)]
    pub(in crate::stored) title: String,
    #[n(2)]
    pub(in crate::stored) department: Option<Id>,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(in crate::stored) enum MessageType {
    #[n(1)]
    Letter,
    #[n(2)]
    Draft,
    #[n(3)]
    Template,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(in crate::stored) enum LockMode {
    #[n(1)]
    None,
    #[n(2)]
    Send,
    #[n(3)]
    Full,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Patched {
    #[n(0)]
    pub(in crate::stored) origin: Origin,
    #[n(1)]
    pub(in crate::stored) entities: Vec<Entity>,
    #[n(2)]
    pub(in crate::stored) checks: Vec<SignatureChecked>,
    #[n(3)]
    pub(in crate::stored) report: Option<DeliveryReport>,
    #[n(4)]
    #[cbor(default)]
    pub(in crate::stored) documents: Vec<DocumentPatch>,
    #[n(5)]
    pub(in crate::stored) recycled: Option<Recycled>,
    #[n(6)]
    pub(in crate::stored) rewritten: Option<Vec<Rewritten>>,
}

/// A document has other bytes.
#[derive(Encode, Decode)]
pub(in crate::stored) struct Rewritten {
    #[n(0)]
    pub(in crate::stored) document: Id,
    #[n(1)]
    pub(in crate::stored) content: Content,
    #[n(2)]
    pub(in crate::stored) metadata: Vec<Pair>,
}

/// A draft was sent, or thrown away.
#[derive(Encode, Decode)]
pub(in crate::stored) struct Recycled {
    #[n(0)]
    pub(in crate::stored) letter: Option<Id>,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct DocumentPatch {
    #[n(0)]
    pub(in crate::stored) document: Id,
    #[n(1)]
    pub(in crate::stored) change: DocumentChange,
}

#[derive(Encode, Decode)]
pub(in crate::stored) enum DocumentChange {
    #[n(0)]
    Packet(#[n(0)] Id),
    #[n(1)]
    Moved {
        #[n(0)]
        to: Id,
    },
    #[n(2)]
    Deleted,
    #[n(3)]
    Restored,
    #[n(4)]
    Revoked {
        #[n(0)]
        request: Id,
    },
    #[n(5)]
    PassedOn {
        #[n(0)]
        at: i64,
    },
    #[n(6)]
    Forwarded {
        #[n(0)]
        to: Id,
    },
}

#[derive(Encode, Decode)]
pub(in crate::stored) enum Origin {
    #[n(0)]
    Own {
        #[n(0)]
        user: Option<Id>,
    },
    #[n(1)]
    Received {
        #[n(0)]
        from: Id,
    },
    #[n(2)]
    Operator,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct SignatureChecked {
    #[n(0)]
    pub(in crate::stored) signature: Id,
    #[n(1)]
    pub(in crate::stored) check: Check,
    #[n(2)]
    pub(in crate::stored) power_of_attorney: Option<PowerOfAttorney>,
    #[n(3)]
    pub(in crate::stored) verification: Option<Verification>,
}

/// What the check of a signature found out.
#[derive(Encode, Decode)]
pub(in crate::stored) struct Verification {
    #[n(0)]
    pub(in crate::stored) at: i64,
    #[n(1)]
    pub(in crate::stored) is_of_content: bool,
    #[n(2)]
    pub(in crate::stored) proven_at: Option<i64>,
    #[n(3)]
    pub(in crate::stored) chain: Vec<CertificateChecked>,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct CertificateChecked {
    #[n(0)]
    pub(in crate::stored) certificate: Content,
    #[n(1)]
    pub(in crate::stored) faults: u32,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(in crate::stored) enum Check {
    #[n(0)]
    Unchecked,
    #[n(1)]
    Valid,
    #[n(2)]
    Invalid,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(in crate::stored) enum PowerOfAttorney {
    #[n(0)]
    Attached,
    #[n(1)]
    NotRequired,
    #[n(2)]
    Required,
    #[n(3)]
    RequiredOfPerson,
}

#[derive(Encode, Decode)]
pub(in crate::stored) enum DeliveryReport {
    #[n(0)]
    Delivered {
        #[n(0)]
        event: Id,
        #[n(1)]
        whole_message: bool,
        #[n(2)]
        at: i64,
    },
    #[n(1)]
    NotDelivered {
        #[n(0)]
        event: Id,
    },
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Entity {
    #[n(0)]
    pub(in crate::stored) id: Id,
    #[n(1)]
    pub(in crate::stored) parent: Option<Id>,
    #[n(2)]
    pub(in crate::stored) author: Option<Id>,
    #[n(3)]
    pub(in crate::stored) created_at: i64,
    #[n(4)]
    pub(in crate::stored) content: Option<Content>,
    #[n(5)]
    pub(in crate::stored) file_name: Option<String>,
    #[n(6)]
    pub(in crate::stored) content_type_id: String,
    #[n(7)]
    pub(in crate::stored) version: Option<String>,
    #[n(8)]
    pub(in crate::stored) need_receipt: bool,
    #[n(9)]
    pub(in crate::stored) is_encrypted: bool,
    #[n(10)]
    pub(in crate::stored) labels: Vec<String>,
    #[n(11)]
    pub(in crate::stored) body: Body,
    #[n(12)]
    pub(in crate::stored) text: Option<String>,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Content {
    #[n(0)]
    pub(in crate::stored) hash: Digest,
    #[n(1)]
    pub(in crate::stored) size_bytes: u64,
}

#[derive(Encode, Decode)]
pub(in crate::stored) enum Body {
    #[n(0)]
    Document(#[n(0)] Document),
    #[n(1)]
    Signature(#[n(0)] Signature),
    #[n(2)]
    Service(#[n(0)] Service),
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Document {
    /// Number of the API.
    #[n(0)]
    pub(in crate::stored) attachment_type: i32,
    #[n(1)]
    pub(in crate::stored) type_named_id: String,
    #[n(2)]
    pub(in crate::stored) function: String,
    #[n(3)]
    pub(in crate::stored) version: String,
    #[n(4)]
    pub(in crate::stored) workflow: i32,
    #[n(5)]
    pub(in crate::stored) need_recipient_signature: bool,
    #[n(6)]
    pub(in crate::stored) department: Id,
    #[n(7)]
    pub(in crate::stored) packet: Id,
    #[n(8)]
    pub(in crate::stored) custom_document_id: Option<String>,
    #[n(9)]
    pub(in crate::stored) metadata: Vec<Pair>,
    #[n(10)]
    pub(in crate::stored) tags: Vec<Pair>,
    #[n(11)]
    pub(in crate::stored) initial_documents: Vec<DocumentRef>,
    #[n(12)]
    pub(in crate::stored) subordinate_documents: Vec<DocumentRef>,
    #[n(13)]
    pub(in crate::stored) editing_setting: Option<String>,
    #[n(14)]
    #[cbor(default)]
    pub(in crate::stored) refusal_disabled: bool,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Pair {
    #[n(0)]
    pub(in crate::stored) key: String,
    #[n(1)]
    pub(in crate::stored) value: String,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct DocumentRef {
    #[n(0)]
    pub(in crate::stored) message_id: Id,
    #[n(1)]
    pub(in crate::stored) entity_id: Id,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Signature {
    #[n(0)]
    pub(in crate::stored) signer_box: Id,
    #[n(1)]
    pub(in crate::stored) signer_department: Id,
    #[n(2)]
    pub(in crate::stored) is_approval: bool,
    #[n(3)]
    pub(in crate::stored) check: Check,
    #[n(4)]
    pub(in crate::stored) power_of_attorney: Option<PowerOfAttorney>,
    #[n(5)]
    pub(in crate::stored) verification: Option<Verification>,
}
