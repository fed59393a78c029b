//! Distinguished names, and what Russian certificates say in them.

use der::asn1::ObjectIdentifier;

use crate::asn1::{self, Item};
use crate::oid;

/// Attributes in one name; real ones have about fifteen.
const MAX_ATTRIBUTES: usize = 128;

/// A distinguished name: of a subject or of an issuer.
#[derive(Clone, Debug)]
pub struct Name {
    der: Vec<u8>,
    attributes: Vec<(ObjectIdentifier, String)>,
}

/// Whose certificate this is, as its attributes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// Names neither an organization nor a person that could be told apart.
    Unknown,
    /// An organization: INN of a legal entity, or OGRN.
    LegalEntity,
    /// A sole proprietor: OGRNIP.
    IndividualEntity,
    /// A person: INN, SNILS or a surname.
    PhysicalPerson,
}

impl Name {
    pub(crate) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let mut attributes = Vec::new();
        for relative in item.sequence()?.collect(MAX_ATTRIBUTES)? {
            for attribute in relative.fields(asn1::SET)?.collect(MAX_ATTRIBUTES)? {
                let mut fields = attribute.sequence()?;
                let kind = fields.next()?.oid()?;
                let value = text(fields.next()?);
                fields.finish()?;
                attributes.push((kind, value));
            }
        }
        Ok(Self { der: item.raw().to_vec(), attributes })
    }

    /// The DER of the name as it stood in the certificate.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// All attributes in their order.
    pub fn attributes(&self) -> &[(ObjectIdentifier, String)] {
        &self.attributes
    }

    /// Whether no attribute is there.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// The first attribute of a kind that is not empty.
    pub fn get(&self, kind: ObjectIdentifier) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(found, value)| *found == kind && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Common name: of a person or of an organization.
    pub fn common_name(&self) -> Option<&str> {
        self.get(oid::COMMON_NAME)
    }

    /// Surname.
    pub fn surname(&self) -> Option<&str> {
        self.get(oid::SURNAME)
    }

    /// Given name and patronymic.
    pub fn given_name(&self) -> Option<&str> {
        self.get(oid::GIVEN_NAME)
    }

    /// Organization.
    pub fn organization(&self) -> Option<&str> {
        self.get(oid::ORGANIZATION)
    }

    /// Position.
    pub fn title(&self) -> Option<&str> {
        self.get(oid::TITLE)
    }

    /// E-mail address.
    pub fn email(&self) -> Option<&str> {
        self.get(oid::EMAIL)
    }

    /// INN of a legal entity, 10 digits. Certificates from before 2021 write it in the field of the person, with two
    /// zeros in front.
    pub fn legal_inn(&self) -> Option<&str> {
        let padded = || self.get(oid::INN)?.strip_prefix("00").filter(|inn| inn.len() == 10);
        self.get(oid::INN_LEGAL).map(unpadded).or_else(padded)
    }

    /// INN of a person, 12 digits.
    pub fn person_inn(&self) -> Option<&str> {
        self.get(oid::INN).filter(|inn| unpadded(inn) == *inn)
    }

    /// OGRN of a legal entity.
    pub fn ogrn(&self) -> Option<&str> {
        self.get(oid::OGRN)
    }

    /// OGRNIP of a sole proprietor.
    pub fn ogrnip(&self) -> Option<&str> {
        self.get(oid::OGRNIP)
    }

    /// SNILS, digits only as certificates write it.
    pub fn snils(&self) -> Option<&str> {
        self.get(oid::SNILS)
    }

    /// The INN by which the subject acts: of the organization, else of the person.
    pub fn inn(&self) -> Option<&str> {
        self.legal_inn().or_else(|| self.person_inn())
    }

    /// Whose certificate this is.
    pub fn kind(&self) -> SubjectKind {
        if self.legal_inn().is_some() || self.ogrn().is_some() {
            SubjectKind::LegalEntity
        } else if self.ogrnip().is_some() {
            SubjectKind::IndividualEntity
        } else if self.person_inn().is_some() || self.snils().is_some() || self.surname().is_some() {
            SubjectKind::PhysicalPerson
        } else {
            SubjectKind::Unknown
        }
    }

    /// The same name by RFC 5280 §7.1: kinds and values in order, without regard to case, spaces and string type.
    pub fn matches(&self, other: &Self) -> bool {
        let normal = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        self.der == other.der
            || (self.attributes.len() == other.attributes.len()
                && self.attributes.iter().zip(&other.attributes).all(|(mine, theirs)| {
                    mine.0 == theirs.0 && (mine.1 == theirs.1 || normal(&mine.1) == normal(&theirs.1))
                }))
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Name {}

impl std::fmt::Display for Name {
    /// `CN=…, O=…`; attributes without a short name show their identifier.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (kind, value)) in self.attributes.iter().enumerate() {
            if index > 0 {
                formatter.write_str(", ")?;
            }
            match short_name(kind) {
                Some(name) => write!(formatter, "{name}={value}")?,
                None => write!(formatter, "{kind}={value}")?,
            }
        }
        Ok(())
    }
}

fn short_name(kind: &ObjectIdentifier) -> Option<&'static str> {
    Some(match *kind {
        oid::COMMON_NAME => "CN",
        oid::SURNAME => "SN",
        oid::SERIAL_NUMBER => "serialNumber",
        oid::COUNTRY => "C",
        oid::LOCALITY => "L",
        oid::STATE => "S",
        oid::STREET => "STREET",
        oid::ORGANIZATION => "O",
        oid::ORGANIZATIONAL_UNIT => "OU",
        oid::TITLE => "T",
        oid::GIVEN_NAME => "G",
        oid::EMAIL => "E",
        oid::INN => "ИНН",
        oid::INN_LEGAL => "ИНН ЮЛ",
        oid::OGRN => "ОГРН",
        oid::OGRNIP => "ОГРНИП",
        oid::SNILS => "СНИЛС",
        _ => return None,
    })
}

/// An INN without the two zeros that fill the longer field.
fn unpadded(inn: &str) -> &str {
    inn.strip_prefix("00").filter(|rest| rest.len() == 10).unwrap_or(inn)
}

/// The text of a string of any type; what cannot be read becomes U+FFFD, what is no string becomes empty.
pub(crate) fn text(item: Item<'_>) -> String {
    let bytes = item.value();
    match item.tag() {
        asn1::BMP_STRING => {
            let units = bytes.chunks(2).map(|unit| match unit {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xfffd,
            });
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        asn1::UNIVERSAL_STRING => bytes
            .chunks(4)
            .map(|unit| unit.try_into().ok().and_then(|unit| char::from_u32(u32::from_be_bytes(unit))))
            .map(|sign| sign.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
        // Their alphabets were never followed; what is found is UTF-8, or windows-1251.
        asn1::TELETEX_STRING | asn1::VIDEOTEX_STRING | asn1::GRAPHIC_STRING | asn1::GENERAL_STRING => {
            match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                Err(_) => encoding_rs::WINDOWS_1251.decode_without_bom_handling(bytes).0.into_owned(),
            }
        }
        asn1::UTF8_STRING
        | asn1::PRINTABLE_STRING
        | asn1::NUMERIC_STRING
        | asn1::IA5_STRING
        | asn1::VISIBLE_STRING => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    }
}

/// Writes a name of attributes, one in each step, with the string types that the Russian rules ask for.
pub(crate) fn write_name(attributes: &[(ObjectIdentifier, String)]) -> Vec<u8> {
    let steps: Vec<Vec<u8>> = attributes
        .iter()
        .map(|(kind, value)| {
            let tag = match *kind {
                oid::INN | oid::INN_LEGAL | oid::OGRN | oid::OGRNIP | oid::SNILS => asn1::NUMERIC_STRING,
                oid::COUNTRY | oid::SERIAL_NUMBER => asn1::PRINTABLE_STRING,
                oid::EMAIL => asn1::IA5_STRING,
                _ => asn1::UTF8_STRING,
            };
            let attribute = asn1::sequence(&[&asn1::oid(*kind), &asn1::tlv(tag, &[value.as_bytes()])]);
            asn1::tlv(asn1::SET, &[&attribute])
        })
        .collect();
    let parts: Vec<&[u8]> = steps.iter().map(Vec::as_slice).collect();
    asn1::sequence(&parts)
}
