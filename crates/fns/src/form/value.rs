//! Values that are more than text.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Rule;

/// A value with its own form in documents.
pub(crate) trait Coded: Sized {
    /// What the format writes.
    fn to_text(&self) -> Cow<'_, str>;
    /// What the format means; `None` when it breaks [`Self::rule`].
    fn from_text(text: &str) -> Option<Self>;
    /// What may be written.
    fn rule() -> Rule;
    /// Whether a written form is allowed: types whose every value can be written keep the default.
    fn fits(_text: &str) -> bool {
        true
    }
}

/// Text without any rule.
impl Coded for String {
    fn to_text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
    fn rule() -> Rule {
        Rule::Told("любой текст", "any text")
    }
}

/// A signature: base64 without line breaks; breaks of other writers are skipped.
impl Coded for Vec<u8> {
    fn to_text(&self) -> Cow<'_, str> {
        STANDARD.encode(self).into()
    }
    fn from_text(text: &str) -> Option<Self> {
        let dense: String = text.split_ascii_whitespace().collect();
        STANDARD.decode(dense).ok().filter(|bytes| !bytes.is_empty())
    }
    fn rule() -> Rule {
        Rule::Told("подпись в base64", "a signature in base64")
    }
    fn fits(text: &str) -> bool {
        !text.is_empty()
    }
}

/// Gives an enum the codes that documents have for it.
macro_rules! codes {
    ($type:ty { $($variant:ident = $code:literal),+ $(,)? }) => {
        impl $crate::form::Coded for $type {
            fn to_text(&self) -> std::borrow::Cow<'_, str> {
                match self { $(Self::$variant => $code.into(),)+ }
            }
            fn from_text(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)+ _ => None }
            }
            fn rule() -> $crate::form::Rule {
                $crate::form::Rule::OneOf(&[$($code),+])
            }
        }
    };
}
pub(crate) use codes;
