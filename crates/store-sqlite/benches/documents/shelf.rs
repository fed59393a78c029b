//! A box with documents, spread as in a box that has been at work for years.

use bytes::Bytes;
use potok_domain::rows::{
    DocumentDate, DocumentRow, RowTraits, StatusSet, StatusWord, Sum, counteragent_token,
};
use potok_domain::{Change, Direction, DocumentRef, Event, MessageType, Party, Posted, Revision, Tag};
use potok_store::{Append, Journal as _, NewEvent, StreamAppend};
use potok_store_sqlite::SqliteStore;
use potok_types::{BoxId, DepartmentId, EntityId, Entropy as _, MessageId, PacketId, SeededEntropy, Ticks};
use uuid::Uuid;

use crate::Result;

/// 2023-01-01; documents come one a minute from then on.
pub(crate) const BEGINNING: i64 = 638_081_280_000_000_000;
pub(crate) const MINUTE: i64 = 60 * Ticks::PER_SECOND;
pub(crate) const DEPARTMENTS: u128 = 10;
/// What most documents have or do not have.
const COMMON: [StatusWord; 9] = [
    StatusWord::NotRead,
    StatusWord::NoRecipientSignatureRequest,
    StatusWord::WaitingForRecipientSignature,
    StatusWord::WithRecipientSignature,
    StatusWord::WithSenderSignature,
    StatusWord::Finished,
    StatusWord::NotFinished,
    StatusWord::NotRevoked,
    StatusWord::Deleted,
];

/// A box with documents.
pub(crate) struct Shelf {
    pub(crate) id: BoxId,
    pub(crate) size: usize,
}

pub(crate) fn counteragent(number: usize) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(0xb0 << 64 | number as u128))
}

/// Looks like chance, and is the same each time.
pub(crate) const fn spread(number: usize) -> usize {
    number.wrapping_mul(2_654_435_761) >> 7
}

pub(crate) fn department(number: u128) -> DepartmentId {
    DepartmentId::from_uuid(Uuid::from_u128(number))
}

/// The own date of a document.
pub(crate) fn date_of(number: usize) -> DocumentDate {
    let day = number / 1440;
    DocumentDate::from_number(
        (2023 + day / 336) as u32 * 10_000 + (day / 28 % 12 + 1) as u32 * 100 + (day % 28 + 1) as u32,
    )
}

impl Shelf {
    pub(crate) async fn fill(&self, store: &SqliteStore) -> Result<()> {
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
        // Everything else happens to one document in two thousand.
        if spread % 55 == 11 {
            let rare: Vec<StatusWord> =
                StatusWord::ALL.iter().copied().filter(|word| !COMMON.contains(word)).collect();
            words.push(rare[spread / 55 % rare.len()]);
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
        let date = date_of(number);
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
                direction: match is_inbound {
                    _ if spread % 33 == 5 => Direction::Internal,
                    true => Direction::Inbound,
                    false => Direction::Outbound,
                },
                has_proxy: spread % 211 == 7,
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
            asked: Vec::new(),
            tokens,
        }
    }

    fn append(&self, message_id: MessageId, documents: Vec<DocumentRow>) -> Append {
        let party = |title: &str| Party { box_id: self.id, title: title.to_owned(), department: None };
        let event = Event {
            id: message_id.first_event(),
            message_id,
            at: Ticks::new(BEGINNING),
            change: Change::Posted(Box::new(Posted::letter(party("ООО «Ромашка»"), party("АО «Лютик»")))),
        };
        let new = NewEvent::of_message(&event, Bytes::new(), MessageType::Letter, Vec::new());
        let of_message = StreamAppend::new(message_id, Revision(0), vec![new]);
        Append::new(self.id, vec![StreamAppend { documents, ..of_message }])
    }
}
