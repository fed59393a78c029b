use potok_types::BoxId;

use super::*;

#[test]
fn days_of_the_calendar_are_read_and_compared() {
    let date = |text: &str| DocumentDate::parse(text);
    for text in ["01.02.2026", "29.02.2024", "31.12.9999", "01.01.0001"] {
        assert_eq!(date(text).map(|date| date.to_string()).as_deref(), Some(text));
    }
    for wrong in [
        "",
        "1.2.2026",
        "29.02.2026",
        "31.04.2026",
        "00.01.2026",
        "01.13.2026",
        "2026-02-01",
        "01.02.26",
        "01.01.0000",
    ] {
        assert_eq!(date(wrong), None, "{wrong}");
    }
    assert!(date("31.12.2025") < date("01.01.2026") && date("31.01.2026") < date("01.02.2026"));
}

#[test]
fn sums_are_compared_as_decimals() {
    let sum = |text: &str| Sum::parse(text).map(Sum::number);
    for (text, number) in [
        ("0", 0),
        ("12", 120_000),
        ("12.5", 125_000),
        (" 12,50 ", 125_000),
        ("12.500000", 125_000),
        ("-0.01", -100),
        ("922337203685477.5807", i64::MAX),
    ] {
        assert_eq!(sum(text), Some(number), "{text}");
    }
    for wrong in ["", ".", "12.", ".5", "1e3", "0x1", "1.23456", "+1", "1 200", "--1", "922337203685478"] {
        assert_eq!(sum(wrong), None, "{wrong}");
    }
}

#[test]
fn a_query_is_split_into_words() {
    for (query, words) in [
        ("Счёт-фактура № 17", &["счет-фактура", "17"][..]),
        ("«ООО» Ромашка, ООО", &["ооо", "ромашка"]),
        ("contract.pdf.", &["contract.pdf"]),
        ("1200,50 01.02.2026", &["1200.50", "01.02.2026"]),
        ("key:value", &["key", "value"]),
        (" .-/ ;", &[]),
        ("@a1", &["a1"]),
    ] {
        assert_eq!(query_tokens(query), words, "{query}");
    }
    let long = "д".repeat(100);
    assert_eq!(query_tokens(&long), ["д".repeat(64)]);
    let many: Vec<String> = (0..100).map(|number| format!("w{number}")).collect();
    assert_eq!(query_tokens(&many.join(" ")), many[..32]);
}

#[test]
fn a_mapping_asks_for_tags() {
    let pairs = |query: &str| {
        tag_query(query).map(|pairs| {
            let pairs =
                pairs.into_iter().map(|pair| format!("{}={}", pair.key, pair.value.unwrap_or_default()));
            pairs.collect::<Vec<_>>().join("&")
        })
    };
    for (query, expected) in [
        ("Проект: Ёлка", Some("проект=елка")),
        ("a: 1\n  b-2:  'x y' \n\n", Some("a=1&b-2=x y")),
        ("a: b: c", Some("a=b: c")),
        ("a:1", None),
        ("a: 1\nслово", None),
        ("a:", None),
        ("a: ", None),
        ("два слова: x", None),
        (": x", None),
        ("", None),
    ] {
        assert_eq!(pairs(query).as_deref(), expected, "{query:?}");
    }
}

#[test]
fn no_text_has_the_word_of_a_counteragent() {
    let token = counteragent_token(BoxId::ZERO);
    assert_eq!(query_tokens(&token), [&token[1..]]);
    let date = DocumentDate::parse("01.02.2026").unwrap();
    let token = original_token(BoxId::ZERO, " С 5 ", date);
    assert!(token.ends_with("/01.02.2026/с5"), "words have no blanks: {token}");
    assert_eq!(query_tokens(&token), [&token[1..]], "nor does any query ask for this one");
}

#[test]
fn every_status_has_a_bit_of_its_own() {
    let mut seen = StatusSet::ANY;
    for &word in StatusWord::ALL {
        assert!(!seen.meets(word.into()), "{}", word.name());
        assert_eq!(StatusWord::named(word.name()), Some(word));
        seen = seen.with(word.into());
    }
    assert_eq!(StatusWord::named("notread"), None, "case matters");
}

#[test]
fn a_number_or_file_is_found_by_one_of_its_words() {
    for (text, token) in [
        ("17", "17"),
        ("№ 17", "17"),
        ("УПД-17/3 от 1.2.2026", "1.2.2026"),
        ("Счёт №1.xml", "1.xml"),
        ("Универсальный документ 17", "17"),
        ("Акт сверки", "сверки"),
        ("№", "#№"),
        ("— №", "#—№"),
        ("", "#"),
    ] {
        assert_eq!(name_token(text), token, "{text}");
        // A search for the text leads to the same word, if it has words at all.
        assert!(token.starts_with('#') || query_tokens(text).contains(&token.to_owned()), "{text}");
    }
    let long = "a".repeat(100);
    assert_eq!(name_token(&long), long[..64]);
}
