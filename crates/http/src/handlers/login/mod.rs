//! How somebody becomes a user with a token.

mod refusals;

potok_modules::modules! { "src/handlers/login" except refusals => registered }
