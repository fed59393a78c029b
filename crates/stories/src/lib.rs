//! The one language in which tests tell what organizations do to each other.
//!
//! Nothing is made by hand: [`World`] keeps boxes whose events come from `decide` and `receive` alone, as a server makes
//! them, and [`Story`] plays steps in words. So a test cannot stand on a history that the product does not make. What
//! the language can say stands at [`Story`].
//!
//! Random histories are made of the same actions: [`VERBS`] and [`targets`] say what can be tried, and
//! [`World::deliver_one`] lets deliveries come in any order, cut off between their halves.

mod actions;
mod cast;
mod delivery;
mod names;
mod script;
mod world;

pub use actions::{Action, VERBS, targets};
pub use cast::{
    EXPORT, SALES, STORAGE, Who, box_of, bytes, colleague_of, document, document_of, letter, organization,
    patch, route, user_of,
};
pub use script::Story;
pub use world::{Planned, World};
