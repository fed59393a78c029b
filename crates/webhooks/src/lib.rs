//! Sends events to receivers outside, by the Standard Webhooks specification (version 1): what `potok-seams` calls
//! [`WebhookSender`](potok_seams::WebhookSender), over HTTP.
//!
//! Names are resolved here and the addresses looked at, and the connection goes to an address that was looked at: what a name means
//! a moment later changes nothing. Nobody is followed elsewhere, and no proxy is asked.

mod ranges;
mod resolver;
mod sender;
mod signature;

pub use ranges::{InvalidRanges, Ranges};
pub use sender::{HttpSender, SetupError};
pub use signature::signature;
