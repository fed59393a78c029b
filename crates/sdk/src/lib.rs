//! Async Rust client of the API.
