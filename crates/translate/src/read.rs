//! What a client asks to see, as queries of the domain. What is posted is read in [`crate::post`].

pub mod counteragents;
pub mod departments;
pub mod docflows;
pub mod documents;
pub mod employees;
pub mod events;
pub mod files;
pub mod forwarding;
pub mod organization;
pub mod partner_events;
pub mod powers;
pub mod signers;
pub mod signing;
mod time_filter;
pub mod users;
mod words;
