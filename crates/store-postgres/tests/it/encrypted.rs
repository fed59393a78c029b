//! Connections that are encrypted, and servers that are not who they should be.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use potok_store::Health as _;
use potok_store_postgres::cluster::{Cluster, as_ordinary_user, folder_of_ordinary_user};
use potok_store_postgres::{PostgresOptions, PostgresStore, facts, open};
use potok_types::{ManualClock, Ticks};
use tokio_postgres::{Client, NoTls};

/// A certificate of this machine's names, which is its own authority.
fn certificate(folder: &Path, name: &str) -> PathBuf {
    let (certificate, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    let mut command = as_ordinary_user("/usr/bin/openssl".into());
    command.args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "30",
    ]);
    command.args(["-subj", &format!("/CN={name}"), "-addext", "basicConstraints=critical,CA:FALSE"]);
    command
        .args(["-addext", "subjectAltName=DNS:localhost", "-out"])
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key);
    let made = command.stderr(std::process::Stdio::null()).status().expect("openssl is there");
    assert!(made.success(), "a certificate can be made");
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&key, mode).expect("the key is there");
    certificate
}

async fn plain(options: &PostgresOptions) -> Client {
    let (client, connection) = tokio_postgres::connect(&options.url, NoTls).await.expect("it runs");
    tokio::spawn(connection);
    client
}

async fn asked(client: &Client, sql: &str) -> String {
    let row = client.query_typed_one(sql, &[]).await.expect("the statement is right");
    row.get(0)
}

/// The same database by the name in the certificate.
fn encrypted(options: &PostgresOptions, roots: &Path) -> PostgresOptions {
    let url = options.url.replace("127.0.0.1", "localhost");
    assert!(url.contains("localhost") && !url.contains('?'), "{url}");
    let url = format!("{url}?sslmode=verify-full&sslrootcert={}", roots.display());
    PostgresOptions { url, ..options.clone() }
}

async fn opened(options: &PostgresOptions) -> Result<PostgresStore, String> {
    let opened = open(options, Arc::new(ManualClock::new(Ticks::new(1)))).await;
    opened.map_err(|error| std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default())
}

#[tokio::test]
async fn connections_are_encrypted_and_only_to_the_server_that_is_trusted() {
    let database = Cluster::of_one_test().database();
    let folder = folder_of_ordinary_user();
    let (own, other) = (certificate(folder.path(), "own"), certificate(folder.path(), "other"));
    let told =
        opened(&encrypted(&database.options(), &own)).await.expect_err("the server encrypts nothing yet");
    assert!(told.contains("no connection to PostgreSQL"), "{told}");

    let client = plain(&database.options()).await;
    let key = own.with_extension("key");
    for (name, value) in [("ssl_cert_file", &own), ("ssl_key_file", &key)] {
        let set = format!("ALTER SYSTEM SET {name} = '{}'", value.display());
        client.execute_typed(&set, &[]).await.expect("the user may");
    }
    client.execute_typed("ALTER SYSTEM SET ssl = on", &[]).await.expect("the user may");
    client.execute_typed("SELECT pg_reload_conf()", &[]).await.expect("the user may");
    while asked(&plain(&database.options()).await, "SELECT current_setting('ssl')").await != "on" {
        tokio::task::yield_now().await;
    }

    let options = encrypted(&database.options(), &own);
    let store = opened(&options).await.expect("its certificate is trusted");
    store.check_writable().await.expect("it works");
    facts(&options).await.expect("so do connections that are not lent");
    let sql = "SELECT count(*) FILTER (WHERE s.ssl) || ' of ' || count(*) FROM pg_stat_ssl s
               JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'potok'";
    let told = asked(&client, sql).await;
    let (encrypted_ones, all) = told.split_once(" of ").expect("two numbers");
    assert!(encrypted_ones == all && all != "0", "{told}");
    store.close().await;

    // Another authority, and another name.
    for wrong in [
        encrypted(&database.options(), &other),
        PostgresOptions { url: options.url.replace("localhost", "127.0.0.1"), ..options.clone() },
    ] {
        let told = opened(&wrong).await.expect_err("whoever answers is not trusted");
        assert!(told.contains("no connection to PostgreSQL") && told.contains("certificate"), "{told}");
    }
}
