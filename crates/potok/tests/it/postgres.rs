//! The real binary on PostgreSQL.

use std::path::Path;
use std::process::{Command, Output};

use potok_store_postgres::cluster::{Cluster, Database};
use serde_json::Value;
use tempfile::TempDir;

use crate::installation::http;
use crate::process::{SERVE, Served, potok};

/// A command on the database.
pub(crate) fn on(database: &Database, data: &Path) -> Command {
    let mut command = potok(data);
    command.env("POTOK_STORE", database.url()).env("POTOK_STORE_UNSAFE", "true");
    command
}

/// What was said, on whichever way.
fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_starts_on_a_migrated_database_and_an_administrator_works_beside_it() {
    let database = Cluster::shared().empty_database();
    let folder = TempDir::new().unwrap();
    let data = folder.path();

    let early = on(&database, data).args(SERVE).output().unwrap();
    assert!(!early.status.success() && said(&early).contains("run `potok migrate`"), "{}", said(&early));
    for expected in ["had layout 0 and has layout", "already"] {
        let migrated = on(&database, data).arg("migrate").output().unwrap();
        assert!(migrated.status.success() && said(&migrated).contains(expected), "{}", said(&migrated));
    }
    let unsafe_one = on(&database, data).env_remove("POTOK_STORE_UNSAFE").args(SERVE).output().unwrap();
    assert!(
        !unsafe_one.status.success() && said(&unsafe_one).contains("fsync = off"),
        "{}",
        said(&unsafe_one)
    );

    let served = Served::run(on(&database, data).args(SERVE));
    let admin = |words: &[&str]| -> Value {
        let output = on(&database, data).args(["admin", "--json"]).args(words).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let organization = admin(&["organization", "create", "--name", "АО «Лютик»", "--inn", "7802000020"]);
    let box_id = organization["box_id"].as_str().unwrap();
    admin(&["user", "create", "--login", "a@b.example", "--last-name", "А", "--first-name", "Б"]);
    admin(&["employee", "add", "--box", box_id, "--user", "a@b.example", "--access", "all"]);
    let client = admin(&["client", "create", "--name", "Tests"]);
    let client = client["client_id"].as_str().unwrap();
    let token = admin(&["token", "issue", "--user", "a@b.example", "--client", client]);
    let ask = |path: &str| {
        let request = http().get(format!("{}{path}", served.address()));
        let token = token["access_token"].as_str().unwrap();
        request.header("Authorization", format!("Bearer {token}")).send()
    };
    let found = ask("/GetMyOrganizations").await.unwrap();
    assert_eq!(found.status(), 200);
    assert!(String::from_utf8_lossy(&found.bytes().await.unwrap()).contains("7802000020"));
    assert_eq!(ask("/readyz").await.unwrap().status(), 200);
    assert!(!data.join("potok.db").exists(), "nothing is kept beside PostgreSQL");
    let (status, log) = served.end();
    assert!(status.success());
    let secret = database.url();
    assert!(
        log.iter().all(|line| !line.to_string().contains(secret)),
        "the address is in no line of the log"
    );
}
