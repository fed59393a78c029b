//! Letters: posted, answered, deleted.

use potok_domain::decide::Housekeeping;
use potok_domain::{EntityState, LockMode};
use potok_stories::{
    Action, EXPORT, SALES, VERBS, Who, box_of, bytes, document, letter, patch, prepared_title, targets,
    user_of,
};

use super::Run;
use super::attempts::Item;

/// Types with workflows: answered and not, confirmed and not, acknowledged and not.
const TYPES: [(&str, Option<&str>, i32); 8] = [
    ("Nonformalized", None, 1),
    ("Nonformalized", None, 2),
    ("Nonformalized", None, 6),
    ("XmlTorg12", None, 3),
    ("Invoice", None, 17),
    ("Invoice", None, 10),
    ("UniversalTransferDocument", Some("СЧФДОП"), 18),
    ("UniversalTransferDocument", Some("СЧФДОП"), 12),
];

/// Those of three sides.
const THROUGH_C: [(&str, Option<&str>, i32); 5] = [
    ("Nonformalized", None, 1),
    ("Nonformalized", None, 6),
    ("XmlTorg12", None, 3),
    ("XmlTorg12", None, 19),
    ("PerformedWorkAcceptanceCertificate", None, 13),
];

/// Workflows in which the recipient writes a title.
const ANSWERED_BY_TITLE: [i32; 5] = [3, 12, 13, 18, 19];

impl Run {
    pub(super) fn post(&mut self, who: Who, count: u8, traits: u16) {
        let has = |bit: u8| traits & (1 << bit) != 0;
        let (delay, internal) = (has(0), has(1) && has(2));
        let mut command = letter(Vec::new());
        (command.from, command.to) = (box_of(who), (!internal).then(|| box_of(who.other())));
        (command.delay_send, command.is_internal) = (delay, internal);
        command.from_department = has(3).then_some(EXPORT);
        command.to_department = has(4).then_some(SALES);
        command.lock_mode =
            [LockMode::None, LockMode::Send, LockMode::Full, LockMode::None][usize::from(traits >> 6 & 3)];
        // Half of the letters that may go through C do.
        let proxied = has(1) && !has(2);
        command.proxy = proxied.then(|| box_of(Who::C));
        command.proxy_department = (proxied && has(4)).then_some(EXPORT);
        for position in 0..count {
            let mut posted = document();
            posted.custom_document_id = Some(format!("secret {position}"));
            posted.comment = has(5).then(|| bytes("comment"));
            let types = if proxied { &THROUGH_C[..] } else { &TYPES[..] };
            let (type_named_id, function, workflow) =
                types[(usize::from(traits) ^ usize::from(position)) % types.len()];
            posted.type_named_id = type_named_id.to_owned();
            posted.function = function.map(str::to_owned);
            posted.workflow = Some(workflow);
            posted.need_receipt = has(4);
            posted.editing_setting = (delay && has(8)).then(|| "setting".to_owned());
            if has(9) && ANSWERED_BY_TITLE.contains(&workflow) {
                posted.prepared_title = prepared_title(&posted, proxied);
            }
            posted.signature =
                (!delay).then(|| self.story.signature(!internal && has(3) && has(5) && position == 0));
            command.documents.push(posted);
        }
        self.story.simulation.post(who, &command).expect("the form of the post is good");
    }

    pub(super) fn patch(&mut self, who: Who, message: u8, items: [Option<Item>; 2]) {
        let messages = self.messages(who);
        if messages.is_empty() {
            return;
        }
        let message = messages[usize::from(message) % messages.len()];
        let state = self.story.simulation.state(who, message).expect("the box has the message");
        let mut command = patch(who, message);
        for item in items.into_iter().flatten() {
            let (verb, adverb) = VERBS[usize::from(item.verb)];
            // Mostly what it can be about, sometimes anything.
            let mut parents = targets(&state, verb);
            if parents.is_empty() || item.parent > 220 {
                parents = state.entities().iter().map(|found| found.entity.id).collect();
            }
            let parent = parents[usize::from(item.parent) % parents.len()];
            let is_bad = item.is_bad && !state.is_internal;
            let adverbs =
                [adverb, if is_bad { "badly" } else { "" }, if item.is_for_me { "to-me" } else { "" }];
            self.story.add_item(&mut command, &Action { who, verb, adverbs: adverbs.into() }, parent);
        }
        if self.story.simulation.patch(who, &command).is_ok() {
            self.accepted.extend(items.into_iter().flatten().map(|item| VERBS[usize::from(item.verb)].0));
            if command.signatures.iter().any(|item| item.prepared.is_some()) {
                self.accepted.insert("signs-rewritten");
            }
            if command.signatures.iter().any(|item| {
                state.entity(state.to_sign(item.parent)).is_some_and(EntityState::is_prepared_title)
            }) {
                self.accepted.insert("signs-prepared-title");
            }
        }
    }

    pub(super) fn delete(&mut self, who: Who, message: u8, is_restored: bool) {
        let messages = self.messages(who);
        if messages.is_empty() {
            return;
        }
        let message = messages[usize::from(message) % messages.len()];
        let what = if is_restored { Housekeeping::Restore } else { Housekeeping::Delete };
        // What is deleted already is refused.
        let _is_refused = self.story.simulation.housekeeping(who, user_of(who), message, &[], what).is_err();
    }
}
