#!/usr/bin/env bash
# object_store: client options given to a builder take back what was allowed before them.
#
# Library: object_store 0.14.2 (crates.io), feature aws.
# Asked:   an S3 server without TLS (MinIO, Garage, moto on loopback) needs `with_allow_http(true)`; time-outs are set by
#          `with_client_options`. Does the order of the two calls matter?
# Guess:   no: each setter of a builder sets its own thing, as all others of this builder do.
# Seen:    `with_client_options` replaces the whole set, so that plain HTTP is forbidden again, and the first request fails
#          with "URL scheme is not allowed" (a client error, before anything is sent). The other order works, and so does
#          `ClientOptions::with_allow_http` inside the options.
# For us:  contents in a bucket allow it inside the options (crates/content), and the tests talk to a server without TLS.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "order"
version = "0.0.0"
edition = "2024"

[dependencies]
object_store = { version = "=0.14.2", default-features = false, features = ["aws"] }
tokio = { version = "1", features = ["macros", "rt"] }
TOML
cat > "$work/src/main.rs" <<'RS'
use object_store::aws::AmazonS3Builder;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig, path::Path};
use std::time::Duration;

fn retry() -> RetryConfig {
    RetryConfig { max_retries: 0, ..RetryConfig::default() }
}

fn base() -> AmazonS3Builder {
    // Nobody listens on port 9: what gets as far as the network is refused there.
    AmazonS3Builder::new()
        .with_endpoint("http://127.0.0.1:9")
        .with_bucket_name("b")
        .with_access_key_id("a")
        .with_secret_access_key("s")
        .with_retry(retry())
}

fn options() -> ClientOptions {
    ClientOptions::new().with_timeout(Duration::from_secs(5))
}

async fn told(builder: AmazonS3Builder) -> &'static str {
    let store: Box<dyn ObjectStore> = Box::new(builder.build().expect("all that is needed is there"));
    let error = store.head(&Path::from("o")).await.expect_err("nobody listens");
    let text = format!("{error:?}");
    if text.contains("BadScheme") || text.contains("scheme is not allowed") { "scheme" } else { "network" }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("allowed, then options: {}", told(base().with_allow_http(true).with_client_options(options())).await);
    println!("options, then allowed: {}", told(base().with_client_options(options()).with_allow_http(true)).await);
    println!("allowed in options: {}", told(base().with_client_options(options().with_allow_http(true))).await);
}
RS
cargo run --quiet --manifest-path "$work/Cargo.toml" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
allowed, then options: scheme
options, then allowed: network
allowed in options: network
SEEN
echo "object_store 0.14.2: as described"
