//! The client against a server that answers from a script.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod auth;
mod calls;
mod events;
mod retries;
mod server;
