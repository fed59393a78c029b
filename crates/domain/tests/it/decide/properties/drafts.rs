//! Drafts: kept, sent, thrown away.

use potok_types::{EntityId, MessageId};

use potok_domain::command::{DraftSignature, NewDraft, SendDraft};
use potok_domain::{MessageState, MessageType};
use potok_stories::{Who, box_of, bytes, document, letter, prepared_title};

use super::Run;

impl Run {
    pub(super) fn keep_draft(&mut self, who: Who, is_to_nobody: bool, is_prepared: bool) {
        let mut command = letter(Vec::new());
        (command.from, command.to) = (box_of(who), (!is_to_nobody).then(|| box_of(who.other())));
        command.draft = Some(NewDraft { is_locked: !is_to_nobody, is_strict: true });
        for position in 0..2 {
            let mut posted = document();
            posted.custom_document_id = Some(format!("secret {position}"));
            posted.comment = Some(bytes("comment"));
            posted.signature = None;
            if is_prepared && position == 1 {
                "XmlTorg12".clone_into(&mut posted.type_named_id);
                posted.prepared_title = prepared_title(&posted, false);
            }
            command.documents.push(posted);
        }
        self.story.simulation.post(who, &command).expect("the form of the draft is good");
    }

    pub(super) fn send(&mut self, who: Who, message: u8, is_thrown_away: bool, is_rewritten: bool) {
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
            prepared: is_rewritten.then(|| bytes(&format!("made for the signer of {document}"))),
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
            for (found, _) in sent.documents() {
                let kept = state.entity(found.entity.id).expect("it was in the draft").entity.content;
                assert_eq!(found.entity.content != kept, is_rewritten, "what is signed is sent");
                let has_title = |of: &MessageState| of.prepared_title(found.entity.id).is_some();
                assert_eq!(has_title(&sent), has_title(&state), "the recipient's title comes along");
            }
            self.accepted.insert("sends");
            if is_rewritten {
                self.accepted.insert("sends-rewritten");
            }
        }
    }

    pub(super) fn is_draft(&self, who: Who, message: MessageId) -> bool {
        let state = self.story.simulation.state(who, message);
        state.is_some_and(|state| state.message_type == MessageType::Draft)
    }
}
