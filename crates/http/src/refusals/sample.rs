//! Values for the samples of `docs/errors.md`, with the words that stand there in their place.

use potok_domain::powers::PowerName;
use potok_domain::webhook::WebhookId;
use potok_types::{
    BoxId, DepartmentId, EntityId, EventId, GroupId, MessageId, OrgId, RouteId, TaskId, UserId,
};

pub(crate) fn box_id() -> BoxId {
    "b0000000-0000-0000-0000-000000000001".parse().expect("an id")
}

pub(crate) fn message() -> MessageId {
    "e0000000-0000-0000-0000-000000000002".parse().expect("an id")
}

pub(crate) fn document() -> EntityId {
    "d0000000-0000-0000-0000-000000000003".parse().expect("an id")
}

pub(crate) fn event() -> EventId {
    "e0000000-0000-0000-0000-000000000004".parse().expect("an id")
}

pub(crate) fn department() -> DepartmentId {
    "d0000000-0000-0000-0000-000000000005".parse().expect("an id")
}

pub(crate) fn organization() -> OrgId {
    "a0000000-0000-0000-0000-000000000006".parse().expect("an id")
}

pub(crate) fn user() -> UserId {
    "a0000000-0000-0000-0000-000000000007".parse().expect("an id")
}

pub(crate) fn route() -> RouteId {
    "a0000000-0000-0000-0000-000000000008".parse().expect("an id")
}

pub(crate) fn group() -> GroupId {
    "a0000000-0000-0000-0000-000000000009".parse().expect("an id")
}

pub(crate) fn task() -> TaskId {
    "a0000000-0000-0000-0000-000000000010".parse().expect("an id")
}

pub(crate) fn webhook() -> WebhookId {
    "a0000000-0000-0000-0000-000000000012".parse().expect("an id")
}

pub(crate) fn power() -> PowerName {
    let number = "a0000000-0000-0000-0000-000000000011".parse().expect("a number");
    PowerName { number, issuer_inn: "9612345678".to_owned(), representative_inn: None }
}

/// `text` with words in the place of the ids above.
pub(crate) fn nameless(text: &str) -> String {
    [
        (box_id().to_string(), "‹box›"),
        (box_id().guid(), "‹box›"),
        (message().to_string(), "‹message›"),
        (document().to_string(), "‹entity›"),
        (event().to_string(), "‹event›"),
        (department().to_string(), "‹department›"),
        (organization().to_string(), "‹organization›"),
        (user().to_string(), "‹user›"),
        (route().to_string(), "‹route›"),
        (group().to_string(), "‹group›"),
        (task().to_string(), "‹task›"),
        (webhook().to_string(), "‹webhook›"),
        (power().number.to_string(), "‹number›"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (id, word)| text.replace(&id, word))
}
