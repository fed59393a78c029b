//! Two programs on one file: the server, and an administrator at the command line. Two stores stand for them here;
//! they share nothing but the file.

use std::sync::Arc;

use potok_domain::directory::{
    DirectoryChange, DirectoryEvent, DirectoryEventKind, Organization, Restrictions, USERS_BOX, User,
};
use potok_store::{Append, Journal as _, Organizations as _, StreamAppend, StreamId, Users as _};
use potok_store_sqlite::SqliteStore;
use potok_types::{BoxId, Entropy as _, EventId, OrgId, SeededEntropy, UserId};

use crate::made::{START, feed, keys, open, post};

fn organization(ids: &SeededEntropy, name: &str) -> Organization {
    let org_id = OrgId::from_uuid(ids.uuid());
    Organization {
        org_id,
        box_id: BoxId::from_uuid(ids.uuid()),
        inn: "7701000000".to_owned(),
        kpp: None,
        full_name: name.to_owned(),
        short_name: name.to_owned(),
        ogrn: None,
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: format!("2BM-{org_id}"),
        counteragents_only: false,
        is_test: false,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_suspended: false,
        is_roaming: false,
        departments: Vec::new(),
    }
}

/// Changes the directory of the box; it waits for the lock if it must.
async fn change(store: &SqliteStore, ids: &SeededEntropy, box_id: BoxId, change: DirectoryChange) {
    let revision = store.revision(box_id, StreamId::directory(box_id)).await.expect("readable");
    let event = DirectoryEvent {
        id: EventId::from_uuid(ids.uuid()),
        at: START,
        author: None,
        kind: DirectoryEventKind::OrganizationChanged,
        change,
    };
    let stream = StreamAppend::of_directory(box_id, revision, &[event]);
    store.append(Append::new(box_id, vec![stream])).await.expect("nobody else changes it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_program_changed_the_other_sees_at_once() {
    let folder = tempfile::tempdir().expect("writable");
    let (server, admin) = (open(folder.path()), open(folder.path()));
    let ids = SeededEntropy::new(1);
    let mut it = organization(&ids, "Ромашка");
    for round in 0..20 {
        it.short_name = format!("Ромашка {round}");
        let (writer, reader) = if round % 2 == 0 { (&admin, &server) } else { (&server, &admin) };
        change(writer, &ids, it.box_id, DirectoryChange::Organization(Box::new(it.clone()))).await;
        let seen = reader.organization_by_box(it.box_id).await.expect("readable");
        assert_eq!(seen.as_ref(), Some(&it));
        it.is_suspended = round % 3 == 0;
        change(writer, &ids, it.box_id, DirectoryChange::Organization(Box::new(it.clone()))).await;
        let seen = reader.organization_by_box(it.box_id).await.expect("readable");
        assert_eq!(seen.map(|it| it.is_suspended), Some(it.is_suspended));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_writes_while_the_server_is_busy() {
    let folder = tempfile::tempdir().expect("writable");
    let (server, admin) = (Arc::new(open(folder.path())), open(folder.path()));
    let ids = Arc::new(SeededEntropy::new(1));
    let box_id = BoxId::from_uuid(ids.uuid());
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let (server, ids) = (Arc::clone(&server), Arc::clone(&ids));
            tokio::spawn(async move {
                for _ in 0..40 {
                    server.append(post(&ids, box_id, 500)).await.expect("it waits for the lock if it must");
                }
            })
        })
        .collect();
    for number in 0..30 {
        let user = User {
            id: UserId::from_uuid(ids.uuid()),
            login: format!("user-{number}"),
            last_name: String::new(),
            first_name: String::new(),
            middle_name: None,
            is_service: false,
            is_blocked: false,
            is_registered: true,
        };
        change(&admin, &ids, USERS_BOX, DirectoryChange::User(user.clone())).await;
        let seen = server.user_by_login(&user.login).await.expect("readable");
        assert_eq!(seen, Some(user));
    }
    for caller in callers {
        caller.await.expect("no panic");
    }
    assert_eq!(feed(&server, box_id).await.len(), 8 * 40 * 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_rise_even_when_two_programs_append_to_one_box() {
    let folder = tempfile::tempdir().expect("writable");
    let stores = [open(folder.path()), open(folder.path())];
    let ids = SeededEntropy::new(1);
    let box_id = BoxId::from_uuid(ids.uuid());
    let mut written = Vec::new();
    for round in 0..30 {
        // Both remember where the box stood when they wrote last.
        let store = &stores[usize::from(round % 3 == 0)];
        let appended = store.append(post(&ids, box_id, 100)).await.expect("nothing against it");
        written.extend(appended.keys());
    }
    for store in &stores {
        let feed = feed(store, box_id).await;
        assert_eq!(keys(&feed), written);
        assert_eq!(feed.len(), 60);
    }
}
