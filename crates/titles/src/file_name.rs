//! `ИдФайл` of titles: prefix, addressee, sender, day, guid, and what some formats say about the goods inside.

use crate::made::Made;
use crate::sources::Sources;
use crate::table::{FileRule, Tail};

/// The name of a file.
///
/// `codes` are the kinds of marked goods that the contract names; `first` is the name of the first title.
pub(crate) fn make(
    rule: FileRule,
    [sender, recipient]: &[String; 2],
    sources: &Sources<'_>,
    title: &Made<'_>,
    codes: &[&str],
    first: Option<&str>,
) -> String {
    let letters = match rule.tail {
        Tail::Letters => letters(title),
        Tail::LettersOfFirst => first.map_or("", letters_of),
        _ => "",
    };
    let tail = match rule.tail {
        Tail::Goods => goods(title, codes),
        Tail::GoodsOfFirst => first.and_then(tail_of).unwrap_or("_0_0_0_0_0_00").to_owned(),
        _ => String::new(),
    };
    let (day, guid) = (sources.now.date.compact(), sources.guid.as_hyphenated());
    format!("{}{letters}_{recipient}_{sender}_{day}_{guid}{tail}", rule.prefix)
}

/// Traceable goods, marked goods of three kinds, products of a kind, and a part that is not used.
fn goods(title: &Made<'_>, codes: &[&str]) -> String {
    let is_marked = is_marked(title);
    let kind = |code: &str| u8::from(codes.contains(&code));
    let general = u8::from(codes.contains(&"0") || codes.is_empty() && is_marked);
    let traceable = u8::from(is_traced(title));
    let products = u8::from(title.any_attribute("КодВидПр"));
    format!("_{traceable}_{general}_{}_{}_{products}_00", kind("1"), kind("2"))
}

/// Corrections tell of marks before and after.
fn is_marked(title: &Made<'_>) -> bool {
    title.any_element(|name| name.starts_with("НомСредИдентТов"))
}

fn is_traced(title: &Made<'_>) -> bool {
    title.any_element(|name| name == "СведПрослеж")
}

/// Of goods that are both marked and traceable, being marked is told.
fn letters(title: &Made<'_>) -> &'static str {
    if is_marked(title) {
        "MARK"
    } else if is_traced(title) {
        "PROS"
    } else {
        ""
    }
}

fn letters_of(first: &str) -> &'static str {
    ["MARK", "PROS"].into_iter().find(|letters| head(first).ends_with(letters)).unwrap_or_default()
}

/// The part of a name before the addressee: words that begin with a letter and have nothing but letters and digits.
fn head(file_id: &str) -> &str {
    let mut end = 0;
    for part in file_id.split('_') {
        let is_word = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if !part.starts_with(|c: char| c.is_ascii_uppercase()) || !part.bytes().all(is_word) {
            break;
        }
        end += part.len() + usize::from(end > 0);
    }
    &file_id[..end]
}

/// Addressee and sender stand in this order; the answer is sender, recipient. `None` when the name has no such parts.
pub(crate) fn participants(file_id: &str) -> Option<[&str; 2]> {
    let rest = file_id[head(file_id).len()..].strip_prefix('_')?;
    let mut parts = rest.split('_');
    let (recipient, sender) = (parts.next()?, parts.next()?);
    let is_id = |id: &str| (3..=46).contains(&id.chars().count());
    (is_id(recipient) && is_id(sender) && parts.next().is_some()).then_some([sender, recipient])
}

/// What stands behind the guid, with the sign before it.
fn tail_of(file_id: &str) -> Option<&str> {
    let rest = file_id[head(file_id).len()..].strip_prefix('_')?;
    let guid = rest.match_indices('_').nth(3)?.0;
    Some(&rest[guid..])
}

/// The kinds of marked goods that a name tells.
pub(crate) fn marked_kinds(file_id: &str) -> Vec<&'static str> {
    let flags = tail_of(file_id).map(|tail| tail.split('_').skip(2).take(3).collect::<Vec<_>>());
    let flags = flags.unwrap_or_default();
    flags.iter().zip(["0", "1", "2"]).filter(|(flag, _)| **flag == "1").map(|(_, kind)| kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let long =
            "ON_NSCHFDOPPR_2BM-99-1_2BM-99-2_20261121_5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0000_0_1_0_1_0_00";
        assert_eq!(participants(long), Some(["2BM-99-2", "2BM-99-1"]));
        assert_eq!(tail_of(long), Some("_0_1_0_1_0_00"));
        assert_eq!(marked_kinds(long), ["0", "2"]);
        let marked = "ON_NSCHFDOPPRMARK_2BM-99-1_2BM-99-2_20261121_guid";
        assert_eq!(participants(marked), Some(["2BM-99-2", "2BM-99-1"]));
        assert_eq!((tail_of(marked), letters_of(marked)), (None, "MARK"));
        for nothing in ["", "ON", "ON_NSCHFDOPPR", "ON_NSCHFDOPPR_", "ON_X_2BM-1", "Ж_2BM-1_2BM-2_3"] {
            assert_eq!(participants(nothing), None, "{nothing:?}");
            assert!(tail_of(nothing).is_none() && marked_kinds(nothing).is_empty());
        }
    }
}
