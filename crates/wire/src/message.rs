//! What every message can do, and the functions of the codec.

use std::fmt;

use bytes::Bytes;
use prost::Message;

use crate::bounds::Bounds;
use crate::error::{DecodeError, Fault};
use crate::json::{Keep, Object, Reader, Writer, without_trailing_commas};
use crate::presence;
use crate::shape::Shape;

/// A message of the API. Implemented by every struct of [`crate::proto`] and by nothing else.
pub trait WireMessage: Message + Object + Default + Clone + PartialEq + fmt::Debug {
    /// The table of its fields.
    #[doc(hidden)]
    const SHAPE: &'static Shape;

    /// Full name: `Diadoc.Api.Proto.Events.BoxEvent`.
    const NAME: &'static str = Self::SHAPE.name;
}

/// Something to be done with every type of message, see [`crate::for_each_message`].
pub trait MessageVisitor {
    /// Called once per type.
    fn visit<M: WireMessage>(&mut self);
}

/// Reads a message from protobuf. Fields of bytes share the given buffer instead of copying it.
///
/// # Errors
/// When the bytes are not protobuf, or a required field is missing at any depth.
pub fn decode_protobuf<M: WireMessage>(bytes: Bytes) -> Result<M, DecodeError> {
    check::<M>(&bytes, None)?;
    M::decode(bytes).map_err(|error| not_protobuf::<M>(&error))
}

/// The same for bytes of a stranger.
///
/// # Errors
/// As [`decode_protobuf`], and when something is longer than `bounds` allow.
pub fn decode_protobuf_within<M: WireMessage>(
    bytes: Bytes,
    bounds: &'static Bounds,
) -> Result<M, DecodeError> {
    check::<M>(&bytes, Some(bounds))?;
    M::decode(bytes).map_err(|error| not_protobuf::<M>(&error))
}

/// Reads a message from protobuf, copying fields of bytes.
///
/// # Errors
/// As [`decode_protobuf`].
pub fn decode_protobuf_slice<M: WireMessage>(bytes: &[u8]) -> Result<M, DecodeError> {
    check::<M>(bytes, None)?;
    M::decode(bytes).map_err(|error| not_protobuf::<M>(&error))
}

fn check<M: WireMessage>(bytes: &[u8], bounds: Option<&'static Bounds>) -> Result<(), DecodeError> {
    presence::check(M::SHAPE, bytes, bounds).map_err(|fault| fault.of(M::SHAPE.short_name()))
}

fn not_protobuf<M: WireMessage>(error: &prost::DecodeError) -> DecodeError {
    Fault::malformed(error.to_string()).of(M::SHAPE.short_name())
}

/// How many bytes a message has as protobuf.
pub fn protobuf_length<M: WireMessage>(message: &M) -> usize {
    message.encoded_len()
}

/// Writes a message as protobuf. Required fields are always written.
pub fn encode_protobuf<M: WireMessage>(message: &M) -> Vec<u8> {
    message.encode_to_vec()
}

/// Reads a message from JSON text in UTF-8, with or without a byte order mark. Commas before closing brackets are forgiven.
///
/// # Errors
/// When the text is not JSON, a value does not fit its field, or a required field is missing at any depth.
pub fn decode_json<M: WireMessage>(text: &[u8]) -> Result<M, DecodeError> {
    decode(text, None, Bytes::from).or_else(|error| match without_trailing_commas(text) {
        Some(mended) => decode(&mended, None, Bytes::from),
        None => Err(error),
    })
}

fn decode<M: WireMessage>(
    text: &[u8],
    bounds: Option<&'static Bounds>,
    keep: Keep,
) -> Result<M, DecodeError> {
    Reader::document(text, bounds, keep).map_err(|fault| fault.of(M::SHAPE.short_name()))
}

/// The same for text of a stranger, as it is; `keep` holds its fields of bytes. Whether to try once more [`without_trailing_commas`] is for the caller to say.
///
/// # Errors
/// As [`decode_json`], and when something is longer than `bounds` allow.
pub fn decode_json_within<M: WireMessage>(
    text: &[u8],
    bounds: &'static Bounds,
    keep: Keep,
) -> Result<M, DecodeError> {
    decode(text, Some(bounds), keep)
}

/// Appends a message as JSON text.
pub fn encode_json<M: WireMessage>(message: &M, out: &mut Vec<u8>) {
    Writer::new(out).document(message);
}

/// A message as JSON text.
pub fn to_json<M: WireMessage>(message: &M) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    encode_json(message, &mut out);
    out
}
