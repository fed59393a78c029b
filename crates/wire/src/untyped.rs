//! Messages without their types: read and written by the tables alone. Slower than the generated code and a fraction of its size,
//! for who has to tell any message in the other format and cares for none of them.

use bytes::{Buf as _, Bytes};
use prost::encoding::{
    DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field,
};

use crate::codec::SHAPES;
use crate::error::{DecodeError, Fault, Reason};
use crate::json::{Object, Reader, Writer, without_trailing_commas};
use crate::presence;
use crate::shape::{Field, FieldKind, Form, MAX_DEPTH, Meaning, Shape};

/// A structure of the API by its name.
#[derive(Clone, Copy, Debug)]
pub struct Structure(&'static Shape);

impl Structure {
    /// The structure with this full name, as `Diadoc.Api.Proto.Events.BoxEvent`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let at = SHAPES.binary_search_by(|shape| shape.name.cmp(name)).ok()?;
        Some(Self(SHAPES[at]))
    }

    /// Protobuf as JSON text: what [`crate::decode_protobuf`] and [`crate::to_json`] make of it with the type.
    ///
    /// # Errors
    /// As [`crate::decode_protobuf`].
    pub fn json(self, protobuf: &Bytes) -> Result<Vec<u8>, DecodeError> {
        let read = || {
            presence::check(self.0, protobuf, None)?;
            let mut message = Untyped::new(self.0);
            message.merge(protobuf.clone(), 1)?;
            Ok(message)
        };
        let message = read().map_err(|fault: Fault| fault.of(self.0.short_name()))?;
        let mut out = Vec::with_capacity(protobuf.len() * 2);
        Writer::new(&mut out).document(&message);
        Ok(out)
    }

    /// JSON text as protobuf: what [`crate::decode_json`] and [`crate::encode_protobuf`] make of it with the type.
    ///
    /// # Errors
    /// As [`crate::decode_json`].
    pub fn protobuf(self, json: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let read = |text: &[u8]| {
            let mut message = Untyped::new(self.0);
            Reader::whole(text, None, Bytes::from, &mut message)
                .map_err(|fault| fault.of(self.0.short_name()))?;
            Ok(message)
        };
        let message = read(json).or_else(|error| match without_trailing_commas(json) {
            Some(mended) => read(&mended),
            None => Err(error),
        })?;
        let mut out = Vec::with_capacity(json.len());
        message.encode(&mut out);
        Ok(out)
    }
}

/// A message: for each field of its table the values that it has.
struct Untyped {
    shape: &'static Shape,
    slots: Vec<Vec<Value>>,
}

enum Value {
    /// A text or bytes.
    Bytes(Bytes),
    /// A number, a truth value, a value of an enum.
    Number(i64),
    Message(Untyped),
}

impl Untyped {
    fn new(shape: &'static Shape) -> Self {
        Self { shape, slots: shape.fields.iter().map(|_| Vec::new()).collect() }
    }

    /// Reads protobuf into the message. What is single is replaced by what comes later; messages grow together.
    fn merge(&mut self, mut bytes: Bytes, depth: u32) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::new(Reason::TooDeep));
        }
        while bytes.has_remaining() {
            let (number, wire_type) = decode_key(&mut bytes).map_err(malformed)?;
            match self.shape.field(number) {
                Some((index, field)) => {
                    self.take(index, field, wire_type, &mut bytes, depth)
                        .map_err(|fault| fault.in_field(field.name))?;
                }
                None => {
                    skip_field(wire_type, number, &mut bytes, DecodeContext::default()).map_err(malformed)?
                }
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        index: usize,
        field: &'static Field,
        wire_type: WireType,
        bytes: &mut Bytes,
        depth: u32,
    ) -> Result<(), Fault> {
        let slot = &mut self.slots[index];
        let is_number = !matches!(field.kind, FieldKind::Text | FieldKind::Bytes | FieldKind::Message);
        if wire_type == WireType::LengthDelimited {
            let mut part = delimited(bytes)?;
            match field.sub {
                Some(sub) => {
                    let known = if field.repeated { None } else { slot.pop() };
                    let mut message = match known {
                        Some(Value::Message(message)) => message,
                        _ => Self::new(sub),
                    };
                    message.merge(part, depth + 1)?;
                    slot.push(Value::Message(message));
                }
                None if is_number => {
                    while part.has_remaining() {
                        slot.push(number(field, &mut part)?);
                    }
                }
                None if field.kind == FieldKind::Text && std::str::from_utf8(&part).is_err() => {
                    return Err(Fault::malformed("the text is not UTF-8"));
                }
                None => put(slot, field, Value::Bytes(part)),
            }
            return Ok(());
        }
        let expected = match field.kind {
            FieldKind::Varint => WireType::Varint,
            FieldKind::Fixed32 => WireType::ThirtyTwoBit,
            FieldKind::Fixed64 => WireType::SixtyFourBit,
            FieldKind::Text | FieldKind::Bytes | FieldKind::Message => WireType::LengthDelimited,
        };
        if wire_type != expected {
            return Err(Fault::malformed("invalid protobuf wire type"));
        }
        let value = number(field, bytes)?;
        put(slot, field, value);
        Ok(())
    }

    /// Writes protobuf in the order of numbers. What is required is always there.
    fn encode(&self, out: &mut Vec<u8>) {
        for (number, at) in (0..).zip(self.shape.by_number) {
            let Some(index) = usize::from(*at).checked_sub(1) else { continue };
            let field = &self.shape.fields[index];
            for number in [number, field.twin].into_iter().filter(|number| *number != 0) {
                self.encode_field(field, &self.slots[index], number, out);
            }
        }
    }

    fn encode_field(&self, field: &'static Field, slot: &[Value], number: u32, out: &mut Vec<u8>) {
        if slot.is_empty() && field.bit != 0 {
            zero(field).encode(field, number, out);
        }
        for value in slot {
            value.encode(field, number, out);
        }
    }

    /// Whether nothing is said that would not be said of nothing.
    fn is_zero(&self) -> bool {
        self.shape.fields.iter().zip(&self.slots).all(|(field, slot)| match slot.as_slice() {
            [] => true,
            [value] if field.bit != 0 => match value {
                Value::Bytes(bytes) => bytes.is_empty(),
                Value::Number(number) => field.otherwise == Some(*number),
                Value::Message(message) => message.is_zero(),
            },
            _ => false,
        })
    }

    fn write(&self, field: &'static Field, name: &str, slot: &[Value], writer: &mut Writer<'_>) {
        let key = format!(",\"{name}\":");
        match slot {
            list if field.repeated => {
                writer.list(&key, list, |writer, value| value.write(field, writer));
            }
            [] => match field.otherwise {
                Some(number) => Value::Number(number).write_as(field, &key, writer),
                None if field.may_be_unknown => writer.null(&key),
                None if field.bit != 0 => zero(field).write_as(field, &key, writer),
                None => {}
            },
            [Value::Message(message), ..] if field.may_be_unknown && message.is_zero() => writer.null(&key),
            [value, ..] => value.write_as(field, &key, writer),
        }
    }
}

impl Object for Untyped {
    fn shape(&self) -> &'static Shape {
        self.shape
    }

    fn write_fields(&self, writer: &mut Writer<'_>) {
        let own = self.shape.fields.iter().enumerate().map(|(index, field)| (field.name, index, Form::Same));
        let copies = self.shape.copies.iter().map(|copy| (copy.name, copy.index, copy.form));
        let mut written: Vec<_> = own.chain(copies).collect();
        written.sort_by_key(|(name, ..)| *name);
        for (name, index, form) in written {
            let (field, slot) = (&self.shape.fields[index], self.slots[index].as_slice());
            match (form, slot) {
                (Form::Same, _) => self.write(field, name, slot, writer),
                (Form::Dashed, [Value::Bytes(text)]) => {
                    writer.dashed(&format!(",\"{name}\":"), &String::from_utf8_lossy(text));
                }
                (Form::Time, [Value::Number(ticks)]) => writer.time(&format!(",\"{name}\":"), *ticks),
                (Form::Dashed | Form::Time, _) => {}
            }
        }
    }

    fn read_field(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let field = &self.shape.fields[index];
        self.slots[index] = match field.repeated {
            true => reader.list(|reader| read(field, reader))?,
            false => vec![read(field, reader)?],
        };
        Ok(())
    }
}

impl Value {
    fn encode(&self, field: &'static Field, number: u32, out: &mut Vec<u8>) {
        match self {
            Self::Bytes(bytes) => {
                encode_key(number, WireType::LengthDelimited, out);
                encode_varint(bytes.len() as u64, out);
                out.extend_from_slice(bytes);
            }
            Self::Message(message) => {
                let mut inside = Vec::new();
                message.encode(&mut inside);
                encode_key(number, WireType::LengthDelimited, out);
                encode_varint(inside.len() as u64, out);
                out.append(&mut inside);
            }
            Self::Number(value) => match field.kind {
                FieldKind::Fixed32 => {
                    encode_key(number, WireType::ThirtyTwoBit, out);
                    out.extend_from_slice(&(*value as i32).to_le_bytes());
                }
                FieldKind::Fixed64 => {
                    encode_key(number, WireType::SixtyFourBit, out);
                    out.extend_from_slice(&value.to_le_bytes());
                }
                FieldKind::Varint | FieldKind::Text | FieldKind::Bytes | FieldKind::Message => {
                    encode_key(number, WireType::Varint, out);
                    encode_varint(value.cast_unsigned(), out);
                }
            },
        }
    }

    fn write_as(&self, field: &'static Field, key: &str, writer: &mut Writer<'_>) {
        writer.key(key);
        self.write(field, writer);
    }

    fn write(&self, field: &'static Field, writer: &mut Writer<'_>) {
        match (self, field.meaning) {
            (Self::Message(message), _) => writer.braces(message),
            (Self::Bytes(bytes), _) if field.kind == FieldKind::Bytes => writer.base64(bytes),
            (Self::Bytes(bytes), _) => writer.text(&String::from_utf8_lossy(bytes)),
            (Self::Number(number), Meaning::Number) => writer.number(*number),
            (Self::Number(number), Meaning::Truth) => writer.truth(*number != 0),
            (Self::Number(number), Meaning::Member(table)) => writer.member(*number as i32, table),
        }
    }
}

fn put(slot: &mut Vec<Value>, field: &Field, value: Value) {
    if !field.repeated {
        slot.clear();
    }
    slot.push(value);
}

/// What a required field is when it is not there.
fn zero(field: &'static Field) -> Value {
    match field.sub {
        Some(sub) => Value::Message(Untyped::new(sub)),
        None => field.otherwise.map_or(Value::Bytes(Bytes::new()), Value::Number),
    }
}

fn read(field: &'static Field, reader: &mut Reader<'_>) -> Result<Value, Fault> {
    Ok(match (field.kind, field.meaning) {
        (FieldKind::Text, _) => Value::Bytes(reader.string()?.into()),
        (FieldKind::Bytes, _) => Value::Bytes(reader.byte_string()?),
        (FieldKind::Message, _) => {
            let mut message = Untyped::new(field.sub.expect("a message has a table"));
            reader.fill(&mut message)?;
            Value::Message(message)
        }
        (_, Meaning::Truth) => Value::Number(reader.boolean()?.into()),
        (_, Meaning::Member(table)) => Value::Number(reader.enumeration(table)?.into()),
        (FieldKind::Fixed64, Meaning::Number) => Value::Number(reader.int64()?),
        (FieldKind::Varint | FieldKind::Fixed32, Meaning::Number) => Value::Number(reader.int32()?.into()),
    })
}

/// One number of a field, as `prost` reads it: a truth value of any size, 32 bits of everything else.
fn number(field: &Field, bytes: &mut Bytes) -> Result<Value, Fault> {
    Ok(Value::Number(match field.kind {
        FieldKind::Fixed32 => bytes.try_get_i32_le().map_err(|_| cut_off())?.into(),
        FieldKind::Fixed64 => bytes.try_get_i64_le().map_err(|_| cut_off())?,
        FieldKind::Varint | FieldKind::Text | FieldKind::Bytes | FieldKind::Message => {
            let value = decode_varint(bytes).map_err(malformed)?;
            match field.meaning {
                Meaning::Truth => i64::from(value != 0),
                Meaning::Number | Meaning::Member(_) => i64::from(value as i32),
            }
        }
    }))
}

fn delimited(bytes: &mut Bytes) -> Result<Bytes, Fault> {
    let length = decode_varint(bytes).map_err(malformed)?;
    match usize::try_from(length) {
        Ok(length) if length <= bytes.len() => Ok(bytes.split_to(length)),
        _ => Err(cut_off()),
    }
}

fn malformed(error: prost::DecodeError) -> Fault {
    Fault::malformed(error.to_string())
}

fn cut_off() -> Fault {
    Fault::malformed("the protobuf message is cut off")
}
