//! Journals that were signed, and what somebody changed of them afterwards.

use potok_sdk::api::methods::OperationQuery;
use potok_store_postgres::cluster::Cluster;
use tempfile::TempDir;

use crate::demo::organizations_by;
use crate::postgres::on;
use crate::process::{SERVE, Served};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_signed_is_held_to_its_signature() {
    let database = Cluster::shared().database();
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let demo = organizations_by(&mut on(&database, data), data);
    let file = data.join("checkpoint.json");
    let audit = |words: &[&str]| {
        let output = on(&database, data).arg("audit").args(words).arg(&file).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    let made = audit(&["checkpoint", "--to"]);
    assert!(made.0 == Some(0) && made.1.contains("are signed"), "{made:?}");
    let verify = || audit(&["verify", "--checkpoint"]);
    assert_eq!(verify().0, Some(0));

    // What comes later is behind what was signed.
    let served = Served::run(on(&database, data).args(SERVE));
    demo.client(&served, 0).post_message_v3(&OperationQuery::new(), demo.letter("later")).await.unwrap();
    assert!(served.end().0.success());
    assert_eq!(verify().0, Some(0));

    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("\"events\": ", "\"events\": 1", 1)).unwrap();
    let forged = verify();
    assert!(forged.0 == Some(1) && forged.1.contains("is not good"), "{forged:?}");
    std::fs::write(&file, text).unwrap();

    let (client, connection) = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let box_id = demo.sides[0].box_id;
    let of_box = format!("box_id = decode('{}', 'hex')", box_id.uuid().simple());
    let change = |set: &str, which: &str| {
        format!(
            "UPDATE events SET {set} WHERE {of_box} AND id = (SELECT {which}(id) FROM events WHERE {of_box} AND kind = 1)"
        )
    };
    for (there, back) in [
        (
            "stored = set_byte(stored, 9, get_byte(stored, 9) # 1)",
            "stored = set_byte(stored, 9, get_byte(stored, 9) # 1)",
        ),
        ("revision = revision + 1000", "revision = revision - 1000"),
    ] {
        client.batch_execute(&change(there, "min")).await.unwrap();
        let changed = verify();
        assert_eq!(changed.0, Some(1), "{there}");
        assert!(changed.1.contains(&format!("box {box_id}: the journal up to")), "{changed:?}");
        client.batch_execute(&change(back, "min")).await.unwrap();
        assert_eq!(verify().0, Some(0));
    }
    let cut = format!("DELETE FROM events WHERE {of_box}");
    client.batch_execute(&cut).await.unwrap();
    let missing = verify();
    assert!(missing.0 == Some(1) && missing.1.contains("are missing of"), "{missing:?}");
}
