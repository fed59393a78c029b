//! The bare batcher: whoever waits goes into the next statement, which adds the rows of all of them and looks at nothing.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use potok_store::Append;
use potok_store_postgres::cluster::Database;
use tokio::sync::{Notify, oneshot};
use tokio_postgres::{Client, NoTls};

use crate::Result;

/// Appends of one statement at most.
const TOGETHER: usize = 64;

/// The rows that an append of the store writes, with a number for all that it counts.
const WRITE: &str = "WITH it AS (
         SELECT * FROM unnest($1::bytea[], $2::int8[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::bytea[])
             AS it (box_id, number, stream_id, event_id, stored, ready, operation, to_box)),
     the_events AS (
         INSERT INTO events (box_id, id, kind, stream_id, revision, event_id, key, stored, ready)
         SELECT box_id, number, 1, stream_id, 1, event_id, number, stored, ready FROM it),
     the_feed AS (
         INSERT INTO feed (box_id, key, event, at, message_type, profile, seq, letters, drafts, nth, max_lead, max_lag)
         SELECT box_id, number, number, number, 1, 1, number, number, 0, number, 0, 0 FROM it),
     the_operations AS (
         INSERT INTO operations (box_id, method, id, kind, stream_id, event_id)
         SELECT box_id, 'PostMessage', operation, 1, stream_id, event_id FROM it),
     the_outbox AS (
         INSERT INTO outbox (box_id, id, kind, stream_id, event_id, revision, to_box, due_at, attempt)
         SELECT box_id, number, 1, stream_id, event_id, 1, to_box, 0, 0 FROM it)
     INSERT INTO boxes (box_id, rows) SELECT box_id, count(*) FROM it GROUP BY box_id ORDER BY box_id
     ON CONFLICT (box_id) DO UPDATE SET rows = boxes.rows + excluded.rows";

struct Waiting {
    append: Append,
    answer: oneshot::Sender<std::result::Result<(), String>>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    more: Notify,
}

impl Queue {
    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let some = waiting.len().min(TOGETHER);
        waiting.drain(..some).collect()
    }
}

/// Connections that write what waits.
pub(crate) struct Batcher {
    queue: Arc<Queue>,
    lanes: Vec<tokio::task::JoinHandle<()>>,
}

impl Drop for Batcher {
    fn drop(&mut self) {
        self.lanes.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

impl Batcher {
    pub(crate) async fn start(database: &Database, connections: usize) -> Result<Self> {
        let queue = Arc::<Queue>::default();
        let mut lanes = Vec::new();
        for _ in 0..connections {
            let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute("SET synchronous_commit = on").await?;
            let statement = client.prepare(WRITE).await?;
            let queue = Arc::clone(&queue);
            lanes.push(tokio::spawn(async move {
                loop {
                    let some = queue.take();
                    if some.is_empty() {
                        queue.more.notified().await;
                        continue;
                    }
                    let written = write(&client, &statement, &some).await.map_err(|error| error.to_string());
                    for waiting in some {
                        let _gone = waiting.answer.send(written.clone());
                    }
                }
            }));
        }
        Ok(Self { queue, lanes })
    }

    pub(crate) async fn append(&self, append: Append) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { append, answer });
        self.queue.more.notify_one();
        Ok(answered.await??)
    }
}

async fn write(client: &Client, statement: &tokio_postgres::Statement, some: &[Waiting]) -> Result<()> {
    static NUMBER: AtomicI64 = AtomicI64::new(1);
    let first = NUMBER.fetch_add(some.len() as i64, Ordering::Relaxed);
    let numbers: Vec<i64> = (first..).take(some.len()).collect();
    let appends = || some.iter().map(|waiting| &waiting.append);
    let events: Vec<_> = appends()
        .map(|append| append.streams.first().and_then(|it| it.events.first()).ok_or("no event"))
        .collect::<std::result::Result<_, _>>()?;
    let boxes: Vec<&[u8]> = appends().map(|append| &append.box_id.as_bytes()[..]).collect();
    let streams: Vec<&[u8]> = events.iter().map(|event| &event.stream.id.as_bytes()[..]).collect();
    let ids: Vec<&[u8]> = events.iter().map(|event| &event.id.as_bytes()[..]).collect();
    let stored: Vec<&[u8]> = events.iter().map(|event| &event.stored[..]).collect();
    let ready: Vec<&[u8]> = events.iter().map(|event| &event.ready[..]).collect();
    let operations: Vec<&str> =
        appends().filter_map(|append| append.operation.as_ref()).map(|it| it.operation.id.as_str()).collect();
    let to: Vec<&[u8]> =
        events.iter().flat_map(|event| &event.deliver_to).map(|to| &to.as_bytes()[..]).collect();
    client.execute(statement, &[&boxes, &numbers, &streams, &ids, &stored, &ready, &operations, &to]).await?;
    Ok(())
}
