//! The contract, seen from outside.

mod contract;
mod lists;
mod parity;
mod queries;
mod routes;
