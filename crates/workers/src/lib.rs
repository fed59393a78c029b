//! Work beside the calls of the API: who does it, when, how much of it at once, and for whom first.
//!
//! A [`Worker`] does its work in short steps, and [`run`] makes it go on until it is stopped. What stands in a queue that several
//! workers share is handed out under leases and done in [`Slots`]: each is refilled as it gets free, and a lease is renewed as
//! long as its work goes on. A [`Bell`] says in which box there is something to do; [`Turns`] are given to boxes one after the
//! other, so that nobody waits behind all that one box has.
//!
//! Nothing here does I/O or knows what the work is. Pauses are `tokio`'s, so a test that pauses its time sleeps never.

mod backoff;
mod bell;
mod slots;
mod turns;
mod worker;

pub use backoff::Backoff;
pub use bell::{Bell, Listener};
pub use slots::{Capacity, Leases, Renewal, Slots};
pub use turns::{Turn, Turns};
pub use worker::{Progress, Worker, pause, run};
