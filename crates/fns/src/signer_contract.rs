//! What clients write to say who signs a service document: the contract `Signer` of the newer generators.
//!
//! Where the data of the signer come from (a certificate, the record of an employee, a register of powers of attorney) is
//! only named here; whoever generates the document looks it up.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::form::{Coded, Result, Rule, codes};
use crate::moment::FnsDate;
use crate::party::FullName;
use crate::signer::{ElectronicPower, PaperPower, PowerShown, SignatureType, SignerStatus};
use crate::xml::{Document, Element, Fault, Limits, XmlError, in_utf8, shorten};

/// Who signs a service document, as a client says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerContract {
    /// By what right.
    pub status: Option<SignerStatus>,
    /// What kind of signature.
    pub signature_type: Option<SignatureType>,
    /// The certificate that the document will be signed with.
    pub certificate: Option<GivenCertificate>,
    /// The person. Samples of the API have it, its schema does not.
    pub name: Option<FullName>,
    /// The position.
    pub position: Option<GivenPosition>,
    /// The power of attorney.
    pub power: Option<GivenPower>,
}

/// A certificate in a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenCertificate {
    /// SHA-1 of it, in hexadecimal digits.
    Thumbprint(String),
    /// Itself, as it was in base64.
    Bytes(Vec<u8>),
}

/// A position in a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenPosition {
    /// Where to take it from.
    pub source: PositionSource,
    /// What to take when there is nothing; at most 255 characters, may be empty.
    pub text: String,
}

/// Where a position is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PositionSource {
    /// The record of the employee.
    Employee,
    /// The certificate.
    Certificate,
    /// The contract.
    #[default]
    Manual,
}

codes!(PositionSource { Employee = "Employee", Certificate = "Certificate", Manual = "Manual" });

/// A power of attorney in a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenPower {
    /// One that the exchange has registered: the employee's own, or the one of this number.
    Registered {
        /// Registration number; `None` is the employee's own.
        number: Option<String>,
    },
    /// An electronic one, with all that is said of it.
    Electronic(ElectronicPower),
    /// One on paper.
    Paper(PaperPower),
}

impl SignerContract {
    /// Larger ones are refused: a certificate has some kilobytes.
    const LIMITS: Limits = Limits { bytes: 1 << 20, nodes: 1000, ..Limits::TITLE };

    /// Reads a contract.
    ///
    /// # Errors
    /// The first thing that is not of the contract, with line, column and element.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let document = Document::parse(&in_utf8(bytes, &Self::LIMITS), &Self::LIMITS)?;
        let root = Node { element: &document.root, path: document.root.name.to_string() };
        if document.root.name != "Signer" {
            let found = shorten(&document.root.name);
            return Err(root.error(Fault::OtherDocument { expected: "Signer".into(), found }));
        }
        root.knows(
            &["SignerStatus", "SignatureType"],
            &["Certificate", "Fio", "Position", "PowerOfAttorney"],
        )?;
        Ok(Self {
            status: root.coded("SignerStatus")?,
            signature_type: root.coded("SignatureType")?,
            certificate: root.child("Certificate").map(|node| certificate(&node)).transpose()?,
            name: root.child("Fio").map(|node| full_name(&node)).transpose()?,
            position: root.child("Position").map(|node| position(&node)).transpose()?,
            power: root.child("PowerOfAttorney").map(|node| power(&node)).transpose()?,
        })
    }
}

fn certificate(node: &Node<'_>) -> Result<GivenCertificate> {
    const BASE64: Rule = Rule::Told("сертификат в base64", "a certificate in base64");
    node.knows(&["CertificateThumbprint", "CertificateBytes"], &[])?;
    if let Some(text) = node.attribute("CertificateBytes") {
        let dense: String = text.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(dense).ok().filter(|bytes| !bytes.is_empty());
        return bytes
            .map(GivenCertificate::Bytes)
            .ok_or_else(|| node.broken("CertificateBytes", text, &BASE64));
    }
    node.required("CertificateThumbprint", Rule::Text(100)).map(GivenCertificate::Thumbprint)
}

fn full_name(node: &Node<'_>) -> Result<FullName> {
    node.knows(&["LastName", "FirstName", "MiddleName"], &[])?;
    Ok(FullName {
        last: node.required("LastName", Rule::Text(60))?,
        first: node.required("FirstName", Rule::Text(60))?,
        middle: node.optional("MiddleName", Rule::Text(60))?,
    })
}

fn position(node: &Node<'_>) -> Result<GivenPosition> {
    const LONGEST: usize = 255;
    node.knows(&["PositionSource"], &[])?;
    let text = node.element.text.trim();
    if text.chars().count() > LONGEST {
        return Err(node.error(Rule::Text(LONGEST).broken(text)));
    }
    Ok(GivenPosition { source: node.coded("PositionSource")?.unwrap_or_default(), text: text.to_owned() })
}

fn power(node: &Node<'_>) -> Result<GivenPower> {
    node.knows(&[], &["Electronic", "Paper"])?;
    let one_of = |names: &str| Fault::MissingElement(names.into());
    if let Some(paper) = node.child("Paper") {
        return paper_power(&paper).map(GivenPower::Paper);
    }
    let electronic = node.child("Electronic").ok_or_else(|| node.error(one_of("Electronic | Paper")))?;
    electronic.knows(&["MethodOfProviding"], &["Storage", "Manual"])?;
    let shown: PowerShown = electronic
        .coded("MethodOfProviding")?
        .ok_or_else(|| electronic.error(Fault::MissingAttribute("MethodOfProviding".into())))?;
    if let Some(storage) = electronic.child("Storage") {
        storage.knows(&["UseDefault"], &["FullId"])?;
        let named = storage.child("FullId").map(|full| {
            full.knows(&["RegistrationNumber", "IssuerInn", "RepresentativeInn"], &[])?;
            full.required("RegistrationNumber", Rule::Exactly(36))
        });
        return Ok(GivenPower::Registered { number: named.transpose()? });
    }
    let manual = electronic.child("Manual").ok_or_else(|| electronic.error(one_of("Storage | Manual")))?;
    manual.knows(
        &["RegistrationNumber", "RegistrationDate", "InternalNumber", "InternalDate", "SystemId"],
        &[],
    )?;
    Ok(GivenPower::Electronic(ElectronicPower {
        number: manual.required("RegistrationNumber", Rule::Exactly(36))?,
        issued: manual.date("RegistrationDate")?,
        internal_number: manual.optional("InternalNumber", Rule::Text(50))?,
        internal_date: manual.coded("InternalDate")?,
        shown,
        storage: manual.optional("SystemId", Rule::Text(500))?,
    }))
}

fn paper_power(node: &Node<'_>) -> Result<PaperPower> {
    node.knows(&["InternalNumber", "RegistrationDate", "IssuerInfo"], &["Person"])?;
    let issuer = node.child("Person").map(|person| match person.child("Fio") {
        Some(name) => {
            person.knows(&[], &["Fio"])?;
            full_name(&name)
        }
        None => full_name(&person),
    });
    Ok(PaperPower {
        issued: node.date("RegistrationDate")?,
        number: node.required("InternalNumber", Rule::Text(50))?,
        details: node.optional("IssuerInfo", Rule::Text(1000))?,
        issuer: issuer.transpose()?,
    })
}

/// An element with its path.
struct Node<'a> {
    element: &'a Element,
    path: String,
}

impl<'a> Node<'a> {
    fn child(&self, name: &str) -> Option<Self> {
        let element = self.element.child(name)?;
        Some(Self { element, path: format!("{}/{name}", self.path) })
    }

    /// An empty attribute says nothing, whatever wrote it.
    fn attribute(&self, name: &str) -> Option<&'a str> {
        self.element.attribute(name).filter(|value| !value.is_empty())
    }

    /// Refuses what is not named, so that a slip of the pen is told and not passed over.
    fn knows(&self, attributes: &[&str], children: &[&str]) -> Result<()> {
        let unknown = self.element.attributes.iter().find(|attribute| {
            let name = attribute.name.as_str();
            !attributes.contains(&name) && !name.starts_with("xmlns") && !name.starts_with("xsi:")
        });
        if let Some(attribute) = unknown {
            let fault = Fault::UnexpectedAttribute(shorten(&attribute.name));
            return Err(XmlError { position: Some(attribute.position), ..self.error(fault) });
        }
        let mut seen = Vec::with_capacity(children.len());
        for child in &self.element.children {
            let name = child.name.as_str();
            if !children.contains(&name) || seen.contains(&name) {
                let fault = Fault::UnexpectedElement(shorten(name));
                return Err(XmlError { position: Some(child.position), ..self.error(fault) });
            }
            seen.push(name);
        }
        Ok(())
    }

    fn optional(&self, name: &str, rule: Rule) -> Result<Option<String>> {
        match self.attribute(name) {
            Some(value) if !rule.holds(value) => Err(self.broken(name, value, &rule)),
            given => Ok(given.map(str::to_owned)),
        }
    }

    fn required(&self, name: &str, rule: Rule) -> Result<String> {
        self.optional(name, rule)?.ok_or_else(|| self.error(Fault::MissingAttribute(name.into())))
    }

    fn coded<V: Coded>(&self, name: &str) -> Result<Option<V>> {
        let read = |value| V::from_text(value).ok_or_else(|| self.broken(name, value, &V::rule()));
        self.attribute(name).map(read).transpose()
    }

    fn date(&self, name: &str) -> Result<FnsDate> {
        self.coded(name)?.ok_or_else(|| self.error(Fault::MissingAttribute(name.into())))
    }

    fn broken(&self, name: &str, value: &str, rule: &Rule) -> XmlError {
        let position =
            self.element.attributes.iter().find(|found| found.name == name).map(|found| found.position);
        XmlError { position, place: format!("{}/@{name}", self.path), fault: rule.broken(value) }
    }

    fn error(&self, fault: Fault) -> XmlError {
        XmlError { position: Some(self.element.position), place: self.path.clone(), fault }
    }
}
