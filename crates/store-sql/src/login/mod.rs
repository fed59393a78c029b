//! Who calls: clients, passwords, tokens; certificates and the challenges that they answer.

mod certificates;
mod clients;
mod rotation;
mod services;
mod sign_in;
mod tokens;

pub(crate) use certificates::add_certificate;
pub(crate) use tokens::revoke;
