//! Large files before a message names them.

mod decoded;
mod refusals;

pub(super) use files::PRIVATE;

potok_modules::modules! { "src/handlers/shelf" except decoded, refusals => registered }
