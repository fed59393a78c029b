//! Black-box tests: a real server, the SDK, and what a stranger's program would send.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod actions;
mod arrows;
mod certificate_login;
mod cost;
mod detect;
mod docflows;
mod documents;
mod example;
mod exchange;
mod formats;
mod generation;
mod housekeeping;
mod idempotency;
mod intermediary;
mod kept;
mod links;
mod log_lines;
mod operator;
mod paging;
mod replayed;
mod routes;
mod said;
mod schemas;
mod search;
mod seeds;
mod signatures;
mod support;
mod test_signatures;
mod time_stamps;
mod universal;
mod unsent;
mod walk;
