//! Kinds of titles, by which is kept in what capacity people sign them, and how their signers are described.

/// Formats by the first letters of their names, with `DocumentTitleType` of the first and of the answering title.
const TITLES: [(&str, [i32; 2]); 11] = [
    ("utd970_", [12, 13]),
    ("utd820_", [0, 8]),
    ("utd_", [0, 1]),
    ("ucd29_", [24, 25]),
    ("ucd736_", [2, 11]),
    ("ucd_", [2, 3]),
    ("tovtorg_", [4, 5]),
    ("rezru_", [6, 7]),
    ("torg2_", [9, 10]),
    // Nobody answers them.
    ("proformainvoice29_", [14, 14]),
    ("invoiceoffer29_", [14, 14]),
];

/// `DocumentTitleType` of a title of the format `version`; all titles behind the first one are of one kind. `None`: nothing is
/// kept for those.
pub fn title_type(version: &str, index: usize) -> Option<i32> {
    let (_, titles) = TITLES.iter().find(|(start, _)| version.starts_with(start))?;
    Some(titles[index.min(1)])
}

/// `SignerType` of formats whose signers are described by an XML of their own.
pub const UNIVERSAL_SIGNER: i32 = 3;
/// `SignerType` of formats whose signers are described by `ExtendedSigner`.
pub const EXTENDED_SIGNER: i32 = 2;

/// How signers of a format are described: 0 not at all, 1 `Signer`, 2 `ExtendedSigner`, 3 an XML of their own. Formats by the first
/// letters of their names.
const SIGNERS: [(&str, i32); 14] = [
    ("utd970_", UNIVERSAL_SIGNER),
    ("utd820_", EXTENDED_SIGNER),
    ("utd_", EXTENDED_SIGNER),
    ("ucd29_", UNIVERSAL_SIGNER),
    ("ucd736_", EXTENDED_SIGNER),
    ("ucd_", EXTENDED_SIGNER),
    ("tovtorg_", EXTENDED_SIGNER),
    ("rezru_", EXTENDED_SIGNER),
    ("torg2_", EXTENDED_SIGNER),
    ("torg12_", 1),
    ("act_", 1),
    ("invoiceoffer29_", UNIVERSAL_SIGNER),
    ("invoice", 1),
    ("v1", 0),
];

/// `SignerType` of the titles of the format `version`.
pub fn signer_type(version: &str) -> i32 {
    let found = SIGNERS.iter().find(|(start, _)| version.starts_with(start));
    found.map_or(UNIVERSAL_SIGNER, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart_by_their_whole_beginning() {
        assert_eq!(
            [0, 1, 2].map(|index| title_type("utd970_05_03_01", index)),
            [Some(12), Some(13), Some(13)]
        );
        assert_eq!(title_type("utd820_05_01_02_hyphen", 1), Some(8));
        assert_eq!(title_type("utd_05_01_05", 1), Some(1));
        assert_eq!(title_type("ucd_05_01_03", 0), title_type("ucd736_05_01_02", 0));
        assert_eq!(title_type("torg12_05_01_02", 0), None);
        assert_eq!(
            ["invoice_05_01_01", "invoiceoffer29_05_01_01", "proformainvoice29_05_01_01"].map(signer_type),
            [1, UNIVERSAL_SIGNER, UNIVERSAL_SIGNER]
        );
    }
}
