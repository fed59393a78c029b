//! What is attached to documents besides signatures, in its first version. Only additions with new numbers here too.

use minicbor::{Decode, Encode};

use super::{Content, Id, Pair};

#[derive(Encode, Decode)]
pub(in crate::stored) enum Service {
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
    #[n(9)]
    Title {
        #[n(0)]
        index: u32,
        /// Number of the API.
        #[n(1)]
        attachment_type: i32,
        #[n(2)]
        with_disagreements: bool,
        #[n(3)]
        #[cbor(default)]
        is_prepared: bool,
    },
    #[n(10)]
    AmendmentRequest,
    #[n(11)]
    RevocationRequest {
        #[n(0)]
        initiator: Id,
    },
    #[n(12)]
    Resolution {
        #[n(0)]
        decision: Decision,
        #[n(1)]
        author_name: String,
        #[n(2)]
        request: Option<Id>,
    },
    #[n(13)]
    ResolutionRequest {
        #[n(0)]
        kind: RequestKind,
        #[n(1)]
        author_name: String,
        #[n(2)]
        target: RequestTarget,
        #[n(3)]
        stage: Option<RouteStage>,
    },
    #[n(14)]
    ResolutionRequestDenial {
        #[n(0)]
        author_name: String,
    },
    #[n(15)]
    ResolutionRouteAssignment(#[n(0)] OnRoute),
    #[n(16)]
    ResolutionRouteRemoval(#[n(0)] OnRoute),
    #[n(17)]
    Cancellation {
        #[n(0)]
        author_name: String,
    },
    #[n(18)]
    TagSet(#[n(0)] Pair),
    #[n(19)]
    TagRemoved {
        #[n(0)]
        key: String,
    },
    #[n(20)]
    UniversalMessage {
        #[n(0)]
        code_group: Option<CodeGroup>,
        #[n(1)]
        events: Vec<UniversalEvent>,
        #[n(2)]
        creator_box: Id,
        #[n(3)]
        creator_department: Id,
        #[n(4)]
        is_out_of_workflow: bool,
    },
    #[n(21)]
    MoveDocument {
        #[n(0)]
        from: Id,
        #[n(1)]
        to: Id,
    },
    #[n(22)]
    DeletionRestoration,
    #[n(23)]
    PowerOfAttorney {
        #[n(0)]
        number: Id,
        #[n(1)]
        issuer_inn: String,
        #[n(2)]
        representative_inn: Option<String>,
        /// Number of the API.
        #[n(3)]
        sending: u8,
        #[n(4)]
        signature: Option<Content>,
        #[n(5)]
        ancestors: Vec<SignedFile>,
    },
    #[n(24)]
    PowerOfAttorneyStatus(#[n(0)] Validation),
    #[n(25)]
    TemplateTransformation {
        #[n(0)]
        letter: Id,
        #[n(1)]
        document: Id,
        #[n(2)]
        author_name: String,
    },
    #[n(26)]
    TemplateRefusal {
        #[n(0)]
        kind: RefusalKind,
        #[n(1)]
        box_id: Id,
        #[n(2)]
        author_name: String,
    },
    #[n(27)]
    TransformationChange {
        #[n(0)]
        transformation: Id,
        #[n(1)]
        initiator: Id,
    },
    #[n(28)]
    FixationCancellation,
    #[n(29)]
    RoamingNotification {
        #[n(0)]
        is_success: bool,
    },
    #[n(30)]
    Edition,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct SignedFile {
    #[n(0)]
    pub(in crate::stored) file: Content,
    #[n(1)]
    pub(in crate::stored) signature: Content,
}

#[derive(Encode, Decode)]
pub(in crate::stored) enum Validation {
    #[n(0)]
    Unreadable(#[n(0)] Problem),
    #[n(1)]
    Failed(#[n(0)] Problem),
    #[n(2)]
    Done(#[n(0)] Vec<PowerCheck>),
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct Problem {
    #[n(0)]
    pub(in crate::stored) code: String,
    #[n(1)]
    pub(in crate::stored) text: String,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct PowerCheck {
    /// Its number in the domain.
    #[n(0)]
    pub(in crate::stored) name: u8,
    #[n(1)]
    pub(in crate::stored) problem: Option<Problem>,
    /// The problem makes the power bad.
    #[n(2)]
    pub(in crate::stored) is_error: bool,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(in crate::stored) enum RefusalKind {
    #[n(1)]
    Refusal,
    #[n(2)]
    Withdrawal,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(in crate::stored) enum Decision {
    #[n(1)]
    Approve,
    #[n(2)]
    Disapprove,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(in crate::stored) enum RequestKind {
    #[n(0)]
    Approvement,
    #[n(1)]
    Signature,
    #[n(2)]
    ApprovementSignature,
    #[n(3)]
    Custom,
}

#[derive(Clone, Copy, Encode, Decode)]
#[cbor(index_only)]
pub(in crate::stored) enum CodeGroup {
    #[n(1)]
    Receipt,
    #[n(2)]
    AmendmentRequest,
    #[n(3)]
    Rejection,
    #[n(4)]
    Information,
}

#[derive(Encode, Decode)]
pub(in crate::stored) enum RequestTarget {
    #[n(0)]
    User {
        #[n(0)]
        id: Id,
        #[n(1)]
        name: String,
    },
    #[n(1)]
    Department {
        #[n(0)]
        id: Id,
        #[n(1)]
        name: String,
    },
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct RouteStage {
    #[n(0)]
    pub(in crate::stored) route: Id,
    #[n(1)]
    pub(in crate::stored) index: u32,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct OnRoute {
    #[n(0)]
    pub(in crate::stored) route: Id,
    #[n(1)]
    pub(in crate::stored) author_name: String,
}

#[derive(Encode, Decode)]
pub(in crate::stored) struct UniversalEvent {
    #[n(0)]
    pub(in crate::stored) code: i32,
    #[n(1)]
    pub(in crate::stored) text: Option<String>,
}
