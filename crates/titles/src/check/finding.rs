//! One thing that a file has against its format, with the cure.

use potok_fns::Remark;
use potok_fns::schema::Violation;
use potok_fns::xml::{Fault, Position, XmlError, shorten};

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where in the text; `None` when it is about the whole file.
    pub position: Option<Position>,
    /// Path of the element or attribute, as `/Файл/Документ/@КНД`; empty when it is about the whole file.
    pub path: String,
    /// The rule as programs name it, as `xsd.pattern`.
    pub rule: String,
    /// What is wrong, in Russian.
    pub ru: String,
    /// What is wrong, in English.
    pub en: String,
    /// What to do about it, in Russian.
    pub cure_ru: &'static str,
    /// What to do about it, in English.
    pub cure_en: &'static str,
}

impl Finding {
    /// About the whole file.
    pub(super) fn whole(rule: &str, ru: &str, en: &str) -> Self {
        Self::new(None, String::new(), rule, (ru.to_owned(), en.to_owned()))
    }

    fn new(position: Option<Position>, path: String, rule: &str, (ru, en): (String, String)) -> Self {
        let (cure_ru, cure_en) = cure(rule);
        Self { position, path, rule: rule.to_owned(), ru, en, cure_ru, cure_en }
    }

    /// What the name has against it that a file gives itself. The Russian words are those of the refusal of a post, which has no
    /// others.
    pub(super) fn name(remark: &Remark, file_id: &str) -> Self {
        let en = format!(
            "@ИдФайл is not what the format makes of who sends, who receives and what is inside: {:?}",
            shorten(file_id)
        );
        Self::new(None, remark.location.clone(), NAME, (remark.message.clone(), en))
    }

    /// Where it stands among others: what is about the whole file comes first.
    pub(super) fn order(&self) -> Option<Position> {
        self.position
    }
}

impl From<&Violation> for Finding {
    fn from(violation: &Violation) -> Self {
        let Violation { position, place, rule, ru, en } = violation;
        Self::new(Some(*position), place.clone(), rule, (ru.clone(), en.clone()))
    }
}

impl From<&XmlError> for Finding {
    fn from(error: &XmlError) -> Self {
        let path = if error.place.is_empty() { String::new() } else { format!("/{}", error.place) };
        let words = (error.fault.ru(), error.fault.to_string());
        let rule = match &error.fault {
            // Its words begin with its id.
            Fault::BrokenRule { en, .. } => {
                let id = en.strip_prefix("rule ").and_then(|rest| rest.split(' ').next());
                id.map_or_else(|| error.fault.id().to_owned(), |id| format!("rule.{id}"))
            }
            fault => fault.id().to_owned(),
        };
        Self::new(error.position, path, &rule, words)
    }
}

/// The name that a file gives itself.
const NAME: &str = "name.file-id";

/// What to do about a broken rule, in Russian and in English.
fn cure(rule: &str) -> (&'static str, &'static str) {
    let part = rule.split_once('.').map_or(rule, |(_, part)| part);
    match part {
        _ if rule.starts_with("rule") => {
            ("Исправьте значения, о которых говорит правило", "Mend the values of which the rule speaks")
        }
        "attribute-missing" => ("Добавьте атрибут", "Add the attribute"),
        "element-missing" => ("Добавьте недостающий элемент", "Add the element that is missing"),
        "attribute-unknown" => {
            ("Уберите атрибут или проверьте его имя", "Take the attribute away, or look at its name")
        }
        "element-unknown" => {
            ("Уберите элемент или проверьте его имя", "Take the element away, or look at its name")
        }
        "element-unexpected" => (
            "Поставьте элементы в том порядке и числе, которых требует формат",
            "Put the elements in the order and number that the format wants",
        ),
        "attribute-twice" => ("Оставьте один из атрибутов", "Leave one of the attributes"),
        "text-unexpected" | "not-empty" => ("Уберите текст", "Take the text away"),
        "length" | "min-length" | "max-length" | "total-digits" | "fraction-digits" | "pattern" | "type"
        | "min-inclusive" | "max-inclusive" | "min-exclusive" | "max-exclusive" | "value" => {
            ("Исправьте значение", "Mend the value")
        }
        "enumeration" | "fixed" => ("Возьмите значение из допустимых", "Take one of the allowed values"),
        "nil" | "xsi-type" | "prefix-unknown" => {
            ("Уберите xsi и префиксы: в форматах их нет", "Take xsi and prefixes away: the formats have none")
        }
        "other-document" => (
            "Проверьте, тот ли это файл и та ли версия",
            "See whether this is the file and the version that is meant",
        ),
        "not-in-version" => (
            "Возьмите другую версию формата или уберите лишнее",
            "Take another version of the format, or leave it out",
        ),
        "contradiction" => ("Оставьте одно из двух", "Leave one of the two"),
        "too-large" | "too-deep" | "too-many-attributes" | "too-many-nodes" => {
            ("Разделите документ", "Split the document")
        }
        "doctype" | "entity-unknown" => {
            ("Уберите DOCTYPE и сущности", "Take the DOCTYPE and the entities away")
        }
        "encoding-unknown" | "not-in-encoding" => (
            "Сохраните файл в windows-1251 или UTF-8 и объявите эту кодировку",
            "Save the file in windows-1251 or UTF-8, and declare that encoding",
        ),
        "file-id" => (
            "Назовите файл по правилам формата: префикс, получатель, отправитель, дата, GUID",
            "Name the file by the rules of its format: prefix, recipient, sender, date, GUID",
        ),
        "kind" => (
            "Укажите файл известного формата: титул, служебный документ или данные для титула",
            "Give a file of a known format: a title, a service document, or data of a title",
        ),
        _ if rule.starts_with("xml.") => ("Исправьте XML", "Mend the XML"),
        _ => ("Исправьте по правилу формата", "Mend it by the rule of the format"),
    }
}

/// A title or a contract has a fault in this place of another document than it was taken for.
pub(super) fn other(expected: String, found: String) -> Finding {
    let fault = Fault::OtherDocument { expected, found };
    Finding::from(&XmlError { position: None, place: String::new(), fault })
}
