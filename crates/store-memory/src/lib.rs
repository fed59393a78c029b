//! A store in memory, for tests: what other stores find by indexes is found here by looking at everything.
//!
//! It is the oracle of the other stores, so it is written to be believed and not to be fast; and it lets use cases be
//! tested without files, threads and a binary.

mod contents;
mod counteragents;
mod directory;
mod documents;
mod erasures;
mod feed;
mod journal;
mod login;
mod outbox;
mod read_models;
mod registers;
mod shelf;
mod sign_in;
mod signings;
mod stream_feed;
mod tasks;
mod webhooks;

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use potok_store::{
    Health, Hear, Moment, Moments, Neighbours, Part, RebuildPlace, StoreError, Task, TokensOf,
};
use potok_types::{BoxId, Clock};

/// A store that lives as long as this value.
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// Everything, and all of it under one lock: each call sees and changes one state.
#[derive(Default)]
struct State {
    boxes: BTreeMap<BoxId, journal::BoxRecord>,
    outbox: outbox::Queue,
    directory: directory::Book,
    login: login::Ring,
    keys: signings::Keys,
    hooks: webhooks::Hooks,
    registers: registers::Drawer,
    shelf: shelf::Files,
    tasks: Vec<Task>,
    sign_in: sign_in::Desk,
    rebuild_place: Option<RebuildPlace>,
}

impl State {
    /// Ends tokens, and what would become tokens; how many tokens.
    fn revoke(&mut self, whose: &TokensOf) -> u64 {
        self.sign_in.forget(whose);
        self.login.revoke(whose)
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl MemoryStore {
    /// An empty store. `clock` gives the times from which index keys are made.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What other stores find out by their constraints.
fn refused(action: &'static str, why: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
    StoreError { action, source: why.into() }
}

#[async_trait]
impl Health for MemoryStore {
    async fn check_writable(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Nothing is counted here, and nobody has to remember what is in memory anyway.
impl Neighbours for MemoryStore {
    fn hear(&self, _: Hear) {}
}

impl Moments for MemoryStore {
    fn moment(&self) -> Option<Moment> {
        None
    }

    fn has_changed(&self, _: Part, _: Moment, _: Moment) -> bool {
        true
    }
}
