//! The messages of the API: proto files, generated structs, descriptors, and the protobuf and JSON codec.
//!
//! Everything about fields comes from the files in `proto/`, compiled by `build/`: the structs (by `prost`), the tables
//! of the decoders and the JSON code (by `build/codec.rs`). What is written by hand here is what does not depend on a
//! message: how values look, and what is forgiven on input.

mod error;
pub mod framing;
mod json;
mod message;
mod presence;
mod shape;

#[allow(missing_docs, unreachable_pub, clippy::all, clippy::doc_markdown)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/proto.rs"));
}

#[allow(deprecated)] // fields the API calls deprecated are carried like all others
#[allow(clippy::match_single_binding)] // a message without fields has a match without arms
mod codec {
    use crate::error::Fault;
    use crate::json::{Object, Reader, Writer};
    use crate::message::{MessageVisitor, WireMessage};
    use crate::shape::{Alias, Enum, Field, Shape};

    include!(concat!(env!("OUT_DIR"), "/codec.rs"));
}

pub use codec::for_each_message;
pub use error::{DecodeError, Reason};
pub use generated::diadoc::api::proto;
pub use message::{
    MessageVisitor, WireMessage, decode_json, decode_protobuf, decode_protobuf_slice, encode_json,
    encode_protobuf, to_json,
};

/// What generated code and [`WireMessage`] need; not for use by other crates.
#[doc(hidden)]
pub mod internal {
    pub use crate::error::Fault;
    pub use crate::json::{Object, Reader, Writer};
    pub use crate::shape::{Alias, Enum, Field, Shape};
}

/// The compiled `FileDescriptorSet` of all proto files, as bytes.
pub static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
