//! Kinds of titles, by which is kept in what capacity people sign them.

/// Formats by the first letters of their names, with `DocumentTitleType` of the first and of the answering title.
const TITLES: [(&str, [i32; 2]); 9] = [
    ("utd970_", [12, 13]),
    ("utd820_", [0, 8]),
    ("utd_", [0, 1]),
    ("ucd29_", [24, 25]),
    ("ucd736_", [2, 11]),
    ("ucd_", [2, 3]),
    ("tovtorg_", [4, 5]),
    ("rezru_", [6, 7]),
    ("torg2_", [9, 10]),
];

/// `DocumentTitleType` of a title of the format `version`; all titles behind the first one are of one kind. `None`: nothing is
/// kept for those.
pub fn title_type(version: &str, index: usize) -> Option<i32> {
    let (_, titles) = TITLES.iter().find(|(start, _)| version.starts_with(start))?;
    Some(titles[index.min(1)])
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
    }
}
