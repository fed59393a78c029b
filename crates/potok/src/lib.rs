//! The one binary of Potok, and the same server in-process for tests: [`Server::start`].

mod admin;
mod audit;
mod backup;
mod call;
mod certificates;
mod cleanup;
mod cli;
mod config;
mod control;
mod copying;
mod demo;
mod doctor;
mod evidence;
mod figures;
mod folder;
mod journal;
mod migrate;
mod notify;
mod print;
mod report;
mod schemas;
mod secret;
mod server;
pub mod settings;
mod sign;
mod stores;
mod telemetry;
mod traces;
mod validate;
mod verifiers;
mod words;

pub use cli::main;
pub use server::{Opened, Running, Server, StartError};
pub use settings::Settings;
pub use stores::{OpenStore, StoreSettings};
pub use verifiers::Verifiers;
