//! Every method, one file per area.

use std::sync::LazyLock;

use crate::MethodSpec;

mod auth;
mod common;
mod counteragents;
mod departments;
mod docflow;
mod documents;
mod employees;
mod events;
mod forwarding;
mod generation;
mod messages;
mod miscellaneous;
mod oidc;
mod organizations;
mod parsing;
mod powers_of_attorney;
mod print;
mod retired;
mod shelf;
mod signing;

pub use auth::*;
pub use common::*;
pub use counteragents::*;
pub use departments::*;
pub use docflow::*;
pub use documents::*;
pub use employees::*;
pub use events::*;
pub use forwarding::*;
pub use generation::*;
pub use messages::*;
pub use miscellaneous::*;
pub use oidc::*;
pub use organizations::*;
pub use parsing::*;
pub use powers_of_attorney::*;
pub use print::*;
pub(crate) use retired::RETIRED;
pub use shelf::*;
pub use signing::*;

static ALL: LazyLock<Vec<&'static MethodSpec>> = LazyLock::new(|| {
    [
        auth::METHODS,
        oidc::METHODS,
        organizations::METHODS,
        employees::METHODS,
        departments::METHODS,
        counteragents::METHODS,
        events::METHODS,
        messages::METHODS,
        documents::METHODS,
        docflow::METHODS,
        forwarding::METHODS,
        generation::METHODS,
        parsing::METHODS,
        print::METHODS,
        shelf::METHODS,
        powers_of_attorney::METHODS,
        signing::METHODS,
        miscellaneous::METHODS,
    ]
    .concat()
});

/// Every method of the contract, area by area; those that are [gone](MethodSpec::is_gone) too.
pub fn all() -> &'static [&'static MethodSpec] {
    &ALL
}

/// Versions that disappeared before the contract was written down: they have no types, only a 410.
pub fn retired() -> &'static [&'static MethodSpec] {
    RETIRED
}
