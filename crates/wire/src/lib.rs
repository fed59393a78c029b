//! The messages of the API: proto files, generated structs, descriptors, and the protobuf and JSON codec.

#[allow(missing_docs, clippy::all, unreachable_pub)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/proto.rs"));
}

pub use generated::diadoc::api::proto;

/// The compiled `FileDescriptorSet` of all proto files, as bytes.
pub static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
