//! The embedded store against the contract of all stores, and what it promises beyond that.

mod agreement;
mod contract;
mod crash;
mod dead;
mod fresh;
mod made;
mod migrated;
mod migrations;
mod moments;
mod processes;
mod questions;
mod stopping;
mod together;
mod torn;
