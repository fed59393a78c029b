//! Paths of names, with the numbers by which they are compared.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{LazyLock, Mutex, PoisonError};

/// A name of a contract as a number: the same name has the same number in all tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(u16);

impl Id {
    /// The number of a name. Tables are read once and asked often, so nothing else than reading one looks here.
    pub(crate) fn of(name: &'static str) -> Self {
        static KNOWN: LazyLock<Mutex<HashMap<&'static str, u16>>> = LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let next = u16::try_from(known.len()).expect("tables have some thousand names");
        Self(*known.entry(name).or_insert(next))
    }

    /// One of 64 bits: where none of several names has the bit of this one, none of them is this one.
    pub(crate) const fn bit(self) -> u64 {
        1 << (self.0 % 64)
    }
}

/// Names of elements inside of each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    names: Vec<&'static str>,
    ids: Vec<Id>,
}

impl Path {
    /// The numbers of the names.
    pub(crate) fn ids(&self) -> &[Id] {
        &self.ids
    }

    pub(crate) fn push(&mut self, name: &'static str) {
        self.names.push(name);
        self.ids.push(Id::of(name));
    }
}

impl FromIterator<&'static str> for Path {
    fn from_iter<T: IntoIterator<Item = &'static str>>(names: T) -> Self {
        let mut path = Self::default();
        names.into_iter().for_each(|name| path.push(name));
        path
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.ids == other.ids
    }
}

impl Eq for Path {}

impl Deref for Path {
    type Target = [&'static str];

    fn deref(&self) -> &Self::Target {
        &self.names
    }
}
