//! What an administrator does: organizations, people, programs; and what a server does for itself.

mod certificates;
mod clients;
mod error;
mod organizations;
mod people;
mod rebuild;
mod rights;
mod routes;
mod sweep;
mod tokens;
mod upkeep;

use std::sync::Arc;

use potok_store::{Logins, Shelf, Upkeep};
use potok_types::Invalid;

use crate::core::Core;
use crate::login::Tokens;

pub use certificates::LoginCertificate;
pub use clients::CreatedClient;
pub use error::AdminError;
pub use organizations::NewOrganization;
pub use people::NewUser;
pub use potok_store::ApiClient;
pub use rebuild::{RebuildMode, RebuildWatcher, Rebuilt};
pub use routes::NewStage;
pub(crate) use sweep::SweepPlace;
pub use sweep::Swept;
pub use tokens::KnownToken;
pub use upkeep::Expired;

/// What an administrator does. Nobody asks here who calls: whoever has the data folder may do all of it.
pub struct Admin {
    pub(crate) core: Arc<Core>,
    pub(crate) logins: Arc<dyn Logins>,
    /// Large contents on their way.
    pub(crate) files: Arc<dyn Shelf>,
    /// What the store is kept in order by.
    pub(crate) upkeep: Arc<dyn Upkeep>,
    pub(crate) tokens: Tokens,
    pub(crate) sweep: SweepPlace,
}

fn invalid(path: &str, reason: impl Into<String>) -> AdminError {
    Invalid::new(path, reason).into()
}
