//! Documents held to a schema of our own.

use potok_fns::recognize::TitleFormat;
use potok_fns::schema::{Schema, SchemaError, service_schemas, title_schemas};
use potok_fns::service::ServiceKind;
use potok_fns::xml::{Fault, Limits};
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
fn violations_tell_line_column_element_and_rule() {
    let schema = Schema::compile(&sample("own.xsd")).unwrap();
    assert_eq!(schema.validate(&bytes(GOOD), &Limits::SERVICE), Ok(vec![]));
    for (from, to, en, ru) in [
        (
            "Дата=\"21.11.2026\" ",
            "",
            "line 2, column 1, Заказ: element 'Заказ': required attribute 'Дата' is missing",
            "строка 2, столбец 1, Заказ: нет обязательного атрибута «Дата»",
        ),
        (
            "21.11.2026",
            "21/11/2026",
            "line 2, column 8, Заказ/@Дата: element 'Заказ': attribute 'Дата': value '21/11/2026' does not match pattern '^(?:[0-9]{2}\\.[0-9]{2}\\.(19|20)[0-9]{2})$'",
            "строка 2, столбец 8, Заказ/@Дата: атрибут «Дата»: значение «21/11/2026» не подходит под образец «^(?:[0-9]{2}\\.[0-9]{2}\\.(19|20)[0-9]{2})$»",
        ),
        (
            "Вид=\"А\"",
            "Вид=\"В\"",
            "line 2, column 26, Заказ/@Вид: element 'Заказ': attribute 'Вид': value 'В' not in allowed values: [\"А\", \"Б\"]",
            "строка 2, столбец 26, Заказ/@Вид: атрибут «Вид»: значения «В» нет среди допустимых: \"А\", \"Б\"",
        ),
        (
            "Имя=\"Гвоздь\"",
            "Имя=\"Гвоздь гнутый\"",
            "line 8, column 5, Заказ/Товар/@Имя: element 'Товар': attribute 'Имя': value length 13 exceeds maximum 10",
            "строка 8, столбец 5, Заказ/Товар/@Имя: атрибут «Имя»: длина значения 13, допустимо не больше 10",
        ),
        (
            "800.00",
            "800.001",
            "line 6, column 22, Заказ/Товар/@Цена: element 'Товар': attribute 'Цена': value has 3 fraction digits, maximum is 2",
            "строка 6, столбец 22, Заказ/Товар/@Цена: атрибут «Цена»: в значении 3 знаков после точки, допустимо 2",
        ),
        (
            "<ЮЛ ИНН=\"9901000010\"/>",
            "",
            "line 3, column 3, Заказ/Кто: element 'Кто' has incomplete content (expected: ЮЛ, ФЛ)",
            "строка 3, столбец 3, Заказ/Кто: в элементе «Кто» не хватает: ЮЛ, ФЛ",
        ),
        (
            "<Слова>быстро</Слова>",
            "<Слова/><Слова/>",
            "line 9, column 11, Заказ/Слова: element 'Слова' is not expected here in 'Заказ' (expected: no further elements)",
            "строка 9, столбец 11, Заказ/Слова: элемента «Слова» в «Заказ» здесь быть не должно: больше элементов не ожидается",
        ),
        (
            "<Кто>",
            "<Кто Сам=\"1\">",
            "line 3, column 8, Заказ/Кто/@Сам: element 'Кто': attribute 'Сам' is not allowed",
            "строка 3, столбец 8, Заказ/Кто/@Сам: атрибута «Сам» здесь быть не должно",
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let found = schema.validate(&bytes(&GOOD.replacen(from, to, 1)), &Limits::SERVICE).unwrap();
        let shown = found.first().map(|violation| (violation.to_string(), violation.message_ru()));
        assert_eq!(shown, Some((en.to_owned(), ru.to_owned())), "{from} became {to}");
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
    assert!(
        matches!(Schema::compile(included.as_bytes()), Err(SchemaError::Import(name)) if name == "include")
    );
    let dangling = own.replacen("type=\"Лицо\"", "type=\"Никто\"", 1);
    assert!(matches!(Schema::compile(dangling.as_bytes()), Err(SchemaError::Invalid(_))));
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
    let mut judged = 0;
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
        judged += usize::from(schema.validate(&changed, &Limits::SERVICE).is_ok());
    }
    assert!(judged > 100, "only {judged} documents came through the guard");
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
