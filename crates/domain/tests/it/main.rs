//! The core from outside: stories of documents and what the boxes then see.

mod docflow;
mod rows;
mod script;
