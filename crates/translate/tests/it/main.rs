//! What the API shows of documents, from outside.

mod agreement;
mod brief;
mod budgets;
mod docflow_v2;
mod docflow_v2_later;
mod docflow_v3;
mod docflow_v5;
mod document;
mod events;
mod golden;
mod histories;
mod posted;
mod required;
// The stories of the core's own tests; not all of the language is needed here.
#[allow(dead_code)]
mod script;
mod shown;
mod stories;
