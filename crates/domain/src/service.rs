//! What is attached to documents besides signatures.

use potok_types::{BoxId, DepartmentId, EntityId, EventId, MessageId, RouteId, UserId};

use crate::powers::{AttachedPower, Validation};
use crate::{AttachmentType, TagChange};

/// What is neither a document nor a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// UTF-8 text to the parent.
    Comment,
    /// Data to the parent document.
    StructuredData,
    /// Receipt in a flow without operator confirmations.
    Receipt,
    /// Receipt in a flow with operator confirmations.
    InvoiceReceipt,
    /// Refusal to sign as plain text.
    SignatureRequestRejection,
    /// Formal refusal to sign the parent document, or to agree to the parent revocation request.
    XmlSignatureRejection,
    /// Operator's dated confirmation of the parent.
    Confirmation,
    /// What is wrong with the parent signature.
    SignatureVerificationReport,
    /// The event could not be delivered.
    DeliveryFailureNotification {
        /// Which one.
        event: EventId,
    },
    /// A title that answers title 0, which is its parent.
    Title(Title),
    /// The recipient asks for an amendment of the parent document (`InvoiceCorrectionRequest`).
    AmendmentRequest,
    /// A party asks to revoke the parent document.
    RevocationRequest {
        /// The box that asks.
        initiator: BoxId,
    },
    /// Approval or disapproval of the parent document.
    Resolution(Resolution),
    /// Somebody is asked to approve or sign the parent document.
    ResolutionRequest(Box<ResolutionRequest>),
    /// The parent resolution request is refused.
    ResolutionRequestDenial {
        /// Full name of who refused.
        author_name: String,
    },
    /// The parent document was put on a route.
    ResolutionRouteAssignment(OnRoute),
    /// The parent document was taken off a route.
    ResolutionRouteRemoval(OnRoute),
    /// The parent request, denial or resolution counts no more.
    Cancellation {
        /// Full name of who withdrew it.
        author_name: String,
    },
    /// A tag of the parent document was set or removed (`CustomData`).
    TagChange(TagChange),
    /// Universal message to the parent.
    UniversalMessage(Box<UniversalMessage>),
    /// The parent document was moved between departments of this box.
    MoveDocument {
        /// Where it lay.
        from: DepartmentId,
        /// Where it lies.
        to: DepartmentId,
    },
    /// The parent document was restored in this box.
    DeletionRestoration,
    /// The power of attorney of the parent signature.
    PowerOfAttorney(Box<AttachedPower>),
    /// What the check of the parent power of attorney came to.
    PowerOfAttorneyStatus(Box<Validation>),
    /// A document was made of the parent, which stands in a template.
    TemplateTransformation(TemplateTransformation),
    /// Nothing is to be made of the parent document of a template any more.
    TemplateRefusal(TemplateRefusal),
    /// A document that was made of the parent, which stands in a template, was refused.
    TransformationChange(TransformationChange),
    /// The sender cancels what the state was told of marked goods in the parent document (`TtGisFixationCancellationRequest`).
    FixationCancellation,
    /// What was missing in the parent document when it was stored.
    Edition,
    /// What another operator says of its delivery of the parent, in words (`RoamingNotification`).
    RoamingNotification {
        /// It arrived.
        is_success: bool,
    },
}

/// What was made of a document of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateTransformation {
    /// The letter, in the same box.
    pub letter: MessageId,
    /// Its document.
    pub document: EntityId,
    /// Full name of who made it.
    pub author_name: String,
}

/// Somebody refused the signature under a document that was made of one of a template (`SignatureRejection`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransformationChange {
    /// The [`TemplateTransformation`], which only the box that made the letter has.
    pub transformation: EntityId,
    /// The box of who refused.
    pub initiator: BoxId,
}

/// Who wants nothing made of a document of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateRefusal {
    /// Whether its own side takes it back.
    pub kind: RefusalKind,
    /// The box of who refuses.
    pub box_id: BoxId,
    /// Full name of who refuses.
    pub author_name: String,
}

/// Numbers of the API (`TemplateRefusalType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum RefusalKind {
    /// The side that got the template does not want it.
    Refusal = 1,
    /// The side that sent it takes it back.
    Withdrawal = 2,
}

/// A title after the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// Its number, from 1 on.
    pub index: u32,
    /// The attachment type of titles of its document's type.
    pub attachment_type: AttachmentType,
    /// It says that not everything was accepted.
    pub with_disagreements: bool,
    /// The sender wrote it for the recipient (`PredefinedRecipientTitle`): it answers nothing until the recipient signs it.
    pub is_prepared: bool,
}

/// What somebody thinks of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Approved or not.
    pub decision: Decision,
    /// Full name of who decided.
    pub author_name: String,
    /// The request that it answers; `None` when nobody asked.
    pub request: Option<EntityId>,
}

/// Numbers of the API (`ResolutionType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Decision {
    /// Yes.
    Approve = 1,
    /// No.
    Disapprove = 2,
}

/// Somebody is asked to do something with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolutionRequest {
    /// What is asked for: approval, a signature, or both.
    pub kind: RequestKind,
    /// Full name of who asks.
    pub author_name: String,
    /// Who is asked.
    pub target: RequestTarget,
    /// The route whose stage this is.
    pub stage: Option<RouteStage>,
}

/// What is asked for; numbers of the API (`ResolutionRequestType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum RequestKind {
    /// A resolution.
    Approvement = 0,
    /// A signature that sends or answers the document.
    Signature = 1,
    /// An approval signature.
    ApprovementSignature = 2,
    /// Whatever the stage of a route asks for.
    Custom = 3,
}

/// Who is asked, whatever the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddresseeId {
    /// A person.
    User(UserId),
    /// Anybody in a department; zero is the head.
    Department(DepartmentId),
}

impl AddresseeId {
    /// As stores keep it, beside the id.
    pub const fn kind(self) -> u8 {
        match self {
            Self::User(_) => 1,
            Self::Department(_) => 2,
        }
    }

    /// The id alone: people and departments are told apart by the kind.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        match self {
            Self::User(id) => id.as_bytes(),
            Self::Department(id) => id.as_bytes(),
        }
    }
}

/// Who is asked, with the names of that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestTarget {
    /// A person.
    User {
        /// The user who is asked.
        id: UserId,
        /// Full name.
        name: String,
    },
    /// Anybody in a department.
    Department {
        /// The department that is asked; zero is the head.
        id: DepartmentId,
        /// Its name.
        name: String,
    },
}

impl RequestTarget {
    /// Who it is.
    pub const fn id(&self) -> AddresseeId {
        match self {
            Self::User { id, .. } => AddresseeId::User(*id),
            Self::Department { id, .. } => AddresseeId::Department(*id),
        }
    }
}

/// One stage of a route on which a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteStage {
    /// Which route.
    pub route: RouteId,
    /// Its number, from 0 on.
    pub index: u32,
}

/// Putting on a route, or taking off it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnRoute {
    /// Which route.
    pub route: RouteId,
    /// Full name of who did it.
    pub author_name: String,
}

/// One XML for receipts, amendment requests, refusals and information.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniversalMessage {
    /// What it is about; `None` when the poster did not say and its codes do not tell.
    pub code_group: Option<CodeGroup>,
    /// What it says.
    pub events: Vec<UniversalEvent>,
    /// Whose it is.
    pub creator_box: BoxId,
    /// The creator's department of the document; zero in the other box.
    pub creator_department: DepartmentId,
    /// It changes nothing in the flow.
    pub is_out_of_workflow: bool,
}

/// One statement of a universal message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniversalEvent {
    /// Four digits: 1999 receipt, 2007 question of authority, 2999 amendment, 3999 refusal, 4002 and 4003 information.
    pub code: i32,
    /// Words.
    pub text: Option<String>,
}

/// Numbers of the API (`UniversalMessageCodeGroup`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum CodeGroup {
    /// Receipt.
    Receipt = 1,
    /// Amendment request.
    AmendmentRequest = 2,
    /// Refusal.
    Rejection = 3,
    /// Information.
    Information = 4,
}

impl Decision {
    /// The decision of `number`, if there is one.
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Approve),
            2 => Some(Self::Disapprove),
            _ => None,
        }
    }
}

impl RequestKind {
    /// The kind of `number`, if there is one.
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            0 => Some(Self::Approvement),
            1 => Some(Self::Signature),
            2 => Some(Self::ApprovementSignature),
            3 => Some(Self::Custom),
            _ => None,
        }
    }
}

impl CodeGroup {
    /// The group of `number`, if there is one.
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Receipt),
            2 => Some(Self::AmendmentRequest),
            3 => Some(Self::Rejection),
            4 => Some(Self::Information),
            _ => None,
        }
    }
}

impl Service {
    /// The number under which the API shows it.
    pub const fn attachment_type(&self) -> AttachmentType {
        match self {
            Self::Comment => AttachmentType::AttachmentComment,
            Self::StructuredData => AttachmentType::StructuredData,
            Self::Receipt => AttachmentType::Receipt,
            Self::InvoiceReceipt => AttachmentType::InvoiceReceipt,
            Self::SignatureRequestRejection => AttachmentType::SignatureRequestRejection,
            Self::XmlSignatureRejection => AttachmentType::XmlSignatureRejection,
            Self::Confirmation => AttachmentType::InvoiceConfirmation,
            Self::SignatureVerificationReport => AttachmentType::SignatureVerificationReport,
            Self::DeliveryFailureNotification { .. } => AttachmentType::DeliveryFailureNotification,
            Self::Title(title) => title.attachment_type,
            Self::AmendmentRequest => AttachmentType::InvoiceCorrectionRequest,
            Self::RevocationRequest { .. } => AttachmentType::RevocationRequest,
            Self::Resolution(_) => AttachmentType::Resolution,
            Self::ResolutionRequest(_) => AttachmentType::ResolutionRequest,
            Self::ResolutionRequestDenial { .. } => AttachmentType::ResolutionRequestDenial,
            Self::ResolutionRouteAssignment(_) => AttachmentType::ResolutionRouteAssignment,
            Self::ResolutionRouteRemoval(_) => AttachmentType::ResolutionRouteRemoval,
            Self::Cancellation { .. } => AttachmentType::Cancellation,
            Self::TagChange(_) => AttachmentType::CustomData,
            Self::UniversalMessage(_) => AttachmentType::UniversalMessage,
            Self::MoveDocument { .. } => AttachmentType::MoveDocument,
            Self::DeletionRestoration => AttachmentType::DeletionRestoration,
            Self::PowerOfAttorney(_) => AttachmentType::PowerOfAttorney,
            Self::PowerOfAttorneyStatus(_) => AttachmentType::PowerOfAttorneyStatus,
            Self::TemplateTransformation(_) => AttachmentType::TemplateTransformation,
            Self::TemplateRefusal(_) => AttachmentType::TemplateRefusal,
            Self::TransformationChange(_) => AttachmentType::TemplateTransformationChange,
            Self::FixationCancellation => AttachmentType::TtGisFixationCancellationRequest,
            Self::Edition => AttachmentType::Edition,
            Self::RoamingNotification { .. } => AttachmentType::RoamingNotification,
        }
    }

    /// Stays in the box of whoever made it (or to whom the operator addressed it).
    pub const fn is_private(&self) -> bool {
        match self {
            Self::Comment
            | Self::StructuredData
            | Self::Receipt
            | Self::InvoiceReceipt
            | Self::SignatureRequestRejection
            | Self::XmlSignatureRejection
            | Self::Title(_)
            | Self::AmendmentRequest
            | Self::RevocationRequest { .. }
            | Self::TagChange(_)
            | Self::UniversalMessage(_)
            | Self::PowerOfAttorney(_)
            | Self::TemplateRefusal(_)
            | Self::TransformationChange(_)
            | Self::FixationCancellation => false,
            Self::Confirmation
            | Self::SignatureVerificationReport
            | Self::DeliveryFailureNotification { .. }
            | Self::Resolution(_)
            | Self::ResolutionRequest(_)
            | Self::ResolutionRequestDenial { .. }
            | Self::ResolutionRouteAssignment(_)
            | Self::ResolutionRouteRemoval(_)
            | Self::Cancellation { .. }
            | Self::MoveDocument { .. }
            | Self::DeletionRestoration
            | Self::PowerOfAttorneyStatus(_)
            | Self::TemplateTransformation(_)
            | Self::Edition
            | Self::RoamingNotification { .. } => true,
        }
    }
}

impl Service {
    /// The same for others: in which department the document lies on the author's side is not told.
    pub(crate) fn without_departments(&self) -> Self {
        let mut service = self.clone();
        if let Self::UniversalMessage(message) = &mut service {
            message.creator_department = DepartmentId::ZERO;
        }
        service
    }

    /// Its author signs it.
    pub(crate) const fn is_signed(&self) -> bool {
        match self {
            Self::Title(title) => !title.is_prepared,
            Self::Receipt
            | Self::InvoiceReceipt
            | Self::SignatureRequestRejection
            | Self::XmlSignatureRejection
            | Self::AmendmentRequest
            | Self::RevocationRequest { .. }
            | Self::FixationCancellation => true,
            _ => false,
        }
    }

    /// It is a universal message that means `group` to the flow.
    fn means(&self, group: CodeGroup) -> bool {
        matches!(self, Self::UniversalMessage(message)
            if message.code_group == Some(group) && !message.is_out_of_workflow)
    }

    /// A refusal of what it hangs under.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::XmlSignatureRejection | Self::SignatureRequestRejection)
            || self.means(CodeGroup::Rejection)
    }

    /// A receipt on what it hangs under.
    pub fn is_receipt(&self) -> bool {
        matches!(self, Self::Receipt | Self::InvoiceReceipt) || self.means(CodeGroup::Receipt)
    }
}

impl Service {
    /// Names of service files follow those of the tax service's formats, whose middle part is known to the file only.
    pub fn file_name(&self, id: EntityId) -> String {
        match self {
            Self::Comment => "Comment.txt".to_owned(),
            Self::StructuredData => format!("StructuredData_{id}.bin"),
            Self::Receipt | Self::InvoiceReceipt => format!("DP_IZVPOL_{id}.xml"),
            Self::SignatureRequestRejection => "Rejection.txt".to_owned(),
            Self::XmlSignatureRejection => format!("DP_UVUTOCH_{id}.xml"),
            Self::Confirmation => format!("DP_PDPOL_{id}.xml"),
            Self::SignatureVerificationReport => format!("SignatureVerificationReport_{id}.bin"),
            Self::DeliveryFailureNotification { .. } => "Notification.txt".to_owned(),
            Self::Title(title) => format!("Title{}_{id}.xml", title.index),
            Self::AmendmentRequest => format!("DP_UVUTOCH_{id}.xml"),
            Self::RevocationRequest { .. } => format!("DP_PRANNUL_{id}.xml"),
            Self::Resolution(_) => "Resolution.txt".to_owned(),
            Self::ResolutionRequest(_) => "ResolutionRequest.txt".to_owned(),
            Self::ResolutionRequestDenial { .. } => "ResolutionRequestDenial.txt".to_owned(),
            Self::ResolutionRouteAssignment(_) => "ResolutionRouteAssignment.txt".to_owned(),
            Self::ResolutionRouteRemoval(_) => "ResolutionRouteRemoval.txt".to_owned(),
            Self::Cancellation { .. } => "Cancellation.txt".to_owned(),
            Self::TagChange(_) => format!("CustomData_{id}.bin"),
            Self::UniversalMessage(_) => format!("DP_UNISOOBSCH_{id}.xml"),
            Self::MoveDocument { .. } => "MoveDocument".to_owned(),
            Self::DeletionRestoration => "DeletionRestoration".to_owned(),
            Self::PowerOfAttorney(_) => format!("ON_EMCHD_{id}.xml"),
            Self::PowerOfAttorneyStatus(_) => "PowerOfAttorneyStatus".to_owned(),
            Self::TemplateTransformation(_) => "TemplateTransformation".to_owned(),
            Self::TemplateRefusal(_) => "TemplateRefusal.txt".to_owned(),
            Self::TransformationChange(_) => "TemplateTransformationChange".to_owned(),
            Self::FixationCancellation => format!("TtGisFixationCancellationRequest_{id}.json"),
            Self::Edition => format!("Edition_{id}.xml"),
            Self::RoamingNotification { .. } => "RoamingNotification.txt".to_owned(),
        }
    }

    /// The id of structure and processing rules of a service file.
    pub(crate) const fn content_type_id(&self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::StructuredData => "structured_data",
            Self::Receipt | Self::InvoiceReceipt => "receipt_01",
            Self::SignatureRequestRejection => "signature_request_rejection",
            Self::XmlSignatureRejection => "signature_rejection_02",
            Self::Confirmation => "send_confirmation_133_01_03",
            Self::SignatureVerificationReport => "signature_verification_report",
            Self::DeliveryFailureNotification { .. } => "delivery_failure_notification",
            // A title's own id is made of its document's type.
            Self::Title(_) => "title",
            Self::AmendmentRequest => "amendment_request_02",
            Self::RevocationRequest { .. } => "revocation_request_02",
            Self::Resolution(_) => "resolution",
            Self::ResolutionRequest(_) => "resolution_request",
            Self::ResolutionRequestDenial { .. } => "resolution_request_denial",
            Self::ResolutionRouteAssignment(_) => "resolution_route_assignment",
            Self::ResolutionRouteRemoval(_) => "resolution_route_removal",
            Self::Cancellation { .. } => "cancellation",
            Self::TagChange(_) => "custom_data",
            Self::UniversalMessage(_) => "universal_message_05_01_01",
            Self::MoveDocument { .. } => "move_document",
            Self::DeletionRestoration => "deletion_restoration",
            Self::PowerOfAttorney(_) => "power_of_attorney",
            Self::PowerOfAttorneyStatus(_) => "power_of_attorney_status",
            Self::TemplateTransformation(_) => "template_transformation",
            Self::TemplateRefusal(_) => "template_refusal",
            Self::TransformationChange(_) => "template_transformation_change",
            Self::FixationCancellation => "tt_gis_fixation_cancellation_request",
            Self::Edition => "edition",
            Self::RoamingNotification { .. } => "roaming_notification",
        }
    }
}

/// How a request to do something with a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStanding {
    /// It waits for an answer.
    Open,
    /// This resolution, signature or refusal answered it.
    Resolved(EntityId),
    /// This denial refused it.
    Denied(EntityId),
    /// Its author, or a removal of its route, withdrew it.
    Cancelled,
}

impl RequestStanding {
    /// It waits for an answer.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open)
    }

    /// The entity that answered it, if one did.
    pub const fn resolved_with(self) -> Option<EntityId> {
        match self {
            Self::Resolved(id) | Self::Denied(id) => Some(id),
            Self::Open | Self::Cancelled => None,
        }
    }
}
