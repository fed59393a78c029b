//! Documents for people: print forms, protocols, archives.

mod refusals;

potok_modules::modules! { "src/handlers/printing" except refusals => registered }
