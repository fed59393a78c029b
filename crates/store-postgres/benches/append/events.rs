//! What is appended: a letter of 2 KiB with one document, to be delivered to one box, by one operation.

use bytes::Bytes;
use potok_domain::feed::ConcernedDocument;
use potok_domain::{Change, Direction, Event, MessageType, Origin, Party, Patched, Posted, Revision};
use potok_store::{Append, EventPlace, NewEvent, NewOperation, Operation, StreamAppend, StreamId};
use potok_types::{
    BoxId, Clock as _, DepartmentId, EntityId, Entropy as _, EventId, MessageId, SeededEntropy, SystemClock,
};

/// Makes appends; the bytes of the ready event are made once, because random bytes cost more than all the rest here.
pub(crate) struct Maker {
    ids: SeededEntropy,
    ready: Bytes,
}

impl Maker {
    pub(crate) fn new() -> Self {
        let ids = SeededEntropy::new(1);
        let mut ready = vec![0; 2048];
        ids.fill(&mut ready);
        Self { ids, ready: ready.into() }
    }

    /// New ones.
    pub(crate) fn boxes(&self, count: usize) -> Vec<BoxId> {
        (0..count).map(|_| BoxId::from_uuid(self.ids.uuid())).collect()
    }

    pub(crate) fn message(&self) -> MessageId {
        MessageId::from_uuid(self.ids.uuid())
    }

    fn new_event(&self, event: &Event) -> NewEvent {
        let concerned = ConcernedDocument {
            document: EntityId::from_uuid(self.ids.uuid()),
            type_named_id: "Nonformalized".to_owned(),
            direction: Direction::Outbound,
            counteragent: BoxId::ZERO,
            department: DepartmentId::ZERO,
            asked: Vec::new(),
        };
        NewEvent::of_message(event, self.ready.clone(), MessageType::Letter, vec![concerned])
    }

    fn posted(&self, box_id: BoxId, message_id: MessageId) -> NewEvent {
        let party = |title: &str| Party { box_id, title: title.to_owned(), department: None };
        let posted = Posted::letter(party("ООО «Ромашка»"), party("АО «Лютик»"));
        let change = Change::Posted(Box::new(posted));
        self.new_event(&Event { id: message_id.first_event(), message_id, at: SystemClock.now(), change })
    }

    /// One letter.
    pub(crate) fn append(&self, box_id: BoxId) -> Append {
        let message_id = self.message();
        let event = self.posted(box_id, message_id);
        let made = EventPlace { stream: StreamId::from(message_id), event: event.id };
        let operation = Operation { method: "PostMessage", id: self.ids.uuid().to_string() };
        let event = NewEvent { deliver_to: vec![BoxId::ZERO], ..event };
        let mut append = Append::new(box_id, vec![StreamAppend::new(message_id, Revision(0), vec![event])]);
        append.operation = Some(NewOperation { operation, made });
        append
    }

    /// So many events of a message that has so many, without anything to deliver.
    pub(crate) fn many(&self, box_id: BoxId, message_id: MessageId, from: u32, count: u32) -> Append {
        let patched = || {
            let change = Change::Patched(Box::new(Patched::by(Origin::Operator)));
            let id = EventId::from_uuid(self.ids.uuid());
            self.new_event(&Event { id, message_id, at: SystemClock.now(), change })
        };
        let event = |nth| if nth == 0 { self.posted(box_id, message_id) } else { patched() };
        let events = (from..from + count).map(event).collect();
        Append::new(box_id, vec![StreamAppend::new(message_id, Revision(from), events)])
    }
}
