//! What programs before this one left in boxes.

use bytes::Bytes;
use potok_app::admin::{RebuildMode, RebuildWatcher};
use potok_domain::{Body, Change, Revision, WorkflowId};
use potok_store::{Append, Difference, NewEvent, StreamAppend, Wanted};
use potok_types::{BoxId, MessageId};

use crate::World;

/// Hears nothing.
struct Deaf;

impl RebuildWatcher for Deaf {
    fn started(&self, _: u64, _: u64) {}
    fn advanced(&self, _: u64) {}
    fn differs(&self, _: BoxId, _: Option<MessageId>, _: &Difference) {}
}

impl World {
    /// The letter `message` of `box_id` once more, as a program left it that knew other workflows: its documents have `workflow`,
    /// whatever their types allow today. It goes straight to the store, and to the other side when deliveries go on. Its id.
    pub async fn left_behind(&self, box_id: BoxId, message: MessageId, workflow: i32) -> MessageId {
        let beside = self.beside().await;
        let found = beside.store().messages(box_id, &[Wanted::all(message)]).await.expect("readable");
        let mut event = found[0].events[0].clone();
        // Ids of the same sort, so that one is as good as another.
        let id = MessageId::from_uuid(uuid::Uuid::from_u128(message.uuid().as_u128() ^ 1));
        (event.id, event.message_id) = (id.first_event(), id);
        let Change::Posted(posted) = &mut event.change else { panic!("a message begins with a post") };
        for entity in &mut posted.entities {
            if let Body::Document(document) = &mut entity.body {
                document.workflow = WorkflowId(workflow);
            }
        }
        let (to, kind) = (posted.to.box_id, posted.message_type);
        let new =
            NewEvent { deliver_to: vec![to], ..NewEvent::of_message(&event, Bytes::new(), kind, Vec::new()) };
        let append = Append::new(box_id, vec![StreamAppend::new(id, Revision(0), vec![new])]);
        beside.store().append(append).await.expect("the store takes events");
        beside.close().await;
        // What readers read follows from the journal.
        self.app().admin().rebuild(RebuildMode::Repair, &Deaf).await.expect("the store can be written");
        id
    }
}
