//! Whom a certificate names.

use der::asn1::ObjectIdentifier;

use crate::certificate::{Certificate, write_name};
use crate::oid;

/// The attributes of a subject in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(Vec<(ObjectIdentifier, String)>);

/// An organization as its certificates name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Short name: `ООО «Ромашка»`.
    pub name: String,
    /// INN, 10 digits.
    pub inn: String,
    /// OGRN, 13 digits; left out when empty.
    pub ogrn: String,
    /// City; left out when empty.
    pub city: String,
}

/// A person as certificates name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Surname.
    pub surname: String,
    /// Given name and patronymic.
    pub given_name: String,
    /// INN, 12 digits; left out when empty.
    pub inn: String,
    /// SNILS, 11 digits; left out when empty.
    pub snils: String,
    /// E-mail address.
    pub email: Option<String>,
}

impl Subject {
    /// Any attributes.
    pub fn new(attributes: impl IntoIterator<Item = (ObjectIdentifier, String)>) -> Self {
        Self(attributes.into_iter().collect())
    }

    /// Only a common name.
    pub fn common_name(name: &str) -> Self {
        Self::new([(oid::COMMON_NAME, name.to_owned()), (oid::COUNTRY, "RU".to_owned())])
    }

    /// A person who acts for an organization, with a position.
    pub fn employee(organization: &Organization, person: &Person, title: &str) -> Self {
        let mut attributes = organization_attributes(organization);
        attributes.push((oid::TITLE, title.to_owned()));
        attributes.extend(person_attributes(person));
        Self::known(attributes)
    }

    /// An organization without a person, as for automatic signatures.
    pub fn organization(organization: &Organization) -> Self {
        Self::known(organization_attributes(organization))
    }

    /// A sole proprietor with an OGRNIP.
    pub fn proprietor(person: &Person, ogrnip: &str) -> Self {
        let mut attributes = Self::person(person).0;
        attributes.push((oid::OGRNIP, ogrnip.to_owned()));
        Self::known(attributes)
    }

    /// A natural person.
    pub fn person(person: &Person) -> Self {
        let name = format!("{} {}", person.surname, person.given_name);
        let mut attributes = vec![(oid::COMMON_NAME, name), (oid::COUNTRY, "RU".to_owned())];
        attributes.extend(person_attributes(person));
        Self::known(attributes)
    }

    /// One attribute more.
    #[must_use]
    pub fn with(mut self, kind: ObjectIdentifier, value: String) -> Self {
        self.0.push((kind, value));
        self
    }

    /// Whether `certificate` names exactly this subject.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        certificate.subject().as_der() == write_name(&self.0)
    }

    /// Without what is not known.
    fn known(mut attributes: Vec<(ObjectIdentifier, String)>) -> Self {
        attributes.retain(|(_, value)| !value.is_empty());
        Self(attributes)
    }

    /// The attributes.
    pub fn attributes(&self) -> &[(ObjectIdentifier, String)] {
        &self.0
    }
}

fn organization_attributes(organization: &Organization) -> Vec<(ObjectIdentifier, String)> {
    vec![
        (oid::COMMON_NAME, organization.name.clone()),
        (oid::ORGANIZATION, organization.name.clone()),
        (oid::COUNTRY, "RU".to_owned()),
        (oid::LOCALITY, organization.city.clone()),
        (oid::INN_LEGAL, organization.inn.clone()),
        (oid::OGRN, organization.ogrn.clone()),
    ]
}

fn person_attributes(person: &Person) -> Vec<(ObjectIdentifier, String)> {
    let mut attributes = vec![
        (oid::SURNAME, person.surname.clone()),
        (oid::GIVEN_NAME, person.given_name.clone()),
        (oid::INN, person.inn.clone()),
        (oid::SNILS, person.snils.clone()),
    ];
    attributes.extend(person.email.clone().map(|email| (oid::EMAIL, email)));
    attributes
}
