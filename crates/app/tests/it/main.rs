//! Use cases over a store in memory: no files, no threads of a store, no binary.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod admin;
mod exchange;
mod fixture;
mod login;
mod paper;
mod people;
mod reading;
mod shelf;
mod side_roads;
mod sign_in;
