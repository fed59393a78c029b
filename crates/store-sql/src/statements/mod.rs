//! The names of all statements, with what goes in and what comes out. Their texts are the dialects'.
//!
//! Statements of a table of a box have `box_id` as their first argument, and a dialect names it at every table.

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
mod webhooks;

pub use contents::ContentStmt;
pub use counteragents::CounteragentStmt;
pub use directory::DirectoryStmt;
pub use documents::DocumentStmt;
pub use erasures::ErasureStmt;
pub use feed::FeedStmt;
pub use journal::JournalStmt;
pub use login::LoginStmt;
pub use outbox::OutboxStmt;
pub use rebuild::RebuildStmt;
pub use registers::RegisterStmt;
pub use shelf::ShelfStmt;
pub use sign_in::SignInStmt;
pub use signings::SigningStmt;
pub use webhooks::WebhookStmt;

/// What a dialect's text has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The name, with its area.
    pub name: &'static str,
    /// The arguments, in order.
    pub arguments: &'static [&'static str],
    /// The columns, in order; none for a statement that only writes.
    pub columns: &'static [&'static str],
}

/// Declares the statements of an area: `Name(arguments) -> (columns);`.
macro_rules! statements {
    (
        $(#[$about_area:meta])*
        $area:ident {
            $($(#[$about:meta])* $name:ident($($argument:ident),*) $(-> ($($column:ident),+))?;)+
        }
    ) => {
        $(#[$about_area])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $area {
            $($(#[$about])* $name,)+
        }

        impl $area {
            pub(super) const ALL: &[Self] = &[$(Self::$name,)+];

            pub(super) const fn shape(self) -> $crate::Shape {
                match self {
                    $(Self::$name => $crate::Shape {
                        name: concat!(stringify!($area), "::", stringify!($name)),
                        arguments: &[$(stringify!($argument)),*],
                        columns: &[$($(stringify!($column)),+)?],
                    },)+
                }
            }
        }
    };
}
use statements;

macro_rules! areas {
    ($($(#[$about:meta])* $area:ident($stmt:ident),)+) => {
        /// The name of a statement.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Stmt {
            $($(#[$about])* $area($stmt),)+
        }

        $(impl From<$stmt> for Stmt {
            fn from(stmt: $stmt) -> Self {
                Self::$area(stmt)
            }
        })+

        impl Stmt {
            /// Every statement, area by area.
            pub fn all() -> impl Iterator<Item = Self> {
                std::iter::empty()$(.chain($stmt::ALL.iter().map(|stmt| Self::$area(*stmt))))+
            }

            /// What a text of it has to have.
            pub const fn shape(self) -> Shape {
                match self {
                    $(Self::$area(stmt) => stmt.shape(),)+
                }
            }
        }
    };
}

areas! {
    /// The journal.
    Journal(JournalStmt),
    /// Feeds and their profiles.
    Feed(FeedStmt),
    /// Rows of documents.
    Documents(DocumentStmt),
    /// Deliveries.
    Outbox(OutboxStmt),
    /// The address book.
    Directory(DirectoryStmt),
    /// Logins.
    Login(LoginStmt),
    /// Signing in to programs.
    SignIn(SignInStmt),
    /// The shelf.
    Shelf(ShelfStmt),
    /// Names of contents.
    Contents(ContentStmt),
    /// Counteragents.
    Counteragents(CounteragentStmt),
    /// Read models made again.
    Rebuild(RebuildStmt),
    /// Messages that are erased.
    Erasures(ErasureStmt),
    /// Registers.
    Registers(RegisterStmt),
    /// Signing with keys that are held here.
    Signing(SigningStmt),
    /// Webhooks.
    Webhooks(WebhookStmt),
}
