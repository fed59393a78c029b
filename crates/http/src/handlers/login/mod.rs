//! How somebody becomes a user with a token.

mod oauth;
mod refusals;

potok_modules::modules! { "src/handlers/login" except oauth refusals => registered }
