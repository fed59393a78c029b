//! What the API shows of documents and messages, from outside.

mod agreement;
mod brief;
mod budgets;
mod docflows;
mod document;
mod events;
mod examples;
mod forwarded;
mod histories;
mod layout;
mod posted;
mod required;
mod rows;
mod shown;
mod stories;
mod unread;
mod view;
