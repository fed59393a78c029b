//! Where a document stands, in both languages.

use potok_wire::proto::{DocflowStatusModelV3, DocflowStatusV3};

use crate::frame::Frame;

/// The words of the API, and ours in English.
const WORDS: [(&str, &str); 34] = [
    ("Черновик", "Draft"),
    ("Ожидается создание документа", "A document is to be made of the template"),
    ("Требуется создать документ", "Make a document of the template"),
    ("Обработан", "Processed"),
    ("Требуется подписать и отправить", "To be signed and sent"),
    ("Ошибка в подписи", "The signature is bad"),
    ("Отправляется", "On its way"),
    ("Ожидается промежуточная подпись", "The intermediate signature is awaited"),
    ("Ожидается подпись контрагента", "The other side's signature is awaited"),
    ("Ожидается основная подпись", "The main signature is awaited"),
    ("Требуется подпись", "Your signature is required"),
    ("Подписан контрагентом", "Signed by the other side"),
    ("Подписан всеми получателями", "Signed by all recipients"),
    ("Подписан", "Signed"),
    ("Подписан с разногласиями", "Signed with disagreements"),
    ("Контрагент отказал в подписи", "The other side refused to sign"),
    ("Отказано в подписи", "Refused"),
    ("Ожидается извещение о получении", "A receipt is awaited"),
    ("Требуется подписать извещение о получении", "Sign a receipt"),
    ("Требуется подписать извещение", "Sign a receipt of the refusal"),
    ("Ожидается уточнение", "An amendment is awaited"),
    ("Требуется уточнение", "An amendment is asked for"),
    ("Ожидается аннулирование", "The revocation is awaited"),
    ("Требуется аннулирование", "A revocation is asked for"),
    ("Аннулирован", "Revoked"),
    ("Отказано в аннулировании", "The revocation was refused"),
    ("На согласовании", "On approval"),
    ("На подписании", "To be signed inside"),
    ("Согласован", "Approved"),
    ("Отказано в согласовании", "Disapproved"),
    ("Отказано в запросе подписи", "The request to sign was refused"),
    ("Аннулирование одобрено", "The revocation is approved"),
    ("Ожидается подтверждение оператора", "The operator's confirmation is awaited"),
    ("Документооборот завершен", "The exchange is finished"),
];

/// A status as pages show it: colour, words, and the language of the words if it is not that of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) class: &'static str,
    pub(crate) text: String,
    pub(crate) is_foreign: bool,
}

impl Status {
    fn of(frame: &Frame, model: &DocflowStatusModelV3) -> Option<Self> {
        let text = model.status_text.as_deref().filter(|text| !text.is_empty())?;
        let class = match model.severity.as_deref() {
            Some("Success") => "good",
            Some("Warning") => "open",
            Some("Error") => "bad",
            _ => "plain",
        };
        if frame.is_russian() {
            return Some(Self { class, text: text.to_owned(), is_foreign: false });
        }
        let english: Option<Vec<&str>> = text.split(". ").map(english).collect();
        Some(match english {
            Some(parts) => Self { class, text: parts.join(". "), is_foreign: false },
            None => Self { class, text: text.to_owned(), is_foreign: true },
        })
    }

    /// The primary status, and that of the approval inside if there is one.
    pub(crate) fn all(frame: &Frame, status: &DocflowStatusV3) -> Vec<Self> {
        let models = [Some(&status.primary_status), status.secondary_status.as_ref()];
        models.into_iter().flatten().filter_map(|model| Self::of(frame, model)).collect()
    }
}

fn english(text: &str) -> Option<&'static str> {
    WORDS.iter().find(|(russian, _)| *russian == text).map(|(_, english)| *english)
}

#[cfg(test)]
mod tests {
    use potok_pages::Language;

    use super::*;

    #[test]
    fn statuses_speak_the_language_of_the_page() {
        let model = |text: &str| DocflowStatusModelV3 {
            severity: Some("Warning".to_owned()),
            status_text: Some(text.to_owned()),
        };
        let english = Frame { language: Language::English, ..Frame::default() };
        let both = Status::of(&english, &model("Подписан. Требуется аннулирование")).unwrap();
        assert_eq!(
            (both.text.as_str(), both.class, both.is_foreign),
            ("Signed. A revocation is asked for", "open", false)
        );
        assert!(Status::of(&english, &model("Новое слово")).unwrap().is_foreign);
        let russian = Status::of(&Frame::default(), &model("Подписан")).unwrap();
        assert_eq!((russian.text.as_str(), russian.is_foreign), ("Подписан", false));
        assert_eq!(Status::of(&english, &model("")), None);
    }

    #[test]
    fn every_word_of_the_rules_is_known() {
        let rules = include_str!("../../domain/src/docflow/status.rs");
        let words = rules.lines().filter_map(|line| {
            let (name, rest) = line.trim().split_once(": ")?;
            let is_part = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            rest.strip_suffix("\",")?.split_once(" \"").filter(|_| is_part).map(|(_, words)| words)
        });
        let words: Vec<&str> = words.collect();
        assert_eq!(words.len(), WORDS.len());
        for word in words {
            assert!(english(word).is_some(), "{word}");
        }
    }
}
