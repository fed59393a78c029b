//! Tables about messages and enums, generated at build: what both decoders need to know of a field.

/// How many messages may lie inside each other, the outermost included, in both formats. Only two messages of the API
/// can contain themselves at all, and real answers stay below ten; the bound keeps a hostile body from eating the stack.
pub(crate) const MAX_DEPTH: u32 = 64;

/// What the decoders know of a message.
#[derive(Debug)]
pub struct Shape {
    /// Full name: `Diadoc.Api.Proto.Events.BoxEvent`.
    pub name: &'static str,
    /// Its place among all messages, ordered by full name.
    pub place: usize,
    /// Fields in JSON order, which is alphabetical.
    pub fields: &'static [Field],
    /// Field number to one more than the index in `fields`; zero where there is no field.
    pub by_number: &'static [u8],
    /// The bits of all required fields that have no zero to fall back to: texts, bytes, messages.
    pub demanded: u64,
    /// Whether this message or any below it has a demanded field.
    pub strict: bool,
    /// Further property names accepted in JSON.
    pub aliases: &'static [Alias],
    /// Fields that JSON prints once more.
    pub copies: &'static [Twice],
}

/// What the decoders know of a field.
#[derive(Debug)]
pub struct Field {
    /// Name in JSON; the name in the proto file except for a few.
    pub name: &'static str,
    /// Number in protobuf.
    pub number: u32,
    /// This field's own bit if it is required, otherwise zero.
    pub bit: u64,
    /// Whether the field is a list.
    pub repeated: bool,
    /// How a value looks in protobuf.
    pub kind: FieldKind,
    /// The message inside, if it is one.
    pub sub: Option<&'static Shape>,
    /// Though it is required, JSON may have `null` for it, which is its zero.
    pub may_be_unknown: bool,
    /// What its number means.
    pub meaning: Meaning,
    /// What is printed of a number that is not there; nothing where this is `None`.
    pub otherwise: Option<i64>,
    /// The number in protobuf of the field that always has the same value and is not in JSON, or zero.
    pub twin: u32,
}

/// What the number of a field means.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// Itself; also of a field that is no number.
    Number,
    /// A truth value.
    Truth,
    /// A value of an enum.
    Member(&'static Enum),
}

/// A field that JSON prints once more.
#[derive(Debug)]
pub struct Twice {
    /// The name of the copy.
    pub name: &'static str,
    /// The field.
    pub index: usize,
    /// How the copy looks.
    pub form: Form,
}

/// How a copy looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Same,
    /// The id of a box, with dashes.
    Dashed,
    /// Ticks as a time in ISO 8601.
    Time,
}

/// How one value of a field looks in protobuf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// UTF-8 with its length.
    Text,
    /// Bytes with their length.
    Bytes,
    /// A message with its length.
    Message,
    /// A number of one to ten bytes.
    Varint,
    /// Four bytes.
    Fixed32,
    /// Eight bytes.
    Fixed64,
}

/// A property that JSON input may use for a field, besides the field's own name.
#[derive(Debug)]
pub struct Alias {
    /// The property.
    pub name: &'static str,
    /// The field it fills.
    pub index: usize,
    /// The value is an ISO 8601 time for a field of ticks, and gives way to the field itself.
    pub time: bool,
}

/// What the JSON codec knows of an enum.
#[derive(Debug)]
pub struct Enum {
    /// Numbers and JSON names, by number.
    pub values: &'static [(i32, &'static str)],
    /// Further names accepted in JSON.
    pub aliases: &'static [(&'static str, i32)],
}

impl Shape {
    /// Name without the package: `BoxEvent`.
    #[must_use]
    pub fn short_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    /// The field with this protobuf number, with its index.
    pub(crate) fn field(&self, number: u32) -> Option<(usize, &'static Field)> {
        let index = usize::from(*self.by_number.get(number as usize)?).checked_sub(1)?;
        Some((index, &self.fields[index]))
    }

    /// The index of the field called `name` in any case; the search starts at `hint`, because writers keep an order.
    pub(crate) fn named(&self, name: &str, hint: usize) -> Option<usize> {
        let same = |field: &Field| field.name.eq_ignore_ascii_case(name);
        let hint = hint.min(self.fields.len());
        let (before, after) = self.fields.split_at(hint);
        after.iter().position(same).map(|at| hint + at).or_else(|| before.iter().position(same))
    }

    /// The first demanded field whose bit is not in `seen`.
    pub(crate) fn missing(&self, seen: u64) -> Option<&'static Field> {
        let missing = self.demanded & !seen;
        (missing != 0).then(|| self.fields.iter().find(|field| field.bit & missing != 0)).flatten()
    }
}

impl Enum {
    /// The JSON name of a number.
    pub(crate) fn name_of(&self, number: i32) -> Option<&'static str> {
        // Nearly all enums count from their first value without gaps.
        let guess = number.wrapping_sub(self.values.first()?.0) as usize;
        match self.values.get(guess) {
            Some(&(known, name)) if known == number => Some(name),
            _ => {
                let at = self.values.binary_search_by_key(&number, |value| value.0).ok()?;
                Some(self.values[at].1)
            }
        }
    }

    /// The number of a name in any case.
    pub(crate) fn number_of(&self, name: &str) -> Option<i32> {
        let value = self.values.iter().find(|value| value.1.eq_ignore_ascii_case(name)).map(|value| value.0);
        value.or_else(|| {
            self.aliases.iter().find(|alias| alias.0.eq_ignore_ascii_case(name)).map(|alias| alias.1)
        })
    }
}
