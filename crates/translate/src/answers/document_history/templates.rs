//! Templates: what was made of a document of one, of which one a document was made, and who wants nothing made of it.

use potok_domain::{DocumentRef, EntityState, RefusalKind, TemplateRefusal, TemplateTransformation};
use potok_types::Ticks;
use potok_wire::proto::documents::document_history as wire;
use potok_wire::proto::documents::document_history::DocumentHistoryItemCategory as Category;
use potok_wire::proto::documents::document_history::document_history_item::EventType;

use super::{By, Teller};
use crate::document;

impl<'a> Teller<'a, '_> {
    /// A letter was made of a document of a template.
    pub(super) fn tell_transformation(
        &mut self,
        at: Ticks,
        found: &'a EntityState,
        made: &TemplateTransformation,
    ) {
        let target = DocumentRef { message_id: made.letter, entity_id: made.document };
        let made = wire::TransformedToPayload { target_document_id: Some(document::id(target)) };
        let by = self.person(found);
        self.add(at, Category::Internal, EventType::TransformedTo, by, payload!(transformed_to: made));
    }

    /// Nothing is to be made of a document of a template any more.
    pub(super) fn tell_template_refusal(
        &mut self,
        at: Ticks,
        found: &'a EntityState,
        refusal: &TemplateRefusal,
    ) {
        let refused = wire::TemplateRefusedPayload {
            refusal_type: Some(kind(refusal.kind)),
            comment_entity: found.entity.content.is_some().then(|| self.comment(found)),
        };
        let by = By { box_id: refusal.box_id, user: found.entity.author.filter(|_| found.is_own) };
        let category = self.category(by);
        self.add(at, category, EventType::TemplateRefused, by, payload!(template_refused: refused));
    }

    /// The document was made of one of a template, and what was said of that since.
    pub(super) fn tell_origin(&mut self) {
        let Some((template, of)) = self.history.template else { return };
        let here = DocumentRef { message_id: self.state().message_id, entity_id: self.history.document };
        let origin = DocumentRef { message_id: template.message_id, entity_id: of };
        if let Some(made) = template.transformation_into(here) {
            let by = self.person(made);
            let created =
                wire::CreatedFromTemplatePayload { template_document_id: Some(document::id(origin)) };
            let payload = payload!(created_from_template: created);
            self.add(made.appeared_at, Category::Internal, EventType::CreatedFromTemplate, by, payload);
        }
        if let Some((found, refusal)) = template.template_refusal(of) {
            let refused = wire::DocumentTemplateRefusedPayload {
                refusal_type: Some(kind(refusal.kind)),
                template_document_id: Some(document::id(origin)),
                comment_entity: found.entity.content.is_some().then(|| self.comment(found)),
            };
            let by = By { box_id: refusal.box_id, user: found.entity.author.filter(|_| found.is_own) };
            let category = self.category(by);
            let payload = payload!(document_template_refused: refused);
            self.add(found.appeared_at, category, EventType::DocumentTemplateRefused, by, payload);
        }
    }
}

const fn kind(kind: RefusalKind) -> i32 {
    (match kind {
        RefusalKind::Refusal => wire::HistoryTemplateRefusalType::Refusal,
        RefusalKind::Withdrawal => wire::HistoryTemplateRefusalType::Withdrawal,
    }) as i32
}
