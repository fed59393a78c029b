//! Who takes part: organizations with their people, departments and routes, and the letters that they write.

use potok_domain::command::{NewDocument, PostMessage, PostPatch, PreparedTitle, Recognized};
use potok_domain::directory::{Department, Organization, ResolutionRoute, Restrictions, Routing};
use potok_domain::workflow::{self, WorkflowSettings};
use potok_domain::{LockMode, Metadata, RequestTarget, registry};
use potok_types::{BoxId, ContentRef, DepartmentId, MessageId, OrgId, RouteId, Ticks, UserId};
use uuid::Uuid;

/// A department of every organization, with a department below it.
pub const SALES: DepartmentId = DepartmentId::from_uuid(Uuid::from_u128(0x5a1e5));
/// The one below [`SALES`].
pub const EXPORT: DepartmentId = DepartmentId::from_uuid(Uuid::from_u128(0xe49047));
/// A department beside [`SALES`].
pub const STORAGE: DepartmentId = DepartmentId::from_uuid(Uuid::from_u128(0x5704a6e));

/// A name for one of the sides: A writes to B, C is the intermediate addressee of some letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// The sender.
    A,
    /// The recipient.
    B,
    /// The intermediate addressee.
    C,
}

/// The organization, with all departments.
pub fn organization(who: Who) -> Organization {
    let number = who as u128 + 0xa;
    let department = |id, parent, name: &str| Department {
        id,
        parent,
        name: name.to_owned(),
        abbreviation: name.to_owned(),
        kpp: None,
        address: None,
        routing: Routing::default(),
        created_at: Ticks::UNIX_EPOCH,
    };
    Organization {
        org_id: OrgId::from_uuid(Uuid::from_u128(number << 8)),
        box_id: box_of(who),
        inn: "7750370238".to_owned(),
        kpp: Some("770100101".to_owned()),
        full_name: format!("Общество {who:?}"),
        short_name: format!("{who:?}"),
        ogrn: None,
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: format!("2BM-{who:?}"),
        counteragents_only: false,
        is_test: false,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_suspended: false,
        is_roaming: false,
        // Children before parents: the order says nothing.
        departments: vec![
            department(EXPORT, SALES, "Экспорт"),
            department(SALES, DepartmentId::ZERO, "Продажи"),
            department(STORAGE, DepartmentId::ZERO, "Склад"),
        ],
    }
}

/// The only box of the organization.
pub fn box_of(who: Who) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(who as u128 + 0xa))
}

/// The employee who acts unless the story names the colleague.
pub fn user_of(who: Who) -> UserId {
    UserId::from_uuid(Uuid::from_u128(who as u128 + 0x1a))
}

/// Another employee of the same organization.
pub fn colleague_of(who: Who) -> UserId {
    UserId::from_uuid(Uuid::from_u128(who as u128 + 0x2a))
}

/// The full name of one of the two people of the organization.
pub(crate) fn name_of(who: Who, user: UserId) -> &'static str {
    if user == user_of(who) { "Петрова Анна" } else { "Сидоров Пётр" }
}

/// A route of both organizations: first the colleague, then the export department.
pub fn route() -> ResolutionRoute {
    ResolutionRoute {
        id: RouteId::from_uuid(Uuid::from_u128(0x707e)),
        name: "Договоры".to_owned(),
        stages: vec![
            RequestTarget::User {
                id: colleague_of(Who::B),
                name: name_of(Who::B, colleague_of(Who::B)).to_owned(),
            },
            RequestTarget::Department { id: EXPORT, name: "Экспорт".to_owned() },
        ],
    }
}

impl Who {
    /// Everybody.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// Whose box it is; `None` for the operator's.
    pub(crate) fn of(box_id: BoxId) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|who| box_of(*who) == box_id);
        assert!(found.is_some() || box_id == BoxId::ZERO, "there is no box {box_id}");
        found
    }

    /// The side to which this one writes.
    pub const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B | Self::C => Self::A,
        }
    }
}

/// The content that these words are.
pub fn bytes(text: &str) -> ContentRef {
    ContentRef::of(text.as_bytes())
}

/// A signed nonformalized document.
pub fn document() -> NewDocument<ContentRef> {
    document_of(bytes("document"), bytes("signature"))
}

/// The same of other bytes.
pub fn document_of<S>(content: S, signature: S) -> NewDocument<S> {
    NewDocument {
        signature: Some(signature),
        metadata: vec![Metadata { key: "FileName".to_owned(), value: "contract.pdf".to_owned() }],
        ..NewDocument::new("MessageToPost.DocumentAttachments[0]", "Nonformalized", content)
    }
}

/// The title with which the recipient answers `document`, as its sender writes it; of a document that passes an intermediate
/// addressee, when `has_proxy`. `None` when nobody knows the type.
pub fn prepared_title(
    document: &NewDocument<ContentRef>,
    has_proxy: bool,
) -> Option<PreparedTitle<ContentRef>> {
    let (function, version) = (document.function.as_deref(), document.version.as_deref());
    let resolved = registry::resolve(&document.type_named_id, function, version, document.workflow).ok()?;
    let is_third =
        has_proxy && workflow::settings(resolved.workflow).is_some_and(WorkflowSettings::proxy_writes_title);
    let recognized = Recognized {
        index: 1 + i32::from(is_third),
        kinds: vec![resolved.kind],
        function: None,
        metadata: Vec::new(),
    };
    let content = bytes("title of the recipient");
    Some(PreparedTitle { content, recognized: Some(recognized), with_disagreements: false })
}

/// Looks again at what was written for the recipients of a draft or a template, as whoever sends it does.
pub(crate) fn read_again(letter: &mut PostMessage<ContentRef>) {
    let has_proxy = letter.proxy.is_some();
    for document in &mut letter.documents {
        if document.prepared_title.is_some() {
            document.prepared_title = prepared_title(document, has_proxy);
        }
    }
}

/// A letter of A to B.
pub fn letter<S>(documents: Vec<NewDocument<S>>) -> PostMessage<S> {
    PostMessage {
        structure: "MessageToPost",
        from: box_of(Who::A),
        to: Some(box_of(Who::B)),
        proxy: None,
        from_department: None,
        to_department: None,
        proxy_department: None,
        is_internal: false,
        delay_send: false,
        draft: None,
        made_from: None,
        lock_mode: LockMode::None,
        is_test: false,
        documents,
        structured_data: Vec::new(),
        invitation: None,
        template: None,
    }
}

/// A patch of `who` that says nothing yet.
pub fn patch(who: Who, message_id: MessageId) -> PostPatch<ContentRef> {
    PostPatch::empty(box_of(who), message_id)
}
