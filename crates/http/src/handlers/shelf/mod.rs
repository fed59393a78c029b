//! Large files before a message names them.

mod refusals;

pub(super) use files::PRIVATE;

potok_modules::modules! { "src/handlers/shelf" except refusals => registered }
