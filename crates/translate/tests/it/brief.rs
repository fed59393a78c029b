//! Answers in few words, and what changes in them, for people to read.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

/// What is said elsewhere, or has a test of its own.
const LEFT_OUT: [&str; 17] = [
    "IsFinished",
    "DocflowStatus",
    "DepartmentId",
    "PacketId",
    "Content",
    "CreationTimestamp",
    "AttachmentFilename",
    "DisplayFilename",
    "ContentTypeId",
    "SignerBoxId",
    "SignerDepartmentId",
    "AuthorUserId",
    "SignatureTypeInfo",
    "PowerOfAttorneyAttachmentStatus",
    "TitleIndex",
    "UserId",
    "UniversalMessageCreator",
];

/// Words with which enumerations begin that say what they are of.
const PREFIXES: [&str; 8] = [
    "RecipientResponseStatus",
    "ReceiptStatus",
    "TitleAuthorStatus",
    "TitleParticipantResponseStatus",
    "DeliveryStatus",
    "WellKnownTitleOperationResult",
    "DocflowNamedId",
    "SignatureSource",
];

/// Words of enumerations that say that there is nothing to say.
const NOTHING: [&str; 4] = [
    "GeneralReceiptStatusNotAcceptable",
    "ReceiptStatusNone",
    "RevocationStatusNone",
    "ProxySignatureStatusNone",
];

/// What is told of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It holds, or it is a time.
    Yes,
    /// A word.
    Word(String),
    /// What is below; the name of a file or participant, and `IsFinished`, as far as it has them.
    Part { name: String, is_finished: Option<bool>, fields: Fields },
    /// It was there before.
    Gone,
}

/// What is told of an object, by field. Each item of a list is a field of its own.
pub(crate) type Fields = BTreeMap<String, Told>;

/// Puts names in the place of ids, and one word in the place of what has only one meaning.
pub(crate) struct Brief {
    /// By ids as the API writes them: entities and boxes.
    pub(crate) names: HashMap<String, String>,
}

impl Brief {
    /// What the object tells: what is false or empty is left out.
    pub(crate) fn fields(&self, object: &Value) -> Fields {
        let mut fields = Fields::new();
        let told = object.as_object().expect("a structure").iter();
        for (key, value) in told.filter(|(key, _)| !LEFT_OUT.contains(&key.as_str())) {
            match value {
                Value::Array(items) => fields.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(number, item)| (format!("{key}[{number}]"), self.part(item))),
                ),
                value => fields.extend(self.field(key, value).map(|told| (key.clone(), told))),
            }
        }
        fields
    }

    fn field(&self, key: &str, value: &Value) -> Option<Told> {
        match value {
            Value::Null | Value::Array(_) => None,
            Value::Bool(is) => is.then_some(Told::Yes),
            // The flags of amendments are always there.
            Value::Number(number) if key == "AmendmentFlags" && number.as_i64() == Some(0) => None,
            Value::Number(number) => Some(Told::Word(number.to_string())),
            Value::String(text) if text.is_empty() || NOTHING.contains(&text.as_str()) => None,
            Value::String(text) => Some(Told::Word(self.word(text))),
            Value::Object(_) => Some(self.part(value)).filter(|told| !told.is_silent()),
        }
    }

    fn word(&self, text: &str) -> String {
        let named = self.names.get(text).map(String::as_str);
        let plain = || PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
        let word = named.unwrap_or_else(plain);
        if word.contains(' ') { format!("«{word}»") } else { word.to_owned() }
    }

    fn part(&self, value: &Value) -> Told {
        if !value.is_object() {
            return Told::Word(value.as_str().map_or_else(|| value.to_string(), |text| self.word(text)));
        }
        if value.get("Ticks").is_some() {
            return Told::Yes;
        }
        if let Some((name, fields)) = self.named(value) {
            return Told::Part { name, is_finished: None, fields };
        }
        let is_finished = value.get("IsFinished").and_then(Value::as_bool);
        Told::Part { name: String::new(), is_finished, fields: self.fields(value) }
    }

    /// What is known by its name, and what else it tells: files, signatures, participants.
    fn named(&self, value: &Value) -> Option<(String, Fields)> {
        if let Some(box_id) = value.get("BoxId") {
            return Some((self.word(box_id.as_str().expect("an id")), Fields::new()));
        }
        let id = ["/Attachment/Entity/EntityId", "/Attachment/EntityId", "/Entity/EntityId", "/Cms/EntityId"];
        let id = id.iter().find_map(|pointer| value.pointer(pointer)).or_else(|| {
            let is_plain = value.get("EntityId").is_some() && value.get("Content").is_some();
            value.get("EntityId").filter(|_| is_plain)
        })?;
        let is_attachment = value.get("Attachment").is_some_and(|found| found.get("Entity").is_some());
        let is_valid = [value.get("IsValid"), value.pointer("/Signature/IsValid")];
        let mut name = self.word(id.as_str().expect("an id"));
        if is_attachment && value.get("Signature").is_none() {
            name += "?";
        }
        if is_valid.contains(&Some(&Value::Bool(false))) {
            name += "!";
        }
        let rest = value.as_object().expect("a structure").iter().filter(|(key, _)| {
            !["Attachment", "Signature", "Entity", "Cms", "EntityId", "IsValid", "IsApprovementSignature"]
                .contains(&key.as_str())
                && !LEFT_OUT.contains(&key.as_str())
        });
        let rest = rest.filter_map(|(key, value)| Some((key.clone(), self.field(key, value)?)));
        Some((name, rest.collect()))
    }
}

impl Told {
    /// There is nothing to say.
    fn is_silent(&self) -> bool {
        matches!(self, Self::Part { name, is_finished: None, fields } if name.is_empty() && fields.is_empty())
    }

    fn text(&self, key: &str) -> String {
        match self {
            Self::Yes => key.to_owned(),
            Self::Gone => format!("no {key}"),
            Self::Word(word) => format!("{key}={word}"),
            Self::Part { name, is_finished, fields } => {
                let sign = is_finished.map_or("", |is_finished| if is_finished { "+" } else { "-" });
                let name = if name.is_empty() { String::new() } else { format!(":{name}") };
                let inside =
                    if fields.is_empty() { String::new() } else { format!("({})", text(fields, " ")) };
                format!("{key}{sign}{name}{inside}")
            }
        }
    }
}

/// The fields in one line.
pub(crate) fn text(fields: &Fields, between: &str) -> String {
    fields.iter().map(|(key, told)| told.text(key)).collect::<Vec<_>>().join(between)
}

/// What `new` tells otherwise than `old`.
pub(crate) fn changes(old: &Fields, new: &Fields) -> Fields {
    let gone = old.keys().filter(|key| !new.contains_key(*key)).map(|key| (key.clone(), Told::Gone));
    rest(old, new, changes).chain(gone).collect()
}

/// What `fields` tell beyond what `known` tells.
pub(crate) fn beyond(known: &Fields, fields: &Fields) -> Fields {
    rest(known, fields, beyond).collect()
}

fn rest<'a>(
    known: &'a Fields,
    fields: &'a Fields,
    below: fn(&Fields, &Fields) -> Fields,
) -> impl Iterator<Item = (String, Told)> + 'a {
    let rest = move |known: Option<&Told>, told: &Told| match (known, told) {
        (
            Some(Told::Part { name: known_name, is_finished: was_finished, fields: known }),
            Told::Part { name, is_finished, fields },
        ) if known_name == name => {
            let is_finished = is_finished.filter(|_| was_finished != is_finished);
            let fields = below(known, fields);
            let is_news = is_finished.is_some() || !fields.is_empty();
            is_news.then(|| Told::Part { name: name.clone(), is_finished, fields })
        }
        (known, told) => (known != Some(told)).then(|| told.clone()),
    };
    fields.iter().filter_map(move |(key, told)| Some((key.clone(), rest(known.get(key), told)?)))
}
