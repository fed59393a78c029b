//! Print forms, compared by the text that is copied out of them.

mod appended;
mod forms;
mod look;
mod promises;
