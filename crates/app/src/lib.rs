//! Use cases, one function each, and the workers.
//!
//! A use case loads a snapshot, asks the domain to decide, and appends; it knows no HTTP and no protobuf. What the
//! stores keep ready for readers is rendered through [`Rendering`], which the edge implements; what else is left to others stands in `potok-seams`.

/// What the files of an area show to others: everything public in them. They are found in the area's folder, so that a new
/// use case needs no line outside of its file.
macro_rules! published {
    ($($module:ident)*) => {$(
        #[allow(unused_imports, unreachable_pub, reason = "a file may add to the area and name nothing")]
        pub use $module::*;
    )*};
}

mod access;
pub mod admin;
mod core;
mod delivery;
mod exchange;
mod login;
mod paper;
mod partners;
mod people;
mod powers;
mod printing;
mod reading;
mod shelf;
mod signing;
#[cfg(test)]
mod tests;
mod webhooks;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use potok_content::Contents;
use potok_room::Room;
use potok_seams::{
    CertificateJudge, NoKeys, OperatorDocuments, OutsideProvider, Rendering, SignatureVerifier,
    TestSignatures, TimeStamping, UserKeys, WebhookSender,
};
use potok_store::{Journal, Moments, Neighbours, Store, StreamKind};
use potok_types::{BoxId, Clock, Entropy, limits};
use potok_workers::{Bell, Turns};

use crate::access::Sessions;
use crate::admin::SweepPlace;
use crate::core::histories::HistoryCache;
use crate::core::in_flight::InFlight;
use crate::core::states::StateCache;
use crate::core::{Others, Rung};
use crate::delivery::{Forwardings, Messages, Relations, Stamps};
use crate::login::{Attempts, Keys, Tokens};

pub use potok_workers::Listener;

pub use crate::core::{
    Core, CoreError, Figures, ForwardedDocument, ForwardedId, LoadedContents, Missing, RegisteredPower,
    StoredContent,
};
pub use access::{
    AccessError, Actor, Caller, Callers, Held, OperatorActor, PartnerUser, Permit, Place, Presented, Rights,
    Somebody, Subject,
};
pub use admin::{Admin, AdminError, LoginCertificate};
pub use delivery::{Carrier, Deliveries, DeliveryWorker, Failed, Outbox};
pub use exchange::*;
pub use login::*;
pub use paper::*;
pub use partners::*;
pub use people::*;
pub use potok_store::{Moment, Operation, Part, Person};
pub use powers::*;
pub use printing::{DocumentProtocol, Made, MadeFile, PrintError, Printing};
pub use reading::*;
pub use shelf::{PRIVATE_SPACE, Shelf, ShelfError, ShelfUpload, Source, WholeFile};
pub use signing::*;
pub use webhooks::*;

/// Settings of the use cases and workers.
#[derive(Clone, Debug)]
pub struct AppOptions {
    /// Contents up to this size live in the box's store beside the events; larger ones in the object store.
    pub small_content_bytes: u64,
    /// How many message states are remembered.
    pub cached_states: usize,
    /// `SignWithTestSignature` is allowed.
    pub test_signatures: bool,
    /// Life of an access token.
    pub access_token_seconds: i64,
    /// Life of a refresh token after its last use.
    pub refresh_token_seconds: i64,
    /// Life of a session of a browser.
    pub session_seconds: i64,
    /// The server as programs know it: an origin, `https://edo.example`, without a slash at its end.
    pub issuer: String,
    /// Another provider by which people sign in, if there is one.
    pub provider: Option<Arc<dyn OutsideProvider>>,
    /// Each use of a refresh token gives the next one, which ends the used one when it is used itself.
    pub rotate_refresh_tokens: bool,
    /// What one user may have on the shelf, in bytes.
    pub shelf_user_bytes: u64,
    /// How long a repeated call waits for the running one.
    pub operation_wait_seconds: u64,
    /// Deliveries that a worker handles at once.
    pub delivery_slots: usize,
    /// How long a worker may hold a delivery without renewing its lease, which it does at half that time.
    pub delivery_lease_seconds: i64,
    /// What posted official files are held to.
    pub schemas: Schemas,
    /// Partners alone exchange anything, whatever the organizations say.
    pub partners_only: bool,
    /// How long print forms, protocols and archives wait before they are made; 0 is at once.
    pub print_wait_seconds: i64,
    /// Who sends to the receivers of webhooks.
    pub webhook_sender: Arc<dyn WebhookSender>,
    /// What there is room for at once.
    pub room: Room,
}

impl Default for AppOptions {
    fn default() -> Self {
        Self {
            small_content_bytes: 64 * 1024,
            cached_states: 10_000,
            test_signatures: true,
            access_token_seconds: 24 * 3600,
            refresh_token_seconds: 180 * 24 * 3600,
            session_seconds: 12 * 3600,
            issuer: "http://127.0.0.1".to_owned(),
            provider: None,
            rotate_refresh_tokens: true,
            shelf_user_bytes: 10 * limits::SHELF_FILE_BYTES,
            operation_wait_seconds: 30,
            delivery_slots: 64,
            delivery_lease_seconds: 10,
            schemas: Schemas::default(),
            partners_only: false,
            print_wait_seconds: 0,
            webhook_sender: Arc::new(NoKeys),
            room: Room::default(),
        }
    }
}

/// The use cases over their stores.
pub struct App {
    callers: Callers,
    admin: Admin,
    login: Login,
    people: People,
    reading: Reading,
    paper: Paper,
    partners: Partners,
    powers: Powers,
    printing: Printing,
    shelf: Shelf,
    exchange: Exchange,
    signing: Arc<RemoteSigning>,
    webhooks: Arc<Webhooks>,
    deliveries: Arc<Deliveries>,
    moments: Arc<dyn Moments>,
    neighbours: Arc<dyn Neighbours>,
    room: Room,
}

/// What an [`App`] is made of.
pub struct Parts {
    /// Everything but large contents.
    pub store: Arc<dyn Store>,
    /// Large contents.
    pub contents: Contents,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub entropy: Arc<dyn Entropy>,
    /// How events are rendered for readers.
    pub rendering: Arc<dyn Rendering>,
    /// Who says whether a signature is good.
    pub verifier: Arc<dyn SignatureVerifier>,
    /// Who makes the operator's documents.
    pub operator: Arc<dyn OperatorDocuments>,
    /// Who knows which certificates may open an account.
    pub certificate_judge: Arc<dyn CertificateJudge>,
    /// Who makes test signatures.
    pub test_signatures: Arc<dyn TestSignatures>,
    /// The authority that stamps what is delivered; without one, signatures travel as they were posted.
    pub time_stamping: Option<Arc<dyn TimeStamping>>,
    /// Who opens the keys that the server holds for people.
    pub user_keys: Arc<dyn UserKeys>,
    /// Settings.
    pub options: AppOptions,
}

impl App {
    /// Puts the parts together; starts nothing.
    pub fn new(parts: Parts) -> Self {
        let journal: Arc<dyn Journal> = Arc::<dyn Store>::clone(&parts.store);
        Self::over(parts, journal)
    }

    /// The same, where all boxes are changed through `journal`.
    fn over(parts: Parts, journal: Arc<dyn Journal>) -> Self {
        let Parts {
            store,
            contents,
            clock,
            entropy,
            rendering,
            verifier,
            operator,
            certificate_judge,
            test_signatures,
            time_stamping,
            user_keys,
            options,
        } = parts;
        let states = StateCache::new(options.cached_states);
        let small_content_bytes = options.small_content_bytes;
        let running = InFlight::new(Duration::from_secs(options.operation_wait_seconds));
        let core = Arc::new(Core {
            journal,
            readings: Arc::<dyn Store>::clone(&store),
            moments: Arc::<dyn Store>::clone(&store),
            directory: Arc::<dyn Store>::clone(&store),
            contents,
            clock,
            entropy,
            rendering,
            states,
            histories: HistoryCache::default(),
            running,
            deliveries: Bell::default(),
            feeds: Bell::default(),
            rung: Rung::default(),
            figures: Figures::default(),
            partners_only: options.partners_only,
            others: Others::default(),
            room: options.room.clone(),
            small_content_bytes,
        });
        let tokens = Tokens {
            core: Arc::clone(&core),
            logins: Arc::<dyn Store>::clone(&store),
            access_seconds: options.access_token_seconds,
            refresh_seconds: options.refresh_token_seconds,
            session_seconds: options.session_seconds,
            rotates: options.rotate_refresh_tokens,
        };
        let keys = Keys::new(Arc::clone(&core), Arc::<dyn Store>::clone(&store));
        let shelf = Shelf {
            core: Arc::clone(&core),
            files: Arc::<dyn Store>::clone(&store),
            user_bytes: options.shelf_user_bytes,
        };
        let messages = Messages {
            core: Arc::clone(&core),
            verifier: Arc::clone(&verifier),
            operator: Arc::clone(&operator),
            stamps: time_stamping.map(|authority| Arc::new(Stamps::new(authority))),
            judging: Turns::new(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)),
        };
        let messages: Arc<dyn Carrier> = Arc::new(messages);
        let exchange = Exchange {
            core: Arc::clone(&core),
            shelf: shelf.clone(),
            schemas: options.schemas.clone(),
            verifier: Arc::clone(&verifier),
            test_signatures: options.test_signatures.then_some(test_signatures),
            trial: None,
            operator: Arc::clone(&operator),
        };
        let forwardings: Arc<dyn Carrier> = Arc::new(Forwardings { core: Arc::clone(&core) });
        let paper = Paper {
            core: Arc::clone(&core),
            operator: Arc::clone(&operator),
            certificates: Arc::<dyn Store>::clone(&store),
            registers: Arc::<dyn Store>::clone(&store),
            schemas: options.schemas,
            shelf: shelf.clone(),
        };
        let signing = Arc::new(RemoteSigning {
            core: Arc::clone(&core),
            shelf: shelf.clone(),
            kept: Arc::<dyn Store>::clone(&store),
            keys: user_keys,
            paper: paper.clone(),
            exchange: exchange.clone(),
            ready: Bell::default(),
        });
        let webhooks = Webhooks {
            core: Arc::clone(&core),
            kept: Arc::<dyn Store>::clone(&store),
            reading: Reading { core: Arc::clone(&core), verifier: Arc::clone(&verifier) },
            sender: options.webhook_sender,
            lease_seconds: options.delivery_lease_seconds,
        };
        let relations: Arc<dyn Carrier> = Arc::new(Relations { core: Arc::clone(&core) });
        Self {
            callers: Callers {
                core: Arc::clone(&core),
                logins: Arc::<dyn Store>::clone(&store),
                sessions: Sessions::new(Arc::<dyn Store>::clone(&store)),
                registers: Arc::<dyn Store>::clone(&store),
            },
            admin: Admin {
                core: Arc::clone(&core),
                logins: Arc::<dyn Store>::clone(&store),
                files: Arc::<dyn Store>::clone(&store),
                registers: Arc::<dyn Store>::clone(&store),
                upkeep: Arc::<dyn Store>::clone(&store),
                tokens: tokens.clone(),
                keys: keys.clone(),
                sweep: SweepPlace::default(),
                signing: Arc::clone(&signing),
                verifier: Arc::clone(&verifier),
            },
            login: Login {
                core: Arc::clone(&core),
                logins: Arc::<dyn Store>::clone(&store),
                tokens,
                judge: Arc::clone(&certificate_judge),
                attempts: Attempts::default(),
                keys,
                issuer: options.issuer,
                provider: options.provider,
            },
            people: People {
                core: Arc::clone(&core),
                logins: Arc::<dyn Store>::clone(&store),
                judge: certificate_judge,
                held_keys: Arc::<dyn Store>::clone(&store),
                attempted: Default::default(),
                registers: Arc::<dyn Store>::clone(&store),
            },
            reading: Reading { core: Arc::clone(&core), verifier: Arc::clone(&verifier) },
            printing: Printing {
                core: Arc::clone(&core),
                shelf: shelf.clone(),
                verifier: Arc::clone(&verifier),
                operator,
                wait_seconds: options.print_wait_seconds,
                asked: Mutex::default(),
            },
            paper,
            powers: Powers {
                core: Arc::clone(&core),
                shelf: shelf.clone(),
                verifier,
                tasks: Arc::<dyn Store>::clone(&store),
                certificates: Arc::<dyn Store>::clone(&store),
            },
            partners: Partners {
                core: Arc::clone(&core),
                exchange: exchange.clone(),
                logins: Arc::<dyn Store>::clone(&store),
                registers: Arc::<dyn Store>::clone(&store),
                tasks: Arc::<dyn Store>::clone(&store),
            },
            exchange,
            signing,
            webhooks: Arc::new(webhooks),
            shelf,
            moments: Arc::<dyn Store>::clone(&store),
            neighbours: Arc::<dyn Store>::clone(&store),
            deliveries: Arc::new(Deliveries {
                core,
                outbox: store,
                carriers: BTreeMap::from([
                    (StreamKind::MESSAGE, messages),
                    (StreamKind::RELATION, relations),
                    (StreamKind::FORWARDING, forwardings),
                ]),
                slots: options.delivery_slots,
                lease_seconds: options.delivery_lease_seconds,
            }),
            room: options.room,
        }
    }

    /// Who calls, and as whom.
    pub const fn callers(&self) -> &Callers {
        &self.callers
    }

    /// What an administrator does.
    pub const fn admin(&self) -> &Admin {
        &self.admin
    }

    /// How somebody gets a token.
    pub const fn login(&self) -> &Login {
        &self.login
    }

    /// Who takes part.
    pub const fn people(&self) -> &People {
        &self.people
    }

    /// What shows the exchange.
    pub const fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Official files: made and read.
    pub const fn paper(&self) -> &Paper {
        &self.paper
    }

    /// Counteragents: what organizations are to each other.
    pub const fn partners(&self) -> &Partners {
        &self.partners
    }

    /// Powers of attorney: who may act for whom.
    pub const fn powers(&self) -> &Powers {
        &self.powers
    }

    /// Signing with keys that the server holds.
    pub const fn signing(&self) -> &Arc<RemoteSigning> {
        &self.signing
    }

    /// The events of boxes on their way to receivers outside.
    pub const fn webhooks(&self) -> &Arc<Webhooks> {
        &self.webhooks
    }

    /// Whether a part of the store may have changed between two moments, see [`Moments::has_changed`].
    pub fn has_changed(&self, part: Part, since: Moment, now: Moment) -> bool {
        self.moments.has_changed(part, since, now)
    }

    /// What is counted of changes and deliveries.
    pub fn figures(&self) -> &Figures {
        &self.deliveries.core.figures
    }

    /// Documents for people.
    pub const fn printing(&self) -> &Printing {
        &self.printing
    }

    /// Large contents before a message names them.
    pub const fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// What there is room for at once.
    pub const fn room(&self) -> &Room {
        &self.room
    }

    /// What changes the exchange.
    pub const fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Hears from now on when the feed of `box_id` grows by what this node writes.
    pub fn listen_to_feed(&self, box_id: BoxId) -> Listener {
        self.callers.core.feeds.listen_to(box_id)
    }

    /// Rings the bells of this node from now on for what other nodes on the same database write.
    pub fn hear_other_nodes(&self) {
        let core = &self.callers.core;
        let (bells, rung) = ([core.deliveries.clone(), core.feeds.clone()], Arc::clone(core));
        self.neighbours.hear(Arc::new(move |box_id| {
            match box_id {
                Some(box_id) => rung.rung.happened(box_id),
                None => rung.rung.happened_anywhere(),
            }
            for bell in &bells {
                match box_id {
                    Some(box_id) => bell.ring(box_id),
                    None => bell.ring_all(),
                }
            }
        }));
    }

    /// The operator's deliveries.
    pub const fn deliveries(&self) -> &Arc<Deliveries> {
        &self.deliveries
    }
}
