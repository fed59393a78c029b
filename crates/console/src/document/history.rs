//! What happened to a document, as a line of time.

use potok_api::Empty;
use potok_api::methods::{GetDocumentHistory, GetDocumentHistoryQuery};
use potok_wire::proto::documents::document_history::document_history_item::EventType;
use potok_wire::proto::documents::document_history::{
    DocumentHistory, DocumentHistoryItem, DocumentHistoryItemCategory,
};
use potok_wire::proto::{ResolutionRequestType, ResolutionType};

use crate::frame::Frame;
use crate::moment::Moment;
use crate::places::DocumentPlace;
use crate::server::{Refused, Server, ask};
use crate::words;

/// Something that happened.
pub(super) struct Happened {
    pub(super) what: String,
    /// Person and organization.
    pub(super) who: String,
    pub(super) at: Option<Moment>,
    /// In the words of who did it.
    pub(super) words: String,
    pub(super) class: &'static str,
}

/// The history, the first event first.
pub(super) async fn history(
    server: &dyn Server,
    frame: &Frame,
    place: DocumentPlace,
) -> Result<Vec<Happened>, Refused> {
    let DocumentPlace { box_id, message, document } = place;
    let query = GetDocumentHistoryQuery {
        embed: vec!["Comments".to_owned(), "ResolutionEntities".to_owned()],
        ..GetDocumentHistoryQuery::new(box_id, message, document)
    };
    let found = ask::<GetDocumentHistory>(server, &query, &Empty).await?;
    Ok(found.items.iter().map(|item| happened(frame, &found, item)).collect())
}

fn happened(frame: &Frame, all: &DocumentHistory, item: &DocumentHistoryItem) -> Happened {
    let boxes = all.reference_data.as_ref().map_or(&[][..], |data| &data.boxes);
    let organization =
        boxes.iter().find(|known| known.box_id == item.box_id).map(|known| known.box_title.as_str());
    let author = item.author.as_ref().and_then(|author| author.display_name.as_deref());
    let who: Vec<&str> = [author, organization].into_iter().flatten().filter(|it| !it.is_empty()).collect();
    let class = match item.category() {
        DocumentHistoryItemCategory::Incoming => "in",
        DocumentHistoryItemCategory::Outgoing => "out",
        DocumentHistoryItemCategory::Error => "bad",
        _ => "inside",
    };
    Happened {
        what: what(frame, item),
        who: who.join(", "),
        at: item.occurred_at.and_then(|at| Moment::of(at.ticks)),
        words: said(item).unwrap_or_default(),
        class,
    }
}

fn what(frame: &Frame, item: &DocumentHistoryItem) -> String {
    let kind = item.r#type();
    let payload = item.payload.as_deref();
    let exact = match kind {
        EventType::Resolved => payload
            .and_then(|it| it.resolved.as_ref())
            .and_then(|it| it.resolution.as_ref())
            .map(|resolution| match resolution.resolution_type() {
                ResolutionType::Approve => frame.say("Согласован", "Approved"),
                ResolutionType::Disapprove => frame.say("Отказано в согласовании", "Disapproved"),
                _ => frame.say("Решение отменено", "The resolution was taken back"),
            }),
        EventType::ResolutionRequested => payload
            .and_then(|it| it.resolution_requested.as_ref())
            .and_then(|it| it.request.as_ref())
            .map(|request| match request.request_type() {
                ResolutionRequestType::ApprovementRequest => {
                    frame.say("Запрошено согласование", "An approval was asked for")
                }
                ResolutionRequestType::SignatureRequest => {
                    frame.say("Запрошена подпись", "A signature was asked for")
                }
                _ => frame.say("Запрошена согласующая подпись", "An approving signature was asked for"),
            }),
        _ => None,
    };
    exact.unwrap_or_else(|| words::event(frame, kind)).to_owned()
}

/// What was written along.
fn said(item: &DocumentHistoryItem) -> Option<String> {
    let payload = item.payload.as_deref()?;
    let plain = [
        payload.rejected.as_ref().and_then(|it| it.plain_text.as_ref()),
        payload.amendment_requested.as_ref().and_then(|it| it.plain_text.as_ref()),
        payload.revocation_requested.as_ref().and_then(|it| it.plain_text.as_ref()),
        payload.revocation_rejected.as_ref().and_then(|it| it.plain_text.as_ref()),
        payload.revoked_unilaterally.as_ref().and_then(|it| it.plain_text.as_ref()),
        payload.revoked_forcibly.as_ref().and_then(|it| it.plain_text.as_ref()),
        payload.roaming_delivery_error.as_ref().and_then(|it| it.error_text.as_ref()),
    ];
    if let Some(plain) = plain.into_iter().flatten().next() {
        return Some(plain.clone());
    }
    let entity = [
        payload.sent.as_ref().and_then(|it| it.comment_entity.as_ref()),
        payload.will_be_sent_to.as_ref().and_then(|it| it.comment_entity.as_ref()),
        payload.amendment_sent.as_ref().and_then(|it| it.comment_entity.as_ref()),
        payload.resolved.as_ref().and_then(|it| it.resolution.as_ref()).map(|it| &it.entity),
        payload.resolution_requested.as_ref().and_then(|it| it.request.as_ref()).map(|it| &it.entity),
        payload.signature_request_denied.as_ref().and_then(|it| it.denial.as_ref()).map(|it| &it.entity),
    ];
    let data = entity.into_iter().flatten().find_map(|entity| entity.content.as_ref()?.data.as_ref())?;
    Some(String::from_utf8_lossy(data).chars().take(1000).collect())
        .filter(|text: &String| !text.trim().is_empty())
}
