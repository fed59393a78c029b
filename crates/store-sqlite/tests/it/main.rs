//! The embedded store against the contract of all stores, and what it promises beyond that.

mod contract;
