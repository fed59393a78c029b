//! What others find out about a state, kept beside it.

use std::fmt;
use std::sync::OnceLock;

/// What was found out about a state. A state that changes forgets it or keeps it up, and a copy does not have it.
pub(crate) struct Memo<T>(OnceLock<T>);

impl<T> Memo<T> {
    /// What was found out, or what `find` finds now.
    pub(crate) fn get(&self, find: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(find)
    }

    /// What was found out, which is forgotten here.
    pub(crate) fn take(&mut self) -> Option<T> {
        self.0.take()
    }
}

/// What is known already.
impl<T> From<T> for Memo<T> {
    fn from(known: T) -> Self {
        Self(OnceLock::from(known))
    }
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// It follows from the rest of the state.
impl<T> PartialEq for Memo<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Memo<T> {}

impl<T> fmt::Debug for Memo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}
