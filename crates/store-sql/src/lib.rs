//! The algorithms of a store, over named statements.
//!
//! What to ask, in which order, and what to make of the answers is the same in every SQL database, and is here. A
//! *dialect* is a crate of its own: the text of each statement ([`Stmt`]), connections and the order of writing
//! ([`Sql`], [`SqlWrite`], [`Backend`]), leases, migrations, and tests of how its engine goes through the tables.
//! Nothing here asks which dialect it is.

mod backend;
mod changes;
mod contents;
mod continuity;
mod counteragents;
mod directory;
mod documents;
mod erasures;
mod failure;
mod feed;
mod heads;
pub mod journal;
mod login;
pub mod outbox;
mod read_models;
mod registers;
mod session;
mod shelf;
mod signings;
mod sql;
mod statements;
mod stream_feed;
mod value;
mod webhooks;
mod work;

pub use backend::{Asking, Backend, SqlStore, Writing};
pub use changes::{Changes, Touched};
pub use failure::Failure;
pub use heads::Heads;
pub use session::{Session, Waiting};
pub use sql::{Answering, Sql, SqlWrite};
pub use statements::{
    ContentStmt, CounteragentStmt, DirectoryStmt, DocumentStmt, ErasureStmt, FeedStmt, JournalStmt,
    LoginStmt, OutboxStmt, RebuildStmt, RegisterStmt, Shape, ShelfStmt, SignInStmt, SigningStmt, Stmt,
    WebhookStmt,
};
pub use value::{Batch, FromValue, Row, Value, strange};
pub use work::{Answer, Work};
