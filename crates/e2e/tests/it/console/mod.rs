//! The console: its pages through the real server, in both languages.

mod acting;
mod chromium;
mod organization;
mod place;
mod reading;
mod sign_in;
