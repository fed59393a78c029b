//! A server in this process: the parts put together, started and stopped.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use potok_app::{App, AppOptions, Parts};
use potok_content::ContentError;
use potok_http::{Edge, HttpServer, Operations, OptionsError, Spans, Tls, TlsError, WireRendering};
use potok_operator::test_pki::TestKeys;
use potok_operator::trust::{TrustError, TrustOptions};
use potok_operator::{KeyRing, OperatorOptions, OperatorServices, OperatorServicesError};
use potok_provider::{HttpProvider, SetupError};
use potok_room::Room;
use potok_store::StoreError;
use potok_types::{Clock, Entropy};
use potok_webhooks::HttpSender;
use potok_workers::Worker;
use tokio::net::TcpListener;
use tokio::task::{Id, JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::certificates::{self, Certificates};
use crate::cleanup::Cleanup;
use crate::figures::ServerFigures;
use crate::folder::{self, lock, lock_shared, lock_while_starting, make_folder};
use crate::stores::{DATABASE, OpenStore};
use crate::traces::Traces;
use crate::{Settings, StoreSettings, Verifiers, schemas};

/// The folder of the server's own authority, in the data folder.
pub(crate) const TEST_KEYS: &str = "test-pki";

/// How long the last spans are waited for.
const LAST_SPANS: Duration = Duration::from_secs(2);

/// How many sign by the keys of people at once: a key may be slow, and the others need not wait for it.
const SIGNERS: usize = 4;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder cannot be made or used.
    #[error("the data folder {path} cannot be used")]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another server runs on it.
    #[error("another server runs on the data folder {path}: stop it, or give another folder")]
    InUse {
        /// Which folder.
        path: PathBuf,
    },
    /// The layout of the database has to be changed, and a server that knows the old one runs on it.
    #[error(
        "the database in {path} has to be brought up to date for this program, and a server of an older one runs on it: stop \
         that server first, or use its own `potok admin`"
    )]
    OlderServer {
        /// Which folder.
        path: PathBuf,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of large contents cannot be opened.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on: choose another address with --listen")]
    Listen {
        /// Which address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The address for metrics cannot be listened on.
    #[error("{address} cannot be listened on: choose another address with --metrics-listen")]
    MetricsListen {
        /// Which address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The certificate of the door cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A schema cannot be read or used.
    #[error("the schema {path} cannot be used: {reason}")]
    Schema {
        /// Its file, or the folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The trusted certificates or revocation lists cannot be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The operator cannot work.
    #[error(transparent)]
    OperatorServices(#[from] OperatorServicesError),
    /// The other provider cannot be used.
    #[error(transparent)]
    Provider(#[from] SetupError),
    /// Nothing can be sent to receivers outside.
    #[error(transparent)]
    Webhooks(#[from] potok_webhooks::SetupError),
    /// A setting of the edge is wrong.
    #[error(transparent)]
    Options(#[from] OptionsError),
}

/// The use cases over an opened data folder, without a server. Commands of the administrator work on it, also while a
/// server runs.
pub struct Opened {
    /// The use cases.
    pub app: Arc<App>,
    store: OpenStore,
}

impl Opened {
    /// Opens `data`, making it if it is not there. `services` signs, `verifiers` decide what is believed.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn open(
        data: &Path,
        store: StoreSettings,
        options: AppOptions,
        services: OperatorServices,
        verifiers: Verifiers,
        clock: &Arc<dyn Clock>,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Self, StartError> {
        make_folder(data)?;
        // Signatures and everything else that callers cause share the processors.
        let options = AppOptions { room: Room { work: services.offload.clone(), ..options.room }, ..options };
        let contents = store.contents(data)?;
        let store = OpenStore::open(store, data, clock).await?;
        let app = App::new(Parts {
            store: store.store(),
            contents,
            clock: Arc::clone(clock),
            entropy: Arc::clone(entropy),
            rendering: Arc::new(WireRendering),
            verifier: verifiers.signatures,
            operator: services.documents,
            certificate_judge: verifiers.logins,
            test_signatures: services.test_signatures,
            time_stamping: services.time_stamping,
            user_keys: Arc::new(KeyRing::new(services.offload)),
            options,
        });
        Ok(Self { app: Arc::new(app), store })
    }

    /// The same for a command that works beside a server, if one runs. Where the layout of the database has to be changed for
    /// this program, it is changed only when none does: an older one would not know it.
    ///
    /// # Errors
    /// [`StartError::OlderServer`], or as [`Self::open`].
    pub async fn open_beside_a_server(
        settings: Settings,
        services: OperatorServices,
        verifiers: Verifiers,
        clock: &Arc<dyn Clock>,
        entropy: &Arc<dyn Entropy>,
    ) -> Result<Self, StartError> {
        let Settings { data, store, mut app, webhook_ranges, .. } = settings;
        app.webhook_sender = Arc::new(HttpSender::new(webhook_ranges)?);
        let is_embedded = store.postgres.is_none();
        let lock = match is_embedded && potok_store_sqlite::needs_migration(&data.join(DATABASE))? {
            true => Some(lock(&data).map_err(|error| match error {
                StartError::InUse { path } => StartError::OlderServer { path },
                other => other,
            })?),
            false => None,
        };
        let opened = Self::open(&data, store, app, services, verifiers, clock, entropy).await;
        drop(lock);
        opened
    }

    /// Finishes what was accepted and closes the database.
    pub async fn close(self) {
        self.store.close().await;
    }
}

/// A server, before it runs.
pub struct Server;

/// A server that runs in this process.
pub struct Running {
    http: HttpServer,
    operations: Option<Operations>,
    traces: Option<JoinHandle<()>>,
    tls: Option<Arc<Tls>>,
    opened: Opened,
    test_keys: Option<Arc<TestKeys>>,
    workers: Workers,
    stop: CancellationToken,
    /// Held as long as the server runs; the system lets it go when the process dies.
    _lock: File,
}

/// Those who work beside the calls.
struct Workers {
    running: JoinSet<()>,
    names: HashMap<Id, &'static str>,
    stop: CancellationToken,
}

impl Workers {
    /// Nobody yet. They work until `stop`.
    fn new(stop: &CancellationToken) -> Self {
        Self { running: JoinSet::new(), names: HashMap::new(), stop: stop.clone() }
    }

    fn add(&mut self, worker: impl Worker + 'static) {
        let name = worker.name();
        let running = self.running.spawn(potok_workers::run(worker, self.stop.clone().cancelled_owned()));
        self.names.insert(running.id(), name);
    }

    /// Waits until they have finished what they had begun.
    async fn ended(&mut self) {
        while let Some(done) = self.running.join_next().await {
            if let Err(error) = done {
                let worker = self.names.get(&error.id()).copied().unwrap_or_default();
                tracing::error!(%error, worker, "a worker had died");
            }
        }
    }
}

impl Server {
    /// Opens the data folder, starts to listen and to deliver.
    ///
    /// # Errors
    /// [`StartError`] names what is in the way.
    pub async fn start(
        settings: Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Running, StartError> {
        let Settings {
            data,
            listen,
            metrics_listen,
            traces,
            tls,
            http,
            mut app,
            mut store,
            schemas,
            operator,
            signatures,
            trust,
            delivery_workers,
            webhook_ranges,
            issuer,
            provider,
        } = settings;
        if let Some(folder) = &schemas {
            app.schemas = schemas::read(folder)?.with_rules(app.schemas.has_rules());
        }
        let lock = if store.postgres.is_some() { lock_shared(&data)? } else { lock(&data)? };
        // On the embedded store there is no other one, so nobody else remembers what it read.
        store.embedded.tells_others = false;
        let tls = tls.map(Tls::open).transpose()?.map(Arc::new);
        let listening = |source| StartError::Listen { address: listen.clone(), source };
        let listener = TcpListener::bind(&listen).await.map_err(listening)?;
        let for_metrics = match &metrics_listen {
            Some(address) => Some(
                TcpListener::bind(address)
                    .await
                    .map_err(|source| StartError::MetricsListen { address: address.clone(), source })?,
            ),
            None => None,
        };
        app.issuer = match issuer {
            Some(issuer) => issuer,
            None => base_url(listener.local_addr().map_err(listening)?, tls.is_some()),
        };
        if let Some(options) = provider {
            app.provider = Some(Arc::new(HttpProvider::new(options)?));
        }
        app.webhook_sender = Arc::new(HttpSender::new(webhook_ranges)?);
        let test_keys = data.join(TEST_KEYS);
        warn_of_tests(&operator, &trust, app.test_signatures);
        let services = {
            let _starting = lock_while_starting(&data)?;
            OperatorServices::open(operator, &test_keys, app.test_signatures, &*clock, &entropy).await?
        };
        let test_keys = services.test_keys.clone();
        let verifiers = Verifiers::open(signatures, trust, app.test_signatures, &services, &clock).await?;
        let opened = Opened::open(&data, store, app, services, verifiers, &clock, &entropy).await?;
        folder::warn_of_readers(&data);
        let figures = ServerFigures {
            app: Arc::clone(&opened.app),
            store: opened.store.clone(),
            started: clock.now(),
            clock: Arc::clone(&clock),
        };
        let edge = Edge::new(Arc::clone(&opened.app), clock, entropy, &http)?;
        let mut edge = edge.with_folder(&data);
        let traces = traces.map(|collector| {
            let (traces, task) = Traces::start(collector);
            (Arc::new(traces) as Arc<dyn Spans>, task)
        });
        let traces = match traces {
            Some((spans, task)) => {
                edge = edge.with_spans(spans);
                Some(task)
            }
            None => None,
        };
        let stop = CancellationToken::new();
        if opened.store.is_alone() {
            // Whoever held them is dead, or the folder would be locked.
            opened.app.deliveries().free_leases().await?;
            opened.app.signing().free().await?;
            opened.app.webhooks().free().await?;
        }
        opened.app.hear_other_nodes();
        let mut workers = Workers::new(&stop);
        for _ in 0..delivery_workers {
            workers.add(opened.app.deliveries().worker());
        }
        // None where nothing is done beside the calls.
        if delivery_workers > 0 {
            opened.app.webhooks().learn().await?;
            workers.add(opened.app.webhooks().worker());
        }
        let signers = if delivery_workers > 0 { SIGNERS } else { 0 };
        for _ in 0..signers {
            workers.add(opened.app.signing().worker());
        }
        workers.add(Cleanup::new(Arc::clone(&opened.app)));
        if let Some(tls) = &tls {
            workers.add(Certificates::new(Arc::clone(tls)));
        }
        let http = HttpServer::start(listener, edge, tls.clone()).map_err(listening)?;
        let operations = for_metrics
            .map(|listener| Operations::start(listener, Arc::clone(http.edge()), Arc::new(figures)))
            .transpose()
            .map_err(listening)?;
        if let Some(operations) = &operations {
            tracing::info!(metrics = %operations.address(), "metrics can be read");
        }
        let running =
            Running { http, operations, traces, tls, opened, test_keys, workers, stop, _lock: lock };
        tracing::info!(address = %running.address(), data = %data.display(), "listening");
        Ok(running)
    }
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.http.address()
    }

    /// The address for clients on this machine: `http://127.0.0.1:8080`.
    pub fn base_url(&self) -> String {
        base_url(self.address(), self.tls.is_some())
    }

    /// Reads the certificate of the door again, if there is one.
    pub fn refresh_certificate(&self) {
        if let Some(tls) = &self.tls {
            certificates::refresh(tls);
        }
    }

    /// Where metrics are read, if they are.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.operations.as_ref().map(Operations::address)
    }

    /// The use cases, for commands of the administrator and for tests.
    pub fn app(&self) -> &Arc<App> {
        &self.opened.app
    }

    /// Waits until the thread that writes to the store has ended, which it only does when the server stops, or when it dies.
    pub async fn writer_ended(&self) {
        self.opened.store.writer_ended().await;
    }

    #[cfg(test)]
    pub(crate) const fn store(&self) -> &OpenStore {
        &self.opened.store
    }

    /// How many times the store was read since the start, each call of a trait counting once.
    pub fn readings(&self) -> u64 {
        self.opened.store.readings()
    }

    /// The server's own authority; `None` when the operator has a real key and test signatures are switched off.
    pub fn test_keys(&self) -> Option<&Arc<TestKeys>> {
        self.test_keys.as_ref()
    }

    /// Accepts no more, finishes running requests, then the running step of each worker, then closes the store. What was
    /// acknowledged is kept in any case, and what was not delivered yet is delivered after the next start.
    pub async fn stop(mut self) {
        if let Err(error) = self.http.stop().await {
            tracing::error!(%error, "the HTTP server had died");
        }
        self.stop.cancel();
        self.workers.ended().await;
        // To the last: whoever watches the stop wants to see it.
        if let Some(operations) = self.operations {
            operations.stop().await;
        }
        self.opened.close().await;
        if let Some(traces) = self.traces {
            // What waits is sent, if somebody takes it.
            let _ended = tokio::time::timeout(LAST_SPANS, traces).await;
        }
        tracing::info!("stopped");
    }
}

/// The address for clients on this machine.
fn base_url(address: SocketAddr, is_tls: bool) -> String {
    let scheme = if is_tls { "https" } else { "http" };
    match address {
        SocketAddr::V4(address) if address.ip().is_unspecified() => {
            format!("{scheme}://127.0.0.1:{}", address.port())
        }
        SocketAddr::V6(address) if address.ip().is_unspecified() => {
            format!("{scheme}://[::1]:{}", address.port())
        }
        SocketAddr::V4(_) | SocketAddr::V6(_) => format!("{scheme}://{address}"),
    }
}

/// Says aloud where what proves something and what proves nothing may come together.
fn warn_of_tests(operator: &OperatorOptions, trust: &TrustOptions, with_test_signatures: bool) {
    let is_real = trust.certificates.is_some() || operator.key.is_some();
    if is_real && with_test_signatures {
        tracing::warn!("test signatures are switched on beside real ones");
    }
    if trust.certificates.is_some() && operator.key.is_none() {
        tracing::warn!("the operator signs by a test key, though real certificates are trusted");
    }
}
