//! The store over PostgreSQL against the contract of all stores, and what it promises beyond that.

mod agreement;
mod contract;
mod encrypted;
mod layouts;
mod nodes;
mod pooled;
mod proxy;
mod replica;
mod texts;
mod together;
mod unknown;
