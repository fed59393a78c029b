//! The official formats against official samples, and against whatever hostile input can be made of them.

mod answers;
mod constructs;
mod hostile;
mod made;
mod recognition;
mod round_trip;
mod samples;
mod schemas;
mod signer_contract;
