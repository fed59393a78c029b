//! Black-box tests: a real server, the SDK, and what a stranger's program would send.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

potok_modules::modules! { "tests/it" }
