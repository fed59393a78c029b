//! Golden files as a whole.

mod used;
