//! What somebody says of the settings: in flags, in the environment and in a file.

use std::path::{Path, PathBuf};

use potok_cms::RevocationPolicy;
use potok_content::BucketOptions;
use potok_http::TlsFiles;
use potok_operator::keys::{KeyOptions, PasswordSource};
use potok_provider::ProviderOptions;
use potok_room::{Memory, MemoryOptions};
use potok_store_postgres::{Appends, PostgresOptions, Statements};
use serde::Deserialize;

use super::{
    Collector, GivenKey, GivenRanges, GivenStore, Issuer, LogFormat, LogSettings, Logins, Partnership,
    Retire, Revocation, Settings, Signatures, TrustedProxies,
};

/// Declares the settings once: as flags and environment variables for clap, and as keys of the file for serde.
macro_rules! given {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $env:literal $([$value_name:literal])?;)*) => {
        /// Settings as somebody gave them, in flags, in the environment or in a file. What is absent was not given.
        #[derive(Clone, Debug, Default, PartialEq, clap::Args, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Given {
            $(
                $(#[doc = $doc])+
                #[arg(long, env = $env, hide_env_values = true $(, value_name = $value_name)?)]
                pub $name: Option<$type>,
            )*
        }

        impl Given {
            /// These, and where they say nothing, `others`.
            #[must_use]
            pub fn or(self, others: Self) -> Self {
                Self { $($name: self.$name.or(others.$name),)* }
            }

            /// The names of those that were given.
            pub fn names(&self) -> Vec<&'static str> {
                [$(self.$name.is_some().then_some(stringify!($name))),*].into_iter().flatten().collect()
            }
        }

        /// The names of the settings, in their order.
        pub const FIELDS: &[&str] = &[$(stringify!($name)),*];

        /// The environment variables that are read, in the order of the settings.
        pub const VARIABLES: &[&str] = &[$($env),*];
    };
}

given! {
    /// Folder of the database and of large contents
    data: PathBuf = "POTOK_DATA" ["DIR"];
    /// Address and port to listen on; port 0 takes a free one
    listen: String = "POTOK_LISTEN" ["ADDR"];
    /// Address and port of another listener, for metrics (/metrics) and signs of life; nobody is asked who they are there
    metrics_listen: String = "POTOK_METRICS_LISTEN" ["ADDR"];
    /// Collector of traces (OTLP over plain HTTP, in protobuf): `http://127.0.0.1:4318/v1/traces`
    traces: Collector = "POTOK_TRACES" ["URL"];
    /// PEM file with the certificate of the server and those above it: clients speak TLS then. It is read again when it changes
    tls_certificate: PathBuf = "POTOK_TLS_CERTIFICATE" ["FILE"];
    /// PEM file with the key of that certificate
    tls_key: PathBuf = "POTOK_TLS_KEY" ["FILE"];
    /// How many of the last requests are kept for `potok journal`, with what their bodies say; 0, the default, keeps none
    request_journal: usize = "POTOK_REQUEST_JOURNAL" ["N"];
    /// Logins of those who keep the server, by commas: the console shows them organizations, users, programs, powers of attorney and requests of all of it
    console_keepers: Logins = "POTOK_CONSOLE_KEEPERS" ["LOGINS"];
    /// Calls per second that one user may make; 0 is no limit
    requests_per_second: u32 = "POTOK_REQUESTS_PER_SECOND";
    /// Calls that one user may make at once after a pause
    burst: u32 = "POTOK_BURST";
    /// Calls per second without a good token from one address, for one API client
    stranger_requests_per_second: u32 = "POTOK_STRANGER_REQUESTS_PER_SECOND";
    /// Addresses of proxies before the server, by commas: what they say in X-Forwarded-For is believed
    trusted_proxies: TrustedProxies = "POTOK_TRUSTED_PROXIES" ["ADDR"];
    /// Memory for bodies, contents and answers of all calls together, in MiB; less than 288 refuses the largest bodies
    memory_mib: u64 = "POTOK_MEMORY_MIB";
    /// Memory for answers that are kept ready, in MiB; 0 keeps none
    ready_mib: u64 = "POTOK_READY_MIB";
    /// Whether answers of 1 KiB or more are sent packed (gzip, in chunks) to clients that ask for that
    compress: bool = "POTOK_COMPRESS";
    /// Methods to switch off, with their last days: "GetEvent V2=2026-11-10,GetMessage V5=2027-04-03"
    retire: Retire = "POTOK_RETIRE";
    /// Seconds that a stop waits for running requests; a second later the process ends, whatever still runs
    stop_seconds: u64 = "POTOK_STOP_SECONDS";
    /// Connections at once; beyond them the one that is silent longest makes room
    connections: usize = "POTOK_CONNECTIONS";
    /// Seconds from the first byte of a request to the end of its head
    head_seconds: u64 = "POTOK_HEAD_SECONDS";
    /// Seconds that a connection is kept open between requests
    idle_seconds: u64 = "POTOK_IDLE_SECONDS";
    /// Seconds that a client may take nothing of its answer
    write_seconds: u64 = "POTOK_WRITE_SECONDS";
    /// Contents up to this size in bytes live in the database
    small_content_bytes: u64 = "POTOK_SMALL_CONTENT_BYTES";
    /// Message states remembered between calls
    cached_states: usize = "POTOK_CACHED_STATES";
    /// Whether SignWithTestSignature is allowed in test organizations; by default it is, unless `trust` or `operator_key` is given
    test_signatures: bool = "POTOK_TEST_SIGNATURES";
    /// Who may exchange documents: "open", everybody with whoever did not say otherwise, or "required", partners alone
    partners: Partnership = "POTOK_PARTNERS";
    /// Name of the operator in its documents
    operator_name: String = "POTOK_OPERATOR_NAME";
    /// Taxpayer number of the operator, 10 digits
    operator_inn: String = "POTOK_OPERATOR_INN";
    /// Code of the operator, 3 characters: participants' ids begin with it
    operator_code: String = "POTOK_OPERATOR_CODE";
    /// Key of the operator: a PEM or PKCS#12 file, command:PROGRAM ARGUMENT…, or pkcs11:… (RFC 7512); without one the server makes test keys
    operator_key: GivenKey = "POTOK_OPERATOR_KEY" ["KEY"];
    /// PEM file with the certificate of the key and those above it, when they are not beside the key
    operator_certificate: PathBuf = "POTOK_OPERATOR_CERTIFICATE" ["FILE"];
    /// File with the password or PIN of the key; else it is taken from POTOK_OPERATOR_KEY_PASSWORD
    operator_key_password_file: PathBuf = "POTOK_OPERATOR_KEY_PASSWORD_FILE" ["FILE"];
    /// Address of a time stamp authority (RFC 3161); without one signatures travel as they are posted
    tsa: String = "POTOK_TSA" ["URL"];
    /// How signatures are judged: "checked", or "as-given" without a look at certificates
    signatures: Signatures = "POTOK_SIGNATURES";
    /// Folder of trusted root certificates, and of the authorities below them (PEM or DER)
    trust: PathBuf = "POTOK_TRUST" ["DIR"];
    /// Folder of revocation lists (DER or PEM)
    revocation_lists: PathBuf = "POTOK_REVOCATION_LISTS" ["DIR"];
    /// Whether each certificate needs a current revocation list: "if-available", or "required"
    revocation: Revocation = "POTOK_REVOCATION";
    /// Life of an access token in seconds
    access_token_seconds: i64 = "POTOK_ACCESS_TOKEN_SECONDS";
    /// Life of a refresh token in seconds after its last use
    refresh_token_seconds: i64 = "POTOK_REFRESH_TOKEN_SECONDS";
    /// Another OpenID provider by which people sign in, as it calls itself: `https://id.example`
    provider: String = "POTOK_PROVIDER" ["URL"];
    /// What people know it by
    provider_name: String = "POTOK_PROVIDER_NAME";
    /// The server as a client of it; it sends browsers back to ISSUER/signin/callback
    provider_client_id: String = "POTOK_PROVIDER_CLIENT_ID" ["ID"];
    /// File with the secret of that client
    provider_client_secret_file: PathBuf = "POTOK_PROVIDER_CLIENT_SECRET_FILE" ["FILE"];
    /// Seconds that somebody stays signed in in a browser
    session_seconds: i64 = "POTOK_SESSION_SECONDS";
    /// The server as programs and browsers reach it, an origin without a path: `https://edo.example`; by default where it listens
    issuer: Issuer = "POTOK_ISSUER" ["URL"];
    /// Whether each use of a refresh token gives the next one
    rotate_refresh_tokens: bool = "POTOK_ROTATE_REFRESH_TOKENS";
    /// Folder of official XML schemas (*.xsd under the names of their publisher) that posted files are held to
    schemas: PathBuf = "POTOK_SCHEMAS" ["DIR"];
    /// Whether titles that are made and posted are held to the rules of their formats beyond schemas too (docs/checking.md)
    title_rules: bool = "POTOK_TITLE_RULES";
    /// Bytes that one user may have on the shelf
    shelf_user_bytes: u64 = "POTOK_SHELF_USER_BYTES";
    /// Seconds that print forms, protocols and archives wait before they are made: programs learn from it to ask again
    print_wait_seconds: i64 = "POTOK_PRINT_WAIT_SECONDS";
    /// Seconds that a repeated call waits for the first one
    operation_wait_seconds: u64 = "POTOK_OPERATION_WAIT_SECONDS";
    /// Workers that deliver messages
    delivery_workers: usize = "POTOK_DELIVERY_WORKERS";
    /// Deliveries that a worker handles at once
    delivery_slots: usize = "POTOK_DELIVERY_SLOTS";
    /// Seconds for which a worker may hold a delivery without renewing its lease
    delivery_lease_seconds: i64 = "POTOK_DELIVERY_LEASE_SECONDS";
    /// Ranges of addresses that webhooks may reach besides public ones, by commas: 10.0.0.0/8,fd00::/8; to them also by http://
    webhook_ranges: GivenRanges = "POTOK_WEBHOOK_RANGES" ["RANGES"];
    /// A database of PostgreSQL, in the place of the embedded one: postgres://USER:PASSWORD@HOST:PORT/DATABASE; flags are seen by everybody on the machine
    store: GivenStore = "POTOK_STORE" ["URL"];
    /// Connections to PostgreSQL
    store_connections: usize = "POTOK_STORE_CONNECTIONS";
    /// A standby of that PostgreSQL at which lists are read: feeds, documents, searches, docflows
    store_replica: GivenStore = "POTOK_STORE_REPLICA" ["URL"];
    /// Whether a PostgreSQL will do that may lose what it acknowledged: fsync or full_page_writes are off
    store_unsafe: bool = "POTOK_STORE_UNSAFE";
    /// Whether what is written to many boxes of PostgreSQL at once shares transactions; on Citus it never does
    store_together: bool = "POTOK_STORE_TOGETHER";
    /// Whether statements have names, so that PostgreSQL plans each once; when absent, where no pooler stands between
    store_named: bool = "POTOK_STORE_NAMED";
    /// Server of S3, or of what speaks like it, for large contents in the place of a folder: https://HOST
    contents_endpoint: String = "POTOK_CONTENTS_ENDPOINT" ["URL"];
    /// Bucket of large contents
    contents_bucket: String = "POTOK_CONTENTS_BUCKET";
    /// Region of the bucket; us-east-1 when absent
    contents_region: String = "POTOK_CONTENTS_REGION";
    /// Name of the key to the bucket
    contents_access_key: String = "POTOK_CONTENTS_ACCESS_KEY";
    /// File whose first line is the key to the bucket
    contents_secret_key_file: PathBuf = "POTOK_CONTENTS_SECRET_KEY_FILE" ["FILE"];
    /// Database connections that read at the same time
    store_readers: usize = "POTOK_STORE_READERS";
    /// Calls that may wait for the database writer
    store_queue: usize = "POTOK_STORE_QUEUE";
    /// Milliseconds to wait for another process that writes to the database
    store_busy_ms: u32 = "POTOK_STORE_BUSY_MS";
    /// Pages of the database log after which it is folded into the file
    store_checkpoint_pages: u32 = "POTOK_STORE_CHECKPOINT_PAGES";
    /// Memory for database pages in the writer, in KiB
    store_writer_cache_kib: u32 = "POTOK_STORE_WRITER_CACHE_KIB";
    /// Memory for database pages in each reader, in KiB
    store_reader_cache_kib: u32 = "POTOK_STORE_READER_CACHE_KIB";
    /// Log lines to write: "info", or "potok_http=debug,info"
    log: String = "POTOK_LOG";
    /// Of good answers, each so-manieth has a line in the log; refusals and faults always have one
    log_every: u32 = "POTOK_LOG_EVERY";
    /// Form of the log
    log_format: LogFormat = "POTOK_LOG_FORMAT";
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("the file {path} could not be read")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("the settings file {path} is wrong in line {line}: {reason}")]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// Why. The line itself is not quoted: it may hold the password of the database.
        reason: String,
    },
    /// Of the other provider something is missing.
    #[error(
        "provider, provider_client_id and provider_client_secret_file go together: give all of them, or none"
    )]
    HalfProvider,
    /// A certificate without its key, or a key without its certificate.
    #[error("tls_certificate and tls_key go together: give both, or none")]
    HalfTls,
    /// Some of the settings of the bucket are missing.
    #[error(
        "contents_endpoint, contents_bucket, contents_access_key and contents_secret_key_file go together: give all of them, \
         or none"
    )]
    HalfBucket,
    /// A standby, and nothing that it could be a standby of.
    #[error(
        "store_replica is a standby of the PostgreSQL in `store`: give that too, or take store_replica away"
    )]
    ReplicaAlone,
    /// Nobody said where the data lies.
    #[error("no data folder: give --data DIR, POTOK_DATA, or `data` in the settings file")]
    NoData,
}

/// The password of the operator's key. It is no setting: flags are seen by everybody on the machine.
pub const PASSWORD_VARIABLE: &str = "POTOK_OPERATOR_KEY_PASSWORD";

impl Given {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// [`SettingsError`] names the file and the key.
    pub fn from_file(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SettingsError::Unreadable { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = 1 + before.matches('\n').count();
            SettingsError::Wrong { path: path.to_owned(), line, reason: error.message().to_owned() }
        })
    }

    /// These, then those of `file` if there is one.
    ///
    /// # Errors
    /// As [`Given::from_file`].
    pub fn with_file(self, file: Option<&Path>) -> Result<Self, SettingsError> {
        match file {
            Some(path) => Ok(self.or(Self::from_file(path)?)),
            None => Ok(self),
        }
    }

    /// The settings of the log.
    pub fn log(&self) -> LogSettings {
        LogSettings {
            filter: self.log.clone().unwrap_or_else(|| "info".to_owned()),
            format: self.log_format.unwrap_or_default(),
        }
    }

    /// The settings of the server: what was given, else the defaults of the components.
    ///
    /// # Errors
    /// [`SettingsError::NoData`].
    pub fn settings(self) -> Result<Settings, SettingsError> {
        let mut settings = Settings::new(self.data.ok_or(SettingsError::NoData)?);
        settings.listen = "127.0.0.1:8080".to_owned();
        let Settings {
            data: _,
            listen,
            metrics_listen,
            traces,
            tls,
            http,
            app,
            store,
            schemas,
            operator,
            signatures,
            trust,
            delivery_workers,
            webhook_ranges,
            issuer,
            provider,
        } = &mut settings;
        set(listen, self.listen);
        *metrics_listen = self.metrics_listen;
        *traces = self.traces.map(|traces| traces.0);
        *tls = match (self.tls_certificate, self.tls_key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            _ => return Err(SettingsError::HalfTls),
        };
        set(&mut http.request_journal, self.request_journal);
        set(&mut http.keepers, self.console_keepers.map(|logins| logins.0));
        set(&mut http.requests_per_second, self.requests_per_second);
        set(&mut http.burst, self.burst);
        set(&mut http.stranger_requests_per_second, self.stranger_requests_per_second);
        set(&mut http.trusted_proxies, self.trusted_proxies.map(|proxies| proxies.0));
        let memory = self.memory_mib.map(|mib| Memory::new(MemoryOptions::of(mib.saturating_mul(1 << 20))));
        set(&mut app.room.memory, memory);
        set(&mut http.ready_bytes, self.ready_mib.map(|mib| mib.saturating_mul(1 << 20)));
        set(&mut http.compress, self.compress);
        set(&mut http.log_every, self.log_every.map(|every| every.max(1)));
        set(&mut http.retire, self.retire.map(|retire| retire.0));
        set(&mut http.stop_seconds, self.stop_seconds);
        set(&mut http.connections.most, self.connections.map(|most| most.max(1)));
        set(&mut http.connections.head_seconds, self.head_seconds);
        set(&mut http.connections.idle_seconds, self.idle_seconds);
        set(&mut http.connections.write_seconds, self.write_seconds);
        set(&mut app.small_content_bytes, self.small_content_bytes);
        set(&mut app.cached_states, self.cached_states);
        set(&mut operator.operator.name, self.operator_name);
        set(&mut operator.operator.inn, self.operator_inn);
        set(&mut operator.operator.code, self.operator_code);
        if let Some(key) = self.operator_key {
            let password = match self.operator_key_password_file {
                Some(path) => Some(PasswordSource::File(path)),
                None => std::env::var(PASSWORD_VARIABLE).ok().map(PasswordSource::given),
            };
            let source = key.0;
            operator.key = Some(KeyOptions { source, certificate: self.operator_certificate, password });
        }
        // Where something real is configured, what proves nothing has to be asked for.
        let is_real = self.trust.is_some() || operator.key.is_some();
        app.test_signatures = self.test_signatures.unwrap_or(!is_real);
        operator.tsa = self.tsa;
        app.partners_only = self.partners.unwrap_or_default() == Partnership::Required;
        set(&mut app.access_token_seconds, self.access_token_seconds);
        set(&mut app.refresh_token_seconds, self.refresh_token_seconds);
        set(&mut app.session_seconds, self.session_seconds);
        *issuer = self.issuer.map(|issuer| issuer.0);
        *provider = match (self.provider, self.provider_client_id, self.provider_client_secret_file) {
            (None, None, None) => None,
            (Some(issuer), Some(client_id), Some(secret)) => {
                let client_secret = std::fs::read_to_string(&secret)
                    .map_err(|source| SettingsError::Unreadable { path: secret, source })?;
                let name = self.provider_name.unwrap_or_else(|| issuer.clone());
                let client_secret = client_secret.trim().to_owned();
                Some(ProviderOptions { issuer, name, client_id, client_secret })
            }
            _ => return Err(SettingsError::HalfProvider),
        };
        set(&mut app.rotate_refresh_tokens, self.rotate_refresh_tokens);
        set(&mut app.shelf_user_bytes, self.shelf_user_bytes);
        set(&mut app.print_wait_seconds, self.print_wait_seconds);
        set(&mut app.operation_wait_seconds, self.operation_wait_seconds);
        set(&mut app.delivery_slots, self.delivery_slots);
        set(&mut app.delivery_lease_seconds, self.delivery_lease_seconds);
        *schemas = self.schemas;
        if let Some(has_rules) = self.title_rules {
            app.schemas = std::mem::take(&mut app.schemas).with_rules(has_rules);
        }
        set(signatures, self.signatures);
        trust.certificates = self.trust;
        trust.revocation_lists = self.revocation_lists;
        trust.revocation = match self.revocation.unwrap_or_default() {
            Revocation::IfAvailable => RevocationPolicy::IfAvailable,
            Revocation::Required => RevocationPolicy::Required,
        };
        set(delivery_workers, self.delivery_workers);
        set(webhook_ranges, self.webhook_ranges.map(|ranges| ranges.0));
        set(&mut store.embedded.readers, self.store_readers);
        set(&mut store.embedded.queue_len, self.store_queue);
        set(&mut store.embedded.busy_timeout_ms, self.store_busy_ms);
        set(&mut store.embedded.checkpoint_pages, self.store_checkpoint_pages);
        set(&mut store.embedded.writer_cache_kib, self.store_writer_cache_kib);
        set(&mut store.embedded.reader_cache_kib, self.store_reader_cache_kib);
        store.bucket = match (
            self.contents_endpoint,
            self.contents_bucket,
            self.contents_access_key,
            self.contents_secret_key_file,
        ) {
            (None, None, None, None) => None,
            (Some(endpoint), Some(bucket), Some(access_key), Some(path)) => {
                let secret = PasswordSource::File(path.clone()).read();
                let secret = secret.map_err(|error| SettingsError::Unreadable {
                    path,
                    source: std::io::Error::other(error),
                })?;
                let region = self.contents_region.unwrap_or_else(|| "us-east-1".to_owned());
                let secret_key = secret.as_str().trim().to_owned().into();
                Some(BucketOptions {
                    endpoint,
                    bucket,
                    region,
                    access_key,
                    secret_key,
                    prefix: String::new(),
                })
            }
            _ => return Err(SettingsError::HalfBucket),
        };
        if self.store.is_none() && self.store_replica.is_some() {
            return Err(SettingsError::ReplicaAlone);
        }
        store.postgres = self.store.map(|GivenStore(url)| {
            let mut options = PostgresOptions::new(url);
            set(&mut options.connections, self.store_connections);
            options.replica = self.store_replica.map(|GivenStore(url)| url);
            set(&mut options.unsafe_server, self.store_unsafe);
            if self.store_together == Some(true) {
                options.appends = Appends::Together;
            }
            options.statements = match self.store_named {
                Some(true) => Statements::Named,
                Some(false) => Statements::Unnamed,
                None => Statements::FoundOut,
            };
            options
        });
        Ok(settings)
    }
}

fn set<T>(place: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *place = value;
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn what_is_nearer_wins() {
        let flags = Given { burst: Some(1), ..Given::default() };
        let file: Given =
            toml::from_str("data = \"/d\"\nburst = 2\nrequests_per_second = 3\nlog_format = \"json\"")
                .unwrap();
        let merged = flags.or(file);
        assert_eq!(merged.log(), LogSettings { filter: "info".to_owned(), format: LogFormat::Json });
        let settings = merged.settings().unwrap();
        assert_eq!((settings.http.burst, settings.http.requests_per_second), (1, 3));
        assert_eq!(settings.data, PathBuf::from("/d"));
        assert_eq!(settings.http.stop_seconds, potok_http::HttpOptions::default().stop_seconds);
    }

    #[test]
    fn test_signatures_are_asked_for_where_something_real_is_configured() {
        let given = |text: &str| {
            let file: Given = toml::from_str(&format!("data = \"/d\"\n{text}")).unwrap();
            file.settings().unwrap().app.test_signatures
        };
        assert!(given(""));
        assert!(!given("test_signatures = false"));
        for real in ["trust = \"/t\"", "operator_key = \"/k.pem\""] {
            assert!(!given(real), "{real}");
            assert!(given(&format!("{real}\ntest_signatures = true")), "{real}");
        }
    }

    #[test]
    fn revocation_lists_are_required_when_asked_for() {
        let given = |text: &str| {
            let file: Given = toml::from_str(&format!("data = \"/d\"\n{text}")).unwrap();
            file.settings().unwrap().trust.revocation
        };
        assert_eq!(given(""), RevocationPolicy::IfAvailable);
        assert_eq!(given("revocation = \"required\""), RevocationPolicy::Required);
        assert!(toml::from_str::<Given>("revocation = \"always\"").is_err());
    }

    #[test]
    fn proxies_are_named_by_number() {
        let file: Given =
            toml::from_str("data = \"/d\"\ntrusted_proxies = \"127.0.0.1, ::ffff:10.0.0.2\"").unwrap();
        let expected = ["127.0.0.1", "10.0.0.2"].map(|it| it.parse::<IpAddr>().unwrap());
        assert_eq!(file.settings().unwrap().http.trusted_proxies, expected);
        assert!("proxy.example".parse::<TrustedProxies>().unwrap_err().to_string().contains("proxy.example"));
    }

    #[test]
    fn keepers_are_named_by_login() {
        let file: Given = toml::from_str("data = \"/d\"\nconsole_keepers = \"a@example.com, b,\"").unwrap();
        assert_eq!(file.settings().unwrap().http.keepers, ["a@example.com", "b"]);
        let nobody: Given = toml::from_str("data = \"/d\"").unwrap();
        assert!(nobody.settings().unwrap().http.keepers.is_empty());
    }

    #[test]
    fn methods_are_retired_alike_from_file_and_flag() {
        let file: Given = toml::from_str("[retire]\n\"GetEvent V2\" = \"2026-11-10\"").unwrap();
        let flag: Retire = " GetEvent V2=2026-11-10, ".parse().unwrap();
        assert_eq!(file.retire, Some(flag));
        for wrong in ["GetEvent V2", "GetEvent V2=soon", "=2026-13-01"] {
            assert!(wrong.parse::<Retire>().is_err(), "{wrong}");
        }
        let error = toml::from_str::<Given>("[retire]\n\"GetEvent V2\" = \"soon\"").unwrap_err();
        assert!(error.to_string().contains("soon"), "{error}");
    }

    #[test]
    fn the_store_is_embedded_unless_an_address_is_given() {
        let given = |text: &str| {
            let file: Given = toml::from_str(&format!("data = \"/d\"\n{text}")).unwrap();
            assert!(!format!("{file:?}").contains("hunter2"), "{file:?}");
            file.settings().unwrap().store.postgres
        };
        assert_eq!(given("store_connections = 4"), None);
        let options = given("store = \"postgres://u:hunter2@db/potok\"\nstore_connections = 4").unwrap();
        assert_eq!((options.connections, options.unsafe_server), (4, false));
        assert_eq!((options.url.as_str(), options.replica), ("postgres://u:hunter2@db/potok", None));
        let replica = "store_replica = \"postgres://u:hunter2@standby/potok\"";
        let options = given(&format!("store = \"postgres://u:hunter2@db/potok\"\n{replica}")).unwrap();
        assert_eq!(options.replica.as_deref(), Some("postgres://u:hunter2@standby/potok"));
        let alone: Given = toml::from_str(&format!("data = \"/d\"\n{replica}")).unwrap();
        assert!(matches!(alone.settings(), Err(SettingsError::ReplicaAlone)));
        let error = toml::from_str::<Given>("store = \"mysql://u:hunter2@db\"").unwrap_err();
        assert!(error.message().contains("postgres://user:password@host"), "{error}");
    }

    #[test]
    fn a_wrong_line_is_numbered_and_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("potok.toml");
        for (text, words) in [
            ("data = \"/d\"\nstore = \"mysql://u:hunter2@db\"", "line 2: the store is an address"),
            ("data = \"/d\"\nstore = \"postgres://u:hunter2@db", "line 2: "),
            ("\n\nstores = \"postgres://u:hunter2@db\"", "line 3: unknown field `stores`"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = Given::from_file(&file).unwrap_err().to_string();
            assert!(error.contains(words) && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn unknown_keys_and_missing_data_are_named() {
        let error = toml::from_str::<Given>("brust = 2").unwrap_err();
        assert!(error.to_string().contains("brust"), "{error}");
        assert!(matches!(Given::default().settings(), Err(SettingsError::NoData)));
    }

    #[test]
    fn every_setting_has_a_variable_of_its_own() {
        let mut variables = VARIABLES.to_vec();
        assert!(variables.iter().all(|name| name.starts_with("POTOK_")));
        variables.sort_unstable();
        variables.dedup();
        assert_eq!(variables.len(), VARIABLES.len());
    }
}
