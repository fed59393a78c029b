//! The text of every statement. `$1` is the first argument, which names the box wherever a table has one; each table is
//! asked by its box too, also where the number of a row would do, so that the same questions can be spread over shards.

mod contents;
mod counteragents;
mod directory;
mod documents;
mod erasures;
mod feed;
mod journal;
mod login;
mod outbox;
mod rebuild;
mod registers;
mod shelf;
mod sign_in;
mod signings;
#[cfg(test)]
mod tests;
mod webhooks;

use potok_store_sql::Stmt;

/// The text of `stmt`.
pub(crate) const fn text(stmt: Stmt) -> &'static str {
    match stmt {
        Stmt::Journal(stmt) => journal::text(stmt),
        Stmt::Feed(stmt) => feed::text(stmt),
        Stmt::Documents(stmt) => documents::text(stmt),
        Stmt::Outbox(stmt) => outbox::text(stmt),
        Stmt::Directory(stmt) => directory::text(stmt),
        Stmt::Login(stmt) => login::text(stmt),
        Stmt::SignIn(stmt) => sign_in::text(stmt),
        Stmt::Shelf(stmt) => shelf::text(stmt),
        Stmt::Contents(stmt) => contents::text(stmt),
        Stmt::Counteragents(stmt) => counteragents::text(stmt),
        Stmt::Rebuild(stmt) => rebuild::text(stmt),
        Stmt::Erasures(stmt) => erasures::text(stmt),
        Stmt::Registers(stmt) => registers::text(stmt),
        Stmt::Signing(stmt) => signings::text(stmt),
        Stmt::Webhooks(stmt) => webhooks::text(stmt),
    }
}
