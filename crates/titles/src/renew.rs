//! A title made anew for whoever is going to sign it: the same data, with other signers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_fns::xml::{Attribute, Document, Element, Fault, Position, XmlError, shorten};

use crate::contract::Contract;
use crate::table::Source;
use crate::{Format, LIMITS, Violations, parse};

const SIGNERS: &str = "Signers";
const SIGNER: &str = "Signer";
const IN_TITLE: &str = "Подписант";

/// Who is going to sign, as contracts say it.
#[derive(Clone, Debug)]
pub struct Signers(Element);

impl Signers {
    /// Reads what programs send: XML with the root `Signers`, or `Signer` alone.
    ///
    /// # Errors
    /// It is not safe, not XML, or something else.
    pub fn read(xml: &[u8]) -> Result<Self, XmlError> {
        let root = Document::parse(xml, &LIMITS)?.root;
        match root.name.as_str() {
            SIGNERS => Ok(Self(root)),
            SIGNER => {
                let signers = empty(SIGNERS, root.position);
                Ok(Self(Element { children: vec![root], ..signers }))
            }
            other => {
                let fault = Fault::OtherDocument { expected: SIGNERS.to_owned(), found: shorten(other) };
                Err(XmlError { position: Some(root.position), place: String::new(), fault })
            }
        }
    }

    /// A person, as the attributes of `SignerDetails` say; empty ones are none.
    pub fn details(attributes: &[(&'static str, String)]) -> Self {
        Self::one("SignerDetails", attributes.iter().map(|(name, value)| (*name, value.clone())))
    }

    /// Whoever holds a certificate, as `SignerReference` names it: by SHA-1, or by its bytes.
    pub fn reference(box_id: Option<&str>, thumbprint: Option<&str>, certificate: Option<&[u8]>) -> Self {
        let owned = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let certificate = certificate.map(|bytes| STANDARD.encode(bytes)).unwrap_or_default();
        let attributes = [
            ("BoxId", owned(box_id)),
            ("CertificateThumbprint", owned(thumbprint)),
            ("CertificateBytes", certificate),
        ];
        Self::one("SignerReference", attributes.into_iter())
    }

    fn one(name: &str, attributes: impl Iterator<Item = (&'static str, String)>) -> Self {
        let position = Position { line: 1, column: 1 };
        let attribute =
            |(name, value): (&str, String)| Attribute { name: name.into(), value: value.into(), position };
        let given = attributes.filter(|(_, value)| !value.is_empty()).map(attribute).collect();
        let signer = Element { attributes: given, ..empty(name, position) };
        Self(Element { children: vec![signer], ..empty(SIGNERS, position) })
    }
}

/// An element that says nothing yet.
pub(crate) fn empty(name: &str, position: Position) -> Element {
    let (attributes, children) = (Vec::new(), Vec::new());
    Element { name: name.into(), attributes, children, text: String::new(), position }
}

impl Contract {
    /// The data of a title with `signers` in place of those who are named in it, or of nobody.
    ///
    /// # Errors
    /// Everything else in the title that the format does not allow, as [`Format::parse`] tells it.
    pub fn of_title(format: Format, title: &[u8], signers: Signers) -> Result<Self, Violations> {
        let mut contract = Self::read_back(format, title, is_about_signers)?;
        contract.root.children.retain(|child| child.name != SIGNERS);
        contract.root.children.push(signers.0);
        Ok(contract)
    }

    /// The data of a title, whatever of it is `excused`.
    pub(crate) fn read_back(
        format: Format,
        title: &[u8],
        excused: impl Fn(&XmlError) -> bool,
    ) -> Result<Self, Violations> {
        let table = format.table();
        let document = Document::parse(title, &LIMITS).map_err(|error| vec![error])?;
        let (draft, mut violations) = parse::parse(table, &document);
        violations.retain(|violation| !excused(violation));
        if !violations.is_empty() {
            return Err(violations);
        }
        let data = draft.write(&table.shape).map_err(|c| {
            let fault = Fault::ForbiddenCharacter(c.into());
            vec![XmlError { position: None, place: table.contract.to_owned(), fault }]
        })?;
        Self::read(&data).map_err(|error| vec![error])
    }

    /// The title goes to the participant with this id; formats that say it elsewhere leave that as it is.
    pub fn set_recipient(&mut self, format: Format, id: &str) {
        let Some(Source::Contract(place)) = format.table().recipient.first() else { return };
        let Some(name) = place.attribute else { return };
        let element = place.steps.iter().try_fold(&mut self.root, |element, step| {
            element.children.iter_mut().find(|child| child.name == *step)
        });
        if let Some(element) = element {
            set_attribute(element, name, id);
        }
    }
}

/// The element says `value`, whatever it said before.
pub(crate) fn set_attribute(element: &mut Element, name: &str, value: &str) {
    match element.attributes.iter_mut().find(|attribute| attribute.name == name) {
        Some(attribute) => attribute.value = value.into(),
        None => {
            let (name, position) = (name.into(), element.position);
            element.attributes.push(Attribute { name, value: value.into(), position });
        }
    }
}

/// It is about whoever signs, in the words of the title or of its contract.
pub(crate) fn is_about_signers(violation: &XmlError) -> bool {
    let is_named = |name: &str| name.starts_with(IN_TITLE) || name.starts_with(SIGNERS);
    let is_missing = |fault: &Fault| matches!(fault, Fault::MissingElement(name) if is_named(name));
    violation.place.split('/').any(is_named) || is_missing(&violation.fault)
}
