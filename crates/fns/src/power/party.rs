//! Who gives a power of attorney, and who gets it.

use super::read::{Node, optional, text};
use super::{Party, PartyKind, PowerFault, PowerPerson};

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

/// The party in `inside`, which is at `path`.
pub(super) fn party(inside: Node<'_>, path: &str) -> Result<Party, PowerFault> {
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
    let who = match kind {
        PartyKind::Individual | PartyKind::Person => Some(person(node, &path)?),
        PartyKind::Branch => node.child("СвРукФил").map(|head| person(head, &path)).transpose()?,
        _ => head(node).map(|head| person(head, &path)).transpose()?,
    };
    Ok(Party { kind: *kind, inn, kpp: optional(about, "КПП"), ogrn, name, person: who })
}

/// Who acts for an organization without a power of attorney.
fn head(organization: Node<'_>) -> Option<Node<'_>> {
    organization.child("ЛицоБезДов")?.child("СвФЛ")
}

fn person(node: Node<'_>, path: &str) -> Result<PowerPerson, PowerFault> {
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
    Ok(PowerPerson {
        last_name: text(name, path, "Фамилия")?,
        first_name: text(name, path, "Имя")?,
        middle_name: optional(name, "Отчество"),
        inn: id("ИННФЛ"),
        snils: id("СНИЛС").map(|snils| snils.chars().filter(char::is_ascii_digit).collect()),
    })
}
