//! What `potok doctor` finds, and what it says to do about it.

use std::process::Command;

use potok_store_postgres::cluster::Cluster;
use serde_json::Value;
use tempfile::TempDir;

use crate::postgres::on;
use crate::process::{Served, admin, potok};

/// Its findings, as grades with words; and whether it is content.
pub(crate) fn look(command: &mut Command, words: &[&str]) -> (bool, Vec<(String, String)>) {
    let output = command.args(["doctor", "--json"]).args(words).output().unwrap();
    let found: Vec<Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    let found = found.iter().map(|it| {
        let cure = text(it, "cure");
        assert_eq!(text(it, "grade") == "good", cure.is_empty(), "{it}");
        (text(it, "grade"), format!("{}: {cure}", text(it, "what")))
    });
    (output.status.success(), found.collect())
}

pub(crate) fn has(found: &[(String, String)], grade: &str, words: &str) {
    assert!(
        found.iter().any(|(of, text)| of == grade && text.contains(words)),
        "{grade} {words}: {found:#?}"
    );
}

#[test]
fn what_an_embedded_store_stands_on_is_looked_at() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let (_, found) = look(&mut potok(&data), &[]);
    has(&found, "doubtful", "there is no data folder");
    admin(&data, &["organization", "list"]).unwrap();
    let served = Served::start(&data, &[]);
    let (is_content, found) = look(&mut potok(&data), &[]);
    has(&found, "good", "takes files");
    has(&found, "good", "nobody else on this machine can look into the data folder");
    has(&found, "good", "the embedded database has the layout of this program");
    has(&found, "doubtful", "no certificate is trusted");
    assert!(
        is_content || found.iter().any(|(grade, text)| grade == "bad" && text.contains("MiB")),
        "{found:#?}"
    );
    assert!(served.end().0.success());

    std::fs::set_permissions(&data, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::write(
        data.join("potok.db"),
        "no database at all, whatever it is called; long enough to be looked at",
    )
    .unwrap();
    let (is_content, found) = look(&mut potok(&data), &["--operator-key", "/nowhere/key.pem"]);
    has(&found, "doubtful", "chmod -R go=");
    has(&found, "bad", "potok restore");
    has(&found, "bad", "/nowhere/key.pem");
    assert!(!is_content);
}

#[test]
fn certificates_that_end_are_told_of() {
    let folder = TempDir::new().unwrap();
    let pki = folder.path().join("pki");
    let made = potok(folder.path())
        .args(["admin", "pki", "new", pki.to_str().unwrap(), "--algorithms", "rsa"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (trust, lists) = (pki.join("rsa/trust"), pki.join("rsa/revocation"));
    let words: [String; 6] = [
        "--trust".to_owned(),
        trust.display().to_string(),
        "--revocation-lists".to_owned(),
        lists.display().to_string(),
        "--operator-key".to_owned(),
        pki.join("rsa/operator.pem").display().to_string(),
    ];
    let words = words.each_ref().map(String::as_str);
    let (_, found) = look(&mut potok(folder.path()), &words);
    has(&found, "good", "the operator's certificate");
    has(&found, "good", "1 roots are trusted");
    has(&found, "good", "a trusted certificate");
    std::fs::write(trust.join("other.pem"), "no certificate").unwrap();
    std::fs::remove_file(lists.join("root.crl")).unwrap();
    let (_, found) = look(&mut potok(folder.path()), &words);
    has(&found, "doubtful", "other.pem");
    has(&found, "doubtful", "there is no revocation list of");
}

#[tokio::test]
async fn what_endangers_a_database_is_told_with_its_cure() {
    let database = Cluster::shared().database();
    let folder = TempDir::new().unwrap();
    // The cluster of the tests keeps nothing that it acknowledged.
    let (is_content, found) = look(&mut on(&database, folder.path()), &[]);
    assert!(!is_content);
    has(&found, "bad", "ALTER SYSTEM SET fsync = on");
    has(&found, "good", "the database has the layout of this program");
    has(&found, "good", "a server opens 17 connections");
    let (client, connection) = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("UPDATE potok_layout SET steps = 1").await.unwrap();
    let name = database.url().rsplit('/').next().unwrap();
    client.batch_execute(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await.unwrap();
    drop(client);
    let (_, found) = look(&mut on(&database, folder.path()), &["--store-connections", "5000"]);
    has(&found, "bad", "lower store_connections");
    has(&found, "bad", "the database has layout 1");
    has(&found, "doubtful", "synchronous_commit is off");
}
