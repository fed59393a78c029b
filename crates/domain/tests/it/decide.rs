//! What may be posted, added and moved, and what becomes of it.

mod actions;
mod form;
mod housekeeping;
mod patch;
mod post;
mod properties;
