//! Why a command is refused.

use std::borrow::Cow;

use potok_types::{Attested, BoxId, DepartmentId, EntityId, Invalid, MessageId, OrgId, RouteId, UserId};

use crate::access::Denied;
use crate::directory::Organization;
use crate::relation::NotTaken;

/// What was asked of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// To sign it.
    Sign,
    /// To answer it with a title.
    AddTitle,
    /// To refuse to sign it.
    Reject,
    /// To approve it, with a signature or without.
    Approve,
    /// To take such an approval back.
    WithdrawApproval,
    /// To confirm that it came.
    Receipt,
    /// To ask for an amendment.
    Amend,
    /// To revoke it, or to ask for that.
    Revoke,
    /// To answer such a request.
    AnswerRevocation,
    /// To ask somebody to approve it.
    RequestApproval,
    /// To ask somebody to sign it.
    RequestSignature,
    /// To refuse such a request.
    DenyRequest,
    /// To take a request or its refusal back.
    CancelRequest,
    /// To cancel what the state was told of its goods.
    CancelFixation,
    /// To give what was missing in it.
    Edit,
    /// To put it on a route.
    AssignRoute,
    /// To take it off a route.
    RemoveRoute,
    /// To change its tags.
    ChangeTags,
    /// To change its packet.
    ChangePacket,
    /// To send a universal message about it.
    SendMessage,
    /// To report on the signature of its sender.
    VerifySignature,
    /// To delete it in the own box.
    Delete,
    /// To restore it there.
    Restore,
    /// To move it to another department.
    Move,
    /// To show it to a third box.
    Forward,
    /// To make a document of it, where it stands in a template.
    Transform,
    /// To refuse to make one.
    RefuseTemplate,
}

/// What a workflow or a type may have no use for, under the names of the API's commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unsupported {
    /// Receipts.
    Receipt,
    /// Amendment requests.
    Amendment,
}

/// Why a command is refused. Nothing follows from it then. `path` is the place in the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The person may not do it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The command itself is wrong, whatever the state of the message.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The bytes are not what the request says they are.
    #[error("{}{}", Attested::NotInFormat.words(&[.path]), in_brackets(.why.as_deref()))]
    NotInFormat {
        /// Path of the field in the request.
        path: String,
        /// What more is known.
        why: Option<String>,
    },
    /// The bytes are not as their format wants them.
    #[error("{path}: {reason}")]
    InvalidContent {
        /// Path of the field in the request.
        path: String,
        /// Places in the file, and what is wrong there.
        reason: String,
    },
    /// The bytes of an answering title are none, or one of another format than title 0.
    #[error("{}", Attested::OtherTitleFormat.words(&[.path, .reason]))]
    TitleFormat {
        /// Path of the field in the request.
        path: String,
        /// What is wrong with them.
        reason: String,
    },
    /// The patch adds nothing.
    #[error("{}", Attested::EmptyPatch.words(&[.structure]))]
    EmptyPatch {
        /// The structure of the request.
        structure: &'static str,
    },
    /// Nothing is added to drafts and templates.
    #[error(
        "message {0} is a draft or a template, and this is for letters; send the draft first, or make a letter of the template"
    )]
    NotALetter(MessageId),
    /// Only drafts are sent and thrown away.
    #[error("message {0} is no draft; name one that PostMessage stored with IsDraft")]
    NotADraft(MessageId),
    /// Nothing is done to a draft twice.
    #[error("draft {0} was sent or thrown away before; post its documents again")]
    Recycled(MessageId),
    /// Only templates are refused and transformed.
    #[error("message {0} is no template; name one that PostTemplate stored")]
    NotATemplate(MessageId),
    /// The other side makes the letter.
    #[error(
        "of template {template} box {maker} makes the letter, and this box does not; leave it to that one"
    )]
    NotTheMaker {
        /// Which template.
        template: MessageId,
        /// The box that makes the letter.
        maker: BoxId,
    },
    /// The draft takes signatures and nothing else.
    #[error("{path}: draft {draft} is locked and is sent as it is; leave {field} out, or post another draft")]
    LockedDraft {
        /// Path of the field in the request.
        path: String,
        /// The field alone.
        field: &'static str,
        /// Which draft.
        draft: MessageId,
    },
    /// No such bytes were made for the document, or they are not kept any more.
    #[error(
        "{path}: there is no content {id:?} that PrepareDocumentsToSign made of this document within the last day; prepare it again"
    )]
    NotPrepared {
        /// Path of the field in the request.
        path: String,
        /// The name given.
        id: String,
    },
    /// The organization has no such department.
    #[error("{}", Attested::UnknownDepartment.words(&[]))]
    DepartmentNotFound {
        /// Path of the field in the request.
        path: String,
        /// Whose department it should be.
        box_id: BoxId,
        /// The unknown department.
        department: DepartmentId,
    },
    /// The organization has no such employee, or shut the person out.
    #[error(
        "{path}: box {box_id} has no employee {user}, or the employee is blocked; take an id from GetEmployees"
    )]
    EmployeeNotFound {
        /// Path of the field in the request.
        path: String,
        /// Whose employee it should be.
        box_id: BoxId,
        /// The unknown person.
        user: UserId,
    },
    /// The organization has no such route.
    #[error("{path}: box {box_id} has no route {route}; take an id from GetResolutionRoutes")]
    RouteNotFound {
        /// Path of the field in the request.
        path: String,
        /// Whose route it should be.
        box_id: BoxId,
        /// The unknown route.
        route: RouteId,
    },
    /// The parent is not in the message, or is nothing of that kind.
    #[error("{} {parent}: {reason}", Attested::BadParent.words(&[.path]))]
    BadParent {
        /// Path of the field in the request.
        path: String,
        /// The id given.
        parent: EntityId,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The document is not waiting for that.
    #[error("{}: {path}, документ {document}: {reason}", Attested::OtherState.words(&[&.step.in_words()]))]
    InvalidDocumentState {
        /// Path of the field in the request.
        path: String,
        /// Which document.
        document: EntityId,
        /// What was asked.
        step: Step,
        /// Why not.
        reason: Cow<'static, str>,
    },
    /// Somebody else was asked to sign, and the person has no right to sign.
    #[error("{}: {path}, документ {document} ждет подписи: {target}", Attested::HandedOver.words(&[]))]
    HandedOver {
        /// Path of the field in the request.
        path: String,
        /// Which document.
        document: EntityId,
        /// Who was asked, by name.
        target: String,
    },
    /// The document is revoked.
    #[error("{}: {path}, документ {document}", Attested::Revoked.words(&[]))]
    Revoked {
        /// Path of the field in the request.
        path: String,
        /// Which document.
        document: EntityId,
    },
    /// The document is revoked or about to be.
    #[error(
        "{}: {path}, документ {document}: на запрос {request} еще не ответили", Attested::UnderRevocation.words(&[])
    )]
    UnderRevocation {
        /// Path of the field in the request.
        path: String,
        /// Which document.
        document: EntityId,
        /// The request that waits for an answer.
        request: EntityId,
    },
    /// Documents of this type are never revoked.
    #[error("{path}: документы типа {type_named_id} не аннулируются")]
    NotRevocable {
        /// Path of the field in the request.
        path: String,
        /// The type.
        type_named_id: String,
    },
    /// The packet is locked, and some of its documents are left out.
    #[error("{}: {path} не содержит документов {}", Attested::PartOfPacket.words(&[]), list(.missing))]
    LockedPacket {
        /// The list that misses some.
        path: String,
        /// The documents left out.
        missing: Vec<EntityId>,
    },
    /// The packet is locked, so what is done to one of its documents in the own box is done to all.
    #[error("Документы закрытого пакета можно {} только вместе: {path} не содержит документов {}", .step.to_several(), list(.missing))]
    LockedTogether {
        /// The list that misses some.
        path: String,
        /// What was asked.
        step: Step,
        /// The documents left out.
        missing: Vec<EntityId>,
    },
    /// The packet is locked, so documents neither join nor leave it.
    #[error("Состав закрытого пакета не меняют: {path}, документ {document} в закрытом пакете")]
    LockedMembership {
        /// Path of the field in the request.
        path: String,
        /// Which document.
        document: EntityId,
    },
    /// No further signature is taken today.
    #[error("{}", Attested::TooManyFailedSignatures.words(&[.attempts, .allowed]))]
    TooManyFailedSignatures {
        /// Path of the field in the request.
        path: String,
        /// Under which entity.
        entity: EntityId,
        /// How many were invalid.
        attempts: usize,
        /// How many may be.
        allowed: usize,
    },
    /// So many approvals of one document are not taken on one day.
    #[error("{path}: entity {entity} has {allowed} approval signatures of today; try again tomorrow, UTC")]
    TooManyApprovals {
        /// Path of the field in the request.
        path: String,
        /// Which document.
        entity: EntityId,
        /// How many may be.
        allowed: usize,
    },
    /// The tags of a document are not changed so often.
    #[error(
        "{path}: the tags of document {document} were edited {allowed} times, and that is all that is allowed"
    )]
    TooManyTagEdits {
        /// Path of the field in the request.
        path: String,
        /// Which document.
        document: EntityId,
        /// How often they may be.
        allowed: usize,
    },
    /// This box gave a receipt already.
    #[error("{path}: для {parent} уже есть извещение о получении; второе не нужно")]
    AlreadyReceipted {
        /// Path of the field in the request.
        path: String,
        /// For what.
        parent: EntityId,
    },
    /// The workflow or the type has no use for it.
    #[error("{}: {path}: {reason}", Attested::NoSuchAnswer.words(&[&.what.command(), .document]))]
    NotSupported {
        /// What was asked for.
        what: Unsupported,
        /// Path of the field in the request.
        path: String,
        /// Which document.
        document: EntityId,
        /// Why not.
        reason: &'static str,
    },
    /// The recipient is with another operator, to whom nothing leads from here.
    #[error(
        "box {recipient} is with another operator. Setting is required for document exchange: ask the administrator of the \
         server"
    )]
    RoamingRequired {
        /// The recipient.
        recipient: BoxId,
    },
    /// The recipient does not take messages from strangers.
    #[error("{}", Attested::CounteragentsOnly.words(&[]))]
    CounteragentsOnly {
        /// The recipient.
        recipient: BoxId,
    },
    /// The recipient declined the sender, or broke up with it.
    #[error("{}", Attested::BlockedSender.words(&[]))]
    BlockedSender {
        /// The recipient.
        recipient: BoxId,
    },
    /// The sender is no more.
    #[error("the organization {0} is liquidated, and sends nothing any more")]
    SenderLiquidated(OrgId),
    /// The sender is kept from sending.
    #[error(
        "the organization {0} is blocked, and sends nothing until the block is lifted; GetOrganizationFeatures tells since when"
    )]
    SendingIsBlocked(OrgId),
    /// The recipient takes documents of the sender in some departments only.
    #[error(
        "{path}: box {recipient} takes nothing of this organization in department {department}; leave the department out, or \
         name one that GetCounteragent shows"
    )]
    ClosedDepartment {
        /// Where it stands in the request.
        path: String,
        /// The recipient.
        recipient: BoxId,
        /// The department.
        department: DepartmentId,
    },
}

impl Rejection {
    /// `organization`, which stands at `path` of the request, does not take it.
    pub fn not_taken(organization: &Organization, path: &str, why: NotTaken) -> Self {
        let recipient = organization.box_id;
        match why {
            NotTaken::FromElsewhere => Self::RoamingRequired { recipient },
            NotTaken::FromStrangers => Self::CounteragentsOnly { recipient },
            NotTaken::FromBlocked => Self::BlockedSender { recipient },
            NotTaken::ThereOf(department) => {
                Self::ClosedDepartment { path: path.to_owned(), recipient, department }
            }
        }
    }

    pub(super) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Invalid::new(path, reason).into()
    }

    /// The bytes cannot be sent as what the request says; `why` if more is known.
    pub fn not_in_format(path: impl Into<String>, why: Option<&str>) -> Self {
        Self::NotInFormat { path: path.into(), why: why.map(str::to_owned) }
    }

    pub(super) fn state(
        path: &str,
        document: EntityId,
        step: Step,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::InvalidDocumentState { path: path.to_owned(), document, step, reason: reason.into() }
    }
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 26] = [
        Self::Sign,
        Self::AddTitle,
        Self::Reject,
        Self::Approve,
        Self::WithdrawApproval,
        Self::Receipt,
        Self::Amend,
        Self::Revoke,
        Self::AnswerRevocation,
        Self::RequestApproval,
        Self::RequestSignature,
        Self::DenyRequest,
        Self::CancelRequest,
        Self::CancelFixation,
        Self::AssignRoute,
        Self::RemoveRoute,
        Self::ChangeTags,
        Self::ChangePacket,
        Self::SendMessage,
        Self::VerifySignature,
        Self::Delete,
        Self::Restore,
        Self::Move,
        Self::Forward,
        Self::Transform,
        Self::RefuseTemplate,
    ];

    /// The same of documents that are handled together.
    const fn to_several(self) -> &'static str {
        match self {
            Self::Delete => "удалить",
            Self::Restore => "восстановить",
            Self::Move => "переместить",
            Self::Transform => "преобразовать",
            _ => "обработать",
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::Sign => "его подписать",
            Self::AddTitle => "добавить титул получателя",
            Self::Reject => "отказать в его подписи",
            Self::Approve => "его согласовать",
            Self::WithdrawApproval => "отозвать его согласование",
            Self::Receipt => "подписать извещение о его получении",
            Self::Amend => "запросить его уточнение",
            Self::Revoke => "создать запрос на аннулирование или выполнить отзыв",
            Self::AnswerRevocation => "ответить на запрос об аннулировании",
            Self::RequestApproval => "передать его на согласование",
            Self::RequestSignature => "передать его на подпись",
            Self::DenyRequest => "отказать в запросе подписи",
            Self::CancelRequest => "отменить запрос или отказ в нем",
            Self::CancelFixation => "отменить сведения об отгрузке его товаров",
            Self::Edit => "дополнить его",
            Self::AssignRoute => "поставить его на маршрут",
            Self::RemoveRoute => "снять его с маршрута",
            Self::ChangeTags => "изменить его метки",
            Self::ChangePacket => "изменить его пакет",
            Self::SendMessage => "отправить универсальное сообщение",
            Self::VerifySignature => "сообщить о проверке его подписи",
            Self::Delete => "его удалить",
            Self::Restore => "его восстановить",
            Self::Move => "его переместить",
            Self::Forward => "его переслать",
            Self::Transform => "создать по нему документ",
            Self::RefuseTemplate => "отказаться от шаблона",
        }
    }
}

impl Unsupported {
    const fn command(self) -> &'static str {
        match self {
            Self::Receipt => "AddCommonReceipt",
            Self::Amendment => "AddCorrectionRequest",
        }
    }
}

fn in_brackets(why: Option<&str>) -> String {
    why.map(|why| format!(" ({why})")).unwrap_or_default()
}

fn list(ids: &[EntityId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
