//! How often a store would wait for its database if that were far away: a page costs a bounded number of questions,
//! however many documents are looked at.

use potok_domain::access::{Addressee, Scope};
use potok_domain::query::{DocumentClass, DocumentFilter, DocumentOrder};
use potok_domain::rows::{DocumentRow, RowTraits, StatusSet, StatusWord, Sum, TagQuery, fold, name_token};
use potok_domain::{AddresseeId, Direction, DocumentRef, MessageType, Tag};
use potok_store::{DocumentQuery, Documents as _, Journal as _, Search as _, SearchQuery, SearchWords};
use potok_store_sqlite::SqliteStore;
use potok_types::{BoxId, DepartmentId, EntityId, Entropy as _, PacketId, SeededEntropy, Ticks, UserId};
use tempfile::tempdir;

use crate::made::{START, message_of, open, post};

const DOCUMENTS: usize = 600;
const TYPES: [&str; 4] = ["Nonformalized", "Contract", "Invoice", "XmlTorg12"];
/// Profiles, the runs of a few ways, their pieces and what is looked at in them. One question for each document looked at
/// would be hundreds.
const BOUND: u64 = 60;

/// Counteragents that share the documents.
pub(crate) fn others(ids: &SeededEntropy) -> Vec<BoxId> {
    (0..5).map(|_| BoxId::from_uuid(ids.uuid())).collect()
}

pub(crate) fn row(document: DocumentRef, nth: usize, others: &[BoxId]) -> DocumentRow {
    let at = Ticks::new(START.get() + nth as i64);
    let number = format!("{}", nth % 200);
    let tokens = vec![name_token(&number), "договор".to_owned()];
    DocumentRow {
        document,
        traits: RowTraits {
            type_named_id: TYPES[nth % TYPES.len()].to_owned(),
            message_type: MessageType::Letter,
            direction: if nth.is_multiple_of(3) { Direction::Inbound } else { Direction::Outbound },
            has_proxy: false,
            is_deleted: false,
            is_sent: true,
            statuses: StatusSet::from(if nth.is_multiple_of(2) {
                StatusWord::Finished
            } else {
                StatusWord::NotRead
            }),
            department: DepartmentId::ZERO,
            route: None,
        },
        created_at: at,
        listed_at: at,
        counteragent: others[nth % others.len()],
        number: Some(number),
        date: None,
        file_name: None,
        total_sum: Some(Sum::from_number((nth % 50) as i64)),
        tags: vec![Tag { key: "проект".to_owned(), value: format!("{}", nth % 7) }],
        custom_document_id: None,
        packet: PacketId::ZERO,
        packet_since: at,
        asked: if nth.is_multiple_of(2) { vec![AddresseeId::User(UserId::ZERO)] } else { Vec::new() },
        tokens,
    }
}

async fn filled(store: &SqliteStore, ids: &SeededEntropy, others: &[BoxId]) -> BoxId {
    let box_id = BoxId::from_uuid(ids.uuid());
    for nth in 0..DOCUMENTS {
        let mut append = post(ids, box_id, 16);
        let document =
            DocumentRef { message_id: message_of(&append), entity_id: EntityId::from_uuid(ids.uuid()) };
        append.streams[0].documents = vec![row(document, nth, others)];
        store.append(append).await.expect("nothing against it");
    }
    box_id
}

/// What is seen by somebody who sees no department.
fn asked_alone() -> Scope {
    let addressee = Addressee { person: UserId::ZERO, department: DepartmentId::ZERO };
    Scope::Departments { departments: Default::default(), addressee: Some(addressee) }
}

fn lists(others: &[BoxId]) -> Vec<(&'static str, DocumentFilter)> {
    let all = || DocumentFilter { statuses: StatusSet::ANY, ..DocumentFilter::default() };
    let tag = |value: Option<&str>| TagQuery { key: fold("проект"), value: value.map(fold) };
    vec![
        ("all", all()),
        (
            "a direction",
            DocumentFilter { class: Some(DocumentClass::Direction(Direction::Inbound)), ..all() },
        ),
        ("counteragents", DocumentFilter { counteragents: others[..3].to_vec(), ..all() }),
        ("a number", DocumentFilter { numbers: vec!["17".to_owned()], ..all() }),
        ("many numbers", DocumentFilter { numbers: (0..40).map(|nth| nth.to_string()).collect(), ..all() }),
        ("no such file", DocumentFilter { file_names: vec!["x".to_owned()], ..all() }),
        ("sums", DocumentFilter { sum_range: (Some(Sum::from_number(10)), None), ..all() }),
        ("what somebody was asked about", DocumentFilter { within: asked_alone(), ..all() }),
        (
            "a number among it",
            DocumentFilter { within: asked_alone(), numbers: vec!["16".to_owned()], ..all() },
        ),
        (
            "a counteragent among it",
            DocumentFilter { within: asked_alone(), counteragents: others[..1].to_vec(), ..all() },
        ),
        ("a tag", DocumentFilter { tags: vec![tag(Some("3"))], ..all() }),
        ("any tag", DocumentFilter { tags: vec![tag(None), tag(Some("5"))], ..all() }),
    ]
}

#[tokio::test]
async fn a_page_costs_a_bounded_number_of_questions() {
    let folder = tempdir().expect("a folder");
    let store = open(folder.path());
    let ids = SeededEntropy::new(11);
    let others = others(&ids);
    let box_id = filled(&store, &ids, &others).await;
    let mut costs = Vec::new();
    for (name, filter) in lists(&others) {
        let before = store.backend().questions();
        let query = DocumentQuery {
            box_id,
            filter,
            order: DocumentOrder::Time,
            is_descending: true,
            after: None,
            limit: 100,
            count_up_to: 10_000,
        };
        store.documents(query).await.expect("readable");
        costs.push((name, store.backend().questions() - before));
    }
    let tags = ["3", "4"].map(|value| TagQuery { key: fold("проект"), value: Some(value.to_owned()) });
    for (name, words) in [
        ("a word", SearchWords::Any(vec!["договор".to_owned()])),
        ("two tags", SearchWords::Tags(tags.to_vec())),
    ] {
        for within in [Scope::All, Scope::of_departments([DepartmentId::ZERO]), asked_alone()] {
            let before = store.backend().questions();
            let query = SearchQuery {
                box_id,
                words: words.clone(),
                direction: None,
                is_deleted: Some(false),
                within,
                skip: 0,
                limit: 100,
            };
            store.search(query).await.expect("readable");
            costs.push((name, store.backend().questions() - before));
        }
    }
    assert!(costs.iter().all(|(_, cost)| *cost <= BOUND), "{costs:?}");
    store.close().await;
}
