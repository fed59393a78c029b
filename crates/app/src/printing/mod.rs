//! Documents for people: print forms, protocols, archives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use potok_seams::{OperatorDocuments, SignatureVerifier};
use potok_types::{BoxId, EntityId, MessageId, Ticks};

use crate::core::Core;
use crate::shelf::Shelf;

potok_modules::modules! { "src/printing" => published }

/// Documents for people.
pub struct Printing {
    pub(crate) core: Arc<Core>,
    /// Made files wait there for their owner.
    pub(crate) shelf: Shelf,
    /// Tells what signatures say about themselves.
    pub(crate) verifier: Arc<dyn SignatureVerifier>,
    /// Signs protocols.
    pub(crate) operator: Arc<dyn OperatorDocuments>,
    /// How long the queue lets forms wait before they are made: 0, but where programs are to learn how to wait.
    pub(crate) wait_seconds: i64,
    /// Forms that were asked for and wait, by document, with the time of the first ask.
    pub(crate) asked: Mutex<HashMap<(BoxId, MessageId, EntityId, Product), Ticks>>,
}

/// What is made of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Product {
    Form,
    Protocol,
    Archive,
}
