use std::collections::HashSet;

use super::*;

fn title(function: &str, more: &str, inside: &str) -> Vec<u8> {
    format!(
        "<Файл ИдФайл=\"ON_NSCHFDOPPR_2BM-1_2BM-2_20261121_x\" ВерсФорм=\"5.03\" ВерсПрог=\"п\">\
         <Документ КНД=\"1115131\" Функция=\"{function}\" {more}>{inside}</Документ></Файл>"
    )
    .into_bytes()
}

fn ids(title: &[u8], name: Option<&str>) -> Vec<String> {
    let found = broken_rules(title, name).expect("it is XML");
    let id = |error: &XmlError| {
        let text = error.fault.to_string();
        assert!(error.ru().contains("правило") && error.position.is_some(), "{error}");
        text.split(' ').nth(1).expect("an id").to_owned()
    };
    found.iter().map(id).collect()
}

#[test]
fn what_one_value_asks_of_another_is_told_by_the_rules_id() {
    let seller = "<СвПрод><ИдСв/></СвПрод>";
    for (function, more, inside, expected) in [
        ("СЧФ", "", "", vec!["970.01"]),
        ("ДОП", "", "", vec!["970.02", "970.44"]),
        ("СвРК", "НаимДокОпр=\"Д\"", "", vec![]),
        ("СЧФ", "НаимДокОпр=\"Д\"", "<ТаблСчФакт/>", vec!["970.45"]),
        (
            "СЧФ",
            "",
            &*format!("<СвСчФакт>{seller}{seller}</СвСчФакт><ТаблСчФакт/>"),
            vec!["970.04", "970.04"],
        ),
        // Nothing is asked of who is absent, as in XPath.
        ("СЧФ", "", "<СвСчФакт><ДопСвФХЖ1 СпОбстФСЧФ=\"2\"/></СвСчФакт><ТаблСчФакт/>", vec![]),
        ("СЧФ", "", "<СвСчФакт><ДопСвФХЖ1 СпОбстФСЧФ=\"1\"/></СвСчФакт><ТаблСчФакт/>", vec!["970.03"]),
        (
            "СЧФ",
            "",
            "<СвСчФакт><ДопСвФХЖ1 СпОбстФДОП=\"10000\"/></СвСчФакт><ТаблСчФакт/>",
            vec!["970.09", "970.14"],
        ),
        (
            "ДОП",
            "НаимДокОпр=\"Д\"",
            "<СвПродПер><СвПер ДатаНачПер=\"01.01.2026\"/></СвПродПер>",
            vec!["970.32"],
        ),
        (
            "ДОП",
            "НаимДокОпр=\"Д\"",
            "<СвПродПер><СвПер ДатаНачПер=\"01.01.2026\" ДатаОконПер=\"01.02.2026\"/></СвПродПер>",
            vec![],
        ),
        (
            "СвРК",
            "НаимДокОпр=\"Д\"",
            "<Подписант СпосПодтПолном=\"3\"><СвДоверБум/></Подписант>",
            vec!["970.35", "970.38"],
        ),
        ("СвРК", "НаимДокОпр=\"Д\"", "<АдрГАР><Регион>72</Регион></АдрГАР>", vec!["970.43"]),
        ("СвРК", "НаимДокОпр=\"Д\"", "<АдрГАР><Регион>99</Регион></АдрГАР>", vec![]),
        ("СвРК", "НаимДокОпр=\"Д\"", "<НомСредИдентТов/>", vec!["970.28"]),
    ] {
        assert_eq!(ids(&title(function, more, inside), None), expected, "{function} {inside}");
    }
}

#[test]
fn the_name_of_the_file_is_the_one_inside() {
    let title = title("СвРК", "НаимДокОпр=\"Д\"", "");
    assert!(ids(&title, Some("ON_NSCHFDOPPR_2BM-1_2BM-2_20261121_x")).is_empty());
    assert_eq!(ids(&title, Some("другой")), ["file.name"]);
}

#[test]
fn places_are_numbered_where_there_are_several() {
    let title =
        title("СЧФ", "", "<СвСчФакт><СвПрод/><СвПрод><Адрес/></СвПрод><СвПрод/></СвСчФакт><ТаблСчФакт/>");
    let found = broken_rules(&title, None).expect("it is XML");
    let places: Vec<_> = found.iter().map(|error| error.place.as_str()).collect();
    assert_eq!(places, ["Файл/Документ/СвСчФакт/СвПрод[1]", "Файл/Документ/СвСчФакт/СвПрод[3]"]);
}

#[test]
fn no_id_stands_twice_and_every_rule_can_be_told() {
    let mut ids = HashSet::new();
    for rules in [&UTD970_SELLER, &UTD970_BUYER, &RECONCILIATION_SENDER, &RECONCILIATION_RECIPIENT] {
        for rule in rules.iter() {
            assert!(ids.insert(rule.id), "{} stands twice", rule.id);
            let (ru, en) = rule.told();
            assert!(ru.contains(rule.id) && en.contains(rule.code), "{ru} {en}");
        }
    }
    let (ru, en) = UTD970_SELLER[31].told();
    assert_eq!(
        ru,
        "правило 970.32 (код 0400300003): если Документ/@Функция - СЧФДОП или ДОП, указывается @ДатаПер или @ДатаНачПер и @ДатаОконПер"
    );
    assert_eq!(
        en,
        "rule 970.32 (code 0400300003): if Документ/@Функция is СЧФДОП or ДОП, @ДатаПер or @ДатаНачПер and @ДатаОконПер has to be given"
    );
}
