//! Signatures made by OpenSSL with the GOST engine verify here, and ours verify there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod enveloped;
mod openssl;
mod ours;
mod samples;
mod theirs;
mod time_stamps;
mod tools;
