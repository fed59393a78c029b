//! The things that are done by forms.

use potok_wire::proto::documents::DocumentActionType as Act;

use crate::frame::Frame;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Sign,
    Countersign,
    Agree,
    Title,
    Receipt,
    Amend,
    Refuse,
    Keep,
    Revoke,
    Approve,
    Disapprove,
    Ask,
    Forward,
    Delete,
    Restore,
}

/// A kind: the action of the API, its name in addresses, what it is called, and how its button looks.
pub(super) struct Row {
    pub(super) kind: Kind,
    /// `None`: the API does not tell who may; whoever tries is told.
    pub(super) act: Option<Act>,
    pub(super) name: &'static str,
    russian: &'static str,
    english: &'static str,
    pub(super) class: &'static str,
}

const fn row(
    kind: Kind,
    act: Option<Act>,
    name: &'static str,
    (russian, english): (&'static str, &'static str),
    class: &'static str,
) -> Row {
    Row { kind, act, name, russian, english, class }
}

/// All of them, in the order of the buttons.
pub(super) const ROWS: [Row; 15] = [
    row(Kind::Sign, Some(Act::SignParticipantTitle), "sign", ("Подписать", "Sign"), ""),
    row(
        Kind::Title,
        Some(Act::AttachParticipantTitle),
        "title",
        ("Принять и ответить титулом", "Accept with a title"),
        "",
    ),
    row(
        Kind::Agree,
        Some(Act::SignRevocationRequestByEndParticipant),
        "agree",
        ("Согласиться аннулировать", "Agree to revoke"),
        "",
    ),
    row(Kind::Approve, Some(Act::ResolveWithApprove), "approve", ("Согласовать", "Approve"), "second"),
    row(
        Kind::Disapprove,
        Some(Act::ResolveWithDisapprove),
        "disapprove",
        ("Не согласовать", "Disapprove"),
        "second",
    ),
    row(
        Kind::Receipt,
        Some(Act::ConfirmReceiptOfTitle),
        "receipt",
        ("Подписать извещение", "Sign a receipt"),
        "second",
    ),
    row(Kind::Amend, Some(Act::RequestAmendment), "amend", ("Запросить уточнение", "Ask to amend"), "second"),
    row(Kind::Ask, Some(Act::RequestApprovement), "ask", ("Передать коллеге", "Ask a colleague"), "second"),
    row(
        Kind::Countersign,
        Some(Act::SignApprovingly),
        "countersign",
        ("Согласующая подпись", "Sign approvingly"),
        "second",
    ),
    row(Kind::Forward, None, "forward", ("Переслать", "Forward"), "second"),
    row(Kind::Restore, Some(Act::Restore), "restore", ("Восстановить", "Restore"), "second"),
    row(
        Kind::Refuse,
        Some(Act::RejectParticipantTitleSigning),
        "refuse",
        ("Отказать в подписи", "Refuse to sign"),
        "danger",
    ),
    row(
        Kind::Keep,
        Some(Act::RejectRevocationRequestSigning),
        "keep",
        ("Отказать в аннулировании", "Refuse to revoke"),
        "danger",
    ),
    row(Kind::Revoke, Some(Act::RequestRevocation), "revoke", ("Аннулировать", "Revoke"), "danger"),
    row(Kind::Delete, Some(Act::Delete), "delete", ("Удалить", "Delete"), "danger"),
];

impl Row {
    pub(super) fn text(&self, frame: &Frame) -> &'static str {
        if frame.is_russian() { self.russian } else { self.english }
    }

    pub(super) fn named(name: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.name == name)
    }
}

/// Whether words go along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    No,
    May,
    Must,
}

impl Kind {
    pub(super) fn is_signed(self) -> bool {
        use Kind::{Agree, Amend, Countersign, Keep, Receipt, Refuse, Revoke, Sign, Title};
        matches!(self, Sign | Countersign | Agree | Title | Receipt | Amend | Refuse | Keep | Revoke)
    }

    /// A file is made for it, which names who signs.
    pub(super) fn is_made(self) -> bool {
        use Kind::{Amend, Keep, Receipt, Refuse, Revoke, Title};
        matches!(self, Receipt | Amend | Refuse | Keep | Revoke | Title)
    }

    pub(super) fn words(self) -> Words {
        match self {
            Self::Amend | Self::Refuse | Self::Keep => Words::Must,
            Self::Revoke | Self::Approve | Self::Disapprove | Self::Ask => Words::May,
            _ => Words::No,
        }
    }

    /// What comes of it, before it is done.
    pub(super) fn hint(self, frame: &Frame) -> &'static str {
        let (russian, english) = match self {
            Self::Sign => ("Подпись увидит другая сторона.", "The other side will see the signature."),
            Self::Countersign => (
                "Подпись останется внутри организации и ничего не изменит в документообороте.",
                "The signature stays inside the organization and changes nothing in the exchange.",
            ),
            Self::Agree => {
                ("Документ потеряет силу для обеих сторон.", "The document loses its force for both sides.")
            }
            Self::Title => (
                "Из того, что вы укажете, будет составлен титул получателя.",
                "The recipient's title is made of what you fill in.",
            ),
            Self::Receipt => (
                "Извещение подтверждает, что документ получен, и не означает согласия с ним.",
                "A receipt confirms that the document has arrived, and agrees to nothing.",
            ),
            Self::Amend => {
                ("Отправитель увидит, что нужно исправить.", "The sender will see what has to be mended.")
            }
            Self::Refuse => (
                "Отправитель увидит отказ и его причину. Подписать этот документ после отказа нельзя.",
                "The sender will see the refusal and its reason. The document cannot be signed after it.",
            ),
            Self::Keep => (
                "Документ останется в силе, а другая сторона увидит причину.",
                "The document stays in force, and the other side will see the reason.",
            ),
            Self::Revoke => (
                "Документ потеряет силу, когда другая сторона согласится.",
                "The document loses its force when the other side agrees.",
            ),
            Self::Approve => (
                "Решение увидят только сотрудники вашей организации.",
                "Only people of your organization will see the resolution.",
            ),
            Self::Disapprove => (
                "Решение увидят только сотрудники вашей организации.",
                "Only people of your organization will see the resolution.",
            ),
            Self::Ask => (
                "Коллега увидит запрос в этом документе.",
                "Your colleague will see the request in this document.",
            ),
            Self::Forward => (
                "Третья сторона увидит документ таким, какой он сейчас, и ничего из того, что случится потом.",
                "The third party will see the document as it is now, and nothing of what happens later.",
            ),
            Self::Delete => (
                "Документ исчезнет из списков вашей организации; у другой стороны он останется. Его можно восстановить.",
                "The document vanishes from the lists of your organization; the other side keeps it. It can be restored.",
            ),
            Self::Restore => ("Документ вернётся в списки.", "The document comes back into the lists."),
        };
        if frame.is_russian() { russian } else { english }
    }
}
