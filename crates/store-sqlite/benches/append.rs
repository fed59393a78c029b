//! How fast the store writes and reads, as one table, beside the number of flushes that the disk does alone.
//!
//! `cargo bench -p potok-store-sqlite`; `POTOK_BENCH_FEED` is the length of the feed that is read (100 000), and
//! `POTOK_BENCH_SECONDS` the time of each line (3). Without `--bench`, as under `cargo test`, everything is tiny: then
//! it only shows that the bench still works.

#![expect(clippy::print_stdout, reason = "the table is the product of this program")]

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use potok_domain::access::Scope;
use potok_domain::feed::ConcernedDocument;
use potok_domain::query::{FeedFilter, FeedOrder};
use potok_domain::rows::{
    DocumentDate, DocumentRow, RowTraits, StatusSet, StatusWord, Sum, counteragent_token,
};
use potok_domain::{
    AttachmentType, Body, Change, Direction, Document, DocumentKind, DocumentRef, Entity, Event, MessageType,
    Origin, Party, Patched, Posted, Revision, WorkflowId,
};
use potok_store::{Append, Feed, FeedQuery, Journal, NewEvent, StreamAppend, Wanted};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::{
    BoxId, Clock as _, ContentRef, DepartmentId, EntityId, Entropy as _, EventId, IndexKey, MessageId,
    PacketId, SeededEntropy, SystemClock,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

struct Bench {
    store: SqliteStore,
    ids: SeededEntropy,
    /// 2 KiB; made once, because random bytes cost this program as much as the store spends on them.
    box_event: Bytes,
    boxes: Vec<BoxId>,
    per_line: Duration,
}

fn main() -> Result<()> {
    let is_real = std::env::args().any(|arg| arg == "--bench");
    let number = |name: &str, real: u64, tiny: u64| {
        let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
        if is_real { set.unwrap_or(real) } else { tiny }
    };
    let feed_len = number("POTOK_BENCH_FEED", 100_000, 300) as usize;
    let per_line = Duration::from_millis(number("POTOK_BENCH_SECONDS", 3, 0) * 1000 + 20);
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;

    println!("{:<44} {:>10} {:>9} {:>9} {:>9}", "", "per second", "p50 ms", "p99 ms", "max ms");
    let store = potok_store_sqlite::open(&folder.path().join("bench.db"), Arc::new(SystemClock), options())?;
    let ids = SeededEntropy::new(1);
    let boxes = (0..20).map(|_| BoxId::from_uuid(ids.uuid())).collect();
    let mut box_event = vec![0; 2048];
    ids.fill(&mut box_event);
    let bench = Arc::new(Bench { store, ids, box_event: box_event.into(), boxes, per_line });
    runtime.block_on(async {
        for callers in [1, 16, 64, 128] {
            // Measured anew each time: other programs use the disk too.
            let floor = floor(folder.path(), per_line / 2)?;
            let before = writer_cpu();
            let (rate, count) = appends(&bench, callers, 0).await?;
            println!("{:<44} {:>10.2}", "    in flushes", rate / floor);
            print_cpu(before, count);
        }
        // What lists and searches cost those who write: a document is put into all its indexes, and then moved in those
        // that know its state.
        for rows in [1, 3] {
            let before = writer_cpu();
            let (_, count) = appends(&bench, 16, rows).await?;
            print_cpu(before, count);
        }
        let long = BoxId::from_uuid(bench.ids.uuid());
        let events = fill(&bench, long, feed_len).await?;
        reads(&bench, long, &events).await?;
        bench.store.close().await;
        Ok(())
    })
}

fn print_cpu(before: Option<Duration>, count: usize) {
    if let (Some(before), Some(after)) = (before, writer_cpu()) {
        let microseconds = (after - before).as_secs_f64() * 1e6 / count as f64;
        println!("{:<44} {microseconds:>10.1}", "    processor time of the writer, µs each");
    }
}

fn options() -> SqliteOptions {
    let mut options = SqliteOptions::default();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    if let Some(pages) = number("POTOK_BENCH_CHECKPOINT_PAGES") {
        options.checkpoint_pages = pages;
    }
    if let Some(kib) = number("POTOK_BENCH_WRITER_CACHE_KIB") {
        options.writer_cache_kib = kib;
    }
    if let Some(bytes) = number("POTOK_BENCH_PAGE_BYTES") {
        options.page_bytes = bytes;
    }
    options
}

/// What the disk does alone: 4 KiB written over old ones and flushed, one after the other. A file that grows would be
/// slower by far, and the store's log does not grow either once it has its size.
fn floor(folder: &Path, per_line: Duration) -> Result<f64> {
    const BLOCKS: usize = 1024;
    let block = [0x5a; 4096];
    let mut file = std::fs::File::create(folder.join("floor"))?;
    (0..BLOCKS).try_for_each(|_| file.write_all(&block))?;
    file.sync_all()?;
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < per_line {
        let one = Instant::now();
        if times.len() % BLOCKS == 0 {
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(&block)?;
        file.sync_data()?;
        times.push(one.elapsed());
    }
    Ok(line("disk: write 4 KiB, fdatasync", times, start.elapsed()))
}

/// Processor time that the writer thread has used: the one number here that other programs hardly change. Linux only.
fn writer_cpu() -> Option<Duration> {
    let mut tasks = std::fs::read_dir("/proc/self/task").ok()?.flatten();
    let is_writer =
        |name: std::io::Result<String>| name.is_ok_and(|name| name.starts_with("potok-sqlite-wr"));
    let writer = tasks.find(|task| is_writer(std::fs::read_to_string(task.path().join("comm"))))?;
    let times = std::fs::read_to_string(writer.path().join("schedstat")).ok()?;
    times.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn line(name: &str, mut times: Vec<Duration>, total: Duration) -> f64 {
    times.sort_unstable();
    let at = |part: f64| {
        let index = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
        times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    let rate = times.len() as f64 / total.as_secs_f64();
    println!("{name:<44} {rate:>10.0} {:>9.3} {:>9.3} {:>9.3}", at(0.5), at(0.99), at(1.0));
    rate
}

impl Bench {
    fn entity(&self) -> Entity {
        Entity {
            id: EntityId::from_uuid(self.ids.uuid()),
            parent: None,
            author: None,
            created_at: SystemClock.now(),
            content: Some(ContentRef::of(self.ids.uuid().as_bytes())),
            file_name: Some("Счёт-фактура № 17 от 05.08.2025.xml".to_owned()),
            content_type_id: "Diadoc.Nonformalized".to_owned(),
            version: None,
            need_receipt: false,
            is_encrypted: false,
            labels: Vec::new(),
            text: None,
            body: Body::Document(Box::new(Document {
                attachment_type: AttachmentType::Nonformalized,
                kind: DocumentKind {
                    type_named_id: "Nonformalized".to_owned(),
                    function: "default".to_owned(),
                    version: "v1".to_owned(),
                },
                workflow: WorkflowId(1),
                need_recipient_signature: true,
                department: DepartmentId::ZERO,
                packet: PacketId::from_uuid(self.ids.uuid()),
                custom_document_id: None,
                metadata: Vec::new(),
                tags: Vec::new(),
                initial_documents: Vec::new(),
                subordinate_documents: Vec::new(),
                editing_setting: None,
                refusal_disabled: false,
            })),
        }
    }

    /// Three documents of three types that go to one of forty counteragents; a ready event of 2 KiB.
    fn new_event(&self, event: Event) -> NewEvent {
        let [counteragent, department] = {
            let mut bytes = [0; 2];
            self.ids.fill(&mut bytes);
            [bytes[0] % 40, bytes[1] % 5].map(|byte| uuid::Uuid::from_u128(byte.into()))
        };
        let concerned = ["Nonformalized", "Contract", "Invoice"].map(|name| ConcernedDocument {
            document: EntityId::from_uuid(self.ids.uuid()),
            type_named_id: name.to_owned(),
            direction: Direction::Outbound,
            counteragent: BoxId::from_uuid(counteragent),
            department: DepartmentId::from_uuid(department),
            asked: Vec::new(),
        });
        NewEvent::of_message(&event, self.box_event.clone(), MessageType::Letter, concerned.to_vec())
    }

    /// A document as lists see it: of one of forty counteragents, two types and five departments, with nine words.
    fn row(&self, message_id: MessageId) -> DocumentRow {
        let mut bytes = [0; 8];
        self.ids.fill(&mut bytes);
        let chance = u64::from_le_bytes(bytes);
        let counteragent = BoxId::from_uuid(uuid::Uuid::from_u128((chance % 40).into()));
        let number = (chance >> 8) % 1_000_000;
        let at = SystemClock.now();
        let file_name = format!("upd_{number}.xml");
        let mut tokens = ["ооо", "лютик", "upd", "xml", "01.02.2026", &file_name].map(str::to_owned).to_vec();
        tokens.extend([counteragent_token(counteragent), number.to_string(), format!("{}.5", number % 9973)]);
        tokens.sort_unstable();
        tokens.dedup();
        DocumentRow {
            document: DocumentRef { message_id, entity_id: EntityId::from_uuid(self.ids.uuid()) },
            traits: RowTraits {
                type_named_id: ["Nonformalized", "UniversalTransferDocument"][(chance >> 6) as usize % 2]
                    .to_owned(),
                message_type: MessageType::Letter,
                direction: Direction::Outbound,
                has_proxy: false,
                is_deleted: false,
                is_sent: true,
                statuses: StatusSet::ANY,
                department: DepartmentId::from_uuid(uuid::Uuid::from_u128((chance % 5).into())),
                route: None,
            },
            created_at: at,
            listed_at: at,
            counteragent,
            number: Some(number.to_string()),
            date: Some(DocumentDate::from_number(20_260_201)),
            file_name: Some(file_name),
            total_sum: Some(Sum::from_number((number % 9973) as i64 * 10_000 + 5000)),
            tags: Vec::new(),
            custom_document_id: None,
            packet: PacketId::from_uuid(self.ids.uuid()),
            packet_since: at,
            asked: Vec::new(),
            tokens,
        }
    }

    fn post(&self, box_id: BoxId) -> StreamAppend {
        let message_id = MessageId::from_uuid(self.ids.uuid());
        let party = |title: &str| Party { box_id, title: title.to_owned(), department: None };
        let event = Event {
            id: message_id.first_event(),
            message_id,
            at: SystemClock.now(),
            change: Change::Posted(Box::new(Posted {
                entities: vec![self.entity()],
                ..Posted::letter(party("ООО «Ромашка»"), party("АО «Лютик»"))
            })),
        };
        StreamAppend::new(message_id, Revision(0), vec![self.new_event(event)])
    }

    fn patch(&self, message_id: MessageId) -> StreamAppend {
        let event = Event {
            id: EventId::from_uuid(self.ids.uuid()),
            message_id,
            at: SystemClock.now(),
            change: Change::Patched(Box::new(Patched {
                entities: vec![self.entity()],
                ..Patched::by(Origin::Operator)
            })),
        };
        StreamAppend::new(message_id, Revision(1), vec![self.new_event(event)])
    }
}

/// The message that `post` makes.
fn message_of(post: &StreamAppend) -> MessageId {
    MessageId::from_uuid(post.stream.id)
}

/// Every caller posts a message, adds to it, and so on, each step after the answer to the one before.
/// `rows` of documents are written with the message, and change their state with what is added to it.
async fn appends(bench: &Arc<Bench>, callers: usize, rows: usize) -> Result<(f64, usize)> {
    let start = Instant::now();
    let calls: Vec<_> = (0..callers)
        .map(|caller| {
            let bench = Arc::clone(bench);
            tokio::spawn(async move {
                let box_id = bench.boxes[caller % bench.boxes.len()];
                let mut times = Vec::new();
                while start.elapsed() < bench.per_line {
                    let mut post = bench.post(box_id);
                    let message = message_of(&post);
                    let mut patch = bench.patch(message);
                    post.documents = (0..rows).map(|_| bench.row(message)).collect();
                    patch.documents = post.documents.clone();
                    let answered = StatusSet::from(StatusWord::WithRecipientSignature);
                    patch
                        .documents
                        .iter_mut()
                        .for_each(|row| row.traits.statuses = StatusSet::ANY.with(answered));
                    for append in [post, patch] {
                        let one = Instant::now();
                        bench.store.append(Append::new(box_id, vec![append])).await?;
                        times.push(one.elapsed());
                    }
                }
                Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for call in calls {
        let done: Result<_> = call.await?;
        times.extend(done?);
    }
    let count = times.len();
    let what = match rows {
        0 => "3 documents".to_owned(),
        rows => format!("{rows} rows of documents"),
    };
    Ok((line(&format!("append, 2 KiB, {what}, {callers} callers"), times, start.elapsed()), count))
}

/// A long feed, written quickly: several events at once and many callers.
async fn fill(bench: &Arc<Bench>, box_id: BoxId, len: usize) -> Result<Vec<(EventId, MessageId, IndexKey)>> {
    const AT_ONCE: usize = 64;
    let mut events = Vec::with_capacity(len);
    while events.len() < len {
        let calls: Vec<_> = (0..AT_ONCE.min(len - events.len()))
            .map(|_| {
                let bench = Arc::clone(bench);
                let post = bench.post(box_id);
                let message = message_of(&post);
                let append = Append::new(box_id, vec![post]);
                tokio::spawn(async move { bench.store.append(append).await.map(|it| (message, it)) })
            })
            .collect();
        for call in calls {
            let (message, appended) = call.await??;
            events.extend(appended.keys().map(|key| (message.first_event(), message, key)));
        }
    }
    events.sort_by_key(|(_, _, key)| *key);
    Ok(events)
}

async fn reads(bench: &Arc<Bench>, box_id: BoxId, events: &[(EventId, MessageId, IndexKey)]) -> Result<()> {
    let random = |bench: &Bench| {
        let mut bytes = [0; 8];
        bench.ids.fill(&mut bytes);
        events[(u64::from_le_bytes(bytes) % events.len() as u64) as usize]
    };
    for callers in [1, 16] {
        measure(bench, &format!("event by id, {callers} callers"), callers, async |bench| {
            let (event, ..) = random(bench);
            let found = bench.store.event(box_id, event).await?;
            found.map(drop).ok_or_else(|| "an event is lost".into())
        })
        .await?;
    }
    measure(bench, "message by id, 16 callers", 16, async |bench| {
        let (_, message_id, _) = random(bench);
        let found = bench.store.messages(box_id, &[Wanted::all(message_id)]).await?;
        if found.len() == 1 { Ok(()) } else { Err("a message is lost".into()) }
    })
    .await?;

    let department = DepartmentId::from_uuid(uuid::Uuid::from_u128(3));
    let filters = [
        ("", FeedFilter::default()),
        (" of letters", FeedFilter { message_types: vec![MessageType::Letter], ..FeedFilter::default() }),
        (
            " of a department",
            FeedFilter { within: Scope::of_departments([department]), ..FeedFilter::default() },
        ),
        (
            " of a counteragent",
            FeedFilter {
                counteragent: Some(BoxId::from_uuid(uuid::Uuid::from_u128(7))),
                ..FeedFilter::default()
            },
        ),
    ];
    let end = events.len().saturating_sub(events.len() / 50 + 100);
    for (what, filter) in &filters {
        for (place, after) in [("start", None), ("end", events.get(end).map(|(_, _, key)| *key))] {
            measure(bench, &format!("page of 100{what} at the {place}, 4 callers"), 4, async |bench| {
                let page = bench.store.page(FeedQuery {
                    box_id,
                    after,
                    order: FeedOrder::Ascending,
                    limit: 100,
                    filter: filter.clone(),
                    count_up_to: 100_000,
                });
                page.await.map(drop).map_err(Into::into)
            })
            .await?;
        }
    }
    Ok(())
}

/// Callers on one task take turns, so that this program costs the store's threads little.
async fn measure(
    bench: &Bench,
    name: &str,
    callers: usize,
    call: impl AsyncFn(&Bench) -> Result<()>,
) -> Result<()> {
    let start = Instant::now();
    let caller = async || -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        while start.elapsed() < bench.per_line {
            let one = Instant::now();
            call(bench).await?;
            times.push(one.elapsed());
        }
        Ok(times)
    };
    let mut all: std::pin::Pin<Box<dyn Future<Output = Result<Vec<Duration>>> + '_>> =
        Box::pin(async { Ok(Vec::new()) });
    for _ in 0..callers {
        let one = caller();
        all = Box::pin(async move {
            let (mut before, this) = tokio::try_join!(all, one)?;
            before.extend(this);
            Ok(before)
        });
    }
    let times = all.await?;
    line(name, times, start.elapsed());
    Ok(())
}
