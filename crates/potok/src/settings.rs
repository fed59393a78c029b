//! All settings in one place. Each component owns its own; here they are only read.

mod given;
mod shown;
mod written;

use std::path::PathBuf;

use potok_app::AppOptions;
use potok_http::{HttpOptions, TlsFiles};
use potok_operator::OperatorOptions;
use potok_operator::trust::TrustOptions;
use potok_provider::ProviderOptions;
use potok_store_sqlite::SqliteOptions;
use potok_webhooks::Ranges;
use serde::Deserialize;
use url::Url;

use crate::StoreSettings;
pub use given::{FIELDS, Given, PASSWORD_VARIABLE, SettingsError, VARIABLES};
pub(crate) use shown::shown;
pub use written::{
    Collector, GivenKey, GivenRanges, GivenStore, InvalidRetire, Issuer, Logins, NoAddress, NoCollector,
    NoOrigin, NoStore, Retire, TrustedProxies,
};

/// Everything that a server needs to know before it starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of the database and of large contents; made if it is not there.
    pub data: PathBuf,
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// Where those who run the server read metrics; `None`: nowhere.
    pub metrics_listen: Option<String>,
    /// The collector of traces, on plain HTTP; `None`: nobody looks at them.
    pub traces: Option<Url>,
    /// The certificate that is shown at the door; `None`: whoever stands before the server speaks TLS, or nobody does.
    pub tls: Option<TlsFiles>,
    /// The edge.
    pub http: HttpOptions,
    /// The use cases.
    pub app: AppOptions,
    /// The store.
    pub store: StoreSettings,
    /// The folder of official schemas, if posted files are held to any.
    pub schemas: Option<PathBuf>,
    /// The operator.
    pub operator: OperatorOptions,
    /// How signatures are judged.
    pub signatures: Signatures,
    /// Whose signatures are good.
    pub trust: TrustOptions,
    /// Workers that deliver; with 0 whoever runs the server delivers by hand.
    pub delivery_workers: usize,
    /// Addresses that webhooks may reach besides public ones.
    pub webhook_ranges: Ranges,
    /// The server as programs know it: an origin without a slash at its end. `None`: where it listens.
    pub issuer: Option<String>,
    /// Another provider by which people sign in.
    pub provider: Option<ProviderOptions>,
}

impl Settings {
    /// The defaults, over `data`, on a free port of this machine only.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: "127.0.0.1:0".to_owned(),
            metrics_listen: None,
            traces: None,
            tls: None,
            http: HttpOptions::default(),
            app: AppOptions::default(),
            store: StoreSettings { embedded: SqliteOptions::default(), postgres: None, bucket: None },
            schemas: None,
            operator: OperatorOptions::default(),
            signatures: Signatures::default(),
            trust: TrustOptions::default(),
            delivery_workers: 1,
            webhook_ranges: Ranges::default(),
            issuer: None,
            provider: None,
        }
    }
}

/// How signatures are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Signatures {
    /// Content, signature, certificate and its chain: nothing is delivered that is not good.
    #[default]
    Checked,
    /// Taken as they are given; only of signatures that can be read, the content has to be the signed one.
    AsGiven,
}

/// Whether each certificate needs a current revocation list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// Lists count where they are at hand; missing and outdated ones are told of in the log.
    #[default]
    IfAvailable,
    /// A certificate without one is not good.
    Required,
}

/// Who may exchange documents with whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Partnership {
    /// Everybody with everybody who did not say otherwise.
    #[default]
    Open,
    /// Partners with each other: somebody has to invite, and somebody to accept.
    Required,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// The settings of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// Which lines, as `info` or `potok_http=debug,info`.
    pub filter: String,
    /// In which form.
    pub format: LogFormat,
}
