//! The one language in which tests tell what organizations do to each other.
//!
//! Nothing is made by hand: [`Simulation`] keeps boxes whose events come from `decide` and `receive` alone, as a server makes
//! them, and [`Story`] plays steps in words. So a test cannot stand on a history that the product does not make. What
//! the language can say stands at [`Story`].
//!
//! Histories by chance are made of the same actions: they begin with one of [`POSTS`], and [`Story::attempt`] makes the
//! [`attempts`]; deliveries come in any order then, cut off between their halves.

mod actions;
mod cast;
mod chance;
mod delivery;
mod names;
mod retold;
mod script;
mod simulation;

pub use actions::{Action, VERBS, targets};
pub use cast::{
    EXPORT, SALES, STORAGE, Who, box_of, bytes, colleague_of, document, document_of, letter, organization,
    patch, prepared_title, route, user_of,
};
pub use chance::{Attempt, POSTS, attempts};
pub use retold::Retold;
pub use script::Story;
pub use simulation::{Planned, START, Simulation};
