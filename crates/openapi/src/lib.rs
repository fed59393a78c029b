//! The API described from its contract, for programs and for people.
//!
//! [`document()`] is the contract as OpenAPI 3.1, [`index`] and [`method`] are pages about it that need neither scripts nor
//! anything from elsewhere, and [`protos`] are the files that the structures are compiled from. Nothing here is written down
//! twice: methods, parameters and statuses come from [`potok_api`], structures from the proto files.

mod beside;
mod document;
mod operation;
mod packed;
mod statuses;
mod viewer;

pub mod protos;

pub use document::document;
pub use operation::operation_id;
pub use viewer::{STYLESHEET, index, method};
