//! Names by codes: what titles spell out and contracts leave to the server.
//!
//! | classifier | list | source |
//! |---|---|---|
//! | [`Classifier::Currencies`] | numeric codes, names | ОК (МК (ИСО 4217) 003-97) 014-2000, ОКВ |
//! | [`Classifier::Units`] | codes, national short names | ОК 015-94, ОКЕИ; powers of ten as words, because titles are in windows-1251 |
//! | [`Classifier::Countries`] | numeric codes, short names | ОК (МК (ИСО 3166) 004-97) 025-2001, ОКСМ, and the tax service's 980 and 981 |
//! | [`Classifier::Regions`] | codes of two digits, names | the tax service's list of subjects of the federation (ССРФ) |
//!
//! The lists stand in `data/`: code, tab, name; and the letters of ISO 4217 and ISO 3166-1 for codes, tab, code.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A list of names by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Classifier {
    /// Currencies.
    Currencies,
    /// Units of measurement, by their short names.
    Units,
    /// Countries.
    Countries,
    /// Subjects of the federation.
    Regions,
}

type List = LazyLock<HashMap<&'static str, &'static str>>;

macro_rules! list {
    ($file:literal) => {
        LazyLock::new(|| {
            let rows = include_str!(concat!("../data/", $file)).lines();
            rows.filter_map(|row| row.split_once('\t')).collect()
        })
    };
}

static CURRENCY_LETTERS: List = list!("currency_letters.tsv");
static COUNTRY_LETTERS: List = list!("country_letters.tsv");

/// The code of a currency or a country that is given by its international letters, in any case.
pub(crate) fn letters(classifier: Classifier, given: &str) -> Option<&'static str> {
    let list = match classifier {
        Classifier::Currencies => &CURRENCY_LETTERS,
        Classifier::Countries => &COUNTRY_LETTERS,
        Classifier::Units | Classifier::Regions => return None,
    };
    list.get(given.to_uppercase().as_str()).copied()
}

static CURRENCIES: List = list!("currencies.tsv");
static UNITS: List = list!("units.tsv");
static COUNTRIES: List = list!("countries.tsv");
static REGIONS: List = list!("regions.tsv");

impl Classifier {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Currencies, Self::Units, Self::Countries, Self::Regions];

    /// The name of a code, `None` when the list has no such code.
    pub fn name(self, code: &str) -> Option<&'static str> {
        self.list().get(code).copied()
    }

    /// As tables call it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "currencies" => Some(Self::Currencies),
            "units" => Some(Self::Units),
            "countries" => Some(Self::Countries),
            "regions" => Some(Self::Regions),
            _ => None,
        }
    }

    /// What it is called, in Russian.
    pub(crate) const fn ru(self) -> &'static str {
        match self {
            Self::Currencies => "код валюты по ОКВ",
            Self::Units => "код единицы измерения по ОКЕИ; для иной единицы укажите её название",
            Self::Countries => "код страны по ОКСМ",
            Self::Regions => "код субъекта Российской Федерации",
        }
    }

    /// What it is called, in English.
    pub(crate) const fn en(self) -> &'static str {
        match self {
            Self::Currencies => "a code of the classifier of currencies (OKV)",
            Self::Units => "a code of the classifier of units (OKEI); give a name for any other unit",
            Self::Countries => "a code of the classifier of countries (OKSM)",
            Self::Regions => "a code of a subject of the Russian Federation",
        }
    }

    /// How many digits its codes have.
    pub(crate) const fn lengths(self) -> &'static [usize] {
        match self {
            Self::Currencies | Self::Countries => &[3],
            Self::Units => &[3, 4],
            Self::Regions => &[2],
        }
    }

    /// All codes, in order.
    pub(crate) fn sorted(self) -> Vec<&'static str> {
        let mut codes: Vec<&str> = self.list().keys().copied().collect();
        codes.sort_unstable();
        codes
    }

    /// The code of something that is given by its code or its name, whatever the case of its letters.
    pub(crate) fn code(self, given: &str) -> Option<&'static str> {
        if let Some((code, _)) = self.list().get_key_value(given) {
            return Some(code);
        }
        let given = given.to_lowercase();
        let named = self.list().iter().filter(|(_, name)| name.to_lowercase() == given);
        // Units of the same short name exist; it is always the same one that is found.
        named.map(|(code, _)| *code).min()
    }

    fn list(self) -> &'static List {
        match self {
            Self::Currencies => &CURRENCIES,
            Self::Units => &UNITS,
            Self::Countries => &COUNTRIES,
            Self::Regions => &REGIONS,
        }
    }
}

/// The code of a subject of the federation by its name in words: whole, or without what it is.
pub fn region_code(given: &str) -> Option<&'static str> {
    let mut given = names_of(given);
    given.retain(|name| !name.is_empty());
    let is_named = |name: &str| names_of(name).iter().any(|name| given.contains(name));
    REGIONS.iter().find(|(_, name)| is_named(name)).map(|(code, _)| *code)
}

/// A name and what stands behind it in brackets, both without what they are.
fn names_of(name: &str) -> Vec<String> {
    let (own, other) = name.split_once('(').unwrap_or((name, ""));
    let other = bare(other.trim_end_matches(')'));
    let mut names = vec![bare(own)];
    names.extend(Some(other).filter(|other| !other.is_empty()));
    names
}

/// A name without what it is, in small letters; of `Югра` and the like only what stands before.
fn bare(name: &str) -> String {
    const WHAT: [&str; 17] = [
        "республика",
        "респ",
        "край",
        "область",
        "обл",
        "автономный",
        "автономная",
        "округ",
        "ао",
        "аобл",
        "г",
        "город",
        "народная",
        "федеральная",
        "территория",
        "россия",
        "рф",
    ];
    let name = name.to_lowercase();
    let name = name.split(" - ").next().unwrap_or_default();
    let words = name.split_whitespace().map(|word| word.trim_matches('.'));
    words.filter(|word| !WHAT.contains(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_known_by_what_people_write() {
        for (given, code) in [
            ("Свердловская область", "66"),
            ("свердловская обл.", "66"),
            ("обл Свердловская", "66"),
            ("Свердловская", "66"),
            ("Республика Татарстан", "16"),
            ("Татарстан", "16"),
            ("Якутия", "14"),
            ("Саха", "14"),
            ("Алтай", "04"),
            ("Алтайский край", "22"),
            ("г. Москва", "77"),
            ("Московская", "50"),
            ("Ханты-Мансийский АО", "86"),
            ("Ненецкий", "83"),
            ("Кемеровская область - Кузбасс", "42"),
            ("Донецкая Народная Республика", "93"),
        ] {
            assert_eq!(region_code(given), Some(code), "{given}");
        }
        for wrong in ["", "область", "Екатеринбург", "Свердловская улица"]
        {
            assert_eq!(region_code(wrong), None, "{wrong}");
        }
        for (code, name) in REGIONS.iter().filter(|(code, _)| **code != "99") {
            assert_eq!(region_code(name), Some(*code), "{name}");
        }
    }

    #[test]
    fn codes_have_their_length_and_names_fit_the_formats() {
        for (classifier, longest, least) in [
            (Classifier::Currencies, 100, 150),
            (Classifier::Units, 255, 520),
            (Classifier::Countries, 255, 245),
            (Classifier::Regions, 50, 90),
        ] {
            assert!(classifier.list().len() >= least, "{classifier:?}: {}", classifier.list().len());
            for (code, name) in classifier.list().iter() {
                let fits =
                    classifier.lengths().contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
                assert!(fits && !name.is_empty() && name.chars().count() <= longest, "{code} {name}");
                assert_eq!(name.trim(), *name);
            }
        }
    }

    #[test]
    fn no_code_stands_twice() {
        for (text, classifier) in [
            (include_str!("../data/currencies.tsv"), Classifier::Currencies),
            (include_str!("../data/units.tsv"), Classifier::Units),
            (include_str!("../data/countries.tsv"), Classifier::Countries),
            (include_str!("../data/regions.tsv"), Classifier::Regions),
        ] {
            assert_eq!(text.lines().count(), classifier.list().len(), "{classifier:?}");
        }
    }

    #[test]
    fn names_are_those_of_the_classifiers() {
        for (classifier, code, name) in [
            (Classifier::Currencies, "643", "Российский рубль"),
            (Classifier::Units, "113", "м3"),
            (Classifier::Units, "165", "тыс. кар"),
            (Classifier::Units, "173", "сг"),
            (Classifier::Units, "353", "млс"),
            (Classifier::Units, "542", "тыс. чел.ч"),
            (Classifier::Units, "745", "элем"),
            (Classifier::Units, "8751", "кор"),
            (Classifier::Units, "362", "мес"),
            (Classifier::Units, "778", "упак"),
            (Classifier::Units, "796", "шт"),
            (Classifier::Countries, "643", "Россия"),
            (Classifier::Countries, "980", "Евросоюз"),
            (Classifier::Countries, "981", "ЕАЭС"),
            (Classifier::Regions, "72", "Тюменская область"),
            (Classifier::Regions, "77", "г. Москва"),
        ] {
            assert_eq!(classifier.name(code), Some(name));
        }
        assert_eq!(Classifier::Units.name("0000"), None);
    }
}
