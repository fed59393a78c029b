//! The messages of the API: proto files, generated structs, descriptors, and the protobuf and JSON codec.
//!
//! Everything about fields comes from the files in `proto/`, compiled by `build/`: the structs (by `prost`), the tables
//! of the decoders and the JSON code (by `build/codec.rs`). What is written by hand here is what does not depend on a
//! message: how values look, and what is forgiven on input.
//!
//! # Structs
//!
//! [`proto`] mirrors the packages: `Diadoc.Api.Proto.Events.BoxEvent` is `proto::events::BoxEvent`. Enum values keep
//! their full names. An optional sub-message larger than 256 bytes is boxed. Bytes are [`bytes::Bytes`].
//!
//! # Required fields
//!
//! Both decoders refuse a message that lacks a required field at any depth, and name its path. Both encoders always
//! write them: a struct cannot lack one.
//!
//! # JSON output
//!
//! | value | printed |
//! |---|---|
//! | any field | under its proto name, keys in alphabetical order, no spaces; `build/json_names.rs` lists the few other names |
//! | list | always, `[]` when empty |
//! | truth value | always; the declared default, else `false`, when unset |
//! | enum | always, by name; when unset the declared default, else the first value; a number without a name stays a number |
//! | text, bytes, message | only when set, also when empty; bytes in standard base64 with padding |
//! | whole number | when set, or when it has a declared default; never as a text, whatever its size |
//!
//! # JSON input
//!
//! Names in any case, the last of several wins; unknown names are skipped; `null` is absent. Enums by name in any case
//! or by number. Numbers and truth values also as texts. Bytes in base64 with padding, or in the alphabet for addresses
//! with or without it, white space ignored. `Timestamp` also as `DateTime` in ISO 8601 where `Ticks` are not given.
//! Nothing else is guessed: a value of another kind, a lone value in place of a list, or `null` inside a list is an error.
//!
//! # Bounds
//!
//! What a stranger sends is decoded within [`Bounds`]: lists and texts that are longer than they say are refused on the way,
//! before anything is made of them.

mod bounds;
mod error;
pub mod framing;
mod json;
mod message;
mod presence;
mod shape;
mod untyped;

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
    use crate::shape::{Alias, Enum, Field, FieldKind, Form, Meaning, Shape, Twice};

    include!(concat!(env!("OUT_DIR"), "/codec.rs"));
}

pub use bounds::{Bound, Bounds, FieldName};
pub use codec::for_each_message;
pub use error::{DecodeError, Reason};
pub use generated::diadoc::api::proto;
pub use json::{Keep, without_trailing_commas};
pub use message::{
    MessageVisitor, WireMessage, decode_json, decode_json_within, decode_protobuf, decode_protobuf_slice,
    decode_protobuf_within, encode_json, encode_protobuf, protobuf_length, to_json,
};
pub use shape::FieldKind;
pub use untyped::Structure;

/// What generated code and [`WireMessage`] need; not for use by other crates.
#[doc(hidden)]
pub mod internal {
    pub use crate::error::Fault;
    pub use crate::json::{Object, Reader, Writer};
    pub use crate::shape::{Alias, Enum, Field, Shape};
}

/// The compiled `FileDescriptorSet` of all proto files, as bytes.
pub static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
