//! Identifiers. Parsing happens once, at the rim; inside, a box id cannot be passed for a message id.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The text is not an identifier of the expected kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a valid {kind}: a GUID is expected, with or without dashes")]
pub struct InvalidId {
    /// What was read, cut to 64 characters so that a log line stays short.
    pub text: String,
    /// The kind of id that was expected, in words.
    pub kind: &'static str,
}

/// Reads a GUID in any of the accepted forms: dashed or plain, any case, braces around it or not.
pub fn parse_guid(text: &str) -> Option<Uuid> {
    let text = text.trim();
    let text = text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(text);
    match text.len() {
        32 | 36 => Uuid::try_parse(text).ok(),
        _ => None,
    }
}

fn invalid(text: &str, kind: &'static str) -> InvalidId {
    InvalidId { text: text.chars().take(64).collect(), kind }
}

macro_rules! guid_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The all-zero id.
            pub const ZERO: Self = Self(Uuid::nil());

            /// Wraps a value that is known to name one of these.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// What [`Self::as_bytes`] gave; `None` when it is not 16 bytes.
            pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }

            /// The bare value.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// The 16 bytes under which stores keep it.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

macro_rules! plain_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        guid_id!($(#[$doc])* $name, $kind);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.as_hyphenated(), f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_guid(text).map(Self).ok_or_else(|| invalid(text, $kind))
            }
        }
    };
}

guid_id!(
    /// The store of messages of one organization. Shown as `<32 hex>@diadoc.ru`; also read without the suffix and
    /// as a dashed GUID. The all-zero box is the operator's own.
    BoxId, "box id"
);
plain_id!(
    /// A whole exchange chain; the same value in the sender's and in every recipient's box.
    MessageId, "message id"
);
plain_id!(
    /// One thing inside a message: a document, a signature, a service record.
    EntityId, "entity id"
);
plain_id!(
    /// One change of one box. Equals the message id for the first event of a message, else the patch id.
    EventId, "event id"
);
plain_id!(
    /// A person or a service account.
    UserId, "user id"
);
plain_id!(
    /// An ordered list of people who approve or sign, kept by an organization.
    RouteId, "route id"
);
plain_id!(
    /// A folder of an organization's tree. The all-zero department is the head.
    DepartmentId, "department id"
);
plain_id!(
    /// A set of linked documents, per box.
    PacketId, "packet id"
);
plain_id!(
    /// A group of counteragents, kept by an organization. The all-zero group is the default one.
    GroupId, "counteragent group id"
);
plain_id!(
    /// Work that a call has begun and whose result is asked for later.
    TaskId, "task id"
);
plain_id!(
    /// The registration number of a power of attorney: one in the whole country.
    PowerId, "registration number of a power of attorney"
);
plain_id!(
    /// An organization; exactly one box belongs to it.
    OrgId, "organization id"
);

const BOX_SUFFIX: &str = "@diadoc.ru";

impl BoxId {
    /// The dashed form, as `Box.BoxIdGuid` shows it.
    pub fn guid(self) -> String {
        self.0.as_hyphenated().to_string()
    }
}

impl fmt::Display for BoxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{BOX_SUFFIX}", self.0.as_simple())
    }
}

impl FromStr for BoxId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let bare = text.trim();
        let cut = bare.len().saturating_sub(BOX_SUFFIX.len());
        let bare = match (bare.get(..cut), bare.get(cut..)) {
            (Some(head), Some(tail)) if tail.eq_ignore_ascii_case(BOX_SUFFIX) => head,
            _ => bare,
        };
        parse_guid(bare).map(Self).ok_or_else(|| invalid(text, "box id"))
    }
}

impl MessageId {
    /// The id of the event with which this message appears in a box.
    pub const fn first_event(self) -> EventId {
        EventId(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "1f208d032a604f6491b1b7aad54cfaf3";

    #[test]
    fn a_box_id_is_read_in_every_form_and_shown_in_the_long_one() {
        for text in [
            PLAIN.to_owned(),
            PLAIN.to_uppercase(),
            format!("{PLAIN}@diadoc.ru"),
            format!("{}@Diadoc.RU", PLAIN.to_uppercase()),
            "1f208d03-2a60-4f64-91b1-b7aad54cfaf3".to_owned(),
            "{1f208d03-2a60-4f64-91b1-b7aad54cfaf3}".to_owned(),
        ] {
            let id: BoxId = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(id.to_string(), format!("{PLAIN}@diadoc.ru"));
            assert_eq!(id.guid(), "1f208d03-2a60-4f64-91b1-b7aad54cfaf3");
        }
    }

    #[test]
    fn what_is_not_a_guid_is_refused() {
        for text in ["", "1", "zz208d032a604f6491b1b7aad54cfaf3", "1f208d032a604f6491b1b7aad54cfaf3@other.ru"]
        {
            assert!(text.parse::<BoxId>().is_err(), "{text}");
            assert!(text.parse::<MessageId>().is_err(), "{text}");
        }
    }
}
