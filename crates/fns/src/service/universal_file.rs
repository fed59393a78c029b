//! `DP_UNISOOBSCH`: a universal message as a file.
//!
//! The layout that the tax service prescribes is not public. What is known of it is written (the head, the ids of both sides,
//! one element for each notice with its full code), and the rest in names of the same kind; what others write is read for its
//! codes and words wherever they stand.

use super::universal::{UniversalNotice, universal_notices};
use super::universal_contract::{Contacts, UniversalContract, UniversalPerson};
use crate::file_id::FileId;
use crate::moment::{FnsDate, MoscowTime};
use crate::party::FullName;
use crate::xml::{Document, Element, Fault, Limits, Writer, XmlError};
use uuid::Uuid;

const PREFIX: &str = "DP_UNISOOBSCH";

/// A universal message to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniversalFile {
    /// Its name.
    pub file_id: FileId,
    /// What made it.
    pub program: String,
    /// When it was made.
    pub at: MoscowTime,
    /// The name of the file that it is about, without `.xml`.
    pub about: String,
    /// The participant's id of the side that sends it.
    pub sender: String,
    /// The same of the side that gets it.
    pub recipient: String,
    /// What it says.
    pub said: UniversalContract,
}

impl UniversalFile {
    /// The name of a message from the participant `sender` to `recipient`.
    pub fn name(recipient: &str, sender: &str, date: FnsDate, guid: Uuid) -> FileId {
        FileId::from_text(format!(
            "{PREFIX}_{recipient}_{sender}_{}_{}",
            date.compact(),
            guid.as_hyphenated()
        ))
    }

    /// The bytes of the file, in windows-1251.
    ///
    /// # Errors
    /// A character that XML cannot hold.
    pub fn generate(&self) -> Result<Vec<u8>, XmlError> {
        let mut writer = Writer::new();
        let written = self.write(&mut writer);
        written.map_err(|c| XmlError {
            position: None,
            place: "Файл".into(),
            fault: Fault::ForbiddenCharacter(c.into()),
        })?;
        Ok(writer.finish())
    }

    fn write(&self, writer: &mut Writer) -> Result<(), char> {
        writer.open("Файл");
        writer.attribute("ИдФайл", self.file_id.as_str())?;
        writer.attribute("ВерсПрог", &self.program)?;
        writer.attribute("ВерсФорм", "5.01")?;
        writer.open("Документ");
        writer.open("СведУС");
        writer.attribute("ДатаФорм", &self.at.date.to_string())?;
        writer.attribute("ВремФорм", &self.at.time())?;
        writer.attribute("ИмяПолФайл", &self.about)?;
        for UniversalNotice { code, text } in &self.said.notices {
            writer.open("СвСобытДок");
            writer.attribute("СтатусУС", &format!("115{code:04}1"))?;
            writer.attribute("ИдОтпрУС", &self.sender)?;
            writer.attribute("ИдПолучУС", &self.recipient)?;
            if let Some(text) = text {
                writer.text_element("ТекстУС", text)?;
            }
            writer.close();
        }
        writer.close();
        for (name, person) in [("ОтпрУС", &self.said.sender), ("ПолучУС", &self.said.recipient)]
        {
            if let Some(person) = person.as_ref().filter(|person| !is_empty(person)) {
                writer.open(name);
                write_person(writer, person)?;
                writer.close();
            }
        }
        writer.close();
        writer.close();
        Ok(())
    }
}

/// What a universal message says.
///
/// # Errors
/// It is no XML, or tells no code.
pub fn parse_universal_message(bytes: &[u8]) -> Result<UniversalContract, XmlError> {
    let document = Document::parse(bytes, &Limits::SERVICE)?;
    let notices = universal_notices(bytes);
    if notices.is_empty() {
        let fault = Fault::MissingElement("СтатусУС".into());
        return Err(XmlError {
            position: Some(document.root.position),
            place: document.root.name.to_string(),
            fault,
        });
    }
    let of_file = document.root.child("Документ");
    let person = |name: &str| of_file.and_then(|of_file| of_file.child(name)).map(read_person);
    Ok(UniversalContract { notices, sender: person("ОтпрУС"), recipient: person("ПолучУС") })
}

fn is_empty(person: &UniversalPerson) -> bool {
    person.position.is_none() && person.name.is_none() && person.contacts.is_none()
}

fn write_person(writer: &mut Writer, person: &UniversalPerson) -> Result<(), char> {
    if let Some(position) = &person.position {
        writer.attribute("Должн", position)?;
    }
    if let Some(FullName { last, first, middle }) = &person.name {
        writer.open("ФИО");
        writer.attribute("Фамилия", last)?;
        writer.attribute("Имя", first)?;
        if let Some(middle) = middle {
            writer.attribute("Отчество", middle)?;
        }
        writer.close();
    }
    let Some(Contacts { phones, emails, other }) = &person.contacts else { return Ok(()) };
    writer.open("Контакт");
    if let Some(other) = other {
        writer.attribute("ИнКонт", other)?;
    }
    phones.iter().try_for_each(|phone| writer.text_element("Тлф", phone))?;
    emails.iter().try_for_each(|email| writer.text_element("ЭлПочта", email))?;
    writer.close();
    Ok(())
}

fn read_person(element: &Element) -> UniversalPerson {
    let text = |of: &Element, name: &str| of.attribute(name).map(str::to_owned);
    let name = element.child("ФИО").map(|name| FullName {
        last: text(name, "Фамилия").unwrap_or_default(),
        first: text(name, "Имя").unwrap_or_default(),
        middle: text(name, "Отчество"),
    });
    let contacts = element.child("Контакт").map(|contacts| {
        let all = |name: &str| contacts.children_named(name).map(|found| found.text.clone()).collect();
        Contacts {
            phones: all("Тлф"), emails: all("ЭлПочта"), other: text(contacts, "ИнКонт")
        }
    });
    UniversalPerson { uses_record: false, position: text(element, "Должн"), name, contacts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(xml: &str) -> Result<UniversalContract, String> {
        UniversalContract::parse(xml.as_bytes()).map_err(|error| error.to_string())
    }

    const FULL: &str = "<UniversalMessage><UniversalMessageInfos>\
        <UniversalMessageInfo StatusCode=\"2007\"><PlainText>Кто подписал?\nИ на каком основании</PlainText></UniversalMessageInfo>\
        <UniversalMessageInfo StatusCode=\"2999\"/></UniversalMessageInfos>\
        <Sender Position=\"Бухгалтер\" UseDefaultPersonInfo=\"false\"><Fio LastName=\"Орлова\" FirstName=\"Мария\"/>\
        <Contacts OtherContactInfo=\"&quot;окно&quot; 3\"><Phones><Phone>1</Phone><Phone>2</Phone></Phones>\
        <Emails><Email>a@b</Email></Emails></Contacts></Sender>\
        <Recipient UseDefaultPersonInfo=\"false\"><Fio LastName=\"Ли\" FirstName=\"Ан\" MiddleName=\"Ы\"/></Recipient>\
        </UniversalMessage>";

    fn file(said: UniversalContract) -> UniversalFile {
        let at = MoscowTime::new(FnsDate::parse("21.11.2026").unwrap(), 9, 5, 0).unwrap();
        UniversalFile {
            file_id: UniversalFile::name("2BM-2", "2BM-1", at.date, Uuid::nil()),
            program: "Potok".to_owned(),
            at,
            about: "договор.pdf".to_owned(),
            sender: "2BM-1".to_owned(),
            recipient: "2BM-2".to_owned(),
            said,
        }
    }

    #[test]
    fn what_is_said_travels_through_the_file_and_back() {
        let said = contract(FULL).unwrap();
        assert_eq!(said.notices.len(), 2);
        assert_eq!(UniversalContract::parse(&said.write().unwrap()).unwrap(), said);
        let bytes = file(said.clone()).generate().unwrap();
        assert_eq!(parse_universal_message(&bytes).unwrap(), said);
        let text = encoding_rs::WINDOWS_1251.decode(&bytes).0;
        for words in [
            "ИдФайл=\"DP_UNISOOBSCH_2BM-2_2BM-1_20261121_00000000-0000-0000-0000-000000000000\"",
            "ВерсФорм=\"5.01\"",
            "ДатаФорм=\"21.11.2026\"",
            "СтатусУС=\"11529991\"",
            "ИмяПолФайл=\"договор.pdf\"",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert_eq!(crate::recognize::file_id(&bytes).as_deref(), Some(file(said).file_id.as_str()));
    }

    #[test]
    fn what_others_write_is_read_for_its_codes() {
        let read = parse_universal_message("<Файл><СтатусУС>11519991</СтатусУС></Файл>".as_bytes()).unwrap();
        assert_eq!(read.notices, [UniversalNotice { code: 1999, text: None }]);
        assert!(parse_universal_message(b"<a/>").is_err());
        assert!(parse_universal_message(b"11519991").is_err());
    }

    #[test]
    fn mistakes_of_a_contract_are_named() {
        let info =
            "<UniversalMessageInfos><UniversalMessageInfo StatusCode=\"1999\"/></UniversalMessageInfos>";
        let with = |rest: &str| format!("<UniversalMessage>{info}{rest}</UniversalMessage>");
        let person = |rest: &str| with(&format!("<Sender UseDefaultPersonInfo=\"false\">{rest}</Sender>"));
        assert!(contract(&with("")).is_ok());
        let long = format!(
            "<UniversalMessage><UniversalMessageInfos><UniversalMessageInfo StatusCode=\"1999\"><PlainText>{}</PlainText>\
             </UniversalMessageInfo></UniversalMessageInfos></UniversalMessage>",
            "я".repeat(10_001)
        );
        let many = format!(
            "<UniversalMessage><UniversalMessageInfos>{}</UniversalMessageInfos></UniversalMessage>",
            "<UniversalMessageInfo StatusCode=\"1999\"/>".repeat(101)
        );
        for (xml, words) in [
            ("<a/>".to_owned(), "UniversalMessage"),
            ("<UniversalMessage/>".to_owned(), "UniversalMessageInfos"),
            (with(info), "UniversalMessageInfos"),
            (with("<More/>"), "More"),
            (with("").replace("1999", "199"), "StatusCode"),
            (with("").replace(" StatusCode=\"1999\"", ""), "StatusCode"),
            (with("<Sender/>"), "UseDefaultPersonInfo"),
            (with("<Sender UseDefaultPersonInfo=\"1\"/>"), "UseDefaultPersonInfo"),
            (person("<Fio LastName=\"Орлова\"/>"), "FirstName"),
            (person("<Contacts/>"), "Sender/Contacts"),
            (person("<Contacts><Phones><Phone>123456789012345678901</Phone></Phones></Contacts>"), "Phone"),
            (long, "PlainText"),
            (many, "UniversalMessageInfo"),
            ("nothing".to_owned(), ""),
        ] {
            let refused = contract(&xml).unwrap_err();
            assert!(refused.contains(words), "{words}: {refused}");
        }
    }
}
