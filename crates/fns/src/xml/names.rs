//! Names of a document as numbers: the same few stand in it many thousand times.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use super::read::is_name;

/// A number of a name: what has the same number is the same name. One name may have several numbers, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number(u32);

impl Number {
    /// Names that get a number in one document.
    const MOST: u32 = 4096;
    const NONE: Self = Self(u32::MAX);

    /// The number as an index, of which there are some thousand.
    pub(crate) fn index(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// The names that were seen last.
pub(crate) struct Names<'a> {
    /// Each in the one place that it can have: who comes later takes it, so nothing is ever looked for.
    places: Vec<Option<(&'a str, Number)>>,
    next: u32,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Self { places: vec![None; Self::PLACES], next: 0 }
    }
}

impl<'a> Names<'a> {
    const PLACES: usize = 512;

    /// The number of a name; `None` for what is no name.
    pub(crate) fn number(&mut self, name: &'a str) -> Option<Number> {
        let mut hasher = FxHasher::default();
        hasher.write(name.as_bytes());
        let place = &mut self.places[hasher.finish() as usize % Self::PLACES];
        match place {
            Some((known, number)) if *known == name => Some(*number),
            _ if !is_name(name) => None,
            _ if self.next == Number::MOST => Some(Number::NONE),
            _ => {
                let number = Number(self.next);
                self.next += 1;
                *place = Some((name, number));
                Some(number)
            }
        }
    }
}
