//! The contract of universal messages: what a program says that wants one made, and what it gets when one is read.

use super::universal::UniversalNotice;
use crate::party::FullName;
use crate::xml::{Attribute, Document, Element, Fault, Limits, Writer, XmlError, in_utf8, shorten};

type Result<T, E = XmlError> = std::result::Result<T, E>;

/// The longest text of a notice, in characters.
const TEXT: usize = 10_000;
/// Notices, telephones and addresses of one message, each at most.
const MOST: usize = 100;

/// What a universal message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UniversalContract {
    /// At least one.
    pub notices: Vec<UniversalNotice>,
    /// Who sends it.
    pub sender: Option<UniversalPerson>,
    /// Who is to read it.
    pub recipient: Option<UniversalPerson>,
}

/// A person in a universal message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UniversalPerson {
    /// Name and position are taken from the record of the employee, if there is one.
    pub uses_record: bool,
    /// At most 255 characters.
    pub position: Option<String>,
    /// The name.
    pub name: Option<FullName>,
    /// How to reach the person.
    pub contacts: Option<Contacts>,
}

/// How to reach a person: at least one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// Telephones, each of at most 20 characters.
    pub phones: Vec<String>,
    /// Addresses, each of at most 100 characters.
    pub emails: Vec<String>,
    /// Anything else, at most 255 characters.
    pub other: Option<String>,
}

impl UniversalContract {
    /// Reads a contract.
    ///
    /// # Errors
    /// The first thing that a contract does not allow, with line, column and element.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let document = Document::parse(&in_utf8(bytes, &Limits::SERVICE), &Limits::SERVICE)?;
        let root = At { element: &document.root, path: document.root.name.to_string() };
        if root.element.name != "UniversalMessage" {
            let found = shorten(&root.element.name);
            return Err(root.error(Fault::OtherDocument { expected: "UniversalMessage".into(), found }));
        }
        root.holds(&[], &["UniversalMessageInfos", "Sender", "Recipient"])?;
        let infos = root.child("UniversalMessageInfos")?;
        let infos = infos.ok_or_else(|| root.error(Fault::MissingElement("UniversalMessageInfos".into())))?;
        infos.holds(&[], &["UniversalMessageInfo"])?;
        let notices =
            infos.children("UniversalMessageInfo")?.iter().map(notice).collect::<Result<Vec<_>>>()?;
        if notices.is_empty() {
            return Err(infos.error(Fault::MissingElement("UniversalMessageInfo".into())));
        }
        Ok(Self {
            notices,
            sender: root.child("Sender")?.as_ref().map(person).transpose()?,
            recipient: root.child("Recipient")?.as_ref().map(person).transpose()?,
        })
    }

    /// The bytes of the contract, UTF-8 with a byte order mark.
    ///
    /// # Errors
    /// A character that XML cannot hold.
    pub fn write(&self) -> Result<Vec<u8>> {
        let mut writer = Writer::utf8();
        let written = self.write_to(&mut writer);
        written.map_err(|c| XmlError {
            position: None,
            place: "UniversalMessage".into(),
            fault: Fault::ForbiddenCharacter(c.into()),
        })?;
        Ok(writer.finish())
    }

    fn write_to(&self, writer: &mut Writer) -> Result<(), char> {
        writer.open("UniversalMessage");
        writer.open("UniversalMessageInfos");
        for UniversalNotice { code, text } in &self.notices {
            writer.open("UniversalMessageInfo");
            writer.attribute("StatusCode", &code.to_string())?;
            if let Some(text) = text {
                writer.text_element("PlainText", text)?;
            }
            writer.close();
        }
        writer.close();
        for (name, person) in [("Sender", &self.sender), ("Recipient", &self.recipient)] {
            if let Some(person) = person {
                writer.open(name);
                write_person(writer, person)?;
                writer.close();
            }
        }
        writer.close();
        Ok(())
    }
}

fn write_person(writer: &mut Writer, person: &UniversalPerson) -> Result<(), char> {
    let UniversalPerson { uses_record, position, name, contacts } = person;
    if let Some(position) = position {
        writer.attribute("Position", position)?;
    }
    writer.attribute("UseDefaultPersonInfo", if *uses_record { "true" } else { "false" })?;
    if let Some(FullName { last, first, middle }) = name {
        writer.open("Fio");
        writer.attribute("LastName", last)?;
        writer.attribute("FirstName", first)?;
        if let Some(middle) = middle {
            writer.attribute("MiddleName", middle)?;
        }
        writer.close();
    }
    let Some(Contacts { phones, emails, other }) = contacts else { return Ok(()) };
    writer.open("Contacts");
    if let Some(other) = other {
        writer.attribute("OtherContactInfo", other)?;
    }
    for (list, one, values) in [("Phones", "Phone", phones), ("Emails", "Email", emails)] {
        if !values.is_empty() {
            writer.open(list);
            for value in values {
                writer.text_element(one, value)?;
            }
            writer.close();
        }
    }
    writer.close();
    Ok(())
}

fn notice(at: &At<'_>) -> Result<UniversalNotice> {
    at.holds(&["StatusCode"], &["PlainText"])?;
    let code = at.required("StatusCode")?;
    let is_code = code.value.len() == 4 && code.value.bytes().all(|byte| byte.is_ascii_digit());
    let code = match code.value.parse() {
        Ok(code) if is_code => code,
        _ => return Err(at.bad("@StatusCode", &code.value, ("четыре цифры", "four digits"))),
    };
    let text = at.child("PlainText")?.map(|text| text.text(TEXT)).transpose()?;
    Ok(UniversalNotice { code, text })
}

fn person(at: &At<'_>) -> Result<UniversalPerson> {
    at.holds(&["Position", "UseDefaultPersonInfo"], &["Fio", "Contacts"])?;
    let uses_record = at.required("UseDefaultPersonInfo")?;
    let uses_record = match uses_record.value.as_str() {
        "true" => true,
        "false" => false,
        other => return Err(at.bad("@UseDefaultPersonInfo", other, ("true или false", "true or false"))),
    };
    Ok(UniversalPerson {
        uses_record,
        position: at.given("Position", 255)?,
        name: at.child("Fio")?.as_ref().map(name).transpose()?,
        contacts: at.child("Contacts")?.as_ref().map(contacts).transpose()?,
    })
}

fn name(at: &At<'_>) -> Result<FullName> {
    at.holds(&["LastName", "FirstName", "MiddleName"], &[])?;
    let needed = |name: &'static str| {
        at.required(name)?;
        Ok::<_, XmlError>(at.given(name, 60)?.unwrap_or_default())
    };
    Ok(FullName {
        last: needed("LastName")?,
        first: needed("FirstName")?,
        middle: at.given("MiddleName", 60)?,
    })
}

fn contacts(at: &At<'_>) -> Result<Contacts> {
    at.holds(&["OtherContactInfo"], &["Phones", "Emails"])?;
    let all = |list: &'static str, one: &'static str, longest: usize| {
        let Some(list) = at.child(list)? else { return Ok(Vec::new()) };
        list.holds(&[], &[one])?;
        list.children(one)?.iter().map(|value| value.text(longest)).collect::<Result<Vec<_>>>()
    };
    let contacts = Contacts {
        phones: all("Phones", "Phone", 20)?,
        emails: all("Emails", "Email", 100)?,
        other: at.given("OtherContactInfo", 255)?,
    };
    if contacts == Contacts::default() {
        return Err(at.error(Fault::Contradiction {
            ru: "нет ни телефона, ни адреса, ни других контактных данных",
            en: "there is neither a telephone nor an address nor anything else",
        }));
    }
    Ok(contacts)
}

/// An element of the contract with its path.
struct At<'a> {
    element: &'a Element,
    path: String,
}

impl<'a> At<'a> {
    fn error(&self, fault: Fault) -> XmlError {
        XmlError { position: Some(self.element.position), place: self.path.clone(), fault }
    }

    fn bad(&self, below: &str, value: &str, (ru, en): (&str, &str)) -> XmlError {
        let place = if below.is_empty() { self.path.clone() } else { format!("{}/{below}", self.path) };
        let fault = Fault::BadValue { value: shorten(value), rule_ru: ru.to_owned(), rule_en: en.to_owned() };
        XmlError { position: Some(self.element.position), place, fault }
    }

    /// Refuses what the contract does not know.
    fn holds(&self, attributes: &[&str], children: &[&str]) -> Result<()> {
        if let Some(given) = self.element.attributes.iter().find(|given| !attributes.contains(&&*given.name))
        {
            return Err(self.error(Fault::UnexpectedAttribute(shorten(&given.name))));
        }
        match self.element.children.iter().find(|child| !children.contains(&&*child.name)) {
            Some(child) => Err(self.error(Fault::UnexpectedElement(shorten(&child.name)))),
            None => Ok(()),
        }
    }

    fn children(&self, name: &str) -> Result<Vec<At<'a>>> {
        let found = self.element.children.iter().filter(|child| child.name == name);
        let found: Vec<At<'a>> =
            found.map(|element| At { element, path: format!("{}/{name}", self.path) }).collect();
        match found.get(MOST) {
            Some(one_more) => Err(one_more.error(Fault::TooManyNodes { limit: MOST })),
            None => Ok(found),
        }
    }

    fn child(&self, name: &str) -> Result<Option<At<'a>>> {
        let mut found = self.children(name)?.into_iter();
        let first = found.next();
        match found.next() {
            Some(second) => Err(second.error(Fault::UnexpectedElement(name.to_owned()))),
            None => Ok(first),
        }
    }

    fn required(&self, name: &'static str) -> Result<&'a Attribute> {
        let given = self.element.attributes.iter().find(|given| given.name == name);
        given.ok_or_else(|| self.error(Fault::MissingAttribute(name.into())))
    }

    /// The value of an attribute that may be absent.
    fn given(&self, name: &str, longest: usize) -> Result<Option<String>> {
        let Some(value) = self.element.attribute(name) else { return Ok(None) };
        self.hold(&format!("@{name}"), value, longest)?;
        Ok(Some(value.to_owned()))
    }

    fn text(&self, longest: usize) -> Result<String> {
        self.holds(&[], &[])?;
        self.hold("", &self.element.text, longest)?;
        Ok(self.element.text.clone())
    }

    fn hold(&self, below: &str, value: &str, longest: usize) -> Result<()> {
        if (1..=longest).contains(&value.chars().count()) {
            return Ok(());
        }
        let ru = format!("от 1 до {longest} символов");
        let en = format!("1 to {longest} characters");
        Err(self.bad(below, value, (&ru, &en)))
    }
}
