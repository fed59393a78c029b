//! What holds for every form: the same bytes, small and quick, text as it was, files that say what they are.

use std::fmt::Write as _;

use potok_print::{File, Layout, cover};

use crate::archive;
use crate::forms::print;
use crate::look::{at, signed, squeezed, text};

/// A transfer document of so many lines.
fn long(lines: usize) -> Vec<u8> {
    let mut goods = String::new();
    for line in 1..=lines {
        write!(
            goods,
            "<СведТов НомСтр=\"{line}\" НаимТов=\"Доска обрезная сосновая 25×150×6000 мм, партия {line}\" ОКЕИ_Тов=\"796\" НаимЕдИзм=\"шт\" \
             КолТов=\"{line}\" ЦенаТов=\"310.50\" СтТовБезНДС=\"3105.00\" НалСт=\"20%\" СтТовУчНал=\"3726.00\">\
             <Акциз><БезАкциз>без акциза</БезАкциз></Акциз><СумНал><СумНал>621.00</СумНал></СумНал></СведТов>"
        )
        .expect("memory is enough");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Файл ИдФайл=\"ON_NSCHFDOPPR_1_2_20261121_x\" ВерсФорм=\"5.03\">\
         <Документ КНД=\"1115131\" Функция=\"СЧФДОП\"><СвСчФакт НомерДок=\"3000\" ДатаДок=\"21.11.2026\"/>\
         <ТаблСчФакт>{goods}<ВсегоОпл СтТовУчНалВсего=\"11178000.00\"/></ТаблСчФакт></Документ></Файл>"
    )
    .into_bytes()
}

#[test]
fn thousands_of_lines_have_the_head_on_every_page() {
    let pdf = print("УПД № 3000", &long(3000), None, Layout::OfFormat, &signed());
    let text = text("long", &pdf);
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() > 50, "{} pages", pages.len());
    // The last page may have nothing but stamps.
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Лист {} из {}", index + 1, pages.len())), "page {index}");
        assert!(page.contains("УПД № 3000"), "page {index}");
        assert!(index + 1 == pages.len() || page.contains("Код товара"), "page {index} has no head");
    }
    let squeezed = squeezed(&text);
    for line in [1, 2, 1234, 2999, 3000] {
        assert!(squeezed.contains(&format!("партия{line}796шт")), "line {line}");
    }
    assert!(pdf.len() < 1_500_000, "{} bytes", pdf.len());
}

#[test]
fn the_same_document_has_the_same_bytes() {
    let print = || print("УПД № 3000", &long(40), None, Layout::OfFormat, &signed());
    assert_eq!(print(), print());
    let file = |name| File { title: "Договор", name, length: 1, sum: "00", text: "" };
    let made = |name| cover(file(name), &signed(), at("21.11.2026", 0, 0, 0));
    assert_ne!(made("a"), made("b"));
}

#[test]
fn letters_are_copied_out_as_they_were() {
    let name = "Ёлка «Ъ» №5 – 10 ₽, ąčė 漢字 日本 🎄 Ωμέγα ქართული A А";
    let file = File { title: "Буквы", name, length: 1, sum: "00", text: "" };
    let pdf = cover(file, &signed(), at("21.11.2026", 0, 0, 0));
    archive::holds("letters", &pdf);
    let text = text("letters", &pdf);
    assert!(squeezed(&text).contains(&squeezed(name)), "{text}");
}

#[test]
fn files_say_that_they_are_for_archives() {
    let file = File { title: "Буквы & <знаки>", name: "a", length: 1, sum: "00", text: "" };
    let pdf = cover(file, &signed(), at("21.11.2026", 23, 5, 9));
    archive::holds("cover", &pdf);
    let plain = String::from_utf8_lossy(&pdf);
    for said in ["<xmp:CreateDate>2026-11-21T23:05:09+03:00</xmp:CreateDate>", "Буквы &amp; &lt;знаки&gt;"]
    {
        assert!(plain.contains(said), "{said}");
    }
}
