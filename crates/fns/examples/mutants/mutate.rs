//! One or two changes to a document.

use crate::Random;

const VALUES: &[&str] = &[
    "",
    " ",
    "\u{A0}",
    "0",
    "1",
    "-1",
    "+1",
    "1.",
    ".5",
    "1.50",
    "1.000000000000",
    "1e3",
    "00012",
    "1,5",
    "\u{A0}1",
    "1\u{A0}",
    " 1 ",
    "\t1",
    "&#10;1",
    "1&#13;",
    "true",
    "TRUE",
    "ложь",
    "29.02.2023",
    "29.02.2024",
    "31.11.2026",
    "2026-11-28",
    "2026-11-28T24:00:00",
    "2026-02-30",
    "12.30.00",
    "24.00.00",
    "643",
    "0643",
    "12345678901234567890123456789",
    "QQ==",
    "Q Q = =",
    "QQ=",
    "&#x416;",
    "№",
    "Ж",
    "€",
    "&lt;",
    "&amp;",
    "&#x20AC;",
    "г. Москва",
    "без НДС",
    "20%",
    "20/120",
    "٣",
    "1١",
];

const PIECES: &[&str] = &[
    " ",
    "\n",
    "\t",
    "\r\n",
    "\u{A0}",
    "текст",
    "1",
    "<!-- -->",
    "<!---->",
    "<?x y?>",
    "<![CDATA[]]>",
    "<![CDATA[ ]]>",
    "<![CDATA[1]]>",
    "&#32;",
    "&#160;",
    "&#9;",
    "&amp;",
    "&nbsp;",
    "<x/>",
    "<x:y/>",
    "<x:y xmlns:x=\"urn:x\"/>",
    "<y xmlns=\"urn:x\"/>",
    "<y xmlns=\"urn:x\"><Файл/></y>",
    "<Документ/>",
    "]]>",
    "<",
    "&",
];

const ATTRIBUTES: &[&str] = &[
    "xsi:nil=\"true\"",
    "xsi:nil=\"false\"",
    "xsi:nil=\"да\"",
    "xsi:type=\"xs:string\"",
    "xsi:type=\"нет\"",
    "xsi:type=\"ФИОТип\"",
    "xsi:type=\"УчастЭДОТип\"",
    "xsi:noNamespaceSchemaLocation=\"a.xsd\"",
    "xsi:schemaLocation=\"urn:x a.xsd\"",
    "xsi:more=\"1\"",
    "xml:lang=\"ru\"",
    "xml:space=\"preserve\"",
    "лишний=\"1\"",
    "x:лишний=\"1\"",
    "xmlns=\"urn:x\"",
    "xmlns=\"\"",
    "xmlns:y=\"urn:y\"",
    "xmlns:y=\"\"",
    "xmlns:xml=\"urn:x\"",
    "id=\"1\"",
];

/// The bytes of a document in windows-1251, or in UTF-8 if it says so or has a character of its own.
pub(crate) fn encoded(text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1251.encode(text);
    if unmappable || !text.contains("windows-1251") {
        text.replacen("windows-1251", "UTF-8", 1).into_bytes()
    } else {
        bytes.into_owned()
    }
}

pub(crate) fn mutant(document: &str, random: &Random) -> Vec<u8> {
    let mut text = document.to_owned();
    let changes = 1 + usize::from(random.below(5) == 0);
    for _ in 0..changes {
        change(&mut text, random);
    }
    let mut bytes = match random.below(40) {
        0 => text.replacen("windows-1251", "UTF-8", 1).into_bytes(),
        1 => format!("\u{FEFF}{}", text.replacen("windows-1251", "utf-8", 1)).into_bytes(),
        2 => {
            text.split_once("?>").map_or(text.clone(), |(_, rest)| rest.trim_start().to_owned()).into_bytes()
        }
        3 => encoded(&text.replacen("windows-1251", "cp1251", 1).replacen("windows-1251", "cp1251", 1)),
        _ => encoded(&text),
    };
    if random.below(25) == 0 {
        let at = random.below(bytes.len());
        match random.below(3) {
            0 => bytes[at] = b"<>\"'/ =.0\xC0\xA0&"[random.below(12)],
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, b"<>\"'/ =.0\xC0\xA0&"[random.below(12)]),
        }
    }
    bytes
}

/// A tag of a text, found without a parser.
struct Tag {
    start: usize,
    end: usize,
    closing: bool,
    empty: bool,
}

fn tags(text: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        let Some(end) = text[start..].find('>').map(|found| start + found + 1) else { break };
        let inside = &text[start..end];
        if !inside.starts_with("<?") && !inside.starts_with("<!") {
            found.push(Tag { start, end, closing: inside.starts_with("</"), empty: inside.ends_with("/>") });
        }
        at = end;
    }
    found
}

/// The element that a tag opens, to the end of its closing tag.
fn element(tags: &[Tag], index: usize) -> (usize, usize) {
    let mut depth = 0;
    for tag in &tags[index..] {
        if tag.closing {
            depth -= 1;
        } else if !tag.empty {
            depth += 1;
        }
        if depth <= 0 {
            return (tags[index].start, tag.end);
        }
    }
    (tags[index].start, tags[index].end)
}

fn change(text: &mut String, random: &Random) {
    let tags = tags(text);
    let opening: Vec<usize> = (0..tags.len()).filter(|&index| !tags[index].closing).collect();
    if opening.is_empty() {
        return;
    }
    let index = random.of(&opening);
    let tag = &tags[index];
    match random.below(20) {
        0..=7 => change_attribute(text, tag, random),
        8 => {
            let (start, end) = element(&tags, index);
            text.replace_range(start..end, "");
        }
        9 => {
            let (start, end) = element(&tags, index);
            let copy = text[start..end].to_owned();
            text.insert_str(end, &copy);
        }
        10 => {
            // Moved behind some other tag.
            let (start, end) = element(&tags, index);
            let copy = text[start..end].to_owned();
            let to = tags[random.below(tags.len())].end;
            if to <= start || to >= end {
                text.insert_str(to, &copy);
                let shift = if to <= start { copy.len() } else { 0 };
                text.replace_range(start + shift..end + shift, "");
            }
        }
        11 => {
            let (start, end) = element(&tags, index);
            rename(text, start, end, random);
        }
        12 | 13 => {
            // A value between tags.
            if !tag.empty && tags.get(index + 1).is_some_and(|next| next.closing) {
                let value = if random.below(4) == 0 {
                    " ".repeat(random.below(3))
                } else {
                    random.of(VALUES).to_owned()
                };
                text.replace_range(tag.end..tags[index + 1].start, &value);
            } else if tag.empty {
                let name: String =
                    text[tag.start + 1..].chars().take_while(|c| !" \t\n/>".contains(*c)).collect();
                text.replace_range(tag.end - 2..tag.end, &format!(">{}</{name}>", random.of(PIECES)));
            }
        }
        14..=17 => {
            let tag = &tags[random.below(tags.len())];
            text.insert_str(tag.end, random.of(PIECES));
        }
        18 => {
            let given = random.of(ATTRIBUTES);
            let at = tag.end - if tag.empty { 2 } else { 1 };
            text.insert_str(at, &format!(" {given}"));
            declare(text, &tags[opening[0]], random);
        }
        _ => {
            // A prefix for one element.
            let (start, end) = element(&tags, index);
            let name: String = text[start + 1..].chars().take_while(|c| !" \t\n/>".contains(*c)).collect();
            let uri = random.of(&["urn:x", "", "http://www.w3.org/2001/XMLSchema"]);
            let mut changed =
                text[start..end].replacen(&format!("<{name}"), &format!("<p:{name} xmlns:p=\"{uri}\""), 1);
            if let Some(at) = changed.rfind(&format!("</{name}")) {
                changed.replace_range(at..at + 2 + name.len(), &format!("</p:{name}"));
            }
            text.replace_range(start..end, &changed);
        }
    }
}

/// Declares the prefixes that attributes use, mostly.
fn declare(text: &mut String, root: &Tag, random: &Random) {
    if random.below(8) > 0 {
        let declarations = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:x=\"urn:x\"";
        let name = text[root.start + 1..]
            .chars()
            .take_while(|c| !" \t\n/>".contains(*c))
            .map(char::len_utf8)
            .sum::<usize>();
        text.insert_str(root.start + 1 + name, declarations);
    }
}

fn rename(text: &mut String, start: usize, end: usize, random: &Random) {
    let name: String = text[start + 1..].chars().take_while(|c| !" \t\n/>".contains(*c)).collect();
    let to = match random.below(3) {
        0 => format!("{name}2"),
        1 => name.chars().rev().collect(),
        _ => name.to_lowercase(),
    };
    let mut changed = text[start..end].replacen(&format!("<{name}"), &format!("<{to}"), 1);
    if let Some(at) = changed.rfind(&format!("</{name}")) {
        changed.replace_range(at..at + 2 + name.len(), &format!("</{to}"));
    }
    text.replace_range(start..end, &changed);
}

fn change_attribute(text: &mut String, tag: &Tag, random: &Random) {
    // Names and values of the attributes in the tag.
    let mut found = Vec::new();
    let mut at = tag.start;
    while let Some(equals) = text[at..tag.end].find("=\"").map(|found| at + found) {
        let Some(end) = text[equals + 2..tag.end].find('"').map(|found| equals + 2 + found) else { break };
        let start = text[at..equals].rfind([' ', '\t', '\n']).map_or(at, |found| at + found + 1);
        found.push((start, equals, end));
        at = end + 1;
    }
    if found.is_empty() {
        return;
    }
    let (start, equals, end) = random.of(&found);
    let value = text[equals + 2..end].to_owned();
    match random.below(10) {
        0 => text.replace_range(start..end + 1, ""),
        1 => {
            let again = format!("{} ", &text[start..end + 1]);
            text.insert_str(start, &again);
        }
        2 => text.insert(equals, 'а'),
        3 => text.replace_range(equals + 2..end, &value.repeat(2 + random.below(60))),
        4 => text.insert_str(equals + 2, random.of(&[" ", "\t", "\n", "\u{A0}", "0", "-", "&#10;"])),
        5 => text.insert_str(end, random.of(&[" ", "\t", "\n", "\u{A0}", "0", ".0", "&#10;"])),
        6 => {
            let characters: Vec<char> = value.chars().collect();
            if !characters.is_empty() {
                let mut changed = characters.clone();
                let at = random.below(changed.len());
                if random.below(2) == 0 {
                    changed.remove(at);
                } else {
                    changed[at] = random.of(&['0', '9', 'Я', 'z', '.', '-', ' ', '№']);
                }
                text.replace_range(equals + 2..end, &changed.into_iter().collect::<String>());
            }
        }
        _ => text.replace_range(equals + 2..end, random.of(VALUES)),
    }
}
