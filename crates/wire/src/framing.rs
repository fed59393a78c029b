//! Pages of the event feed out of ready bytes. Each `BoxEvent` is encoded once, when it is appended to the journal, and
//! without its `IndexKey`, which the store gives later. A page frames these bytes and decodes nothing.

use prost::Message as _;
use prost::encoding::{decode_varint, encode_varint, encoded_len_varint};

use crate::error::{DecodeError, Fault};
use crate::message::{WireMessage as _, to_json};
use crate::proto::TotalCountType;
use crate::proto::events::{BoxEvent, BoxEventList};

/// Key of `BoxEvent.IndexKey`: field 4, length-delimited.
const INDEX_KEY: u8 = 4 << 3 | 2;
/// Key of `BoxEvent.Message`: field 2, length-delimited.
const MESSAGE: u64 = 2 << 3 | 2;
/// Key of `BoxEvent.Patch`: field 3, length-delimited.
const PATCH: u64 = 3 << 3 | 2;
/// Key of `Message.Entities`: field 8, length-delimited.
const MESSAGE_ENTITIES: u64 = 8 << 3 | 2;
/// Key of `MessagePatch.Entities`: field 3, length-delimited.
const PATCH_ENTITIES: u64 = 3 << 3 | 2;
/// Key of `Entity.AttachmentType`: field 5, varint.
const ATTACHMENT_TYPE: u64 = 5 << 3;
/// Key of `BoxEventList.Events`: field 1, length-delimited.
const EVENTS: u8 = 1 << 3 | 2;
/// Key of `BoxEventList.TotalCount`: field 2, varint.
const TOTAL_COUNT: u8 = 2 << 3;
/// Key of `BoxEventList.TotalCountType`: field 3, varint.
const TOTAL_COUNT_TYPE: u8 = 3 << 3;

/// An event as the feed stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadyEvent<'a> {
    /// A `BoxEvent` in protobuf, without `IndexKey`.
    pub body: &'a [u8],
    /// The text of its `IndexKey`. Empty when `body` already holds the key; then nothing is added.
    pub index_key: &'a str,
}

impl<'a> ReadyEvent<'a> {
    /// Length of the whole `BoxEvent` in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.body.len() + self.key_len()
    }

    /// Whether there is nothing at all, which is no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the whole `BoxEvent` in protobuf.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.body);
        append_index_key(out, self.index_key);
    }

    /// The event as a struct, for answers in JSON.
    ///
    /// # Errors
    /// When the body is not a `BoxEvent`.
    pub fn decode(&self) -> Result<BoxEvent, DecodeError> {
        let mut event = BoxEvent::decode(self.body)
            .map_err(|error| Fault::malformed(error.to_string()).of(BoxEvent::SHAPE.short_name()))?;
        if !self.index_key.is_empty() {
            event.index_key = Some(self.index_key.to_owned());
        }
        Ok(event)
    }

    /// `BoxEvent.Message` as it stands there, without decoding it.
    #[must_use]
    pub fn message(&self) -> Option<&'a [u8]> {
        self.part(MESSAGE)
    }

    /// `BoxEvent.Patch` as it stands there, without decoding it.
    #[must_use]
    pub fn patch(&self) -> Option<&'a [u8]> {
        self.part(PATCH)
    }

    fn part(&self, wanted: u64) -> Option<&'a [u8]> {
        fields(self.body).find_map(|(key, field)| (key == wanted).then(|| field.bytes()))
    }

    /// Whether an entity of the event has the `AttachmentType` of this number. Steps over everything else by its length
    /// and decodes nothing, so that a page can be asked before it is framed.
    #[must_use]
    pub fn has_attachment_type(&self, number: i32) -> bool {
        let number = i64::from(number).cast_unsigned();
        fields(self.body).any(|(key, event)| match key {
            MESSAGE => fields(event.bytes()).any(|field| is_entity_of(field, MESSAGE_ENTITIES, number)),
            PATCH => fields(event.bytes()).any(|field| is_entity_of(field, PATCH_ENTITIES, number)),
            _ => false,
        })
    }

    fn key_len(&self) -> usize {
        match self.index_key.len() {
            0 => 0,
            length => 1 + encoded_len_varint(length as u64) + length,
        }
    }
}

/// Whether a field of a message is an entity with this `AttachmentType`.
fn is_entity_of((key, field): (u64, Field<'_>), entities: u64, number: u64) -> bool {
    key == entities
        && fields(field.bytes()).any(|(key, value)| {
            key == ATTACHMENT_TYPE && matches!(value, Field::Number(found) if found == number)
        })
}

/// What a field holds, as far as it says without its descriptor.
#[derive(Clone, Copy)]
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

impl<'a> Field<'a> {
    /// Nothing when it is a number.
    const fn bytes(self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Number(_) | Self::Fixed => &[],
        }
    }
}

/// Keys and fields of a message, up to the first thing that is no field.
fn fields(mut rest: &[u8]) -> impl Iterator<Item = (u64, Field<'_>)> {
    std::iter::from_fn(move || {
        let key = decode_varint(&mut rest).ok()?;
        let field = match key & 7 {
            0 => Field::Number(decode_varint(&mut rest).ok()?),
            1 => take(&mut rest, 8).map(|_| Field::Fixed)?,
            2 => {
                let length = decode_varint(&mut rest).ok()?;
                Field::Bytes(take(&mut rest, usize::try_from(length).ok()?)?)
            }
            5 => take(&mut rest, 4).map(|_| Field::Fixed)?,
            _ => return None,
        };
        Some((key, field))
    })
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

/// Appends `IndexKey` to a `BoxEvent` in protobuf; an empty text appends nothing. Protobuf lets the field stand last.
pub fn append_index_key(event: &mut Vec<u8>, index_key: &str) {
    if index_key.is_empty() {
        return;
    }
    event.push(INDEX_KEY);
    encode_varint(index_key.len() as u64, event);
    event.extend_from_slice(index_key.as_bytes());
}

/// A `BoxEventList` in protobuf. Reserves once and copies each event once.
#[must_use]
pub fn box_event_list(
    events: &[ReadyEvent<'_>],
    total_count: Option<i32>,
    total_count_type: TotalCountType,
) -> Vec<u8> {
    let framed = |event: &ReadyEvent<'_>| 1 + encoded_len_varint(event.len() as u64) + event.len();
    let totals = 2 * (1 + 10);
    let mut out = Vec::with_capacity(events.iter().map(framed).sum::<usize>() + totals);
    for event in events {
        out.push(EVENTS);
        encode_varint(event.len() as u64, &mut out);
        event.write(&mut out);
    }
    if let Some(count) = total_count {
        out.push(TOTAL_COUNT);
        encode_varint(i64::from(count).cast_unsigned(), &mut out);
    }
    out.push(TOTAL_COUNT_TYPE);
    encode_varint(i64::from(i32::from(total_count_type)).cast_unsigned(), &mut out);
    out
}

/// A `BoxEventList` in JSON.
///
/// # Errors
/// When a body is not a `BoxEvent`.
pub fn box_event_list_json(
    events: &[ReadyEvent<'_>],
    total_count: Option<i32>,
    total_count_type: TotalCountType,
) -> Result<Vec<u8>, DecodeError> {
    let list = BoxEventList {
        events: events.iter().map(ReadyEvent::decode).collect::<Result<_, _>>()?,
        total_count,
        total_count_type: total_count_type.into(),
    };
    Ok(to_json(&list))
}
