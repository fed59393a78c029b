//! What may be posted, added and moved, and what becomes of it.

mod form;
mod housekeeping;
mod patch;
mod post;
mod properties;
