//! What boxes show of their messages.

mod cut;
mod entity;
mod get_message;
mod golden;
mod inject;
mod property;
mod world;
