//! What changes the exchange: posts, patches, moves.

mod refusals;

pub(super) use post_message::operation;

potok_modules::modules! { "src/handlers/exchange" except refusals => registered }
