//! What a title needs and its contract does not say.

use std::collections::BTreeSet;

use potok_fns::xml::{Attribute, Element, Fault, XmlError};
use potok_fns::{FullName, MoscowTime, Operator};
use uuid::Uuid;

use crate::contract::Contract;
use crate::table::Table;

/// What is known when a title is made.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Now.
    pub now: MoscowTime,
    /// What makes the name of the file unique.
    pub guid: Uuid,
    /// The program that makes the title, as [`potok_fns::PROGRAM_OF_PEOPLE`].
    pub program: &'a str,
    /// The operator of the exchange.
    pub operator: &'a Operator,
    /// The title that is answered; of first titles `None`.
    pub first: Option<First<'a>>,
}

impl Sources<'_> {
    pub(crate) fn signatures(&self) -> &[Vec<u8>] {
        self.first.map(|first| first.signatures).unwrap_or_default()
    }
}

/// The title that is answered.
#[derive(Clone, Copy, Debug)]
pub struct First<'a> {
    /// Its bytes.
    pub title: &'a [u8],
    /// Its signatures, at least one.
    pub signatures: &'a [Vec<u8>],
}

/// An organization of the exchange, in place of a reference to its box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// What it is.
    pub kind: Kind,
    /// Name.
    pub name: String,
    /// INN.
    pub inn: String,
    /// KPP, of legal entities.
    pub kpp: Option<String>,
    /// OGRN.
    pub ogrn: Option<String>,
    /// Id among all participants.
    pub fns_id: String,
    /// Attributes of its Russian address as the contract calls them: `Region`, `ZipCode`, `City`, `Street` …; none when the
    /// address is not known.
    pub address: Vec<(String, String)>,
}

/// What an organization is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A legal entity.
    #[default]
    Organization,
    /// An individual entrepreneur.
    Entrepreneur,
    /// A natural person.
    Person,
    /// Somebody from abroad.
    Foreign,
}

/// What is known of the person who is going to sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerFacts {
    /// The name in the certificate, or of the employee.
    pub name: Option<FullName>,
    /// The position of the employee.
    pub position_of_employee: Option<String>,
    /// The position in the certificate.
    pub position_in_certificate: Option<String>,
    /// The position that is stored for this kind of title.
    pub position_of_title: Option<String>,
    /// What else is stored for this kind of title.
    pub additional_info: Option<String>,
    /// What is stored of the signer, as attributes of `SignerDetails`: for contracts that may refer to it.
    pub details: Vec<(String, String)>,
    /// The registered power of attorney.
    pub power: Option<Power>,
}

/// A registered power of attorney.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Power {
    /// Registration number, 36 characters.
    pub number: String,
    /// Day of issue, `ДД.ММ.ГГГГ`.
    pub issued: String,
    /// Number inside of the organization.
    pub internal_number: Option<String>,
    /// Where it is kept.
    pub system: String,
}

/// A certificate or power that a signer of the contract names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerAsked {
    /// Box whose employee signs, of `Signers`.
    pub box_id: Option<String>,
    /// SHA-1 of the certificate in hexadecimal digits.
    pub thumbprint: Option<String>,
    /// The certificate in base64.
    pub certificate: Option<String>,
    /// Registration number of the power of attorney; an empty one is the default of the employee.
    pub power: Option<String>,
}

impl Contract {
    /// The boxes whose organizations the contract names, as written, each once, in order of their text.
    pub fn boxes(&self) -> Vec<&str> {
        let mut found = BTreeSet::new();
        collect(&self.root, &mut |element| {
            if element.name == REFERENCE
                && let Some(id) = element.attribute("BoxId")
            {
                found.insert(id);
            }
        });
        found.into_iter().collect()
    }

    /// The signers, in order, with what has to be looked up for them.
    pub fn signers(&self) -> Vec<SignerAsked> {
        let Some(signers) = self.root.child("Signers") else {
            return Vec::new();
        };
        let owned = |value: Option<&str>| value.filter(|value| !value.is_empty()).map(str::to_owned);
        signers
            .children
            .iter()
            .filter(|signer| matches!(signer.name.as_str(), "Signer" | SIGNER_REFERENCE))
            .map(|signer| {
                let certificate =
                    if signer.name == SIGNER_REFERENCE { Some(signer) } else { signer.child("Certificate") };
                let attribute = |name| owned(certificate.and_then(|certificate| certificate.attribute(name)));
                SignerAsked {
                    box_id: owned(signer.attribute("BoxId").or(signers.attribute("BoxId"))),
                    thumbprint: attribute("CertificateThumbprint"),
                    certificate: attribute("CertificateBytes"),
                    power: storage(signer).map(|storage| {
                        let full =
                            storage.child("FullId").and_then(|full| full.attribute("RegistrationNumber"));
                        full.unwrap_or_default().to_owned()
                    }),
                }
            })
            .collect()
    }

    /// Puts organizations in place of references to their boxes; `find` knows them by the written id.
    ///
    /// # Errors
    /// The references that lead nowhere, and what is said beside them of another organization.
    pub(crate) fn fill_boxes(
        &mut self,
        table: &Table,
        find: &dyn Fn(&str) -> Option<Organization>,
    ) -> Vec<XmlError> {
        let mut violations = Vec::new();
        change(&mut self.root, &mut |element| {
            if element.name != REFERENCE {
                return;
            }
            let id = element.attribute("BoxId").unwrap_or_default().to_owned();
            let Some(organization) = find(&id) else {
                violations.push(unknown_box(element, &id));
                return;
            };
            violations.extend(others(element, &id, &organization));
            element.name = DETAILS.into();
            element.attributes.retain(|attribute| attribute.name != "BoxId");
            describe(element, table, &organization);
        });
        violations
    }

    /// Puts what is known of the signers where the contract only says where to look, in order.
    pub(crate) fn fill_signers(&mut self, facts: &[SignerFacts]) {
        let Some(signers) = self.root.children.iter_mut().find(|child| child.name == "Signers") else {
            return;
        };
        let asked = |child: &&mut Element| matches!(child.name.as_str(), "Signer" | SIGNER_REFERENCE);
        for (signer, facts) in signers.children.iter_mut().filter(asked).zip(facts) {
            if signer.name == SIGNER_REFERENCE {
                refer(signer, facts);
            } else {
                fill_signer(signer, facts);
            }
        }
    }
}

/// Says of an organization what is not said of it.
pub(crate) fn describe(element: &mut Element, table: &Table, organization: &Organization) {
    add(element, "OrgType", table.kinds[organization.kind as usize]);
    add(element, "OrgName", &organization.name);
    add(element, "Inn", &organization.inn);
    add(element, "Kpp", organization.kpp.as_deref().unwrap_or_default());
    if table.fills.contains(&"Ogrn") {
        add(element, "Ogrn", organization.ogrn.as_deref().unwrap_or_default());
    }
    add(element, "FnsParticipantId", &organization.fns_id);
    let address = &organization.address;
    if table.fills.contains(&"Address") && !address.is_empty() && element.child("Address").is_none() {
        element.children.push(address_of(element, address));
    }
}

/// What is said of an organization beside its box, and is another one's. A KPP is not: divisions have their own.
fn others<'a>(
    element: &'a Element,
    id: &'a str,
    organization: &'a Organization,
) -> impl Iterator<Item = XmlError> + 'a {
    let known = [
        ("Inn", Some(&organization.inn)),
        ("Ogrn", organization.ogrn.as_ref()),
        ("FnsParticipantId", Some(&organization.fns_id)),
    ];
    let known = known.into_iter().filter_map(|(name, value)| Some((name, value?)));
    known.filter(|(_, value)| !value.is_empty()).filter_map(move |(name, value)| {
        let said = element.attributes.iter().find(|given| given.name == name)?;
        let is_other = !said.value.is_empty() && said.value != value.as_str();
        let place = format!("{}/@{name}", element.name);
        is_other.then(|| XmlError {
            position: Some(said.position),
            place,
            fault: of_another(&said.value, id, value),
        })
    })
}

/// A value that is not that of the organization whose box is named beside it.
pub(crate) fn of_another(said: &str, id: &str, known: &str) -> Fault {
    Fault::BadValue {
        value: potok_fns::xml::shorten(said),
        rule_ru: format!(
            "у организации ящика {id} оно «{known}»: уберите это значение или назовите ящик той организации"
        ),
        rule_en: format!(
            "the organization of box {id} has {known:?}: leave it out, or name the box of the other organization"
        ),
    }
}

/// An organization whose box is named.
pub(crate) const REFERENCE: &str = "OrganizationReference";
/// One that is described.
pub(crate) const DETAILS: &str = "OrganizationDetails";
const SIGNER_REFERENCE: &str = "SignerReference";

/// Puts what is stored of a signer in place of the reference, unless nothing is.
fn refer(signer: &mut Element, facts: &SignerFacts) {
    if facts.details.is_empty() {
        return;
    }
    signer.name = "SignerDetails".into();
    signer.children.clear();
    signer.attributes.clear();
    for (name, value) in &facts.details {
        add(signer, name, value);
    }
}

fn fill_signer(signer: &mut Element, facts: &SignerFacts) {
    if signer.child("Fio").is_none()
        && let Some(name) = &facts.name
    {
        let mut fio = empty(signer, "Fio");
        add(&mut fio, "LastName", &name.last);
        add(&mut fio, "FirstName", &name.first);
        add(&mut fio, "MiddleName", name.middle.as_deref().unwrap_or_default());
        signer.children.push(fio);
    }
    if let Some(position) = signer.children.iter_mut().find(|child| child.name == "Position") {
        let stored = match position.attribute("PositionSource") {
            Some("Employee") => facts.position_of_employee.as_ref(),
            Some("Certificate") => facts.position_in_certificate.as_ref(),
            Some("StorageByTitleTypeId") => facts.position_of_title.as_ref(),
            _ => None,
        };
        if let Some(stored) = stored.filter(|stored| !stored.is_empty()) {
            position.text.clone_from(stored);
        }
    }
    if let Some(info) = signer.children.iter_mut().find(|child| child.name == "SignerAdditionalInfo")
        && info.attribute("SignerAdditionalInfoSource") == Some("StorageByTitleTypeId")
        && let Some(stored) = &facts.additional_info
    {
        info.text.clone_from(stored);
    }
    if storage(signer).is_some()
        && let Some(power) = &facts.power
    {
        let mut manual = empty(signer, "Manual");
        add(&mut manual, "RegistrationNumber", &power.number);
        add(&mut manual, "RegistrationDate", &power.issued);
        add(&mut manual, "InternalNumber", power.internal_number.as_deref().unwrap_or_default());
        add(&mut manual, "SystemId", &power.system);
        let powers = signer.children.iter_mut().find(|child| child.name == "PowerOfAttorney");
        let electronic =
            powers.and_then(|powers| powers.children.iter_mut().find(|child| child.name == "Electronic"));
        if let Some(electronic) = electronic {
            electronic.children = vec![manual];
        }
    }
}

fn storage(signer: &Element) -> Option<&Element> {
    crate::contract::find(signer, &["PowerOfAttorney", "Electronic", "Storage"])
}

fn address_of(element: &Element, attributes: &[(String, String)]) -> Element {
    let mut russian = empty(element, "RussianAddress");
    for (name, value) in attributes {
        add(&mut russian, name, value);
    }
    let mut address = empty(element, "Address");
    address.children.push(russian);
    address
}

/// An element that is told of at the place of another.
fn empty(place: &Element, name: &str) -> Element {
    Element {
        name: name.into(),
        attributes: Vec::new(),
        children: Vec::new(),
        text: String::new(),
        position: place.position,
    }
}

/// What the contract says itself stays; an empty value is nothing.
pub(crate) fn add(element: &mut Element, name: &str, value: &str) {
    if !value.is_empty() && element.attribute(name).is_none() {
        let position = element.position;
        element.attributes.push(Attribute { name: name.into(), value: value.into(), position });
    }
}

fn unknown_box(element: &Element, id: &str) -> XmlError {
    let found = element.attributes.iter().find(|attribute| attribute.name == "BoxId");
    let (place, fault) = match found {
        None => (REFERENCE.to_owned(), Fault::MissingAttribute("BoxId".to_owned())),
        Some(_) => {
            let fault = Fault::BadValue {
                value: potok_fns::xml::shorten(id),
                rule_ru: "ящик организации, которая участвует в обмене".to_owned(),
                rule_en: "the box of an organization that takes part in the exchange".to_owned(),
            };
            (format!("{REFERENCE}/@BoxId"), fault)
        }
    };
    let position = found.map_or(element.position, |attribute| attribute.position);
    XmlError { position: Some(position), place, fault }
}

fn collect<'a>(element: &'a Element, look: &mut impl FnMut(&'a Element)) {
    look(element);
    element.children.iter().for_each(|child| collect(child, look));
}

fn change(element: &mut Element, work: &mut impl FnMut(&mut Element)) {
    work(element);
    element.children.iter_mut().for_each(|child| change(child, work));
}
