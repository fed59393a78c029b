//! `GET /V3/GetDocuments`, `POST /V4/GetDocuments`.

mod body;
mod category;
mod names;
mod query;

pub use body::v4;
pub use query::v3;
