//! What changes the exchange: posts, patches, moves.

mod refusals;

potok_modules::modules! { "src/handlers/exchange" except refusals => registered }
