//! OpenID Connect and OAuth 2.0 as rules: what programs may ask for, where answers may go, and what they are signed with.
//!
//! Everything here is a function of its arguments: no store, no network, no clock.

mod id_token;
mod jose;
mod key;
mod metadata;
mod pkce;
mod redirect;
mod scope;

pub use id_token::{IdToken, IdTokenError, Subject, half_hash};
pub use key::{IdKey, KeyError};
pub use metadata::{ENDPOINTS, metadata};
pub use pkce::{Challenge, PkceError};
pub use redirect::{RedirectError, RedirectUri, source_of, with_parameters};
pub use scope::{Scope, ScopeError};
