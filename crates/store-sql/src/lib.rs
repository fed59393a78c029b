//! The algorithms of a store, over named statements.
//!
//! What to ask, in which order, and what to make of the answers is the same in every SQL database, and is here. A
//! *dialect* is a crate of its own: the text of each statement ([`Stmt`]), the connection ([`Sql`], [`SqlWrite`]), the
//! order of writing, leases, migrations, and tests of how its engine goes through the tables. Nothing here asks which
//! dialect it is.

pub mod documents;
mod failure;
pub mod feed;
mod heads;
mod sql;
mod statements;
mod value;

pub use failure::Failure;
pub use heads::BoxHead;
pub use sql::{Answering, Sql, SqlWrite};
pub use statements::{DocumentStmt, FeedStmt, Shape, Stmt};
pub use value::{Batch, FromValue, Row, Value, strange};
