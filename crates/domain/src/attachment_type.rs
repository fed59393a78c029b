//! What an attachment is.

macro_rules! attachment_types {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// The kind of an attachment; the number is the one of the API and never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        pub enum AttachmentType {
            $($(#[$doc])* $name = $number,)*
        }

        impl AttachmentType {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The kind of `number`, if there is one.
            pub const fn from_number(number: i32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

attachment_types! {
    /// A document without a format.
    Nonformalized = 0,
    /// Счёт-фактура.
    Invoice = 1,
    /// Receipt in a flow with operator confirmations.
    InvoiceReceipt = 2,
    /// Operator's dated confirmation.
    InvoiceConfirmation = 3,
    /// Amendment request.
    InvoiceCorrectionRequest = 4,
    /// Comment to an attachment.
    AttachmentComment = 5,
    /// Notice that an event was not delivered.
    DeliveryFailureNotification = 6,
    /// Known to the SDK only.
    EancomInvoic = 7,
    /// Refusal to sign as plain text (obsolete).
    SignatureRequestRejection = 8,
    /// Known to the SDK only.
    EcrCatConformanceCertificateMetadata = 9,
    /// What is wrong with a signature.
    SignatureVerificationReport = 10,
    /// Request to become counteragents.
    TrustConnectionRequest = 11,
    /// ТОРГ-12 without a format.
    Torg12 = 12,
    /// Revision of an invoice.
    InvoiceRevision = 13,
    /// Correction of an invoice.
    InvoiceCorrection = 14,
    /// Revision of a correction.
    InvoiceCorrectionRevision = 15,
    /// Act without a format.
    AcceptanceCertificate = 16,
    /// Data attached to a document.
    StructuredData = 17,
    /// Счёт на оплату.
    ProformaInvoice = 18,
    /// Formalized ТОРГ-12.
    XmlTorg12 = 19,
    /// Formalized act.
    XmlAcceptanceCertificate = 20,
    /// Buyer's title of XmlTorg12.
    XmlTorg12BuyerTitle = 21,
    /// Buyer's title of XmlAcceptanceCertificate.
    XmlAcceptanceCertificateBuyerTitle = 22,
    /// Approval or disapproval.
    Resolution = 23,
    /// Request to approve or sign.
    ResolutionRequest = 24,
    /// Refusal of such a request.
    ResolutionRequestDenial = 25,
    /// Price list.
    PriceList = 26,
    /// Receipt in a flow without operator confirmations.
    Receipt = 27,
    /// Formal refusal to sign.
    XmlSignatureRejection = 28,
    /// Request to revoke a document.
    RevocationRequest = 29,
    /// Agreement on a price list.
    PriceListAgreement = 30,
    /// Registry of certificates.
    CertificateRegistry = 34,
    /// Act of reconciliation.
    ReconciliationAct = 35,
    /// Contract.
    Contract = 36,
    /// ТОРГ-13.
    Torg13 = 37,
    /// Details of services.
    ServiceDetails = 38,
    /// Result of sending through another operator.
    RoamingNotification = 39,
    /// Supplementary agreement.
    SupplementaryAgreement = 40,
    /// Universal transfer document.
    UniversalTransferDocument = 41,
    /// Its buyer's title.
    UniversalTransferDocumentBuyerTitle = 42,
    /// Revision of a universal transfer document.
    UniversalTransferDocumentRevision = 45,
    /// Notification of МЭС.
    MesNotification = 46,
    /// Universal correction document.
    UniversalCorrectionDocument = 49,
    /// Its revision.
    UniversalCorrectionDocumentRevision = 50,
    /// Its buyer's title.
    UniversalCorrectionDocumentBuyerTitle = 51,
    /// Change of a tag.
    CustomData = 64,
    /// Move between departments.
    MoveDocument = 65,
    /// Start of a route.
    ResolutionRouteAssignment = 66,
    /// End of a route.
    ResolutionRouteRemoval = 67,
    /// A title of any newer type.
    Title = 68,
    /// Withdrawal of another entity.
    Cancellation = 69,
    /// Edited bytes of an unsent document.
    Edition = 71,
    /// Restoration of a deleted document.
    DeletionRestoration = 72,
    /// Template turned into a document.
    TemplateTransformation = 73,
    /// Refusal or withdrawal of a template.
    TemplateRefusal = 74,
    /// State in an outer system.
    OuterDocflow = 75,
    /// Confirmation of another operator.
    RoamingConfirmation = 76,
    /// Power of attorney.
    PowerOfAttorney = 77,
    /// Result of its check.
    PowerOfAttorneyStatus = 78,
    /// Universal message.
    UniversalMessage = 79,
    /// Cancellation of a fixation in ГИС.
    TtGisFixationCancellationRequest = 87,
    /// Change of a template transformation.
    TemplateTransformationChange = 90,
}

impl AttachmentType {
    /// What the titles after the first one are, when the first one is this.
    pub const fn later_title(self) -> Self {
        match self {
            Self::XmlTorg12 => Self::XmlTorg12BuyerTitle,
            Self::XmlAcceptanceCertificate => Self::XmlAcceptanceCertificateBuyerTitle,
            Self::UniversalTransferDocument | Self::UniversalTransferDocumentRevision => {
                Self::UniversalTransferDocumentBuyerTitle
            }
            Self::UniversalCorrectionDocument | Self::UniversalCorrectionDocumentRevision => {
                Self::UniversalCorrectionDocumentBuyerTitle
            }
            _ => Self::Title,
        }
    }

    /// The number of the API.
    pub const fn number(self) -> i32 {
        self as i32
    }
}
