//! The contract, seen from outside.

mod contract;
mod examples;
mod lists;
mod queries;
mod routes;
