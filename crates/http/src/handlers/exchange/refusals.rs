//! What the rules of the exchange refuse, as the client is told.

use potok_app::ExchangeError;
use potok_domain::decide::Rejection;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    ExchangeError {
        InProgress => @InProgress,
            "Repeat the call with the same `operationId`: the answer is that of the first one.";
        Busy(sample::message().into()) => Conflict retry 1,
            "Repeat the call.";
        NoThirdBox(sample::box_id()) => NotFound,
            "Look the box up by INN and KPP.";
    }
    pass Core;
    pass Rejected;
    log NotSigned;
    log NotVerified;
}

refusals! {
    Rejection {
        EmptyPatch { structure: "MessagePatchToPost" } => @EmptyPatch,
            "Put something into it.";
        NotALetter(sample::message()) => Conflict,
            "Send the draft first, or make a letter of the template.";
        NotADraft(sample::message()) => Conflict,
            "Name a draft.";
        Recycled(sample::message()) => Conflict,
            "Post another draft.";
        NotATemplate(sample::message()) => Conflict,
            "Name a template.";
        NotTheMaker { template: sample::message(), maker: sample::box_id() } => Forbidden,
            "Leave it to the box that the template names in `MessageFromBoxId`.";
        NotPrepared {
            path: "DraftToSend.DocumentSignatures[0].PatchedContentId".to_owned(),
            id: "patched-content/…".to_owned(),
        } => Conflict,
            "Prepare it again with `PrepareDocumentsToSign`; it is kept for a day.";
        LockedDraft {
            path: "DraftToSend.ToBoxId".to_owned(),
            field: "ToBoxId",
            draft: sample::message()
        } => Conflict,
            "Send the draft as it is.";
        NotInFormat { path: "MessageToPost.DocumentAttachments[0]".to_owned(), why: None } => @NotInFormat,
            "Send a file of the named type, function and version; as an answer, one of the kind.";
        InvalidContent {
            path: "MessageToPost.DocumentAttachments[0]".to_owned(),
            reason: "{ Location = Line: 8, Position: 5, /Файл[1]/@ИдФайл, Message = … }".to_owned(),
        } => @BadContent,
            "Mend the file at the places that the text names; an answer has to name its parent.";
        TitleFormat {
            path: "MessagePatchToPost.RecipientTitles[0]".to_owned(),
            reason: "the file is title 0, and title 1 is awaited; send that one".to_owned(),
        } => @OtherTitleFormat,
            "Write the title in the version of title 0.";
        DepartmentNotFound {
            path: "MessageToPost.ToDepartmentId".to_owned(),
            box_id: sample::box_id(),
            department: sample::department()
        } => @UnknownDepartment,
            "Take the id from the organization.";
        EmployeeNotFound {
            path: "ResolutionRequests[0].TargetUserId".to_owned(),
            box_id: sample::box_id(),
            user: sample::user()
        } => BadRequest,
            "Take the id from `GetEmployees`.";
        RouteNotFound {
            path: "ResolutionRouteAssignments[0].RouteId".to_owned(),
            box_id: sample::box_id(),
            route: sample::route()
        } => BadRequest,
            "Take the id from `GetResolutionRoutes`.";
        BadParent { path: "Signatures[0]".to_owned(), parent: sample::document(), reason: "…" } => @BadParent,
            "Name an entity of the same message, of the kind that the text asks for.";
        InvalidDocumentState {
            path: "Signatures[0]".to_owned(),
            document: sample::document(),
            step: potok_domain::decide::Step::Sign,
            reason: "…".into()
        } => @OtherState,
            "Look at the document again: the text says who has answered, or is waited for.";
        HandedOver {
            path: "Signatures[0]".to_owned(),
            document: sample::document(),
            target: "Иванов Иван".to_owned()
        } => @HandedOver,
            "Let the addressee sign, or somebody with the right to sign.";
        Revoked { path: "Signatures[0]".to_owned(), document: sample::document() } => @Revoked,
            "Nothing is done to a revoked document any more.";
        UnderRevocation {
            path: "Signatures[0]".to_owned(),
            document: sample::document(),
            request: sample::document()
        } => @UnderRevocation,
            "Answer the request first.";
        NotRevocable { path: "RevocationRequests[0]".to_owned(), type_named_id: "PriceList".to_owned() } => BadRequest,
            "Send a corrected document instead.";
        LockedPacket { path: "Signatures[0]".to_owned(), missing: vec![sample::document()] } => @PartOfPacket,
            "Sign the documents that the text names in the same call.";
        LockedTogether {
            path: "documentId".to_owned(),
            step: potok_domain::decide::Step::Delete,
            missing: vec![sample::document()]
        } => NotAllowedForLockedPacket,
            "Name all documents of the packet, or the whole message.";
        LockedMembership { path: "EditDocumentPacketCommands[0]".to_owned(), document: sample::document() } => NotAllowedForLockedPacket,
            "Send the document in a packet of its own.";
        TooManyFailedSignatures {
            path: "Signatures[0]".to_owned(),
            entity: sample::document(),
            attempts: 10,
            allowed: 10
        } => @TooManyFailedSignatures,
            "Find out why the signatures are bad; try again tomorrow, UTC.";
        TooManyApprovals { path: "Signatures[0]".to_owned(), entity: sample::document(), allowed: 10 } => Conflict,
            "Try again tomorrow, UTC.";
        TooManyTagEdits { path: "CustomDataPatches[0]".to_owned(), document: sample::document(), allowed: 10 } => Conflict,
            "Leave the tags as they are.";
        AlreadyReceipted { path: "Receipts[0]".to_owned(), parent: sample::document() } => Conflict,
            "Nothing has to be done.";
        NotSupported {
            what: potok_domain::decide::Unsupported::Receipt,
            path: "Receipts[0]".to_owned(),
            document: sample::document(),
            reason: "…"
        } => @NoSuchAnswer,
            "Leave it out.";
        RoamingRequired { recipient: sample::box_id() } => RoamingRequired,
            "Ask the administrator of the server.";
        SenderLiquidated(sample::organization()) => Forbidden,
            "Send by the successor of the organization.";
        SendingIsBlocked(sample::organization()) => SendingIsBlocked,
            "Ask the administrator of the server to lift the block.";
        CounteragentsOnly { recipient: sample::box_id() } => @CounteragentsOnly,
            "Become a counteragent of the recipient first.";
        BlockedSender { recipient: sample::box_id() } => @BlockedSender,
            "Invite the recipient by `AcquireCounteragent`, and wait until it accepts.";
        ClosedDepartment {
            path: "MessageToPost.ToDepartmentId".to_owned(),
            recipient: sample::box_id(),
            department: sample::department()
        } => Conflict,
            "Leave the department out, or name one that `GetCounteragent` shows.";
    }
    pass Denied;
    pass Invalid;
}
