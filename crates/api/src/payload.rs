//! Request and response bodies as types.

use bytes::Bytes;
use potok_wire::{Keep, WireMessage};

use crate::BodyKind;

/// How a structure is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Protocol Buffers: what is meant when nobody says anything.
    #[default]
    Protobuf,
    /// JSON with the names of the schema.
    Json,
}

/// A body that does not have the form its method expects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// The structure could not be read.
    #[error("{0}")]
    Structure(#[from] potok_wire::DecodeError),
    /// The text is not UTF-8.
    #[error("the body is not UTF-8 text")]
    NotUtf8,
}

impl PayloadError {
    /// Whether a structure in JSON may be read once more without commas before closing brackets.
    pub fn may_be_of_commas(&self) -> bool {
        matches!(self, Self::Structure(error) if !error.reason().is_of_size())
    }
}

/// The body of a request or of a response.
///
/// Every structure of the schema is one; the other kinds are [`Empty`], [`Raw`], [`Text`], [`Form`], [`Json`],
/// [`Html`], and [`Maybe`] for answers that are 204 when there is nothing to say.
pub trait Payload: Sized + Send + Sync + 'static {
    /// The kind, as the contract names it.
    const KIND: BodyKind;

    /// Reads a body. Only structures look at `format`.
    ///
    /// # Errors
    /// The bytes do not have the expected form.
    fn from_body(format: Format, body: Bytes) -> Result<Self, PayloadError>;

    /// Reads a body that a caller sent: as [`Payload::from_body`], within the bounds of [`crate::limits`], and without a copy of
    /// the text that forgives commas. What is decoded of JSON is kept by `keep`; protobuf shares its bytes with the body.
    ///
    /// # Errors
    /// The bytes do not have the expected form, or hold too much of something.
    fn from_caller(format: Format, body: Bytes, _keep: Keep) -> Result<Self, PayloadError> {
        Self::from_body(format, body)
    }

    /// About how many bytes the body has to be written from; 0 for what is only handed on.
    fn length(&self) -> usize {
        0
    }

    /// Writes a body. Only structures look at `format`.
    fn to_body(&self, format: Format) -> Bytes;

    /// What an answer 204 stands for; `None` when the method has no such answer.
    fn no_content() -> Option<Self> {
        None
    }
}

/// The media type of a body of `kind` in `format`; `None` for no body.
pub const fn content_type(kind: BodyKind, format: Format) -> Option<&'static str> {
    match kind {
        BodyKind::Empty => None,
        BodyKind::Wire(_) => Some(match format {
            Format::Protobuf => "application/x-protobuf",
            Format::Json => "application/json; charset=utf-8",
        }),
        BodyKind::Raw => Some("application/octet-stream"),
        BodyKind::Text => Some("text/plain; charset=utf-8"),
        BodyKind::Form => Some("application/x-www-form-urlencoded"),
        BodyKind::Json => Some("application/json; charset=utf-8"),
        BodyKind::Html => Some("text/html; charset=utf-8"),
    }
}

impl<M: WireMessage + 'static> Payload for M {
    const KIND: BodyKind = BodyKind::Wire(<M as WireMessage>::NAME);

    fn from_body(format: Format, body: Bytes) -> Result<Self, PayloadError> {
        Ok(match format {
            Format::Protobuf => potok_wire::decode_protobuf(body)?,
            Format::Json => potok_wire::decode_json(&body)?,
        })
    }

    fn from_caller(format: Format, body: Bytes, keep: Keep) -> Result<Self, PayloadError> {
        let bounds = crate::limits::bounds();
        Ok(match format {
            Format::Protobuf => potok_wire::decode_protobuf_within(body, bounds)?,
            Format::Json => potok_wire::decode_json_within(&body, bounds, keep)?,
        })
    }

    fn length(&self) -> usize {
        potok_wire::protobuf_length(self)
    }

    fn to_body(&self, format: Format) -> Bytes {
        Bytes::from(match format {
            Format::Protobuf => potok_wire::encode_protobuf(self),
            Format::Json => potok_wire::to_json(self),
        })
    }
}

/// No body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Empty;

impl Payload for Empty {
    const KIND: BodyKind = BodyKind::Empty;

    /// Bytes that nobody asked for are dropped: some clients send a body with every POST.
    fn from_body(_: Format, _: Bytes) -> Result<Self, PayloadError> {
        Ok(Self)
    }

    fn to_body(&self, _: Format) -> Bytes {
        Bytes::new()
    }

    fn no_content() -> Option<Self> {
        Some(Self)
    }
}

/// Bytes as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raw(pub Bytes);

impl Payload for Raw {
    const KIND: BodyKind = BodyKind::Raw;

    fn from_body(_: Format, body: Bytes) -> Result<Self, PayloadError> {
        Ok(Self(body))
    }

    fn to_body(&self, _: Format) -> Bytes {
        self.0.clone()
    }
}

impl<T: Into<Bytes>> From<T> for Raw {
    fn from(bytes: T) -> Self {
        Self(bytes.into())
    }
}

/// A structure, or nothing when the answer is 204: the feed is empty, the task still runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Maybe<M>(pub Option<M>);

impl<M: WireMessage + 'static> Payload for Maybe<M> {
    const KIND: BodyKind = M::KIND;

    fn from_body(format: Format, body: Bytes) -> Result<Self, PayloadError> {
        M::from_body(format, body).map(|message| Self(Some(message)))
    }

    fn length(&self) -> usize {
        self.0.as_ref().map_or(0, Payload::length)
    }

    fn to_body(&self, format: Format) -> Bytes {
        self.0.as_ref().map(|message| message.to_body(format)).unwrap_or_default()
    }

    fn no_content() -> Option<Self> {
        Some(Self(None))
    }
}

/// The kinds that are a piece of text.
macro_rules! texts {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name(pub String);

        impl Payload for $name {
            const KIND: BodyKind = BodyKind::$name;

            fn from_body(_: Format, body: Bytes) -> Result<Self, PayloadError> {
                String::from_utf8(body.into()).map(Self).map_err(|_| PayloadError::NotUtf8)
            }

            fn to_body(&self, _: Format) -> Bytes {
                Bytes::copy_from_slice(self.0.as_bytes())
            }
        }

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }
    )*};
}

texts! {
    /// UTF-8 text without quotes: a token, a name, a list of part numbers.
    Text;
    /// A urlencoded form, still encoded.
    Form;
    /// A JSON object of OpenID Connect, as text.
    Json;
    /// A page for people.
    Html;
}
