//! Black-box tests of the codec.

#![allow(clippy::unwrap_used, reason = "a helper that fails must fail its test")]

mod arbitrary;
mod bounds;
mod descriptors;
mod framing;
mod golden;
mod hostile;
mod mutation;
mod required;
mod roundtrip;
mod tolerance;
