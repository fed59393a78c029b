//! Who gives a power of attorney, and who gets it.

use super::PowerFault;
use super::read::{Node, optional, text};

/// What a party of a power of attorney is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartyKind {
    /// A Russian organization.
    LegalEntity,
    /// A foreign organization.
    Foreign,
    /// A sole proprietor.
    Individual,
    /// A person.
    Person,
    /// A branch of a Russian organization.
    Branch,
    /// A branch of a foreign organization.
    ForeignBranch,
}

/// A party of a power of attorney.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerParty {
    /// What it is.
    pub kind: PartyKind,
    /// INN of the organization, or of the person.
    pub inn: Option<String>,
    /// KPP.
    pub kpp: Option<String>,
    /// OGRN or OGRNIP.
    pub ogrn: Option<String>,
    /// Name of the organization, or of the business of a sole proprietor.
    pub name: Option<String>,
    /// The person; of an organization the one who acts for it without a power of attorney, of a branch its head.
    pub person: Option<PowerPerson>,
}

/// A person in a power of attorney.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PowerPerson {
    /// Family name.
    pub last_name: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic.
    pub middle_name: Option<String>,
    /// INN.
    pub inn: Option<String>,
    /// SNILS, digits only.
    pub snils: Option<String>,
}

/// The elements that hold a party, with what it is and the element inside that describes it, if that is another one.
const PLACES: &[(&str, PartyKind, Option<&str>)] = &[
    ("РосОргДовер", PartyKind::LegalEntity, Some("СвРосОрг")),
    ("РосОргПерПолн", PartyKind::LegalEntity, Some("СвРосОрг")),
    ("СведОрг", PartyKind::LegalEntity, None),
    ("ИнОргДовер", PartyKind::Foreign, Some("СвИнОрг")),
    ("ИнПерПолн", PartyKind::Foreign, Some("СвИнОрг")),
    ("ИПДовер", PartyKind::Individual, None),
    ("ИППерПолн", PartyKind::Individual, None),
    ("СведИП", PartyKind::Individual, None),
    ("ФЛДовер", PartyKind::Person, None),
    ("ФЛПерПолн", PartyKind::Person, None),
    ("СведФизЛ", PartyKind::Person, None),
    ("ФилПерПолн", PartyKind::Branch, Some("СвФил")),
    ("СведФилиал", PartyKind::Branch, None),
    ("СведИО", PartyKind::ForeignBranch, None),
];

impl PowerParty {
    /// The party in `inside`, which is at `path`.
    pub(super) fn read(inside: Node<'_>, path: &str) -> Result<Self, PowerFault> {
        let found = PLACES.iter().find_map(|place| Some((place, inside.child(place.0)?)));
        let Some(((name, kind, described), node)) = found else {
            return Err(PowerFault::Missing { path: format!("{path}: who it is") });
        };
        let path = format!("{path}/{name}");
        // Parties of the first power of a chain are described without the element between.
        let about = described.and_then(|name| node.child(name)).unwrap_or(node);
        let inn = match kind {
            PartyKind::Individual | PartyKind::Person => optional(about, "ИННФЛ"),
            _ => optional(about, "ИННЮЛ"),
        };
        let name = ["НаимОрг", "НаимИО", "НаимИП"].iter().find_map(|name| optional(about, name));
        let ogrn = optional(about, "ОГРН").or_else(|| optional(about, "ОГРНИП"));
        let person = match kind {
            PartyKind::Individual | PartyKind::Person => Some(PowerPerson::read(node, &path)?),
            PartyKind::Branch => {
                node.child("СвРукФил").map(|head| PowerPerson::read(head, &path)).transpose()?
            }
            _ => head(node).map(|head| PowerPerson::read(head, &path)).transpose()?,
        };
        Ok(Self { kind: *kind, inn, kpp: optional(about, "КПП"), ogrn, name, person })
    }
}

/// Who acts for an organization without a power of attorney.
fn head(organization: Node<'_>) -> Option<Node<'_>> {
    organization.child("ЛицоБезДов")?.child("СвФЛ")
}

impl PowerPerson {
    fn read(node: Node<'_>, path: &str) -> Result<Self, PowerFault> {
        // One place has the element twice, one in the other.
        let mut about = node.child("СведФЛ");
        let mut ids = node;
        while let Some(inner) = about.and_then(|about| about.child("СведФЛ")) {
            ids = about.unwrap_or(ids);
            about = Some(inner);
        }
        let name = about.unwrap_or(node).child("ФИО");
        let name = name.ok_or_else(|| PowerFault::Missing { path: format!("{path}/СведФЛ/ФИО") })?;
        let id = |attribute| optional(node, attribute).or_else(|| optional(ids, attribute));
        Ok(Self {
            last_name: text(name, path, "Фамилия")?,
            first_name: text(name, path, "Имя")?,
            middle_name: optional(name, "Отчество"),
            inn: id("ИННФЛ"),
            snils: id("СНИЛС").map(|snils| snils.chars().filter(char::is_ascii_digit).collect()),
        })
    }
}
