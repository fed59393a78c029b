//! The edge and the binary, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod backup;
mod backup_bucket;
mod bucket;
mod certificate;
mod connections;
mod copying;
mod demo;
#[cfg(target_os = "linux")]
mod disk;
mod doctor;
mod edge;
mod erasure;
mod evidence;
mod forwarding;
mod held_keys;
mod import;
mod installation;
mod kill;
mod kill_acquiring;
mod kill_templates;
mod metrics;
mod nodes;
mod operations;
mod package;
mod poa;
mod postgres;
mod private;
mod process;
mod rebuild;
mod registration;
mod replica;
mod request_journal;
mod rights;
mod routes;
mod shelf;
mod sign;
mod signing;
mod soft_token;
mod stop;
mod streams;
mod tls;
mod token;
mod traces;
mod validate;
mod webhooks;
