//! Counteragents: invitations, the list and what happened to it, groups.

mod refusals;

potok_modules::modules! { "src/handlers/partners" except refusals => registered }
