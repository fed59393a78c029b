//! Lists and searches of documents in a small box and in a large one, side by side.
//!
//! `cargo bench -p potok-store-sqlite --bench documents`; `POTOK_BENCH_DOCUMENTS` is the size of the large box (1 000 000;
//! the small one has 10 000), and `POTOK_BENCH_CALLS` how often each question is asked (200). Without `--bench`, as under
//! `cargo test`, everything is tiny: then it only shows that the bench still works.

#![expect(clippy::print_stdout, reason = "the table is the product of this program")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use potok_domain::rows::{
    DocumentDate, DocumentRow, RowTraits, StatusSet, StatusWord, Sum, TagQuery, counteragent_token,
};
use potok_domain::{
    Change, Direction, DocumentRef, Event, LockMode, MessageType, Party, Posted, Revision, Tag,
};
use potok_store::{
    Append, DocumentClass, DocumentFilter, DocumentOrder, DocumentPlace, DocumentQuery, Documents, Journal,
    NewEvent, Search, SearchQuery, SearchWords,
};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::{
    BoxId, DepartmentId, EntityId, Entropy as _, MessageId, PacketId, SeededEntropy, SystemClock, Ticks,
};
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// 2023-01-01; documents come one a minute from then on.
const BEGINNING: i64 = 638_081_280_000_000_000;
const MINUTE: i64 = 60 * Ticks::PER_SECOND;
const DEPARTMENTS: u128 = 10;

fn main() -> Result<()> {
    let is_real = std::env::args().any(|arg| arg == "--bench");
    let number = |name: &str, real: usize, tiny: usize| {
        let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
        if is_real { set.unwrap_or(real) } else { tiny }
    };
    let sizes = [number("POTOK_BENCH_SMALL", 10_000, 200), number("POTOK_BENCH_DOCUMENTS", 1_000_000, 400)];
    let calls = number("POTOK_BENCH_CALLS", 200, 1);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.db");
    let store = SqliteStore::open(&path, Arc::new(SystemClock), SqliteOptions::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut boxes = Vec::new();
        for (number, size) in (1..).zip(sizes) {
            let one = Shelf { id: BoxId::from_uuid(Uuid::from_u128(number)), size };
            let start = Instant::now();
            one.fill(&store).await?;
            let rate = size as f64 / start.elapsed().as_secs_f64();
            println!("{size} documents written, {rate:.0} per second");
            boxes.push(one);
        }
        let [small, large] = &boxes[..] else { return Ok(()) };
        println!(
            "\n{:<52} {:>9} {:>9} {:>9} {:>9} {:>6}",
            "milliseconds",
            format!("{} p50", small.size),
            "p99",
            format!("{} p50", large.size),
            "p99",
            "found"
        );
        for ((name, small), (_, large)) in small.questions().into_iter().zip(large.questions()) {
            let (before, _) = ask(&store, &small, calls).await?;
            let (after, found) = ask(&store, &large, calls).await?;
            println!(
                "{name:<52} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {found:>6}",
                before.0, before.1, after.0, after.1
            );
        }
        store.close().await;
        Ok(())
    })
}

/// What is asked.
enum Question {
    List(Box<DocumentQuery>),
    Search(SearchQuery),
}

/// p50 and p99 in milliseconds, and how many documents were found.
async fn ask(store: &SqliteStore, question: &Question, calls: usize) -> Result<((f64, f64), u64)> {
    let mut times: Vec<Duration> = Vec::with_capacity(calls);
    let mut found = 0;
    for _ in 0..calls {
        let start = Instant::now();
        found = match question {
            Question::List(query) => store.documents(DocumentQuery::clone(query)).await?.total,
            Question::Search(query) => store.search(query.clone()).await?.len() as u64,
        };
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |part: f64| {
        let index = ((times.len() as f64 * part) as usize).min(times.len() - 1);
        times[index].as_secs_f64() * 1000.0
    };
    Ok(((at(0.5), at(0.99)), found))
}

/// A box with documents.
struct Shelf {
    id: BoxId,
    size: usize,
}

fn counteragent(number: usize) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(0xb0 << 64 | number as u128))
}

/// Looks like chance, and is the same each time.
const fn spread(number: usize) -> usize {
    number.wrapping_mul(2_654_435_761) >> 7
}

fn department(number: u128) -> DepartmentId {
    DepartmentId::from_uuid(Uuid::from_u128(number))
}

impl Shelf {
    async fn fill(&self, store: &SqliteStore) -> Result<()> {
        const AT_ONCE: usize = 250;
        let ids = SeededEntropy::new(self.size as u64);
        for start in (0..self.size).step_by(AT_ONCE) {
            let message_id = MessageId::from_uuid(ids.uuid());
            let rows = (start..(start + AT_ONCE).min(self.size))
                .map(|number| self.row(number, message_id, EntityId::from_uuid(ids.uuid())));
            store.append(self.append(message_id, rows.collect())).await?;
        }
        Ok(())
    }

    /// A row whose facts are spread as in a box that has been at work for years: most documents are finished and read,
    /// what is not lies at the end, a few counteragents have most of them, and some states hardly ever occur.
    fn row(&self, number: usize, message_id: MessageId, entity_id: EntityId) -> DocumentRow {
        let spread = spread(number);
        let is_inbound = spread % 10 < 6;
        let is_new = number + self.size / 50 > self.size;
        let is_deleted = spread % 500 == 3;
        let mut words = vec![StatusWord::WithSenderSignature, StatusWord::NotRevoked];
        words.push(if is_new { StatusWord::NotFinished } else { StatusWord::Finished });
        words.push(match (is_new, spread % 3) {
            (_, 0) => StatusWord::NoRecipientSignatureRequest,
            (true, _) => StatusWord::WaitingForRecipientSignature,
            (false, _) if spread % 100 == 7 => StatusWord::RecipientSignatureRequestRejected,
            (false, _) => StatusWord::WithRecipientSignature,
        });
        if is_inbound && is_new && spread.is_multiple_of(2) {
            words.push(StatusWord::NotRead);
        }
        // Always the same few, however large the box is.
        if number % (self.size / 5).max(1) == 1 {
            words.push(StatusWord::InvoiceAmendmentRequested);
        }
        let statuses = words.into_iter().fold(StatusSet::ANY, |set, word| set.with(word.into()));
        let statuses = if is_deleted { StatusWord::Deleted.into() } else { statuses };
        // The first counteragents have most documents, the last ones one each.
        let partner = match spread % 4 {
            0 => 0,
            1 => 1 + spread / 4 % 20,
            2 => 100 + spread / 4 % 200,
            _ => 1000 + number,
        };
        let counteragent = counteragent(partner);
        let at = Ticks::new(BEGINNING + number as i64 * MINUTE);
        let day = number / 1440;
        let date = DocumentDate::from_number(
            (2023 + day / 336) as u32 * 10_000 + (day / 28 % 12 + 1) as u32 * 100 + (day % 28 + 1) as u32,
        );
        let sum = Sum::from_number((spread % 1_000_000) as i64 * 10_000);
        let (type_named_id, name) = match spread % 5 {
            0 => ("Nonformalized", "contract"),
            1 | 2 => ("UniversalTransferDocument", "upd"),
            3 => ("Invoice", "invoice"),
            _ => ("XmlAcceptanceCertificate", "act"),
        };
        let mut tokens = vec![
            counteragent_token(counteragent),
            "ооо".to_owned(),
            format!("партнер{partner}"),
            format!("{number}"),
            date.to_string(),
            format!("{name}_{number}.xml"),
            name.to_owned(),
            "xml".to_owned(),
            format!("{}", spread % 1_000_000),
        ];
        tokens.sort_unstable();
        tokens.dedup();
        DocumentRow {
            document: DocumentRef { message_id, entity_id },
            traits: RowTraits {
                type_named_id: type_named_id.to_owned(),
                message_type: MessageType::Letter,
                direction: if is_inbound { Direction::Inbound } else { Direction::Outbound },
                has_proxy: false,
                is_deleted,
                is_sent: true,
                statuses,
                department: department(if spread % 997 == 1 { DEPARTMENTS } else { spread as u128 % 5 }),
                route: None,
            },
            created_at: at,
            listed_at: at,
            counteragent,
            number: Some(number.to_string()),
            date: Some(date),
            file_name: Some(format!("{name}_{number}.xml")),
            total_sum: Some(sum),
            tags: match spread % 50 {
                0 => vec![Tag { key: "проект".to_owned(), value: format!("{}", spread / 50 % 100) }],
                _ => Vec::new(),
            },
            custom_document_id: None,
            packet: PacketId::from_uuid(Uuid::from_u128(number as u128)),
            packet_since: at,
            tokens,
        }
    }

    fn append(&self, message_id: MessageId, documents: Vec<DocumentRow>) -> Append {
        let party = |title: &str| Party { box_id: self.id, title: title.to_owned(), department: None };
        let event = Event {
            id: message_id.first_event(),
            message_id,
            at: Ticks::new(BEGINNING),
            change: Change::Posted(Box::new(Posted {
                message_type: MessageType::Letter,
                from: party("ООО «Ромашка»"),
                to: party("АО «Лютик»"),
                lock_mode: LockMode::None,
                is_internal: false,
                is_test: false,
                author: None,
                entities: Vec::new(),
            })),
        };
        Append {
            box_id: self.id,
            message_id,
            expected: Revision(0),
            events: vec![NewEvent {
                event,
                message_type: MessageType::Letter,
                box_event: Bytes::new(),
                concerned: Vec::new(),
            }],
            documents,
            deliveries: Vec::new(),
            contents: Vec::new(),
            links: Vec::new(),
            operation: None,
            settles: None,
        }
    }

    fn questions(&self) -> Vec<(&'static str, Question)> {
        let end = BEGINNING + self.size as i64 * MINUTE;
        let middle = Ticks::new(BEGINNING + self.size as i64 / 2 * MINUTE);
        let of = |direction, word: Option<StatusWord>| DocumentFilter {
            class: Some(DocumentClass::Direction(direction)),
            statuses: word.map_or(StatusSet::ANY, StatusSet::from),
            ..DocumentFilter::default()
        };
        let inbound = || of(Direction::Inbound, None);
        let any = || DocumentFilter { class: None, ..inbound() };
        let list = |filter| self.list(filter, DocumentOrder::Time, false, None);
        let date = |text: &str| DocumentDate::parse(text);
        let text = |number: usize| vec![number.to_string()];
        let of_partner = |partner, filter: DocumentFilter| DocumentFilter {
            counteragents: vec![counteragent(partner)],
            ..filter
        };
        let half = self.size / 2;
        let (a_partner, a_tag) = (
            (half..).find(|number| self.partner(*number) >= 1000).unwrap_or(half),
            TagQuery { key: "проект".to_owned(), value: Some("7".to_owned()) },
        );
        vec![
            ("Any.Inbound", list(inbound())),
            ("Any.Inbound, descending", self.list(inbound(), DocumentOrder::Time, true, None)),
            (
                "Any.Inbound, from the middle on",
                self.list(inbound(), DocumentOrder::Time, false, Some(middle)),
            ),
            ("Any.InboundNotRead", list(of(Direction::Inbound, Some(StatusWord::NotRead)))),
            ("Any.OutboundFinished", list(of(Direction::Outbound, Some(StatusWord::Finished)))),
            (
                "Any.InboundInvoiceAmendmentRequested, hardly any",
                list(of(Direction::Inbound, Some(StatusWord::InvoiceAmendmentRequested))),
            ),
            ("Any.InboundDeleted", list(of(Direction::Inbound, Some(StatusWord::Deleted)))),
            (
                "Any.InboundRevocationAccepted, none",
                list(of(Direction::Inbound, Some(StatusWord::RevocationAccepted))),
            ),
            (
                "Invoices of a rare department",
                list(DocumentFilter {
                    types: vec!["Invoice".to_owned()],
                    departments: Some(vec![department(DEPARTMENTS)]),
                    ..any()
                }),
            ),
            ("Any.Inbound of the largest counteragent", list(of_partner(0, inbound()))),
            ("everything of a counteragent of one document", list(of_partner(1000 + a_partner, any()))),
            (
                "Any.InboundNotRead of the largest counteragent",
                list(of_partner(0, of(Direction::Inbound, Some(StatusWord::NotRead)))),
            ),
            (
                "Any.InboundNotFinished of a middle counteragent",
                list(of_partner(7, of(Direction::Inbound, Some(StatusWord::NotFinished)))),
            ),
            (
                "Any.Inbound of the last day",
                list(DocumentFilter { times: (Some(Ticks::new(end - 1440 * MINUTE)), None), ..inbound() }),
            ),
            ("by number", list(DocumentFilter { numbers: text(half), ..any() })),
            (
                "Any.Inbound by date, one day",
                self.list(
                    DocumentFilter { dates: (date("03.01.2023"), date("03.01.2023")), ..inbound() },
                    DocumentOrder::Date,
                    false,
                    None,
                ),
            ),
            (
                "Any.InboundNotRead by date, descending",
                self.list(
                    DocumentFilter {
                        dates: (date("01.01.2023"), None),
                        ..of(Direction::Inbound, Some(StatusWord::NotRead))
                    },
                    DocumentOrder::Date,
                    true,
                    None,
                ),
            ),
            (
                "Any.Inbound of a counteragent by date",
                self.list(
                    of_partner(7, DocumentFilter { dates: (date("01.01.2023"), None), ..inbound() }),
                    DocumentOrder::Date,
                    false,
                    None,
                ),
            ),
            (
                "V4: three statuses, two types",
                list(DocumentFilter {
                    statuses: [StatusWord::NotRead, StatusWord::Deleted, StatusWord::NotFinished]
                        .into_iter()
                        .fold(StatusSet::default(), |set, word| set.with(word.into())),
                    types: vec!["Invoice".to_owned(), "Nonformalized".to_owned()],
                    ..inbound()
                }),
            ),
            (
                "V4: by file name",
                list(DocumentFilter {
                    file_names: vec![
                        format!("act_{half}.xml"),
                        format!("upd_{half}.xml"),
                        format!("invoice_{half}.xml"),
                        format!("contract_{half}.xml"),
                    ],
                    ..any()
                }),
            ),
            (
                "V4: sums from 500 to 501",
                list(DocumentFilter { sum_range: (Sum::parse("500"), Sum::parse("501")), ..inbound() }),
            ),
            (
                "V4: sums up to 900000",
                list(DocumentFilter { sum_range: (None, Sum::parse("900000")), ..inbound() }),
            ),
            ("V4: by a tag", list(DocumentFilter { tags: vec![a_tag.clone()], ..inbound() })),
            ("search: a number", self.search(SearchWords::Any(text(half)), false, None, 0)),
            (
                "search: a word of every document",
                self.search(SearchWords::Any(vec!["ооо".to_owned()]), false, None, 0),
            ),
            (
                "search: three common words, page 10",
                self.search(
                    SearchWords::Any(["ооо", "xml", "upd"].map(str::to_owned).to_vec()),
                    false,
                    None,
                    900,
                ),
            ),
            (
                "search: a word of every document, deleted",
                self.search(SearchWords::Any(vec!["ооо".to_owned()]), true, None, 0),
            ),
            (
                "search: a common word in a rare department",
                self.search(
                    SearchWords::Any(vec!["xml".to_owned()]),
                    false,
                    Some(department(DEPARTMENTS)),
                    0,
                ),
            ),
            (
                "search: nothing is found",
                self.search(SearchWords::Any(vec!["нет".to_owned()]), false, None, 0),
            ),
            ("search: a tag", self.search(SearchWords::Tags(vec![a_tag]), false, None, 0)),
        ]
    }

    fn partner(&self, number: usize) -> usize {
        let spread = spread(number);
        if spread % 4 == 3 { 1000 + number } else { 0 }
    }

    fn list(
        &self,
        filter: DocumentFilter,
        order: DocumentOrder,
        is_descending: bool,
        after: Option<Ticks>,
    ) -> Question {
        let after = after.map(|time| DocumentPlace { date: None, time, entity_id: EntityId::ZERO });
        let box_id = self.id;
        Question::List(Box::new(DocumentQuery {
            box_id,
            filter,
            order,
            is_descending,
            after,
            limit: 100,
            count_up_to: 1000,
        }))
    }

    fn search(
        &self,
        words: SearchWords,
        is_deleted: bool,
        department: Option<DepartmentId>,
        skip: usize,
    ) -> Question {
        let departments = department.map(|department| vec![department]);
        let box_id = self.id;
        Question::Search(SearchQuery {
            box_id,
            words,
            direction: None,
            is_deleted,
            departments,
            skip,
            limit: 101,
        })
    }
}
