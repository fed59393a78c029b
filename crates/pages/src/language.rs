//! In which language people are spoken to.

use crate::Texts;
use crate::texts::{ENGLISH, RUSSIAN};

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Russian, also for who asks for neither.
    #[default]
    Russian,
    /// English.
    English,
}

impl Language {
    /// The one that a browser wants most, by `ui_locales` of the request (names separated by blanks), else by
    /// `Accept-Language`.
    pub fn of(ui_locales: Option<&str>, accept: Option<&str>) -> Self {
        let asked = ui_locales.unwrap_or_default().split_ascii_whitespace().find_map(Self::named);
        asked.or_else(|| Self::accepted(accept.unwrap_or_default())).unwrap_or_default()
    }

    fn accepted(header: &str) -> Option<Self> {
        let ranges = header.split(',').filter_map(|range| {
            let mut parts = range.split(';');
            let language = Self::named(parts.next()?.trim())?;
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            Some((weight, language)).filter(|(weight, _)| *weight > 0.0_f32)
        });
        // Of equals the first one.
        ranges.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, language)| language)
    }

    fn named(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "ru" => Some(Self::Russian),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// As HTML names it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Russian => "ru",
            Self::English => "en",
        }
    }

    /// What is said.
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::Russian => &RUSSIAN,
            Self::English => &ENGLISH,
        }
    }
}
