//! Black-box tests of the codec.

mod arbitrary;
mod descriptors;
mod framing;
mod golden;
mod hostile;
mod mutation;
mod required;
mod roundtrip;
mod tolerance;
