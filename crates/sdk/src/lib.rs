//! Async Rust client of the API.
//!
//! A [`Client`] knows an address and who it speaks as. Every method of the contract is one of its functions, named
//! after the method and its version; [`Client::call`] does the same for a method chosen by type. Calls that the server
//! asks to repeat later are repeated, as its `Retry-After` says; see [`RetryPolicy`].
//!
//! ```no_run
//! # async fn example() -> Result<(), potok_sdk::Error> {
//! use potok_sdk::api::methods::GetMyOrganizationsQuery;
//! use potok_sdk::{Auth, Client};
//!
//! let client = Client::builder("http://127.0.0.1:8080", "my-client").auth(Auth::password("user", "secret")).build()?;
//! let organizations = client.get_my_organizations(&GetMyOrganizationsQuery::new()).await?;
//! for organization in &organizations.organizations {
//!     println!("{}", organization.inn);
//! }
//! # Ok(())
//! # }
//! ```

mod auth;
mod certificate;
mod client;
mod error;
mod events;
mod methods;
mod retry;
mod transport;

pub use auth::{Auth, TokenKeeper};
pub use certificate::{CertificateKey, CertificateLogin};
pub use client::{Client, ClientBuilder};
pub use error::{Error, Refusal};
pub use events::{Events, Position};
pub use potok_api as api;
pub use potok_api::Format;
pub use potok_cms::PrivateKeyError;
pub use potok_wire::proto;
pub use retry::{Pause, RetryPolicy, TokioPause};
