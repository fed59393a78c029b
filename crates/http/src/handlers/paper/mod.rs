//! Official files: made, recognized, read; the document types and their workflows.

mod refusals;

potok_modules::modules! { "src/handlers/paper" except refusals => registered }
