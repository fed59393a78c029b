//! Every column of every read model, damaged one after the other in the embedded store.

use std::path::Path;
use std::sync::Arc;

use potok_domain::relation::{Invite, Relation, RelationChange, acquire};
use potok_store::{Append, ContentNames as _, CounteragentRow, NewEvent, Store, StreamAppend, StreamId};
use potok_store_sqlite::damage::{Bypass, Column, Damage};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_stories::{Story, Who, box_of};
use potok_types::{BoxId, EventId, GroupId, ManualClock, Ticks, UserId};
use uuid::Uuid;

use super::RebuildMode;
use super::tests::{keep, run};

/// Tables that are the truth themselves, with the columns of them that follow from it all the same.
const TRUTH: &[(&str, &[&str])] = &[
    ("api_clients", &[]),
    ("authorization_codes", &[]),
    ("consents", &[]),
    // Which large contents events name: noted by the sweep of contents, in its own time, and tried below.
    ("content_names", &[]),
    ("content_names_place", &[]),
    // What a copy to another store knows of itself.
    ("copy_boxes", &[]),
    ("copy_changes", &[]),
    ("copy_marks", &[]),
    ("copy_places", &[]),
    ("departments", &[]),
    ("device_codes", &[]),
    ("employee_powers", &[]),
    ("employees", &[]),
    // What is left of events, and what they named: the journal does not hold it any more.
    ("erased_contents", &[]),
    ("erased_events", &[]),
    ("events", &["ready"]),
    // Words on their way to document_tokens: these stores put all of them there at once.
    ("fresh_words", &[]),
    ("gar_objects", &[]),
    ("held_keys", &[]),
    ("invoice_certificates", &[]),
    ("key_values", &[]),
    ("login_challenges", &[]),
    // Numbers that mean nothing but that something changed.
    ("moments", &[]),
    ("operations", &[]),
    ("organizations", &[]),
    ("outbox", &[]),
    ("outside_users", &[]),
    ("participants", &[]),
    // How far a rebuild came.
    ("rebuild_place", &[]),
    ("registrations", &[]),
    ("resolution_route_stages", &[]),
    ("resolution_routes", &[]),
    ("roaming_operators", &[]),
    ("service_keys", &[]),
    ("service_users", &[]),
    ("shelf_files", &[]),
    ("shelf_parts", &[]),
    ("signing_keys", &[]),
    ("signings", &[]),
    ("signers", &[]),
    ("tasks", &[]),
    ("small_contents", &[]),
    ("tokens", &[]),
    ("user_certificates", &[]),
    ("users", &[]),
    ("webhook_attempts", &[]),
    ("webhooks", &[]),
];

/// Columns of read models that hold what the journal does not, with why.
const KEPT: &[(&str, &str, &str)] = &[(
    "links",
    "id",
    "in which order links were written, of which one and the same base shows its referrers",
)];

/// Numbers that a store gives, and that come out anew when a row is written anew.
const HANDLES: &[&str] = &["id", "document", "profile", "event"];

fn read_models(bypass: &Bypass) -> Vec<Column> {
    let follows = |column: &Column| {
        let of_truth = TRUTH.iter().find(|(table, _)| *table == column.table);
        of_truth.is_none_or(|(_, columns)| columns.contains(&column.name.as_str()))
    };
    let columns = bypass.columns().expect("there is a layout");
    for (table, column, _) in KEPT {
        assert!(
            columns.iter().any(|it| it.table == *table && it.name == *column),
            "{table}.{column} is gone"
        );
    }
    columns.into_iter().filter(follows).collect()
}

/// Everything that is kept for readers, without the numbers of rows.
fn shown(bypass: &Bypass) -> Vec<(String, Vec<String>)> {
    let mut tables: Vec<String> = read_models(bypass).into_iter().map(|column| column.table).collect();
    tables.dedup();
    let rows = |table: &str| bypass.rows(table, |column| !HANDLES.contains(&column)).expect("readable");
    tables.into_iter().map(|table| (table.clone(), rows(&table))).collect()
}

/// Organizations that write to each other with all that is shown in rows.
fn filled() -> Story {
    let mut story = Story::new();
    for step in STEPS {
        story.step(step).unwrap_or_else(|refused| panic!("{step}: {refused:?}"));
    }
    story.simulation.deliver_all();
    story
}

const STEPS: &[&str] = &[
    "post Contract filled",
    "A tags d1 a=1",
    "A asks-approval d1",
    "A asks-approval d1 to-sales",
    "post Invoice number=7 sum=5 about=1",
    "post Nonformalized internal ask receipt",
    "deliver",
    "look 1",
    "B signs d1",
    "post Invoice number=8",
    "deliver",
    "post InvoiceRevision number=8",
    "post InvoiceRevision number=9",
    "deliver",
    "post Invoice number=9",
];

/// Somebody who invites, and a partner who was put into a group.
async fn keep_relations(store: &dyn Store) {
    let (me, group) = (box_of(Who::A), GroupId::from_uuid(Uuid::from_u128(77)));
    for (nth, is_partner) in [false, true].into_iter().enumerate() {
        let other = BoxId::from_uuid(Uuid::from_u128(700 + nth as u128));
        let at = Ticks::new(638_900_000_000_000_000);
        let invite = Invite { message: None, attachment: None, is_welcome: is_partner, at };
        let act =
            acquire(&Relation::none(me, other), invite).expect("nothing against it").expect("it is new");
        let changes = [
            Some(RelationChange::Mine { act, by: None }),
            is_partner.then_some(RelationChange::Grouped { group, by: UserId::ZERO }),
        ];
        let mut relation = Relation::none(me, other);
        for change in changes.into_iter().flatten() {
            let id = EventId::from_uuid(Uuid::from_u128(
                800 + nth as u128 * 10 + u128::from(relation.revision().0),
            ));
            let (event, after) = relation.next(id, at, change);
            let of_relation = StreamAppend {
                counteragent: Some(CounteragentRow::from(&event.told)),
                ..StreamAppend::new(
                    StreamId::relation(other),
                    relation.revision(),
                    vec![NewEvent::of_relation(other, &event, Vec::new())],
                )
            };
            store.append(Append::new(me, vec![of_relation])).await.expect("nothing against it");
            relation = after;
        }
    }
}

async fn heals(store: &dyn Store, bypass: &Bypass, column: &Column, how: Damage) {
    let name = format!("{}.{} {how:?}", column.table, column.name);
    let (found, _) = run(store, RebuildMode::Check).await;
    assert!(found.differences > 0, "{name} is not found");
    run(store, RebuildMode::Repair).await;
    let (left, heard) = run(store, RebuildMode::Check).await;
    assert_eq!(left.differences, 0, "{name} is not healed: {:?}", heard.differences);
    assert!(bypass.run("SELECT 1 FROM rebuild_place").expect("readable").is_none());
}

/// The embedded store in a folder, with all that the story says.
async fn kept(folder: &Path) -> (SqliteStore, Bypass) {
    let path = folder.join("potok.db");
    let clock = Arc::new(ManualClock::new(Ticks::new(638_900_000_000_000_000)));
    let options = SqliteOptions { fresh_documents: 0, ..SqliteOptions::default() };
    let store = potok_store_sqlite::open(&path, clock, options).expect("the folder is writable");
    keep(&store, &filled()).await;
    keep_relations(&store).await;
    let bypass = Bypass::open(&path).expect("it is a database");
    (store, bypass)
}

/// Two letters: a transfer document, and its revision, which names it by number and date only.
#[tokio::test]
async fn a_lost_link_by_number_and_date_is_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, bypass) = kept(folder.path()).await;
    let links = || bypass.rows("links", |column| column != "id").expect("readable");
    let whole = links();
    for wanted in [3, 1] {
        // Which of them no event names is for the rebuild to know.
        bypass.run(&format!("DELETE FROM links WHERE id % {wanted} = 0")).expect("written");
        assert_ne!(links(), whole);
        let (found, heard) = run(&store, RebuildMode::Check).await;
        assert!(found.differences > 0, "{:?}", heard.differences);
        run(&store, RebuildMode::Repair).await;
        assert_eq!(links(), whole);
        assert_eq!(run(&store, RebuildMode::Check).await.0.differences, 0);
    }
    store.close().await;
}

#[tokio::test]
async fn lost_names_of_contents_are_noted_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, bypass) = kept(folder.path()).await;
    assert_eq!(run(&store, RebuildMode::Check).await.0.differences, 0, "nothing is noted yet");
    while !store.note_content_names(2).await.expect("written") {}
    let names = || bypass.rows("content_names", |_| true).expect("readable");
    let place = || bypass.rows("content_names_place", |_| true).expect("readable");
    let (whole, end) = (names(), place());
    assert!(whole.len() > 2);
    assert_eq!(run(&store, RebuildMode::Check).await.0.differences, 0);
    for (damage, lost) in [
        ("DELETE FROM content_names", whole.len() as u64),
        (
            "DELETE FROM content_names
             WHERE (box_id, hash) = (SELECT box_id, hash FROM content_names ORDER BY hash DESC LIMIT 1)",
            1,
        ),
        ("UPDATE content_names_place SET event = event + 1000", 1),
    ] {
        bypass.run(damage).expect("written");
        for mode in [RebuildMode::Check, RebuildMode::Repair] {
            assert_eq!(run(&store, mode).await.0.differences, lost, "{damage}, {mode:?}");
        }
        assert_eq!((names(), place()), (whole.clone(), end.clone()), "{damage}");
        assert_eq!(run(&store, RebuildMode::Check).await.0.differences, 0);
    }
    store.close().await;
}

#[tokio::test]
async fn damage_of_every_column_is_found_and_healed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, bypass) = kept(folder.path()).await;
    // Documents change their profiles, and those that none has any more mean nothing.
    let unused = "DELETE FROM document_profiles AS p
                  WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.box_id = p.box_id AND d.profile = p.profile)";
    bypass.run(unused).expect("written");
    let whole = shown(&bypass);
    for (table, rows) in &whole {
        assert!(!rows.is_empty(), "{table} has rows to damage");
    }
    let mut untouched = Vec::new();
    for (nth, column) in read_models(&bypass).iter().enumerate() {
        let mut is_damaged = false;
        for how in [Damage::Other, Damage::Rubbish, Damage::Absence, Damage::Row] {
            // A table of the truth keeps its rows, and what is no id of a box is met by nobody.
            let is_left_out = how == Damage::Row && column.table == "events"
                || how == Damage::Rubbish && column.name == "box_id";
            if is_left_out || !bypass.damage(column, nth, how).expect("damaged") {
                continue;
            }
            is_damaged = true;
            if KEPT.iter().any(|(table, kept, _)| *table == column.table && *kept == column.name) {
                let (found, _) = run(&store, RebuildMode::Check).await;
                // A row that is missing is found all the same.
                assert_eq!(
                    found.differences > 0,
                    how == Damage::Row,
                    "{column:?} needs no entry in the list"
                );
                run(&store, RebuildMode::Repair).await;
                continue;
            }
            heals(&store, &bypass, column, how).await;
            assert_eq!(shown(&bypass), whole, "{}.{} {how:?}", column.table, column.name);
        }
        if !is_damaged {
            untouched.push(format!("{}.{}", column.table, column.name));
        }
    }
    assert_eq!(untouched, [""; 0], "the story leaves these empty");
    store.close().await;
}
