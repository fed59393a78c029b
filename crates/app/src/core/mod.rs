//! What every use case stands on: the states of messages and their change, contents, and the turn of repeated calls.

mod commit;
mod contents;
mod directory;
mod error;
mod figures;
mod forwards;
pub(crate) mod histories;
pub(crate) mod in_flight;
pub(crate) mod named_originals;
mod powers;
pub(crate) mod read_models;
mod related;
mod relation_step;
mod relations;
mod rung;
mod standing;
pub(crate) mod states;
mod templates;

use std::sync::Arc;

use potok_content::Contents;
use potok_room::Room;
use potok_seams::Rendering;
use potok_store::{Directory, Journal, Moments, Readings};
use potok_types::{Clock, Entropy};
use potok_workers::Bell;

pub(crate) use commit::{CommitError, Committed, NewChange, TRIES, Terms};
pub use contents::{LoadedContents, StoredContent};
pub(crate) use directory::DirectoryWishes;
pub(crate) use error::lift_core_errors;
pub use error::{CoreError, Missing};
pub use figures::Figures;
pub use forwards::{ForwardedDocument, ForwardedId};
pub(crate) use in_flight::InProgress;
pub use powers::RegisteredPower;
pub(crate) use rung::Rung;
pub(crate) use standing::Others;

use histories::HistoryCache;
use in_flight::InFlight;
use states::StateCache;

/// The stores, and what is remembered of them. Every area holds it, and besides just what its own use cases need.
pub struct Core {
    /// What happened in the boxes.
    pub(crate) journal: Arc<dyn Journal>,
    /// What is kept of it for readers.
    pub(crate) readings: Arc<dyn Readings>,
    /// Whether what is remembered of the stores is still so.
    pub(crate) moments: Arc<dyn Moments>,
    /// Who takes part.
    pub(crate) directory: Arc<dyn Directory>,
    /// Large contents.
    pub(crate) contents: Contents,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub(crate) entropy: Arc<dyn Entropy>,
    /// How events are rendered for readers.
    pub(crate) rendering: Arc<dyn Rendering>,
    /// States of messages.
    pub(crate) states: StateCache,
    /// What their events were about.
    pub(crate) histories: HistoryCache,
    /// Calls that must not be done twice.
    pub(crate) running: InFlight,
    /// Rung for a box that has something to deliver.
    pub(crate) deliveries: Bell,
    /// Rung for a box whose feed has grown.
    pub(crate) feeds: Bell,
    /// Where something happened that webhooks tell of.
    pub(crate) rung: Rung,
    /// What is counted.
    pub(crate) figures: Figures,
    /// Partners alone exchange anything.
    pub(crate) partners_only: bool,
    /// Who others are, and what they are to a box.
    pub(crate) others: Others,
    /// What there is room for at once.
    pub(crate) room: Room,
    /// Contents up to this size live in the box's store beside the events; larger ones in the object store.
    pub(crate) small_content_bytes: u64,
}
