//! What appends to one box will ask, known before the first of them begins: so that a dialect over a network can ask it all at once.

use std::collections::HashSet;
use std::sync::Arc;

use potok_store::{Operation, StreamId};

use super::append::Prepared;
use crate::{DocumentStmt, FeedStmt, JournalStmt, OutboxStmt, Stmt, Value, args, feed};

/// Shows `ask` the questions of appends that go one behind the other in one transaction, which has entered their box. Each answer is good
/// for the first time that the question is asked, for no append is named here whose answer an earlier one of them would change. Not all
/// that is shown has to be asked, and not all that is asked is shown.
pub fn foresee(all: &[Arc<Prepared>], mut ask: impl FnMut(Stmt, &[Value<'_>])) {
    let mut streams: HashSet<StreamId> = HashSet::new();
    let mut operations: HashSet<&Operation> = HashSet::new();
    let mut leases = HashSet::new();
    let (mut profiles, mut document_profiles) = (HashSet::new(), HashSet::new());
    for prepared in all {
        let append = prepared.append();
        let box_id = append.box_id;
        if let Some(new) = &append.operation
            && operations.insert(&new.operation)
        {
            ask(JournalStmt::Operation.into(), &args![box_id, new.operation.method, &new.operation.id]);
        }
        if let Some(lease) = append.settles
            && lease.box_id == box_id
            && leases.insert(lease.delivery)
        {
            ask(OutboxStmt::IsHeld.into(), &args![box_id, lease.delivery.0, lease.attempt]);
        }
        for (of_stream, rows) in append.streams.iter().zip(prepared.documents()) {
            let StreamId { kind, id } = of_stream.stream;
            if !streams.insert(of_stream.stream) {
                continue;
            }
            ask(JournalStmt::Revision.into(), &args![box_id, kind.number(), id]);
            let is_new = of_stream.expected.0 == 0;
            for row in rows {
                let document = row.document();
                if !is_new && of_stream.stream.message() == Some(document.message_id) {
                    ask(DocumentStmt::Find.into(), &args![box_id, document.message_id, document.entity_id]);
                }
                if document_profiles.insert(row.profile()) {
                    ask(DocumentStmt::ProfileOfDigest.into(), &args![box_id, &row.profile()]);
                }
            }
            for entry in of_stream.events.iter().filter_map(|event| event.feed.as_ref()) {
                let digest = feed::profile_digest(entry);
                if profiles.insert(digest) {
                    ask(FeedStmt::ProfileOfDigest.into(), &args![box_id, &digest]);
                }
            }
        }
    }
    if let Some(box_id) = all.first().map(|prepared| prepared.box_id()) {
        ask(FeedStmt::Newest.into(), &args![box_id]);
        ask(JournalStmt::LastKeyBesideFeed.into(), &args![box_id]);
    }
}
