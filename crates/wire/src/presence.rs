//! The check that protobuf bytes hold every required field and no more of any than they may. The decoder of `prost` does
//! neither: it takes zero bytes for any message. One pass over the bytes with the generated tables, before anything is
//! allocated for the message.

use crate::bounds::{Bound, Bounds};
use crate::error::{Fault, Reason};
use crate::shape::{Field, FieldKind, MAX_DEPTH, Shape};

/// In so many parts a single sub-message of a stranger may come. Nobody writes more than one, though the format allows it.
const MAX_PARTS: u32 = 1000;

/// Refuses bytes in which a required field is missing at any depth, which are not protobuf, or which hold more of a field
/// than `bounds` allow.
pub(crate) fn check(
    shape: &'static Shape,
    bytes: &[u8],
    bounds: Option<&'static Bounds>,
) -> Result<(), Fault> {
    if bounds.is_none() && !shape.strict {
        return Ok(());
    }
    Walk::new(bounds).message(shape, bytes, 1)
}

/// A walk through one buffer.
struct Walk<'a> {
    bounds: Option<&'static Bounds>,
    /// Single sub-messages still to be walked, innermost message last. Kept because protobuf merges a single
    /// sub-message that comes in several parts: only all parts together must be complete.
    parts: Vec<(usize, &'a [u8])>,
    /// How many values of each field have come, for the messages that are open; innermost message last.
    counts: Vec<u32>,
}

impl<'a> Walk<'a> {
    const fn new(bounds: Option<&'static Bounds>) -> Self {
        Self { bounds, parts: Vec::new(), counts: Vec::new() }
    }

    fn message(&mut self, shape: &'static Shape, bytes: &'a [u8], depth: u32) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::new(Reason::TooDeep));
        }
        let (own, counted) = (self.parts.len(), self.counts.len());
        self.counts.resize(counted + shape.fields.len(), 0);
        let mut seen = 0;
        let mut input = Input { rest: bytes };
        while let Some((number, value)) = input.field()? {
            let Some((index, field)) = shape.field(number) else { continue };
            seen |= field.bit;
            let count = &mut self.counts[counted + index];
            *count = count.saturating_add(elements(field, &value));
            let count = *count;
            if let Some(bounds) = self.bounds {
                check_bound(bounds.of(shape, index), field, count, &value)
                    .map_err(|fault| fault.in_field(field.name))?;
            }
            let Some(sub) = field.sub.filter(|sub| sub.strict || self.bounds.is_some()) else { continue };
            let Value::Bytes(part) = value else { return Err(wrong_wire_type().in_field(field.name)) };
            if field.repeated {
                self.message(sub, part, depth + 1)
                    .map_err(|fault| fault.at_index(count as usize - 1).in_field(field.name))?;
            } else if count > MAX_PARTS && self.bounds.is_some() {
                return Err(Fault::malformed("the message comes in too many parts").in_field(field.name));
            } else {
                self.parts.push((index, part));
            }
        }
        if let Some(field) = shape.missing(seen) {
            return Err(Fault::new(Reason::Missing).in_field(field.name));
        }
        self.single_parts(shape, own, depth)?;
        self.parts.truncate(own);
        self.counts.truncate(counted);
        Ok(())
    }

    /// Walks the single sub-messages found since `own`.
    fn single_parts(&mut self, shape: &'static Shape, own: usize, depth: u32) -> Result<(), Fault> {
        let end = self.parts.len();
        self.parts[own..].sort_by_key(|part| part.0);
        let mut at = own;
        while at < end {
            let (index, first) = self.parts[at];
            let same = self.parts[at..end].iter().take_while(|part| part.0 == index).count();
            let field = &shape.fields[index];
            let sub = field.sub.expect("only sub-messages are kept");
            let walked = if same == 1 {
                self.message(sub, first, depth + 1)
            } else {
                let whole: Vec<u8> =
                    self.parts[at..at + same].iter().flat_map(|part| part.1).copied().collect();
                Walk::new(self.bounds).message(sub, &whole, depth + 1)
            };
            walked.map_err(|fault| fault.in_field(field.name))?;
            at += same;
        }
        Ok(())
    }
}

/// How many elements one value adds to a list: numbers may come packed.
fn elements(field: &Field, value: &Value<'_>) -> u32 {
    let Value::Bytes(packed) = value else { return 1 };
    let count = match field.kind {
        FieldKind::Text | FieldKind::Bytes | FieldKind::Message => 1,
        FieldKind::Varint => packed.iter().filter(|byte| **byte < 0x80).count(),
        FieldKind::Fixed32 => packed.len() / 4,
        FieldKind::Fixed64 => packed.len() / 8,
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn check_bound(bound: Bound, field: &Field, count: u32, value: &Value<'_>) -> Result<(), Fault> {
    if field.repeated {
        bound.check_count(count as usize)?;
    }
    let checked = match (field.kind, value) {
        (FieldKind::Text, Value::Bytes(text)) => bound.check_text(text),
        (FieldKind::Bytes, Value::Bytes(bytes)) => bound.check_bytes(bytes.len()),
        _ => Ok(()),
    };
    if field.repeated { checked.map_err(|fault| fault.at_index(count as usize - 1)) } else { checked }
}

enum Value<'a> {
    Bytes(&'a [u8]),
    Other,
}

/// Protobuf fields, one after the other.
struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    fn field(&mut self) -> Result<Option<(u32, Value<'a>)>, Fault> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (number, wire_type) = self.key()?;
        Ok(Some((number, self.value(number, wire_type)?)))
    }

    fn key(&mut self) -> Result<(u32, u8), Fault> {
        let key =
            u32::try_from(self.varint()?).map_err(|_| Fault::malformed("invalid protobuf field number"))?;
        match key >> 3 {
            0 => Err(Fault::malformed("invalid protobuf field number 0")),
            number => Ok((number, (key & 7) as u8)),
        }
    }

    fn value(&mut self, number: u32, wire_type: u8) -> Result<Value<'a>, Fault> {
        match wire_type {
            0 => self.varint().map(|_| Value::Other),
            1 => self.take(8).map(|_| Value::Other),
            5 => self.take(4).map(|_| Value::Other),
            2 => {
                let length = self.varint()?;
                self.take(length).map(Value::Bytes)
            }
            3 => self.group(number).map(|()| Value::Other),
            _ => Err(wrong_wire_type()),
        }
    }

    /// Skips a group, an old form of sub-message that the API does not use. Depth is counted, not stacked.
    fn group(&mut self, number: u32) -> Result<(), Fault> {
        let mut open = vec![number];
        while let Some(&innermost) = open.last() {
            if open.len() > MAX_DEPTH as usize {
                return Err(Fault::new(Reason::TooDeep));
            }
            match self.key()? {
                (number, 3) => open.push(number),
                (number, 4) if number == innermost => {
                    open.pop();
                }
                (_, 4) => return Err(Fault::malformed("unexpected end of a protobuf group")),
                (number, wire_type) => {
                    self.value(number, wire_type)?;
                }
            }
        }
        Ok(())
    }

    fn varint(&mut self) -> Result<u64, Fault> {
        let mut value = 0;
        for at in 0..10 {
            let Some((&byte, rest)) = self.rest.split_first() else { return Err(truncated()) };
            self.rest = rest;
            value |= u64::from(byte & 0x7F) << (7 * at);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Fault::malformed("invalid protobuf varint"))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Fault> {
        let length = usize::try_from(length).map_err(|_| truncated())?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(truncated)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cold]
fn truncated() -> Fault {
    Fault::malformed("the protobuf message is cut off")
}

#[cold]
fn wrong_wire_type() -> Fault {
    Fault::malformed("invalid protobuf wire type")
}
