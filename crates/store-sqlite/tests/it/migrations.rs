//! The layout of the database.

use std::path::Path;

use potok_store::Users as _;
use potok_store_sqlite::SqliteOptions;
use potok_types::ContentHash;

use crate::made::{clock, open};

/// The steps that have been released, with the hashes of their files. A line here is never changed: databases in the
/// field have taken that step already.
const RELEASED: &[(&str, &str)] = &[
    ("0001_first.sql", "58729caa690678c2e38b6c1d4886be34c3ad646aa1b2bcbbf9f6c57795490e70"),
    ("0002_documents.sql", "cd3b54363f65de5f7d9c8b0157e52f829a821732302a7728c93e39bcdc63f67a"),
    ("0003_document_indexes.sql", "91663354e69831f33e91186c4432f6f2a6e61b33969ec218a7e09a889f3338c9"),
    ("0004_resolution_routes.sql", "11f1b7cb1898eba2f041664003132a56e1ec35b035660c8078bc5d0530dcabc3"),
    ("0005_certificates.sql", "68614b2c079ee22ae8042f348d14b4b834fb0b1a0b75df63f169e1fc20bef03d"),
    ("0006_search_scopes.sql", "463cda40129435b68c4b2e34e1a0b936d4ce67904af6c363f2d2eac45567e001"),
    ("0007_universal_messages.sql", "963957ad1191cec690266a5b2a40fbe2d3ec9b581fadd107f8539cfcb5b205c9"),
    ("0008_streams.sql", "edbfff39b15693e951eda3952d9f5efa608292f1d0c6341d95500cb14e4a42d2"),
    ("0009_rebuild_place.sql", "ae543813da9baf05a8452a7652421c0b392932bcf01fe1fcd05c29dac6a230d9"),
    ("0010_revocation.sql", "e120dc72bb574be7e5d1403a6867468a1b3dfc9558fce76c38a7e2ce34e2ecd6"),
    ("0011_outbox_by_box.sql", "4d9ae19385c669eb45f6f60b6235c90338a2c7681db8dcae8fb1abcfccbe8289"),
    ("0012_content_names.sql", "4e51b511e36c7001aaed76aa5f5afed2b7e98fe2b63c9728f84361501ef558a4"),
    ("0013_directory.sql", "e1de9f2d3221cbae29e71c88cd3daf671604c784dfb3f336bb842637c2b0d97b"),
    ("0014_counteragents.sql", "026dae263c93037ad31cac6cbf045c582f513246027ad1aa4bc6080766e57ec4"),
    ("0015_sign_in.sql", "48e0a02416a5b7046b7e8866e7857cb79317c205f81e7c7d45c9366f4a9c1527"),
    ("0016_powers.sql", "863f4288b59ae1d7aecdae60c8bbe7e245c490b9215a7338212d96d7e67272f6"),
    ("0017_moments.sql", "0278fd2895e8e13e004d3ebd7235e06867c4c82c9b66626f724fba79cd654241"),
    ("0018_registers.sql", "c1daffc35afcd47f6d5b2c2729d37da85f3ee1cef636f351fa8e33c447d8f042"),
    ("0019_partners.sql", "97a0519d78281ea7c237412f4ce069babeef49b2e7b9ee18df5599652460238d"),
    ("0020_stream_feed.sql", "a6cc5a04ba548be5274a52e8b7ed59b6e254708b8e8d8fcfff364c083ebd9d5c"),
    ("0021_restrictions.sql", "7aa2dc25ba9e8234d58047cd2012611b451994e583faddbc9bd4f6925f9f315d"),
    ("0022_signings.sql", "319b3f389ada29ee3a1a53c27e9277972429ec1f63cdad50dac11d129a38267c"),
    ("0023_asked.sql", "648bf069904190c473113b48da95d6f302cdacf731762908b77967d9e90e062e"),
    ("0024_operator_boxes.sql", "7a07c6bde37c2eb498d6de9569a673c8012d0ab2ea316cb878065e276847b232"),
    ("0025_webhooks.sql", "761d441e20e62f4af8cc85b4b6a239b4746f3129fc24fa7f8f369bba30879b3e"),
    ("0026_copies.sql", "b2c5ee70fd289a1ea1a0cfc83f514c05080268407199d0b6de90e1ae314fe00f"),
    ("0027_erasures.sql", "5d5e95c3e32a2dcf8585a789565e3386fdb905c9f892adb60d23a3ed6f968204"),
    ("0028_fresh_words.sql", "a99014f04fbdad1cf2a84e8fbfc4deb0f9462b9f51b2c9216eb8ee235794e013"),
];

#[test]
fn released_steps_are_never_changed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let files = std::fs::read_dir(&folder).expect("readable").count();
    assert_eq!(files, RELEASED.len(), "name the new step here when it is finished");
    for (name, hash) in RELEASED {
        let text = std::fs::read(folder.join(name)).expect("a released step stays");
        assert_eq!(ContentHash::of(&text).to_string(), *hash, "{name} was changed: write a new step instead");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_again_and_at_the_same_time_changes_nothing() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join("potok.db");
    let opening: Vec<_> = (0..4)
        .map(|_| {
            let path = path.clone();
            tokio::task::spawn_blocking(move || {
                potok_store_sqlite::open(&path, clock(), SqliteOptions::default())
            })
        })
        .collect();
    for opened in opening {
        let store = opened.await.expect("no panic").expect("the others do not disturb");
        assert!(store.users().await.expect("readable").is_empty());
        store.close().await;
    }
    let schema = |conn: &rusqlite::Connection| -> Vec<String> {
        let mut statement =
            conn.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let before = schema(&rusqlite::Connection::open(&path).unwrap());
    assert!(before.len() > 20);
    open(folder.path()).close().await;
    assert_eq!(schema(&rusqlite::Connection::open(&path).unwrap()), before);
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join("potok.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 1000).unwrap();
    drop(conn);
    let refused = potok_store_sqlite::open(&path, clock(), SqliteOptions::default())
        .expect_err("it is from the future");
    let why = std::error::Error::source(&refused).expect("it says why").to_string();
    assert!(why.contains("layout 1000") && why.contains("a newer program's"), "{why}");
}

#[test]
fn what_is_not_a_database_is_refused() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join("potok.db");
    std::fs::write(&path, "not a database, but long enough to be looked at as one".repeat(100)).unwrap();
    assert!(potok_store_sqlite::open(&path, clock(), SqliteOptions::default()).is_err());
    assert!(
        potok_store_sqlite::open(
            &folder.path().join("no/such/folder/x.db"),
            clock(),
            SqliteOptions::default()
        )
        .is_err()
    );
}
