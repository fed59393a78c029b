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
    let all = [
        &UTD970_SELLER,
        &UTD970_BUYER,
        &RECONCILIATION_SENDER,
        &RECONCILIATION_RECIPIENT,
        &WORKS691_CONTRACTOR,
        &WORKS691_CUSTOMER,
    ];
    for rules in all {
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

/// The rules of order 691 that an act of these settings and with this inside breaks, but for those on the part of the state.
fn works(settings: &str, inside: &str) -> Vec<String> {
    let title = format!(
        "<Файл ИдФайл=\"ON_AKTREZRABP_2BM-1_2BM-2_20261121_x\" ВерсФорм=\"1.00\" ВерсПрог=\"п\"><Документ КНД=\"1110335\">\
         {inside}<НастрФормДок {settings}/></Документ></Файл>"
    );
    ids(title.as_bytes(), None)
}

#[test]
fn acts_of_works_are_asked_what_their_settings_and_the_law_on_state_orders_ask() {
    let by_line = "ПрНакИтог=\"0\" ПрНДСВИтог=\"0\"";
    let in_total = "ПрНакИтог=\"0\" ПрНДСВИтог=\"1\"";
    let running = "ПрНакИтог=\"1\" ПрНДСВИтог=\"1\"";
    let work = |more: &str, inside: &str| {
        format!("<НаимИСт><ВидРаб СтТовБезНДС=\"1\" ОКЕИ_Стройка=\"796\" {more}>{inside}</ВидРаб></НаимИСт>")
    };
    assert_eq!(works(in_total, &work("", "")), Vec::<String>::new());
    let vat = "<НалСтПостр>20%</НалСтПостр><СумНал><СумНал>1</СумНал></СумНал>";
    assert_eq!(works(by_line, &work("СтТовУчНал=\"1\"", vat)), Vec::<String>::new());
    // VAT by line: the sum with it, the rate, the sum of it.
    assert_eq!(works(by_line, &work("", "")).len(), 3);
    // A total from the start of the building, and whatever each work says of it.
    assert!(works(running, "").len() == 1 && works(running, &work("", "")).len() > 5);
    assert_eq!(works(in_total, &work("НаимОЕИ=\"сто\"", "")).len(), 1, "only of the state");
    assert_eq!(works(in_total, "<НаимИСт/>").len(), 1, "works, sections or resources");
    assert_eq!(works(in_total, "<НаимИСт><РасшифРес КоэфПересч=\"1\"/></НаимИСт>"), Vec::<String>::new());
    assert_eq!(works(in_total, "<НаимИСт><РасшифРес КоэфПересч=\"1\" ПозСмет=\"1\"/></НаимИСт>").len(), 1);
    // Of the state, and without the part that it adds.
    let state = "<СвАктСдПр><ИдДог><ТипИдДок ИдДок=\"1\"/></ИдДог><ОсновСтроит ПрГосМун=\"1\"/></СвАктСдПр>";
    assert_eq!(works(in_total, state).len(), 7);
    let rate = |rate: &str, inside: &str| {
        format!("<ВсегоАктОтч><СумПоСтавке НалСт=\"{rate}\">{inside}</СумПоСтавке></ВсегоАктОтч>")
    };
    let agent = "НДС исчисляется налоговым агентом";
    let position = "<НомПозСт>1</НомПозСт>";
    assert_eq!(
        works(in_total, &rate(agent, &format!("<НДСНалАг>-</НДСНалАг>{position}"))),
        Vec::<String>::new()
    );
    assert_eq!(works(in_total, &rate("без НДС", &format!("<НДСНалАг>-</НДСНалАг>{position}"))).len(), 2);
    assert_eq!(works(in_total, &rate("20%", &format!("<СумНДС>1</СумНДС>{position}"))).len(), 1);
    let claim = |claim: &str| format!("<СвОРасч><УчетТребУдерж>{claim}</УчетТребУдерж></СвОРасч>");
    assert_eq!(works(in_total, &claim("<ВидТреб>01</ВидТреб>")), Vec::<String>::new());
    assert_eq!(works(in_total, &claim("<ВидТреб>04</ВидТреб>")).len(), 1, "only of several objects");
    assert_eq!(works(in_total, &claim("<ВидТреб>05</ВидТреб>")).len(), 1, "another kind has a name");
    let answer = |attributes: &str, inside: &str| {
        let title = format!(
            "<Файл ИдФайл=\"ON_AKTREZRABZ_2BM-1_2BM-2_20261121_x\" ВерсФорм=\"1.00\" ВерсПрог=\"п\"><Документ КНД=\"1110336\">\
             <СодФХЖ4 ПрГосМун=\"0\"><СвПрием {attributes}>{inside}</СвПрием></СодФХЖ4></Документ></Файл>"
        );
        ids(title.as_bytes(), None)
    };
    let accepted = "<ДатаПрин>21.11.2026</ДатаПрин>";
    assert_eq!(answer("КодСодОпер=\"1\"", accepted), Vec::<String>::new());
    assert_eq!(answer("", accepted), ["691.309"]);
    assert_eq!(answer("КодСодОпер=\"0\"", accepted), ["691.311", "691.313"]);
    assert_eq!(answer("КодСодОпер=\"5\"", ""), ["691.310", "691.312", "691.314"]);
}
