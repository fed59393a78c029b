//! The codes of refusals, and the status of each.

/// Declares the codes once: name, status, value of the header, where it was seen, and what the caller can do.
macro_rules! error_codes {
    ($($(#[doc = $when:literal])+ $name:ident = $status:literal, $header:literal, $source:literal, $cure:literal;)+) => {
        /// What kind of refusal it is: the value of `X-Diadoc-ErrorCode`. The status follows from it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $when])+ $name,)+
        }

        impl ErrorCode {
            /// All of them, by status.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The status that goes with it.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)+
                }
            }

            /// As it stands in the header.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $header,)+
                }
            }

            /// The threads in which people met it, as [`super::Attested::source`]; empty for codes of our own.
            pub const fn source(self) -> &'static str {
                match self {
                    $(Self::$name => $source,)+
                }
            }

            /// When it is told.
            pub const fn when(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($when),+),)+
                }
            }

            /// What the caller can do.
            pub const fn cure(self) -> &'static str {
                match self {
                    $(Self::$name => $cure,)+
                }
            }
        }
    };
}

error_codes! {
    /// A parameter or the body is malformed, or something required is missing.
    BadRequest = 400, "Http.BadRequest", "cs#51, cs#326, docs#81",
        "The text names the field and what it should be: mend the request.";
    /// The bytes of a file are not what they have to be.
    InvalidFileContent = 400, "DocumentService.InvalidFileContent", "cs#759, cs#793",
        "Send a file of the type, function and version that the request names, or an answer that names its parent.";
    /// Who calls is not known well enough.
    Auth = 401, "Http.Auth", "docs#221",
        "Log in, and send the token with each call.";
    /// The box is suspended.
    PaymentRequired = 402, "DiadocApi.PaymentRequired", "cs#918",
        "Ask the administrator of the server to resume the box.";
    /// The caller may not do that.
    Forbidden = 403, "DiadocApi.Forbidden", "cs#339, docs#608",
        "Ask the administrator of the organization for the right.";
    /// The organization is kept from sending.
    SendingIsBlocked = 403, "DiadocApi.SendingIsBlocked", "",
        "Ask the administrator of the server.";
    /// The document lies where the caller may not see it.
    DocumentDenied = 403, "DocumentService.EmployeeCannotAccessDocument", "documentation",
        "Ask the administrator of the organization for access to the department.";
    /// What is asked for is not there.
    NotFound = 404, "DiadocApi.NotFound", "cs#966, cs#1164",
        "Take the id from an answer of the same box.";
    /// What is to be changed is not there.
    DocumentNotFound = 404, "DocumentService.DocumentNotFound", "cs#817",
        "Take the id from an answer of the same box.";
    /// The organization has no such department.
    DepartmentNotFound = 404, "OrganizationBoxService.Department.NotFound", "documentation",
        "Take the id from the organization.";
    /// The API has no such method.
    UnknownMethod = 404, "Http.NotFound", "",
        "Look the path up in parity.md.";
    /// The method has another verb.
    MethodNotAllowed = 405, "Http.MethodNotAllowed", "",
        "Use a verb of the header `Allow`.";
    /// The code that confirms a signing is wrong.
    BadConfirmationCode = 409, "CloudCrypt.BadConfirmationCode", "documentation",
        "Send the code that the holder of the key was told last.";
    /// The signing waits for no code any more.
    ExpiredConfirmation = 409, "CloudCrypt.ExpiredRequest", "documentation",
        "Begin again with `CloudSign`.";
    /// The state of things forbids it.
    Conflict = 409, "DiadocApi.Conflict", "docs#530",
        "Look at the document again; with `Retry-After`, repeat the call as it is.";
    /// An invitation is answered by its document.
    InvitationRequiresResponse = 409, "Invitations.RecipientInvitationRequiresResponse", "cs#983",
        "Sign the document of the invitation, or refuse to.";
    /// The other side is with another operator, to whom nothing leads from here.
    RoamingRequired = 409, "Invitations.RoamingOperatorRequestIsRequired", "cs#1078",
        "Ask the administrator of the server to arrange the exchange.";
    /// No such file can be made for what the request names.
    InvalidDocumentType = 409, "DocumentService.InvalidDocumentType", "cs#851, cs#858, cs#1008",
        "Name an entity for which the workflow awaits the file.";
    /// An answering title is none, or not of the format of the title it answers.
    NotCorrespondingTitleFormat = 409, "DocumentService.NotCorrespondingTitleFormat", "cs#978, docs#1025",
        "Write the title in the version of title 0.";
    /// The document is not waiting for that.
    InvalidDocumentState = 409, "DocumentService.InvalidDocumentState", "docs#759, docs#974",
        "Look at the document again: it was answered, or waits for somebody else.";
    /// All documents of a packet have to be signed at once.
    SignWholePacket = 409, "DocumentService.PleaseSignAllDocumentsInLockedPacket", "documentation",
        "Sign the documents that the text names in the same call.";
    /// A locked packet stays as it is.
    NotAllowedForLockedPacket = 409, "DocumentService.NotAllowedForLockedPacket", "docs#975",
        "Handle all documents of the packet together.";
    /// The document is revoked.
    DocumentIsRevoked = 409, "DocumentService.DocumentIsRevoked", "documentation",
        "Nothing is done to a revoked document any more.";
    /// Somebody asked to revoke the document, and nobody has answered yet.
    RevocationInProgress = 409, "DocumentService.DocumentIsRevokedOrRevocationIsInProgress", "documentation",
        "Answer the request that the text names first.";
    /// The method was switched off.
    Gone = 410, "DiadocApi.Gone", "",
        "The text names the method that took its place.";
    /// The body is too large.
    TooLarge = 413, "Http.RequestTooLarge", "",
        "Upload large contents by ShelfUpload, in parts.";
    /// The body is of a type that the method does not read.
    UnsupportedMediaType = 415, "Http.UnsupportedMediaType", "",
        "Send the `Content-Type` that the text names.";
    /// The file has none of the bytes that are asked for.
    RangeNotSatisfiable = 416, "Http.RangeNotSatisfiable", "",
        "Ask for bytes that it has: the header `Content-Range` tells how many there are.";
    /// The client calls too often.
    TooManyRequests = 429, "Http.TooManyRequests", "",
        "Come again after `Retry-After` seconds.";
    /// It is not the caller's fault.
    Internal = 500, "Http.InternalServerError", "",
        "Repeat the call; if it fails again, tell the administrator the trace id.";
    /// The method, or a part of it, is known and not built yet.
    NotImplemented = 501, "Http.NotImplemented", "",
        "Look in parity.md for what is built.";
    /// The server has no room for the call now, or its disk takes no changes.
    Unavailable = 503, "Http.ServiceUnavailable", "",
        "Come again after `Retry-After` seconds.";
}
