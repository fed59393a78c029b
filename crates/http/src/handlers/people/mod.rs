//! Who takes part: organizations, their boxes, their people, their routes of approval.

mod refusals;

potok_modules::modules! { "src/handlers/people" except refusals => registered }
