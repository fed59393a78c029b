//! The console: its pages through the real server, in both languages.

mod acting;
mod chromium;
mod organization;
mod place;
mod places;
mod reading;
mod server;
mod sign_in;
mod webhooks;
