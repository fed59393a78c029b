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

use std::collections::BTreeSet;

use potok_api::MethodSpec;

pub use document::document;
pub use operation::operation_id;
pub use viewer::{STYLESHEET, index, method};

/// The methods that the server answers, and what it is called by.
#[derive(Clone, Copy, Debug)]
pub struct Served<'a> {
    /// Labels of the methods with a handler.
    pub labels: &'a BTreeSet<&'static str>,
    /// Of the server.
    pub version: &'static str,
}

impl Served<'_> {
    /// Whether a call of the method gets anything but 410.
    fn answers(&self, spec: &MethodSpec) -> bool {
        !spec.is_gone() && (self.labels.contains(spec.label) || !spec.is_typed)
    }
}
