//! The first version of the stored event. Only additions with new numbers are allowed here.

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::{Nothing, Stored};

/// Any id: 16 bytes.
#[derive(Clone, Copy)]
pub(super) struct Id(pub(super) [u8; 16]);

/// A digest: 32 bytes.
#[derive(Clone, Copy)]
pub(super) struct Digest(pub(super) [u8; 32]);

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
pub(super) struct StoredEvent {
    #[n(0)]
    pub(super) id: Id,
    #[n(1)]
    pub(super) message_id: Id,
    #[n(2)]
    pub(super) at: i64,
    #[n(3)]
    pub(super) change: Change,
}

impl Stored for StoredEvent {
    const VERSION: u16 = 1;
    type Previous = Nothing;

    fn upgrade(old: Nothing) -> Self {
        match old {}
    }
}

#[derive(Encode, Decode)]
pub(super) enum Change {
    #[n(0)]
    Posted(#[n(0)] Posted),
    #[n(1)]
    Patched(#[n(0)] Patched),
}

#[derive(Encode, Decode)]
pub(super) struct Posted {
    #[n(0)]
    pub(super) message_type: MessageType,
    #[n(1)]
    pub(super) from: Party,
    #[n(2)]
    pub(super) to: Party,
    #[n(3)]
    pub(super) lock_mode: LockMode,
    #[n(4)]
    pub(super) is_internal: bool,
    #[n(5)]
    pub(super) is_test: bool,
    #[n(6)]
    pub(super) author: Option<Id>,
    #[n(7)]
    pub(super) entities: Vec<Entity>,
}

#[derive(Encode, Decode)]
pub(super) struct Party {
    #[n(0)]
    pub(super) box_id: Id,
    #[n(1)]
    pub(super) title: String,
    #[n(2)]
    pub(super) department: Option<Id>,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum MessageType {
    #[n(1)]
    Letter,
    #[n(2)]
    Draft,
    #[n(3)]
    Template,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum LockMode {
    #[n(1)]
    None,
    #[n(2)]
    Send,
    #[n(3)]
    Full,
}

#[derive(Encode, Decode)]
pub(super) struct Patched {
    #[n(0)]
    pub(super) origin: Origin,
    #[n(1)]
    pub(super) entities: Vec<Entity>,
    #[n(2)]
    pub(super) checks: Vec<SignatureChecked>,
    #[n(3)]
    pub(super) report: Option<DeliveryReport>,
}

#[derive(Encode, Decode)]
pub(super) enum Origin {
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
pub(super) struct SignatureChecked {
    #[n(0)]
    pub(super) signature: Id,
    #[n(1)]
    pub(super) check: Check,
    #[n(2)]
    pub(super) power_of_attorney: Option<PowerOfAttorney>,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum Check {
    #[n(0)]
    Unchecked,
    #[n(1)]
    Valid,
    #[n(2)]
    Invalid,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum PowerOfAttorney {
    #[n(0)]
    Attached,
    #[n(1)]
    NotRequired,
    #[n(2)]
    Required,
}

#[derive(Encode, Decode)]
pub(super) enum DeliveryReport {
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
pub(super) struct Entity {
    #[n(0)]
    pub(super) id: Id,
    #[n(1)]
    pub(super) parent: Option<Id>,
    #[n(2)]
    pub(super) author: Option<Id>,
    #[n(3)]
    pub(super) created_at: i64,
    #[n(4)]
    pub(super) content: Option<Content>,
    #[n(5)]
    pub(super) file_name: Option<String>,
    #[n(6)]
    pub(super) content_type_id: String,
    #[n(7)]
    pub(super) version: Option<String>,
    #[n(8)]
    pub(super) need_receipt: bool,
    #[n(9)]
    pub(super) is_encrypted: bool,
    #[n(10)]
    pub(super) labels: Vec<String>,
    #[n(11)]
    pub(super) body: Body,
}

#[derive(Encode, Decode)]
pub(super) struct Content {
    #[n(0)]
    pub(super) hash: Digest,
    #[n(1)]
    pub(super) size_bytes: u64,
}

#[derive(Encode, Decode)]
#[expect(clippy::large_enum_variant, reason = "lives for one call, one per entity")]
pub(super) enum Body {
    #[n(0)]
    Document(#[n(0)] Document),
    #[n(1)]
    Signature(#[n(0)] Signature),
    #[n(2)]
    Service(#[n(0)] Service),
}

#[derive(Encode, Decode)]
pub(super) struct Document {
    /// Number of the API.
    #[n(0)]
    pub(super) attachment_type: i32,
    #[n(1)]
    pub(super) type_named_id: String,
    #[n(2)]
    pub(super) function: String,
    #[n(3)]
    pub(super) version: String,
    #[n(4)]
    pub(super) workflow: i32,
    #[n(5)]
    pub(super) need_recipient_signature: bool,
    #[n(6)]
    pub(super) department: Id,
    #[n(7)]
    pub(super) packet: Id,
    #[n(8)]
    pub(super) custom_document_id: Option<String>,
    #[n(9)]
    pub(super) metadata: Vec<Pair>,
    #[n(10)]
    pub(super) tags: Vec<Pair>,
    #[n(11)]
    pub(super) initial_documents: Vec<DocumentRef>,
    #[n(12)]
    pub(super) subordinate_documents: Vec<DocumentRef>,
    #[n(13)]
    pub(super) editing_setting: Option<String>,
}

#[derive(Encode, Decode)]
pub(super) struct Pair {
    #[n(0)]
    pub(super) key: String,
    #[n(1)]
    pub(super) value: String,
}

#[derive(Encode, Decode)]
pub(super) struct DocumentRef {
    #[n(0)]
    pub(super) message_id: Id,
    #[n(1)]
    pub(super) entity_id: Id,
}

#[derive(Encode, Decode)]
pub(super) struct Signature {
    #[n(0)]
    pub(super) signer_box: Id,
    #[n(1)]
    pub(super) signer_department: Id,
    #[n(2)]
    pub(super) is_approval: bool,
    #[n(3)]
    pub(super) check: Check,
    #[n(4)]
    pub(super) power_of_attorney: Option<PowerOfAttorney>,
}

#[derive(Encode, Decode)]
pub(super) enum Service {
    #[n(0)]
    Comment,
    #[n(1)]
    StructuredData,
    #[n(2)]
    Receipt,
    #[n(3)]
    InvoiceReceipt,
    #[n(4)]
    SignatureRequestRejection,
    #[n(5)]
    XmlSignatureRejection,
    #[n(6)]
    Confirmation,
    #[n(7)]
    SignatureVerificationReport,
    #[n(8)]
    DeliveryFailureNotification {
        #[n(0)]
        event: Id,
    },
}
