//! The address book. Read from the database each time, so that what another process changed is seen at once.

mod organizations;
mod people;
mod routes;

pub(crate) use people::{fold_login, member, user};
