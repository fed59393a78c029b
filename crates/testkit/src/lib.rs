//! A whole Potok in a test: free port, turned clock, seeded ids, ready organizations.
//!
//! [`World`] drives the real server through the SDK. Nothing in it sleeps: deliveries happen in [`World::drain`], time
//! passes when [`World::clock`] is turned. A test that leaves deliveries behind fails at [`World::end`], unless it says so with
//! [`World::leave_deliveries`].

#![expect(clippy::expect_used, reason = "a harness fails by panicking, with the reason")]

mod documents;
mod fill;
mod fill_counteragents;
mod kept;
mod left_behind;
mod papers;
mod people;
mod raw;
mod turns;
mod world;

pub use documents::{Letter, test_signed};
pub use papers::{PAPER, answering_title, formal, marked};
pub use people::{Org, Person};
pub use potok::Settings;
pub use potok::settings::{Given, Signatures};
pub use potok_app as app;
pub use potok_domain as domain;
pub use potok_fns as fns;
pub use potok_sdk as sdk;
pub use raw::{RawAnswer, RawRequest};
pub use world::{World, WorldOptions};
