//! The core from outside: what may be done, what becomes of it, and what the boxes then see.

mod access;
mod decide;
mod docflow;
mod intermediary;
mod lifecycles;
mod operator;
mod receive;
mod rows;
mod sight;
