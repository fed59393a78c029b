//! Storage traits, named after what a use case wants, and the forms in which events are kept.
//!
//! Rules of all traits: not found is `None` or an empty list; time and new ids come in as parameters, except the index
//! key, which the store gives under the box's write order; what a method returns `Ok` for is durable.

mod certificates;
mod contents;
mod continuity;
#[cfg(feature = "contract")]
pub mod contract;
mod counteragents;
mod credentials;
mod directory;
mod documents;
mod erasures;
#[cfg(feature = "faulty")]
mod faulty;
mod feed;
mod health;
mod journal;
mod moment;
pub mod moving;
mod neighbours;
mod outbox;
mod read_models;
mod registers;
mod services;
mod shelf;
mod sign_in;
mod signings;
pub mod stored;
mod stream;
mod stream_feed;
mod tasks;
mod webhooks;

pub use certificates::{
    CertificateThumbprint, LoginChallenge, LoginChallenges, UserCertificate, UserCertificates,
};
pub use contents::{ContentNames, LostNames, NamesPlace};
pub use continuity::{ContentsPage, Continuity, Erased, EventMark, EventsPage, Gap};
pub use counteragents::{
    Among, Counteragent, CounteragentPage, CounteragentQuery, CounteragentRow, Counteragents,
};
pub use credentials::{
    ApiClient, ApiClients, PasswordLogin, Passwords, Proof, Rotated, Rotation, Session, Token, TokenHash,
    TokenKind, Tokens, TokensOf,
};
pub use directory::{
    DepartmentUse, EmployeePowers, Employees, Member, Organizations, Person, ResolutionRoutes, Staff, Users,
};
pub use documents::{DocumentPage, DocumentQuery, Documents, Search, SearchQuery, SearchWords};
pub use erasures::{Erasable, ErasureStep, Erasures, SettledContents, Tombstone};
#[cfg(feature = "faulty")]
pub use faulty::{Fault, FaultyJournal};
pub use feed::{Feed, FeedEvent, FeedPage, FeedQuery};
pub use health::{Health, MovedAway, OtherLayout};
pub use journal::{
    Append, AppendError, Appended, AppendedStream, DirectoryRow, FeedEntry, Journal, MessageTail, NewEvent,
    NewOperation, Operation, SmallContent, StreamAppend,
};
pub use moment::{Moment, Moments, Part};
pub use neighbours::{Hear, Neighbours};
pub use outbox::{Delivery, DeliveryId, LeaseRequest, LeaseToken, Leased, Outbox, SettleError, WorkerId};
pub use read_models::{
    Compared, Derived, DerivedEvent, Difference, KeptLink, KeyPart, ReadModels, RebuildPlace, Stray,
    StrayKind,
};
pub use registers::{GarObject, Notes, Outside, SignerPlace};
pub use services::{OutsideUsers, ServiceKey, TrustedServices};
pub use shelf::{NewPart, PartOf, Shelf, ShelfFile, ShelfPart, ShelfUse};
pub use sign_in::{
    AuthorizationCode, AuthorizationCodes, Consents, DeviceAnswer, DeviceCode, DeviceCodes, Redeemed,
    Registration, Registrations, SigningKey, SigningKeys,
};
pub use signings::{HeldKeys, Signings};
pub use stream::{EventPlace, StreamId, StreamKind, Wanted};
pub use stream_feed::{StreamFeed, StreamFeedEvent, StreamFeedPage, StreamFeedQuery};
pub use tasks::{Task, TaskOutcome, Tasks};
pub use webhooks::{WebhookCounts, WebhookLease, Webhooks};

/// Declares a trait that is nothing but others together.
macro_rules! together {
    ($(#[$about:meta])* $name:ident: $($part:ident),+) => {
        $(#[$about])*
        pub trait $name: $($part +)+ Send + Sync {}

        impl<T: $($part +)+ Send + Sync> $name for T {}
    };
}

together! {
    /// What readers find ready.
    Readings: Feed, StreamFeed, Documents, Search, Counteragents
}
together! {
    /// Who takes part.
    Directory: Organizations, Users, Employees, EmployeePowers, ResolutionRoutes
}
together! {
    /// Who calls.
    Logins: ApiClients, Passwords, Tokens, UserCertificates, LoginChallenges, Registrations, AuthorizationCodes,
        DeviceCodes, Consents, SigningKeys, TrustedServices, OutsideUsers, Moments
}
together! {
    /// What is told of the world outside, and what organizations keep here.
    Registers: Outside, Notes
}
together! {
    /// Signing for people with keys that are held here.
    RemoteSigning: HeldKeys, Signings
}
together! {
    /// What keeps the store in order.
    Upkeep: ReadModels, ContentNames, Health, Erasures
}
together! {
    /// Everything that the product keeps, behind one handle. A use case asks for the part that it needs: `&dyn Store` is
    /// also `&dyn Journal`, `&dyn Readings`, `&dyn Feed`, and so on.
    Store: Journal, Readings, Outbox, Directory, Logins, Shelf, Tasks, Registers, RemoteSigning, Webhooks, Upkeep, Neighbours
}

/// The store takes no changes now: its disk is full, gone or read-only, or another process holds it. It heals by itself when
/// that does, so the same change is worth trying again later.
#[derive(Debug, thiserror::Error)]
#[error("the store takes no changes now")]
pub struct Unwritable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

impl StoreError {
    /// The store takes no changes now, see [`Unwritable`].
    pub fn is_unwritable(&self) -> bool {
        self.source.is::<Unwritable>()
    }

    /// The layout of the database is another one, see [`OtherLayout`].
    pub fn is_other_layout(&self) -> bool {
        self.source.is::<OtherLayout>()
    }

    /// The store was left for a copy of it, see [`MovedAway`].
    pub fn is_moved_away(&self) -> bool {
        self.source.is::<MovedAway>()
    }
}

/// The store could not do its work; worth repeating as is.
#[derive(Debug, thiserror::Error)]
#[error("the store failed to {action}")]
pub struct StoreError {
    /// What it was doing, as the rest of «failed to …».
    pub action: &'static str,
    /// Why it could not.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}
