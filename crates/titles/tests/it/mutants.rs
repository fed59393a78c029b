//! Titles of others: whatever is read is made again from what it was parsed into.

use potok_fns::xml::{Element, Limits, XmlError, decode};
use potok_titles::Format;

use crate::world::{make, sample, told, tree};

/// What a title says of itself and not of its data, and names that follow from codes.
const OURS: [&str; 23] = [
    "ИдФайл",
    "ВерсПрог",
    "ВремИнфПр",
    "ДатаИнфПр",
    "ВремИнфИсп",
    "ДатаИнфИсп",
    "ВремИнфПок",
    "ДатаИнфПок",
    "ВрИнфОтпр",
    "ДатаИнфОтпр",
    "ВрИнф",
    "ДатаИнф",
    "НомТов",
    "Номер",
    "НаимЕдИзмПрослеж",
    "ПоФактХЖ",
    "НаимОКВ",
    "НаимЕдИзм",
    "НаимРегион",
    "НаимСтран",
    "КрНаимСтрПр",
    "НомСтр",
    "НаимСтрПр",
];

/// Numbers that look like none in particular.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % most
    }
}

/// The title with one attribute or text taken out, or written otherwise.
fn mutant(text: &str, numbers: &mut Numbers) -> String {
    let quotes: Vec<usize> = text.match_indices("=\"").map(|(at, _)| at + 2).skip(3).collect();
    let from = quotes[numbers.below(quotes.len())];
    let to = from + text[from..].find('"').expect("a value ends");
    let name = text[..from].rfind(' ').expect("an attribute has a name");
    // The contract has a whole name in one: where it comes apart again is not told by it.
    let is_of_name =
        ["Фамилия", "Имя", "Отчество"].iter().any(|part| text[name..from].trim_start().starts_with(part));
    match numbers.below(4) {
        0..=3 if is_of_name => text.to_owned(),
        0 => format!("{}{}", &text[..name], &text[to + 1..]),
        1 => format!("{}{}{}", &text[..from], numbers.below(1000), &text[to..]),
        2 => format!("{}ещё {}", &text[..from], &text[from..]),
        _ => {
            // A digit more or less changes codes, sums and dates.
            let digit = text[from..to].char_indices().find(|(_, c)| c.is_ascii_digit());
            let at = from + digit.map_or(0, |(at, _)| at);
            format!(
                "{}{}{}",
                &text[..at],
                numbers.below(10),
                &text[to.min(at + text[at..].chars().next().map_or(0, char::len_utf8))..]
            )
        }
    }
}

fn data(element: &Element) -> String {
    fn without(element: &mut Element) {
        element.attributes.retain(|attribute| !OURS.contains(&attribute.name.as_str()));
        // Who exchanges the file, and through whom, is not of the data.
        element.children.retain(|child| child.name != "СвУчДокОбор");
        element.children.iter_mut().for_each(without);
        // An element of nothing says nothing, and is not made again.
        element.children.retain(|child| {
            !(child.attributes.is_empty() && child.children.is_empty() && child.text.trim().is_empty())
        });
    }
    let mut element = element.clone();
    without(&mut element);
    told(&element)
}

#[test]
fn what_is_read_of_a_mutant_is_made_again() {
    for (version, name) in [
        ("utd970_05_02_01", "utd970_title0.xml"),
        ("utd820_05_01_02_hyphen", "utd820_title0.xml"),
        ("utd820_05_01_01", "utd820_title0.xml"),
    ] {
        hold(version, &sample(name), 600);
    }
}

/// Formats of which no title by others is at hand: what is made of everything that their data can say.
mod of_ours {
    use super::*;

    macro_rules! formats {
        ($($name:ident $version:literal;)+) => {$(
            #[test]
            fn $name() {
                let format = Format::find($version, 0).expect("a table");
                let contract = format.sample(&mut potok_titles::sample::Full);
                let title = make(format, &contract, "10.14.51", crate::world::GUID, None).expect("a title");
                hold($version, &title.bytes, 500);
            }
        )+};
    }

    formats! {
        transfer_970 "utd970_05_03_01";
        transfer_155 "utd_05_01_05";
        correction_736 "ucd736_05_01_02";
        correction_29 "ucd29_05_02_01";
        correction_189 "ucd_05_01_03";
        waybill_551 "tovtorg_05_02_01";
        act_552 "rezru_05_02_01";
        discrepancy_423 "torg2_05_01_01";
        reconciliation_405 "reconciliationact405_05_01_01";
        invoice_for_payment_29 "proformainvoice29_05_01_01";
        invoice_93 "invoice_05_02_01";
        first_invoice_93 "invoice_05_01_03";
        corrective_invoice_93 "invoicecor_05_02_01";
        first_corrective_invoice_93 "invoicecor_05_01_03";
        works_691 "performedworkacceptancecertificate691_01_00_01";
    }
}

fn hold(version: &str, title: &[u8], times: usize) {
    let format = Format::find(version, 0).expect("a table");
    let text = decode(title, &Limits::TITLE).expect("XML").0.replace("windows-1251", "utf-8");
    let (mut numbers, mut read) = (Numbers(0x9E37_79B9_7F4A_7C15), 0);
    for _ in 0..times {
        let mutant = mutant(&text, &mut numbers);
        // What is no title of the format is refused, and that is all.
        let Ok(contract) = format.parse(mutant.as_bytes()) else { continue };
        let made = make(format, &contract, "10.14.51", crate::world::GUID, None);
        // Whoever made the title may know codes that the classifiers here lack; nothing is made with them.
        let of_codes = |error: &XmlError| error.fault.to_string().contains("a code of");
        if made.as_ref().is_err_and(|found| found.iter().all(of_codes)) {
            continue;
        }
        read += 1;
        let made = made.unwrap_or_else(|found| panic!("{version}: {found:#?}\n{mutant}"));
        let (made, meant) = (data(&tree(&made.bytes)), data(&tree(mutant.as_bytes())));
        let differing = made.lines().zip(meant.lines()).find(|(made, meant)| made != meant);
        assert_eq!(differing, None, "{version}");
        assert_eq!(made.lines().count(), meant.lines().count(), "{version}");
    }
    assert!(read >= 200, "{version}: only {read} mutants are titles");
}
