//! What must never hurt: bombs, deep nesting, wrong encodings, and every sample with a few bytes changed.

use std::time::{Duration, Instant};

use potok_fns::recognize::{file_id, recognize};
use potok_fns::service::{Clarification, Confirmation, ConfirmationKind, Receipt, Revocation, plain_text};
use potok_fns::xml::{Document, Fault, Limits, Position, XmlError, check};
use potok_types::{Entropy as _, SeededEntropy};

use crate::samples::{SERVICE, sample};

const UTF8: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

fn refused(bytes: &[u8]) -> XmlError {
    match check(bytes, &Limits::SERVICE) {
        Ok(()) => panic!("accepted: {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(200)])),
        Err(error) => error,
    }
}

#[test]
fn what_no_official_document_has_is_refused() {
    let lots = Limits::SERVICE;
    let deep = format!("{UTF8}{}{}", "<a>".repeat(65), "</a>".repeat(65));
    let wide: String = (0..257).map(|n| format!(" a{n}=''")).collect();
    let nodes = "<b/>".repeat(lots.nodes);
    let bomb = "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;&x;&x;&x;'>]><a>&y;</a>";
    let unknown = |name: &str| Fault::UnknownEntity(name.into());
    let malformed = |fault: &Fault| matches!(fault, Fault::Malformed(_));
    for (document, expected) in [
        (format!("{UTF8}{bomb}"), Fault::Doctype),
        (format!("{UTF8}<!DOCTYPE a SYSTEM 'http://127.0.0.1/x'><a/>"), Fault::Doctype),
        (format!("{UTF8}<!doctype a><a/>"), Fault::Doctype),
        (deep, Fault::TooDeep { limit: 64 }),
        (format!("{UTF8}<a{wide}/>"), Fault::TooManyAttributes { limit: 256 }),
        (format!("{UTF8}<a>{nodes}</a>"), Fault::TooManyNodes { limit: lots.nodes }),
        (format!("{UTF8}<a>{}</a>", " ".repeat(lots.bytes)), Fault::TooLarge { limit: lots.bytes }),
        (format!("{UTF8}<a>&x;</a>"), unknown("x")),
        (format!("{UTF8}<a b='&x;'/>"), unknown("x")),
        (format!("{UTF8}<a>&#xFFFFFFFFFF;</a>"), unknown("#xFFFFFFFFFF")),
        (format!("{UTF8}<a>&#+9;</a>"), unknown("#+9")),
        (format!("{UTF8}<a>&#1;</a>"), Fault::ForbiddenCharacter(1)),
        (format!("{UTF8}<a b='&#xFFFE;'/>"), Fault::ForbiddenCharacter(0xFFFE)),
        (format!("{UTF8}<a>&#xD800;</a>"), Fault::ForbiddenCharacter(0xD800)),
        (format!("{UTF8}<a>\u{1}</a>"), Fault::ForbiddenCharacter(1)),
        (format!("{UTF8}<a b='\u{b}'/>"), Fault::ForbiddenCharacter(0xB)),
        (format!("{UTF8}<a><!--\u{1}--></a>"), Fault::ForbiddenCharacter(1)),
        (format!("{UTF8}<a b='1' b='2'/>"), Fault::DuplicateAttribute("b".into())),
        (UTF8.into(), Fault::NoRoot),
        (format!("{UTF8}<a/><b/>"), Fault::OutsideRoot),
        (format!("{UTF8}<a/>text"), Fault::OutsideRoot),
        (format!("{UTF8}text<a/>"), Fault::OutsideRoot),
        (format!("{UTF8}<a/>&amp;"), Fault::OutsideRoot),
        (format!("{UTF8}<a><b></b>"), Fault::Unclosed),
        (format!("{UTF8}<a><b></a>"), Fault::Malformed(String::new())),
        (format!("{UTF8}</a>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a b/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a b=1/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a b='<'/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a b='1'c='2'/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a b='&lt'/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a>&lt</a>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<1a/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a ?='1'/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a>{UTF8}</a>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<?xmlversion='1.0'?><a/>"), Fault::Malformed(String::new())),
        ("<?xml version='1.0'encoding='utf-8'?><a/>".into(), Fault::Malformed(String::new())),
        ("<?xml encoding='utf-8'?><a/>".into(), Fault::Malformed(String::new())),
        (
            "<?xml version='1.0' standalone='no' encoding='utf-8'?><a/>".into(),
            Fault::Malformed(String::new()),
        ),
        ("<?xml version='1.0' standalone='да'?><a/>".into(), Fault::Malformed(String::new())),
        (format!("{UTF8}<?=ml?><a/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<?XML x?><a/>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a><![CDATA[</a>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a><!-- -- --></a>"), Fault::Malformed(String::new())),
        (format!("{UTF8}<a>]]></a>"), Fault::Malformed(String::new())),
        ("<?xml version='1.1' encoding='utf-8'?><a/>".into(), Fault::Malformed(String::new())),
        ("<?xml version='2.0' encoding='utf-8'?><a/>".into(), Fault::Malformed(String::new())),
        (String::new(), Fault::NoRoot),
        (format!("\u{FEFF}\u{FEFF}{UTF8}<a/>"), Fault::ForbiddenCharacter(0xFEFF)),
        ("\u{FEFF}\u{FEFF}<Файл Имя='Ж'>Ж</Файл>".into(), Fault::ForbiddenCharacter(0xFEFF)),
        ("<?xml version='1.0' encoding='koi8-r'?><a/>".into(), Fault::UnknownEncoding("koi8-r".into())),
        ("<?xml version='1.0' encoding='utf-7'?><a/>".into(), Fault::UnknownEncoding("utf-7".into())),
    ] {
        let error = refused(document.as_bytes());
        let same = error.fault == expected || malformed(&error.fault) && malformed(&expected);
        assert!(same, "{error} instead of {expected} for {:?}", &document[..document.len().min(200)]);
        let told = error.fault.ru();
        assert!(!told.is_empty());
        if malformed(&error.fault) {
            let cause = told.strip_prefix("документ не является правильным XML: ");
            let cause = cause.unwrap_or_else(|| panic!("{told}: nothing is told of {error}"));
            // Names and signs of the file stand in quotes; beside them nothing is English.
            let words = cause.split(['«', '»']).step_by(2).flat_map(str::split_whitespace);
            let english = |word: &&str| word.chars().any(|c| c.is_ascii_lowercase());
            assert_eq!(words.filter(english).collect::<Vec<_>>(), [""; 0], "{told} of {error}");
        }
    }
}

#[test]
fn bytes_have_to_be_of_the_declared_encoding() {
    let not = |name| Fault::NotInEncoding(name);
    let utf16: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, expected) in [
        ([UTF8.as_bytes(), b"<a>\xC3\x28</a>"].concat(), not("UTF-8")),
        (b"<?xml version='1.0' encoding='windows-1251'?><a>\x98</a>".to_vec(), not("windows-1251")),
        (b"<?xml version='1.0'?><a>\xE0</a>".to_vec(), not("UTF-8")),
        ([b"\xFF\xFE", utf16.as_slice()].concat(), Fault::UnknownEncoding("UTF-16".into())),
        (b"\0<\0a\0/\0>".to_vec(), Fault::UnknownEncoding("UTF-16".into())),
        (
            b"\xEF\xBB\xBF<?xml version='1.0' encoding='windows-1251'?><a/>".to_vec(),
            Fault::OtherDocument { expected: "UTF-8".into(), found: "windows-1251".into() },
        ),
    ] {
        assert_eq!(refused(&bytes).fault, expected);
    }
    for bytes in [
        &b"\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?><a/>"[..],
        b"\xEF\xBB\xBF<a/>",
        b"<?xml version='1.0' encoding='WINDOWS-1251'?><a>\xE0</a>",
        b"<?xml version='1.0' encoding='cp1251'?><a>\xE0</a>",
        b"<?xml version='1.0'?><a>\xD0\xB0</a>",
        b"<a>\xD0\xB0</a>",
        b"<?xml version='1.0' encoding='utf-8' standalone='yes'?><!-- - --><?php echo?><a>\n</a><!---->\n",
    ] {
        assert_eq!(check(bytes, &Limits::SERVICE), Ok(()), "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn errors_name_line_column_and_element() {
    let document = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Файл ИдФайл=\"ж\">\n  <Документ\n КНД=\"1\" ВИД=\"&нет;\"/>\n</Файл>";
    let error = refused(document.as_bytes());
    assert_eq!(error.position, Some(Position { line: 4, column: 10 }));
    assert_eq!(
        error.to_string(),
        "line 4, column 10, Файл/Документ/@ВИД: the entity \"&нет;\" is not defined"
    );
    assert_eq!(error.ru(), "строка 4, столбец 10, Файл/Документ/@ВИД: сущность «&нет;» не определена");
}

#[test]
fn values_are_read_as_the_standard_says() {
    let text =
        format!("{UTF8}<a b=' x\r\n\ty&#10;&quot;&#x416;'>1\r\n2\r3&#13;<![CDATA[<&]]>&apos;<c/>4</a>");
    let document = Document::parse(text.as_bytes(), &Limits::SERVICE).unwrap();
    assert_eq!(document.root.attribute("b"), Some(" x  y\n\"Ж"));
    assert_eq!(document.root.text, "1\n2\n3\r<&'4");
}

#[test]
fn bad_service_documents_say_where_and_why() {
    let good = String::from_utf8_lossy(&{
        let bytes = sample("izvpol_1.03.xml");
        potok_fns::xml::decode(&bytes, &Limits::SERVICE).unwrap().0.into_owned().into_bytes()
    })
    .into_owned();
    for (from, to, message) in [
        (
            "КНД=\"1115110\"",
            "КНД=\"1115111\"",
            "line 3, column 13, Файл/Документ/@КНД: the value \"1115111\" does not fit: only 1115110",
        ),
        ("КНД=\"1115110\"", "", "line 3, column 3, Файл/Документ: the required attribute КНД is missing"),
        (
            "ВерсФорм=\"1.03\"",
            "ВерсФорм=\"1.04\"",
            "line 2, column 1, Файл: the value \"1.04\" does not fit: one of 1.01, 1.02, 1.03",
        ),
        (
            "ДатаПол=\"21.11.2026\"",
            "ДатаПол=\"31.11.2026\"",
            "line 7, column 17, Файл/Документ/СвИзвПолуч/@ДатаПол: the value \"31.11.2026\" does not fit: a date as DD.MM.YYYY between 1900 and 2099",
        ),
        ("<ЭППолФайл>", "<ЭППолФайл>*", "line 9, column 9, Файл/Документ/СвИзвПолуч/СведПолФайл/ЭППолФайл: "),
        (
            "КПП=\"990201001\"/>",
            "КПП=\"990201001\" ОГРН=\"1\"/>",
            "line 5, column 85, Файл/Документ/УчастЭДО/ЮЛ: the attribute ОГРН has no place here",
        ),
        (
            "КПП=\"990201001\"/>",
            "КПП=\"990201001\">text</ЮЛ>",
            "line 5, column 7, Файл/Документ/УчастЭДО/ЮЛ: no text may stand here",
        ),
        (
            "<ОтпрДок",
            "<Лишний/><ОтпрДок",
            "line 12, column 5, Файл/Документ: \"ОтпрДок\" was expected, the document has \"Лишний\"",
        ),
        (
            "</Документ>",
            "<Лишний/></Документ>",
            "line 19, column 3, Файл/Документ: the element Лишний has no place here",
        ),
        (
            "<ФИО Фамилия=\"Орлов\"",
            "<ФИО Фамилия=\"\"",
            "line 16, column 12, Файл/Документ/Подписант/ФИО/@Фамилия: the value \"\" does not fit: from 1 to 60 characters",
        ),
        (
            "СпособПредставл=\"2\" ИдСистХран=\"https://m4d.nalog.gov.ru/emchd/check-status\"",
            "СпособПредставл=\"2\"",
            "line 15, column 5, Файл/Документ/Подписант: СпособПредставл=2 needs the storage of the power of attorney",
        ),
        (
            "СтатПодп=\"2\"",
            "СтатПодп=\"3\"",
            "line 15, column 5, Файл/Документ/Подписант: СтатПодп=3 needs the element СвДоверБум",
        ),
        ("<ЮЛ НаимОрг=\"АО", "<ИноеЛицо НаимОрг=\"АО", ""),
        (
            "DP_IZVPOL",
            "DP_PDPOL",
            "line 2, column 1, Файл: \"DP_IZVPOL\" was expected, the document has \"DP_PDPOL_2BM-9901000010",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let bad = good.replacen(from, to, 1);
        let bytes = encoding_rs::WINDOWS_1251.encode(&bad).0;
        let error = Receipt::parse(&bytes).expect_err(to).to_string();
        assert!(error.starts_with(message), "{error}\ninstead of\n{message}");
    }
}

/// Every function that takes bytes.
fn everything(bytes: &[u8]) {
    let _ = check(bytes, &Limits::TITLE);
    let _ = file_id(bytes);
    let _ = recognize(bytes);
    let _ = plain_text(bytes);
    for kind in [ConfirmationKind::Received, ConfirmationKind::PassedOn] {
        let _ = Confirmation::parse(bytes, kind).map(|read| read.generate().map(|_| ()));
    }
    let _ = Receipt::parse(bytes).map(|read| read.generate().map(|_| ()));
    let _ = Clarification::parse(bytes);
    let _ = Revocation::parse(bytes).map(|read| read.generate().map(|_| ()));
}

#[test]
fn changed_samples_never_panic_and_what_is_read_can_be_written() {
    const PARTS: [&[u8]; 14] = [
        b"<",
        b">",
        b"\"",
        b"&",
        b"&#0;",
        b"&x;",
        b"<!DOCTYPE a>",
        b"<![CDATA[",
        b"-->",
        b"\x98",
        b"\0",
        b"</",
        b"?>",
        b"\xEF\xBB\xBF",
    ];
    let entropy = SeededEntropy::new(42);
    let random = || {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize
    };
    for name in SERVICE.iter().chain(&["utd970_title0.xml", "utd820_title1.xml"]) {
        let whole = sample(name);
        for _ in 0..120 {
            let mut bytes = whole.clone();
            for _ in 0..=random() % 3 {
                let at = random() % bytes.len();
                match random() % 5 {
                    0 => bytes[at] = random() as u8,
                    1 => drop(bytes.drain(at..(at + random() % 40).min(bytes.len()))),
                    2 => bytes.truncate(at.max(1)),
                    3 => drop(bytes.splice(at..at, PARTS[random() % PARTS.len()].iter().copied())),
                    _ => {
                        let piece = bytes[at..(at + random() % 200).min(bytes.len())].to_vec();
                        let to = random() % bytes.len();
                        drop(bytes.splice(to..to, piece));
                    }
                }
                if bytes.is_empty() {
                    bytes.push(b'<');
                }
            }
            everything(&bytes);
            if let Ok(read) = Receipt::parse(&bytes) {
                let written = read.generate().unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(Receipt::parse(&written), Ok(read));
            }
        }
    }
}

#[test]
fn the_worst_documents_cost_one_pass() {
    // Each of these takes seconds or more where time is quadratic; the bound is loose, for machines are slow and shared.
    let bound = Duration::from_secs(20);
    let size = 1 << 18;
    let attributes: String = (0..30_000).map(|n| format!(" a{n}='1'")).collect();
    for (name, document) in [
        ("attributes", format!("{UTF8}<a{attributes}/>")),
        ("depth", format!("{UTF8}{}", "<a>".repeat(size / 3))),
        ("texts and references", format!("{UTF8}<a>{}</a>", "&#49;".repeat(size / 5))),
        ("one line of elements", format!("{UTF8}<a>{}</a>", "<b c='1'/>".repeat(size / 10))),
        ("one attribute of references", format!("{UTF8}<a b='{}'/>", "&amp;".repeat(size / 5))),
        ("open tags", format!("{UTF8}{}", "<a ".repeat(size / 3))),
        ("quotes", format!("{UTF8}<a b=\"{}", "'".repeat(size))),
        ("comments", format!("{UTF8}<a>{}</a>", "<!---->".repeat(size / 7))),
        ("ends", format!("{UTF8}<a>{}", "]]>".repeat(size / 3))),
    ] {
        let start = Instant::now();
        everything(document.as_bytes());
        assert!(start.elapsed() < bound, "{name}: {:?}", start.elapsed());
    }
}
