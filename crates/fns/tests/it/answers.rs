//! Titles and service documents that answer others, and names of files that follow the rules or do not.

use potok_fns::recognize::{Made, Recognized, Title, made, recognize};
use potok_fns::service::{Answer, Clarification, NoAnswer, Receipt};
use potok_fns::{Family, Remark};

use crate::samples::sample;

fn title(bytes: &[u8]) -> Title {
    match recognize(bytes) {
        Ok(Recognized::Title(title)) => *title,
        other => panic!("{other:?}"),
    }
}

fn locations(remarks: &[Remark]) -> Vec<&str> {
    remarks.iter().map(|remark| remark.location.as_str()).collect()
}

/// A sample as text, with something replaced, in windows-1251 again.
fn changed(name: &str, from: &str, to: &str) -> Vec<u8> {
    let text = encoding_rs::WINDOWS_1251.decode(&sample(name)).0.into_owned();
    assert!(text.contains(from), "{from}");
    encoding_rs::WINDOWS_1251.encode(&text.replace(from, to)).0.into_owned()
}

#[test]
fn a_file_says_how_it_is_called_and_when_it_was_made() {
    for (name, date, time) in [
        ("utd970_title0.xml", Some("21.11.2026"), Some("10.14.51")),
        ("utd820_title0.xml", Some("21.11.2026"), Some("09.00.00")),
        ("utd820_title1.xml", Some("21.11.2026"), Some("09.30.00")),
        ("izvpol_1.03.xml", None, None),
    ] {
        let said = made(&sample(name)).unwrap();
        assert_eq!((said.date.as_deref(), said.time.as_deref()), (date, time), "{name}");
        assert!(said.file_id.contains("_20261121_"), "{name}");
    }
    assert_eq!(made(b"%PDF-1.7"), None);
}

#[test]
fn an_answering_title_names_the_title_it_answers() {
    for (seller, buyer, element) in [
        ("utd970_title0.xml", "utd970_title1.xml", "/Файл/Документ/ИдИнфПрод"),
        ("utd820_title0.xml", "utd820_title1.xml", "/Файл/ИнфПок/ИдИнфПрод"),
    ] {
        let parent = made(&sample(seller)).unwrap();
        let answered = title(&sample(buyer)).answered.unwrap();
        assert_eq!(answered.remarks(&parent), []);
        assert_eq!(title(&sample(seller)).answered, None);
        let other = Made { file_id: format!("{}1", parent.file_id), ..parent.clone() };
        assert_eq!(locations(&answered.remarks(&other)), [element]);
        let later = Made { time: Some("09.00.01".into()), ..parent.clone() };
        assert_eq!(locations(&answered.remarks(&later)), [element]);
        // What the sent file does not say cannot be wrong.
        let silent = Made { date: None, time: None, ..parent.clone() };
        assert_eq!(answered.remarks(&silent), []);
    }
    let nameless = changed("utd970_title1.xml", " ИдФайлИнфПр=", " Ид=");
    let remarks = title(&nameless).answered.unwrap().remarks(&made(&sample("utd970_title0.xml")).unwrap());
    assert_eq!(locations(&remarks), ["/Файл/Документ/ИдИнфПрод"]);
}

#[test]
fn the_name_of_a_file_follows_its_format() {
    const FREE: &str = "ON_NSCHFDOPPR_r_s_20261121_5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0820";
    let document = |name: &str, inside: &str| {
        let text = format!(
            "<Файл ИдФайл='{name}' ВерсФорм='5.01'><СвУчДокОбор ИдОтпр='s' ИдПол='r'/>\
             <Документ КНД='1115131' Функция='ДОП'><ТаблСчФакт><СведТов/><СведТов>{inside}</СведТов></ТаблСчФакт></Документ></Файл>"
        );
        title(text.as_bytes()).name_remarks
    };
    let with = |from: &str, to: &str| FREE.replace(from, to);
    let (codes, traced) =
        ("<ДопСведТов><НомСредИдентТов/></ДопСведТов>", "<ДопСведТов><СведПрослеж/></ДопСведТов>");
    for (name, inside) in [
        (FREE.to_owned(), ""),
        (with("ON_NSCHFDOPPR", "ON_NSCHFDOPPRMARK"), codes),
        (with("ON_NSCHFDOPPR", "ON_NSCHFDOPPRPROS"), traced),
        (FREE.to_uppercase().replace("_R_S_", "_r_s_"), ""),
    ] {
        assert_eq!(document(&name, inside), [], "{name}");
    }
    for (name, inside) in [
        (with("_r_s_", "_s_r_"), ""),
        (with("_r_s_", "_r_"), ""),
        (format!("{FREE}.xml"), ""),
        (format!("{FREE}_0"), ""),
        (with("_20261121_", "20261121_"), ""),
        (with("_20261121_", "_20261131_"), ""),
        (with("-", ""), ""),
        (with("ON_NSCHFDOPPR", "ON_NSCHFDOPPRMARK"), ""),
        (with("ON_NSCHFDOPPR", "ON_NSCHFDOPPRMARK"), traced),
        (FREE.to_owned(), codes),
        (FREE.to_owned(), traced),
        ("SK-NB-000017-MARK".to_owned(), ""),
    ] {
        let remarks = document(&name, inside);
        assert_eq!(locations(&remarks), ["/Файл/@ИдФайл"], "{name}");
        let begins = format!("Значение атрибута @ИдФайл имеет неверный формат: {name} (@ИдОтпр=s, @ИдПол=r)");
        assert!(remarks[0].message.starts_with(&begins), "{}", remarks[0].message);
    }
    for (name, good) in [
        ("utd970_title0.xml", true),
        ("utd970_title1.xml", true),
        ("utd820_title0.xml", true),
        ("utd820_title1.xml", true),
    ] {
        assert_eq!(title(&sample(name)).name_remarks.is_empty(), good, "{name}");
    }
    let swapped = changed("utd970_title0.xml", "_20261121_", "20261121_");
    assert_eq!(
        Remark::list(&title(&swapped).name_remarks, 9).split(" ON_").next(),
        Some("{ Location = /Файл/@ИдФайл, Message = Значение атрибута @ИдФайл имеет неверный формат:")
    );
}

#[test]
fn a_service_document_is_of_its_family_and_names_its_parent() {
    for (name, family) in [
        ("izvpol_1.02.xml", Family::Izvpol),
        ("izvpol_1.03.xml", Family::Izvpol),
        ("uvutoch_1.02.xml", Family::Uvutoch),
        ("uvutoch_1.03_amendment.xml", Family::Uvutoch),
        ("prannul_1.01.xml", Family::Prannul),
        ("prannul_1.02.xml", Family::Prannul),
        ("pdpol_1.03.xml", Family::Pdpol),
        ("pdotpr_1.02.xml", Family::Pdotpr),
    ] {
        let bytes = sample(name);
        for other in Family::ALL {
            let read = Answer::read(&bytes, other);
            assert_eq!(read.is_ok(), other == family, "{name} as {other:?}");
            assert!(other == family || read == Err(NoAnswer::Other));
        }
        let answer = Answer::read(&bytes, family).unwrap();
        let (file, signatures) = (answer.file.name.clone(), answer.file.signatures.clone());
        assert_eq!(answer.remarks(&file, &signatures), [], "{name}");
        assert_eq!(answer.remarks(&format!("{file}.xml"), &signatures), [], "{name}");
        let remarks = answer.remarks("another.pdf", &[b"another"]);
        assert_eq!(remarks.len(), 2, "{name}: {remarks:?}");
        assert!(remarks[0].location.contains("/@Имя") && remarks[1].location.contains("/Э"), "{remarks:?}");
    }
    let title = sample("utd970_title0.xml");
    for bytes in [&b"%PDF-1.7"[..], b"", b"1234", "не подпишем".as_bytes(), &title] {
        for family in Family::ALL {
            assert_eq!(Answer::read(bytes, family), Err(NoAnswer::Other));
        }
    }
}

#[test]
fn a_service_document_that_its_format_does_not_allow_says_where() {
    let broken = changed("izvpol_1.03.xml", " ВремяПол=", " Время=");
    let Err(refused) = Answer::read(&broken, Family::Izvpol) else { panic!("it was read") };
    let remarks: Vec<String> = refused.remarks().iter().map(ToString::to_string).collect();
    let place = "{ Location = Line: 7, Position: 5, /Файл/Документ/СвИзвПолуч";
    // Not only that one is missing, but that another one has no place.
    assert_eq!(remarks.len(), 2, "{remarks:#?}");
    assert!(remarks[0].starts_with(&format!("{place}, Message = ")), "{remarks:#?}");
    assert!(
        remarks[1].contains("/Файл/Документ/СвИзвПолуч, Message = ") && remarks[1].contains("Время"),
        "{remarks:#?}"
    );
    assert_eq!(NoAnswer::Other.remarks(), []);
    // What the readers of whole documents want is what an answer has to be.
    assert!(Receipt::parse(&broken).is_err());
    assert!(Clarification::parse(&sample("uvutoch_1.03_rejection.xml")).is_ok());
}
