//! Print forms, compared by the text that is copied out of them.

mod appended;
mod archive;
mod forms;
mod look;
mod promises;
