//! Drafts: kept, sent, thrown away.

use potok_types::{EntityId, MessageId};

use potok_domain::MessageType;
use potok_domain::command::{DraftSignature, NewDraft, SendDraft};
use potok_stories::{Who, box_of, bytes, document, letter};

use super::Run;

impl Run {
    pub(super) fn keep_draft(&mut self, who: Who, is_to_nobody: bool) {
        let mut command = letter(Vec::new());
        (command.from, command.to) = (box_of(who), (!is_to_nobody).then(|| box_of(who.other())));
        command.draft = Some(NewDraft { is_locked: !is_to_nobody, is_strict: true });
        for position in 0..2 {
            let mut posted = document();
            posted.custom_document_id = Some(format!("secret {position}"));
            posted.comment = Some(bytes("comment"));
            posted.signature = None;
            command.documents.push(posted);
        }
        self.story.simulation.post(who, &command).expect("the form of the draft is good");
    }

    pub(super) fn send(&mut self, who: Who, message: u8, is_thrown_away: bool) {
        let drafts: Vec<MessageId> =
            self.messages(who).into_iter().filter(|id| self.is_draft(who, *id)).collect();
        if drafts.is_empty() {
            return;
        }
        let draft = drafts[usize::from(message) % drafts.len()];
        let state = self.story.simulation.state(who, draft).expect("the box has the draft");
        let is_open = !state.is_recycled && !state.is_deleted();
        if is_thrown_away {
            let taken = self.story.simulation.recycle(who, draft).is_ok();
            assert_eq!(taken, !state.is_recycled, "a draft is done with once");
            return;
        }
        let ids: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        let signatures = ids.iter().map(|document| DraftSignature {
            path: String::new(),
            document: *document,
            signature: self.story.signature(false),
            power: None,
            prepared: None,
        });
        let command = SendDraft {
            draft,
            to: (!state.to.is_named()).then(|| box_of(who.other())),
            to_department: None,
            proxy: None,
            proxy_department: None,
            is_test: false,
            signatures: signatures.collect(),
        };
        let sent = self.story.simulation.send(who, &command);
        assert_eq!(sent.is_ok(), is_open, "a draft is sent once: {sent:?}");
        if let Ok(letter) = sent {
            let sent = self.story.simulation.state(who, letter.message_id).expect("the letter is there");
            assert!(sent.documents().map(|(found, _)| found.entity.id).eq(ids), "documents keep their ids");
            self.accepted.insert("sends");
        }
    }

    pub(super) fn is_draft(&self, who: Who, message: MessageId) -> bool {
        let state = self.story.simulation.state(who, message);
        state.is_some_and(|state| state.message_type == MessageType::Draft)
    }
}
