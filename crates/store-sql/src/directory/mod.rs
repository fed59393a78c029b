//! The address book. Read from the database each time, so that what another process changed is seen at once.

mod organizations;
mod people;
mod powers;
mod routes;
mod rows;

pub(crate) use people::{fold_login, member, user};
pub(crate) use rows::{put, taken_login};
