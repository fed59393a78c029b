//! Templates: letters are made of them, or they are refused, exactly as the rules say.

use potok_types::{EntityId, MessageId};

use potok_domain::command::{NewRefusal, PatchTemplate, TransformTemplate, Transformation};
use potok_domain::{AttachmentType, DocumentRef, EntityState, LockMode, MessageState, Service, Template};
use potok_stories::{Action, Who, box_of, bytes, document, letter, patch, prepared_title};

use super::Run;

impl Run {
    pub(super) fn post_template(&mut self, who: Who, traits: u8) {
        let has = |bit: u8| traits & (1 << bit) != 0;
        let mut command = letter(Vec::new());
        (command.from, command.to) = (box_of(who), Some(box_of(who.other())));
        let (from, back) = if has(0) { (who, who.other()) } else { (who.other(), who) };
        command.template = Some(Template {
            from: box_of(from),
            to: box_of(if has(1) { Who::C } else { back }),
            to_department: None,
            proxy: None,
            proxy_department: None,
            is_reusable: has(2),
        });
        command.lock_mode = if has(3) { LockMode::Full } else { LockMode::None };
        for position in 0..2 {
            let mut posted = document();
            posted.custom_document_id = Some(format!("secret {position}"));
            posted.comment = Some(bytes("comment"));
            posted.signature = None;
            // What is made of it may be refused.
            posted.workflow = Some(2);
            posted.refusal_disabled = has(4) && position == 0;
            if has(5) && position == 1 {
                "XmlTorg12".clone_into(&mut posted.type_named_id);
                posted.workflow = Some(3);
                posted.editing_setting = has(6).then(|| "setting".to_owned());
                posted.prepared_title = has(7).then(|| prepared_title(&posted, false)).flatten();
            }
            command.documents.push(posted);
        }
        self.story.simulation.post(who, &command).expect("the form of the template is good");
    }

    pub(super) fn use_template(&mut self, who: Who, (message, document): (u8, u8), is_refused: bool) {
        let states = self.messages(who).into_iter().filter_map(|id| self.story.simulation.state(who, id));
        let templates: Vec<MessageState> = states.filter(|state| state.template.is_some()).collect();
        if templates.is_empty() {
            return;
        }
        let state = &templates[usize::from(message) % templates.len()];
        let template = state.message_id;
        let mut ids: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        if document % 3 != 0 {
            ids = vec![ids[usize::from(document) % ids.len()]];
        }
        let path = String::new;
        if is_refused {
            let refusals = ids.iter().map(|id| NewRefusal {
                path: path(),
                document: *id,
                comment: Some("no".to_owned()),
                content: Some(bytes("no")),
                labels: Vec::new(),
            });
            let command = PatchTemplate { template, refusals: refusals.collect() };
            let refused = self.story.simulation.refuse_template(who, &command);
            assert_eq!(refused.is_ok(), may_refuse(state, &ids), "{refused:?}");
            if refused.is_ok() {
                self.accepted.insert("refuses-template");
            }
            return;
        }
        let documents = ids.iter().map(|id| Transformation {
            path: path(),
            document: *id,
            custom_document_id: Some(format!("letter {id}")),
        });
        let command = TransformTemplate { box_id: box_of(who), template, documents: documents.collect() };
        let made = self.story.simulation.transform(who, &command);
        assert_eq!(made.is_ok(), may_transform(state, &ids), "{made:?}");
        if let Ok(letter) = made {
            self.accepted.insert("transforms");
            if document % 2 == 0 {
                self.send_letter(who, letter.message_id);
            }
        }
    }

    fn send_letter(&mut self, who: Who, letter: MessageId) {
        let state = self.story.simulation.state(who, letter).expect("the letter is there");
        let mut command = patch(who, letter);
        for (found, _) in state.documents() {
            let signs = Action { who, verb: "signs", adverbs: Vec::new() };
            self.story.add_item(&mut command, &signs, found.entity.id);
        }
        self.story.simulation.patch(who, &command).expect("nobody has refused the template");
    }

    /// Nothing is sent of a letter once its box knows that the template was refused.
    pub(super) fn check_letter_of_template(&self, who: Who, letter: &MessageState) {
        let Some(template) = self.template_of(who, letter) else { return };
        for (found, _) in letter.documents() {
            let made = DocumentRef { message_id: letter.message_id, entity_id: found.entity.id };
            let of = template.template_of(made).expect("the template remembers what was made of it");
            let refusals = children(&template, of, AttachmentType::TemplateRefusal);
            let Some(refused_at) = refusals.map(|refusal| refusal.appeared_at).min() else { continue };
            let is_late = |found: &EntityState| {
                let signature = found.entity.signature().filter(|signature| !signature.is_approval);
                signature.is_some_and(|it| it.signer_box == letter.box_id) && found.appeared_at > refused_at
            };
            assert!(!letter.children(found.entity.id).any(is_late), "what was refused is not sent");
        }
    }

    /// With nothing on the way: no template was used more often than it may be, and each refusal of a letter is told once, in
    /// both boxes of its template. Whether there was any.
    pub(super) fn check_templates(&self) -> bool {
        let mut is_told = false;
        for who in Who::ALL {
            let states = self.messages(who).into_iter().filter_map(|id| self.story.simulation.state(who, id));
            let states: Vec<MessageState> = states.collect();
            for template in states.iter().filter(|state| state.template.is_some()) {
                let is_reusable = template.template.is_some_and(|it| it.is_reusable);
                for (found, _) in template.documents() {
                    let made = children(template, found.entity.id, AttachmentType::TemplateTransformation);
                    assert!(is_reusable || made.count() <= 1, "one letter is made of it");
                }
            }
            for letter in &states {
                let Some(template) = self.template_of(who, letter) else { continue };
                for (found, _) in letter.documents() {
                    is_told |= self.check_told(who, letter, found.entity.id, &template);
                }
            }
        }
        is_told
    }

    /// As many changes are told of what was made of the template as there are refusals under it.
    fn check_told(
        &self,
        who: Who,
        letter: &MessageState,
        document: EntityId,
        template: &MessageState,
    ) -> bool {
        let is_foreign = |found: &EntityState| match found.entity.service() {
            Some(Service::UniversalMessage(message)) => message.creator_box != letter.box_id,
            _ => {
                let mut signatures = letter.children(found.entity.id).filter_map(|it| it.entity.signature());
                signatures.any(|signature| signature.signer_box != letter.box_id)
            }
        };
        let is_refusal = |found: &EntityState| found.entity.service().is_some_and(Service::is_refusal);
        let refusals = letter.children(document).filter(|found| is_refusal(found) && found.stands());
        let refused = refusals.filter(|found| is_foreign(found)).count();
        let made = DocumentRef { message_id: letter.message_id, entity_id: document };
        let of = template.template_of(made).expect("the template remembers what was made of it");
        let transformation = template.transformation_into(made).expect("as it says").entity.id;
        let told = |state: &MessageState| state.transformation_changes(transformation).count();
        assert_eq!(told(template), refused, "{who:?} told the template of each refusal");
        let other = who.other();
        let there = self.story.simulation.state(other, template.message_id).expect("both sides have it");
        assert_eq!(told(&there), refused, "{other:?} was told of each refusal");
        assert!(there.document(of).is_some());
        refused > 0
    }

    fn template_of(&self, who: Who, letter: &MessageState) -> Option<MessageState> {
        let template = potok_domain::templates::template_of(letter)?;
        Some(self.story.simulation.state(who, template).expect("the letter's box has the template"))
    }
}

fn children(
    state: &MessageState,
    document: EntityId,
    kind: AttachmentType,
) -> impl Iterator<Item = &EntityState> {
    state.children(document).filter(move |found| found.entity.attachment_type() == kind)
}

/// None of the documents was refused or deleted as far as this box knows, and none of a locked packet is left out.
fn are_open(state: &MessageState, ids: &[EntityId]) -> bool {
    let is_whole = state.lock_mode == LockMode::None || state.documents().count() == ids.len();
    let is_refused = |id: &EntityId| children(state, *id, AttachmentType::TemplateRefusal).next().is_some();
    let is_deleted = |id: &EntityId| state.document_state(*id).is_some_and(|it| it.is_deleted);
    is_whole && !ids.iter().any(|id| is_refused(id) || is_deleted(id))
}

fn may_transform(state: &MessageState, ids: &[EntityId]) -> bool {
    let of = state.template.expect("it is a template");
    let is_made =
        |id: &EntityId| children(state, *id, AttachmentType::TemplateTransformation).next().is_some();
    of.from == state.box_id && are_open(state, ids) && (of.is_reusable || !ids.iter().any(is_made))
}

fn may_refuse(state: &MessageState, ids: &[EntityId]) -> bool {
    let is_sender = state.from.box_id == state.box_id;
    let is_kept = |id: &EntityId| state.document(*id).is_some_and(|(_, document)| document.refusal_disabled);
    are_open(state, ids) && (is_sender || !ids.iter().any(is_kept))
}
