//! The one binary of Potok, and the same server in-process for tests: [`Server::start`].

mod admin;
mod cleanup;
mod cli;
mod control;
mod demo;
mod folder;
mod migrate;
mod print;
mod report;
mod schemas;
mod secret;
mod server;
pub mod settings;
mod sign;
mod stores;
mod telemetry;
mod verifiers;

pub use cli::main;
pub use server::{Opened, Running, Server, StartError};
pub use settings::Settings;
pub use stores::{OpenStore, StoreSettings};
pub use verifiers::Verifiers;
