//! Answers in few words, for people to read.

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
const PREFIXES: [&str; 6] = [
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

/// Puts names in the place of ids, and one word in the place of what has only one meaning.
pub(crate) struct Brief {
    /// By ids as the API writes them: entities and boxes.
    pub(crate) names: HashMap<String, String>,
}

impl Brief {
    /// The fields of an object by name, each item of a list by its own: what is false or empty is left out.
    pub(crate) fn fields(&self, object: &Value) -> BTreeMap<String, String> {
        let mut shown = BTreeMap::new();
        for (key, value) in object.as_object().expect("a structure") {
            if LEFT_OUT.contains(&key.as_str()) {
                continue;
            }
            let Value::Array(items) = value else {
                shown.extend(self.field(key, value).map(|text| (key.clone(), text)));
                continue;
            };
            for (number, item) in items.iter().enumerate() {
                let name = format!("{key}[{number}]");
                shown.insert(name.clone(), self.part(&name, item));
            }
        }
        shown
    }

    fn field(&self, key: &str, value: &Value) -> Option<String> {
        match value {
            Value::Null => None,
            Value::Bool(is) => is.then(|| key.to_owned()),
            // The flags of amendments are always there.
            Value::Number(number) if key == "AmendmentFlags" && number.as_i64() == Some(0) => None,
            Value::Number(number) => Some(format!("{key}={number}")),
            Value::String(text) if text.is_empty() || NOTHING.contains(&text.as_str()) => None,
            Value::String(text) => Some(format!("{key}={}", self.word(text))),
            Value::Array(_) => None,
            Value::Object(_) => {
                Some(self.part(key, value)).filter(|text| text != key || value.get("Ticks").is_some())
            }
        }
    }

    fn word(&self, text: &str) -> String {
        let named = self.names.get(text).map(String::as_str);
        let word = named
            .unwrap_or_else(|| PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text));
        if word.contains(' ') { format!("«{word}»") } else { word.to_owned() }
    }

    fn part(&self, key: &str, value: &Value) -> String {
        if !value.is_object() {
            return value.as_str().map_or_else(|| value.to_string(), |text| self.word(text));
        }
        let labelled = |text: String| if key.is_empty() { text } else { format!("{key}:{text}") };
        if value.get("Ticks").is_some() {
            return key.to_owned();
        }
        if let Some(name) = self.only_name(value) {
            return labelled(name);
        }
        let sign = match value.get("IsFinished").and_then(Value::as_bool) {
            Some(true) => "+",
            Some(false) => "-",
            None => "",
        };
        match self.fields(value).into_values().collect::<Vec<_>>().join(" ") {
            inside if inside.is_empty() => format!("{key}{sign}"),
            inside => format!("{key}{sign}({inside})"),
        }
    }

    /// What is known by its name alone: files, signatures, participants.
    fn only_name(&self, value: &Value) -> Option<String> {
        if let Some(box_id) = value.get("BoxId") {
            return Some(self.word(box_id.as_str().expect("an id")));
        }
        let id = ["/Attachment/Entity/EntityId", "/Attachment/EntityId", "/Entity/EntityId", "/Cms/EntityId"];
        let id = id.iter().find_map(|pointer| value.pointer(pointer)).or_else(|| {
            let is_plain = value.get("EntityId").is_some() && value.get("Content").is_some();
            value.get("EntityId").filter(|_| is_plain)
        })?;
        let is_attachment = value.get("Attachment").is_some_and(|found| found.get("Entity").is_some());
        let is_bad = [value.get("IsValid"), value.pointer("/Signature/IsValid")];
        let mut text = self.word(id.as_str().expect("an id"));
        if is_attachment && value.get("Signature").is_none() {
            text += "?";
        }
        if is_bad.contains(&Some(&Value::Bool(false))) {
            text += "!";
        }
        let rest = value.as_object().expect("a structure").iter().filter(|(key, _)| {
            !["Attachment", "Signature", "Entity", "Cms", "EntityId", "IsValid", "IsApprovementSignature"]
                .contains(&key.as_str())
                && !LEFT_OUT.contains(&key.as_str())
        });
        let rest: Vec<_> = rest.filter_map(|(key, value)| self.field(key, value)).collect();
        Some(if rest.is_empty() { text } else { format!("{text}({})", rest.join(" ")) })
    }
}
