//! Documents held to a schema of our own.

use potok_fns::recognize::TitleFormat;
use potok_fns::schema::{Schema, SchemaError, Told, service_schemas, title_schemas};
use potok_fns::service::ServiceKind;
use potok_fns::xml::{Document, Element, Fault, Limits};
use potok_fns::{Family, Version};

use crate::samples::sample;

const GOOD: &str = r#"<?xml version="1.0" encoding="windows-1251"?>
<Заказ Дата="21.11.2026" Вид="А">
  <Кто>
    <ЮЛ ИНН="9901000010"/>
  </Кто>
  <Товар Имя="Доска" Цена="800.00"/>
  <Товар
    Имя="Гвоздь"/>
  <Слова>быстро</Слова>
</Заказ>
"#;

fn bytes(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

#[test]
fn violations_tell_line_column_place_and_rule() {
    let schema = Schema::compile(&sample("own.xsd")).unwrap();
    assert_eq!(schema.validate(&bytes(GOOD), &Limits::SERVICE), Ok(vec![]));
    for (from, to, place, en, ru) in [
        (
            "Дата=\"21.11.2026\" ",
            "",
            "Line: 2, Position: 1, /Заказ[1]",
            "required attribute 'Дата' is missing",
            "нет обязательного атрибута «Дата»",
        ),
        (
            "21.11.2026",
            "21/11/2026",
            "Line: 2, Position: 8, /Заказ[1]/@Дата",
            "attribute 'Дата': value '21/11/2026' does not match pattern '[0-9]{2}\\.[0-9]{2}\\.(19|20)[0-9]{2}'",
            "атрибут «Дата»: значение «21/11/2026» не подходит под образец «[0-9]{2}\\.[0-9]{2}\\.(19|20)[0-9]{2}»",
        ),
        (
            "Вид=\"А\"",
            "Вид=\"В\"",
            "Line: 2, Position: 26, /Заказ[1]/@Вид",
            "attribute 'Вид': value 'В' not in allowed values: 'А', 'Б'",
            "атрибут «Вид»: значения «В» нет среди допустимых: «А», «Б»",
        ),
        (
            "Имя=\"Гвоздь\"",
            "Имя=\"Гвоздь гнутый\"",
            "Line: 8, Position: 5, /Заказ[1]/Товар[2]/@Имя",
            "attribute 'Имя': value length 13 exceeds maximum 10",
            "атрибут «Имя»: длина значения 13, допустимо не больше 10",
        ),
        (
            "800.00",
            "800.001",
            "Line: 6, Position: 22, /Заказ[1]/Товар[1]/@Цена",
            "attribute 'Цена': value has 3 fraction digits, maximum is 2",
            "атрибут «Цена»: в значении 3 знаков после точки, допустимо 2",
        ),
        (
            "<ЮЛ ИНН=\"9901000010\"/>",
            "",
            "Line: 3, Position: 3, /Заказ[1]/Кто[1]",
            "element 'Кто' has incomplete content (expected: ЮЛ, ФЛ)",
            "в элементе «Кто» не хватает: ЮЛ, ФЛ",
        ),
        (
            "<Слова>быстро</Слова>",
            "<Слова/><Слова/>",
            "Line: 9, Position: 11, /Заказ[1]/Слова[2]",
            "element 'Слова' is not expected here in 'Заказ' (expected: no further elements)",
            "элемента «Слова» в «Заказ» здесь быть не должно: больше элементов не ожидается",
        ),
        (
            "<Кто>",
            "<Кто Сам=\"1\">",
            "Line: 3, Position: 8, /Заказ[1]/Кто[1]/@Сам",
            "attribute 'Сам' is not allowed",
            "атрибута «Сам» здесь быть не должно",
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let found = schema.validate(&bytes(&GOOD.replacen(from, to, 1)), &Limits::SERVICE).unwrap();
        let shown: Vec<_> = found.iter().map(|one| (one.location(), &*one.en, &*one.ru)).collect();
        assert_eq!(shown, [(place.to_owned(), en, ru)], "{from} became {to}");
    }
}

#[test]
fn everything_wrong_is_told_in_order() {
    let schema = Schema::compile(&sample("own.xsd")).unwrap();
    let wrong = GOOD
        .replace("Вид=\"А\"", "Вид=\"В\"")
        .replace("<ЮЛ ИНН=\"9901000010\"/>", "<ЮЛ/>")
        .replace("Гвоздь", "")
        .replace("<Слова>", "<Имя/>и<Слова Вид=\"1\">");
    let found = schema.validate(&bytes(&wrong), &Limits::SERVICE).unwrap();
    let places: Vec<_> = found.iter().map(|one| &*one.place).collect();
    assert_eq!(
        places,
        [
            "/Заказ[1]",
            "/Заказ[1]/@Вид",
            "/Заказ[1]/Кто[1]/ЮЛ[1]",
            "/Заказ[1]/Товар[2]/@Имя",
            "/Заказ[1]/Имя[1]",
            "/Заказ[1]/Слова[1]/@Вид",
        ]
    );
    // A wrong name in the place of a right one is one mistake, and so is a missing element.
    for (from, to) in [("Кто>", "Что>"), ("<Кто>\n    <ЮЛ ИНН=\"9901000010\"/>\n  </Кто>", "")]
    {
        let found = schema.validate(&bytes(&GOOD.replace(from, to)), &Limits::SERVICE).unwrap();
        assert_eq!(found.len(), 1, "{from}: {found:?}");
    }
}

#[test]
fn lists_of_violations_end() {
    let schema = Schema::compile(&sample("own.xsd")).unwrap();
    let many = GOOD.replace("<Слова>быстро</Слова>", &"<Лишний/>".repeat(5000));
    let found = schema.validate(&bytes(&many), &Limits::SERVICE).unwrap();
    assert!((1..=Schema::VIOLATIONS).contains(&found.len()), "{}", found.len());
}

#[test]
fn the_guard_stands_in_front() {
    let schema = Schema::compile(&sample("own.xsd")).unwrap();
    let bomb = GOOD.replace("<Заказ ", "<!DOCTYPE Заказ [<!ENTITY x 'xxx'>]><Заказ ");
    assert_eq!(schema.validate(&bytes(&bomb), &Limits::SERVICE).unwrap_err().fault, Fault::Doctype);
    assert!(matches!(Schema::compile(bomb.as_bytes()), Err(SchemaError::Xml(_))));
}

#[test]
fn schemas_that_need_others_or_are_none_are_refused() {
    let own = String::from_utf8(sample("own.xsd")).unwrap();
    let first = "<xs:element name=\"Заказ\">";
    let included =
        own.replacen(first, &format!("<xs:include schemaLocation=\"http://127.0.0.1/a.xsd\"/>{first}"), 1);
    let error = Schema::compile(included.as_bytes()).unwrap_err();
    assert!(
        matches!(&error, SchemaError::Unsupported { construct, .. } if construct == "include in schema"),
        "{error}"
    );
    let dangling = own.replacen("type=\"Лицо\"", "type=\"Никто\"", 1);
    assert!(matches!(Schema::compile(dangling.as_bytes()), Err(SchemaError::Invalid { .. })));
    assert!(matches!(Schema::compile(b"<a"), Err(SchemaError::Xml(_))));
}

#[test]
fn changed_documents_never_panic() {
    use potok_types::{Entropy as _, SeededEntropy};
    let schema = Schema::compile(&sample("own.xsd")).unwrap();
    let entropy = SeededEntropy::new(7);
    let random = || {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize
    };
    let whole = bytes(GOOD);
    let (mut judged, mut valid) = (0, 0);
    for _ in 0..1500 {
        let mut changed = whole.clone();
        let at = random() % changed.len();
        match random() % 3 {
            0 => changed[at] = b"<>\"'/ =.0\xC0"[random() % 10],
            1 => drop(changed.drain(at..(at + random() % 20).min(whole.len()))),
            _ => {
                let piece = changed[at..(at + random() % 60).min(whole.len())].to_vec();
                let to = random() % changed.len();
                drop(changed.splice(to..to, piece));
            }
        }
        let Ok(found) = schema.validate(&changed, &Limits::SERVICE) else { continue };
        judged += 1;
        valid += usize::from(found.is_empty());
        // What is only told is judged as what is written.
        let root = Document::parse(&changed, &Limits::SERVICE).unwrap().root;
        let allowed = schema.allows(|told| tell(told, &root));
        assert_eq!(allowed, found.is_empty(), "{found:?}: {}", String::from_utf8_lossy(&changed));
    }
    assert!(judged > 100 && valid > 20, "only {judged} documents came through the guard, {valid} were valid");
}

fn tell<'a>(told: &mut Told<'_, 'a>, element: &'a Element) {
    told.open(&element.name);
    for attribute in &element.attributes {
        told.attribute(&attribute.name, &attribute.value);
    }
    told.text(&element.text);
    element.children.iter().for_each(|child| tell(told, child));
    told.close();
}

#[test]
fn schemas_have_the_names_they_are_published_under() {
    for family in Family::ALL {
        for &version in family.versions() {
            for name in service_schemas(ServiceKind { family, version }) {
                assert!(name.starts_with(family.prefix()) && name.ends_with(".xsd"), "{name}");
            }
        }
    }
    let refusal = ServiceKind { family: Family::Uvutoch, version: Version::V1_02 };
    assert_eq!(service_schemas(refusal).len(), 2);
    assert_eq!(title_schemas(TitleFormat::Utd970V502, 1), ["ON_NSCHFDOPPOK_1_997_02_05_02_01.xsd"]);
    assert!(title_schemas(TitleFormat::Ucd29, 0).is_empty());
}
