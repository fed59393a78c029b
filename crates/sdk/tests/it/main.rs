//! The client against a server that answers from a script.

mod auth;
mod calls;
mod events;
mod retries;
mod server;
