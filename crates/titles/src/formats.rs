//! The formats whose tables are here.

use std::sync::LazyLock;

use potok_fns::recognize::TitleFormat;

use crate::table::{Table, table};

/// A title of a format in a version.
#[derive(Clone, Copy)]
pub struct Format(&'static Entry);

struct Entry {
    version: &'static str,
    title_index: i32,
    table: LazyLock<Table>,
}

macro_rules! formats {
    ($($version:literal $title:literal;)+) => {
        /// The texts of all tables, those that only lend to others too.
        fn text(name: &str) -> Option<&'static str> {
            match name {
                "common970" => Some(include_str!("../tables/common970.table")),
                "common405" => Some(include_str!("../tables/common405.table")),
                "common691" => Some(include_str!("../tables/common691.table")),
                "common820" => Some(include_str!("../tables/common820.table")),
                "common551" => Some(include_str!("../tables/common551.table")),
                "common172" => Some(include_str!("../tables/common172.table")),
                "common423" => Some(include_str!("../tables/common423.table")),
                $(concat!($version, "_", $title) => {
                    Some(include_str!(concat!("../tables/", $version, "_", $title, ".table")))
                })+
                _ => None,
            }
        }

        static ALL: [Entry; [$($title),+].len()] = [$(
            Entry {
                version: $version,
                title_index: $title,
                table: LazyLock::new(|| known(concat!($version, "_", $title))),
            },
        )+];
    };
}

formats! {
    "utd970_05_03_01" 0;
    "utd970_05_03_01" 1;
    "utd970_05_02_01" 0;
    "utd970_05_02_01" 1;
    "utd820_05_01_02_hyphen" 0;
    "utd820_05_01_02_hyphen" 1;
    "utd820_05_01_01_hyphen" 0;
    "utd820_05_01_01_hyphen" 1;
    "utd820_05_01_01" 0;
    "utd820_05_01_01" 1;
    "utd_05_01_05" 0;
    "utd_05_01_05" 1;
    "utd_05_01_04" 0;
    "utd_05_01_04" 1;
    "utd_05_01_02" 0;
    "utd_05_01_02" 1;
    "utd_05_01_01" 0;
    "utd_05_01_01" 1;
    "ucd736_05_01_02" 0;
    "ucd736_05_01_02" 1;
    "ucd736_05_01_01" 0;
    "ucd736_05_01_01" 1;
    "ucd_05_01_03" 0;
    "ucd_05_01_03" 1;
    "ucd_05_01_02" 0;
    "ucd_05_01_02" 1;
    "ucd_05_01_01" 0;
    "ucd_05_01_01" 1;
    "tovtorg_05_02_01" 0;
    "tovtorg_05_02_01" 1;
    "tovtorg_05_01_04" 0;
    "tovtorg_05_01_04" 1;
    "tovtorg_05_01_03" 0;
    "tovtorg_05_01_03" 1;
    "tovtorg_05_01_02" 0;
    "tovtorg_05_01_02" 1;
    "rezru_05_02_01" 0;
    "rezru_05_02_01" 1;
    "rezru_05_01_02" 0;
    "rezru_05_01_02" 1;
    "rezru_05_01_01" 0;
    "rezru_05_01_01" 1;
    "ucd29_05_02_01" 0;
    "ucd29_05_02_01" 1;
    "proformainvoice29_05_01_01" 0;
    "invoiceoffer29_05_01_01" 0;
    "torg12_05_01_02" 0;
    "torg12_05_01_02" 1;
    "act_05_01_02" 0;
    "act_05_01_02" 1;
    "invoice_05_02_01" 0;
    "invoice_05_01_03" 0;
    "invoice_05_01_01" 0;
    "invoicecor_05_02_01" 0;
    "invoicecor_05_01_03" 0;
    "performedworkacceptancecertificate691_01_00_01" 0;
    "performedworkacceptancecertificate691_01_00_01" 1;
    "torg2_05_01_01" 0;
    "torg2_05_01_01" 1;
    "reconciliationact405_05_01_01" 0;
    "reconciliationact405_05_01_01" 1;
}

fn known(name: &str) -> Table {
    let compiled = table(text(name).expect("every format has a text"), &text);
    compiled.unwrap_or_else(|error| panic!("the table {name}: {}", error.0))
}

impl Format {
    /// The title of a version, as the API calls it: `utd970_05_03_01`, 0.
    pub fn find(version: &str, title_index: i32) -> Option<Self> {
        let entry = ALL.iter().find(|entry| entry.version == version && entry.title_index == title_index)?;
        Some(Self(entry))
    }

    /// The title by which documents of a version are answered: that of the version, or the newest of the same format. Versions of one
    /// format cannot be told apart by a file, so that one may be stored as a version of which nothing but the name is known.
    pub fn answering(version: &str) -> Option<Self> {
        Self::find(version, 1).or_else(|| Self::like(version, 1))
    }

    /// The title by which one that was stored as of a version is read: as [`Self::answering`].
    pub fn reading(version: &str, title_index: i32) -> Option<Self> {
        Self::find(version, title_index).or_else(|| Self::like(version, title_index))
    }

    /// The newest of the format of a version.
    fn like(version: &str, title_index: i32) -> Option<Self> {
        let format = TitleFormat::of_version(version)?;
        let is_like = |one: &Self| one.title_index() == title_index && one.title_format() == Some(format);
        Self::all().find(is_like)
    }

    /// All of them, the newest of a family first.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(Self)
    }

    /// The version as the API calls it.
    pub fn version(self) -> &'static str {
        self.0.version
    }

    /// 0 for the title of the sender, 1 for the answer.
    pub fn title_index(self) -> i32 {
        self.0.title_index
    }

    /// What its titles are recognized as; `None` where that is not told from others.
    pub fn title_format(self) -> Option<TitleFormat> {
        TitleFormat::of_version(self.version())
    }

    /// The root element of the data that programs send.
    pub fn contract_root(self) -> &'static str {
        self.table().contract
    }

    pub(crate) fn table(self) -> &'static Table {
        &self.0.table
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Format {}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} title {}", self.0.version, self.0.title_index)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use potok_fns::recognize::{Key, Recognized, places, recognize};
    use potok_fns::{MoscowTime, Operator};

    use super::*;
    use crate::sample::Minimal;
    use crate::table::Node;
    use crate::{Checks, Contract, Sources};

    /// Every place of a title that a table knows.
    fn walk(nodes: &[Node], path: &str, found: &mut BTreeSet<String>) {
        let mut element = |row: &crate::table::Element| {
            let path = format!("{path}/{}", row.name);
            walk(&row.inside, &path, found);
            found.insert(path);
        };
        for node in nodes {
            match node {
                Node::Element(row) => element(row),
                Node::Choice { of, .. } => of.iter().for_each(&mut element),
                Node::Attribute(_) | Node::Known { .. } => {}
            }
        }
        for node in nodes {
            if let Node::Attribute(row) = node {
                found.insert(format!("{path}/@{}", row.name));
            }
        }
    }

    /// What a file is, and what it says of itself, is read before anybody knows by which table it was made.
    #[test]
    fn whatever_is_told_of_a_title_stands_where_its_table_has_it() {
        let operator = Operator::default();
        for format in Format::all().filter(|format| format.title_index() == 0) {
            let contract = Contract::read(&format.sample(&mut Minimal)).unwrap();
            let (now, guid) = (MoscowTime::default(), uuid::Uuid::nil());
            let sources = Sources { now, guid, program: "program", operator: &operator, first: None };
            let title = format.generate(contract, &sources, &|_| None, &[], Checks::None).unwrap();
            let Recognized::Title(title) = recognize(&title.bytes).unwrap() else { panic!("{format:?}") };
            for index in [0, 1] {
                let Some(format) = Format::find(format.version(), index) else { continue };
                let mut known = BTreeSet::new();
                walk(&format.table().inside, format.table().root, &mut known);
                for (key, paths) in places(title.format, index) {
                    let is_known = paths.is_empty() || paths.iter().any(|path| known.contains(path));
                    // Order 155 is read by the paths of order 820, and its answers have no code of what came out.
                    let is_of_155 = key == Key::AcceptanceResult && format.version().starts_with("utd_");
                    assert!(is_known || is_of_155, "{format:?} has no place for {key:?}: {paths:?}");
                }
            }
        }
    }

    #[test]
    fn every_table_can_be_read() {
        for format in Format::all() {
            let table = format.table();
            assert!(!table.contract.is_empty() && !table.inside.is_empty(), "{format:?}");
            assert!(Format::find(format.version(), format.title_index()).is_some());
        }
        assert!(Format::find("utd970_05_03_01", 2).is_none());
    }

    /// A document that was posted as of a version of which only the name is known is answered and read as others of its format.
    #[test]
    fn versions_without_tables_are_read_by_the_newest_of_their_format() {
        for (version, newest) in [
            ("utd_05_02_01", "utd_05_01_05"),
            ("ucd_05_02_01", "ucd_05_01_03"),
            ("torg12_05_01_01", "torg12_05_01_02"),
            ("act_05_01_01", "act_05_01_02"),
            ("utd_05_01_02", "utd_05_01_02"),
        ] {
            assert_eq!(Format::answering(version).map(Format::version), Some(newest));
            assert_eq!(Format::reading(version, 0).map(Format::version), Some(newest));
        }
        assert_eq!(Format::answering("v1"), None);
        assert_eq!(Format::answering("invoice_05_02_01"), None, "nobody answers invoices");
    }
}
