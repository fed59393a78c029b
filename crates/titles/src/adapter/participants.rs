//! What a structure leaves to be looked up: who sends, who receives, whom the signer acts for.

use potok_fns::xml::{Attribute, Element, XmlError};

use super::Structured;
use crate::Organization;
use crate::sources::{add, describe, of_another};
use crate::table::{Place, Source};

/// How structures that are not of the organization itself name a participant of the exchange; no contract has these.
const ASIDES: [&str; 3] = ["ParticipantBoxId", "ParticipantInn", "ParticipantKpp"];
const FNS_ID: &str = "FnsParticipantId";

/// A participant whose id the structure does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParticipantAsked {
    /// 0 is who sends, 1 who receives.
    side: usize,
    /// The field by which it is looked up.
    pub field: String,
    /// Its box.
    pub box_id: Option<String>,
    /// Its INN.
    pub inn: Option<String>,
    /// Its KPP.
    pub kpp: Option<String>,
    /// What is said of it beside its box: the name of the contract, the field and the value.
    beside: Vec<(&'static str, String, String)>,
}

impl Structured {
    /// The participants who have to be looked up: by box, else by INN and KPP. Those that are named by a box as organizations are too
    /// are not among them.
    pub fn participants(&mut self) -> Vec<ParticipantAsked> {
        let mut asked = Vec::new();
        for side in [0, 1] {
            let Some(element) = self.participant(side) else { continue };
            let all = std::mem::take(&mut element.attributes).into_iter();
            let is_aside = |attribute: &Attribute| ASIDES.contains(&attribute.name.as_str());
            let (asides, said): (Vec<Attribute>, Vec<Attribute>) = all.partition(is_aside);
            element.attributes.clone_from(&said);
            let line = element.position.line;
            let find = |all: &[Attribute], name: &str| all.iter().find(|given| given.name == name).cloned();
            let [by_box, own_inn, own_kpp] = ASIDES.map(|name| find(&asides, name));
            let fns_id = find(&said, FNS_ID);
            // What another structure says of the organization stands in only for a participant who does not say who it is.
            let of_other = |name: &str| find(&said, name).filter(|_| by_box.is_none());
            let inn = own_inn.clone().or_else(|| of_other("Inn"));
            let kpp = own_kpp.clone().or_else(|| of_other("Kpp").filter(|_| own_inn.is_none()));
            let by = by_box.as_ref().or(inn.as_ref());
            if by_box.is_some() || inn.is_some() && fns_id.is_none() {
                let line = by.map_or(line, |attribute| attribute.position.line);
                let text = |given: &Option<Attribute>| given.as_ref().map(|given| given.value.to_string());
                let beside = [("Inn", &own_inn), ("Kpp", &own_kpp), (FNS_ID, &fns_id)];
                let beside = beside.into_iter().filter_map(|(name, given)| {
                    let given = given.as_ref()?;
                    Some((name, self.places.path(given.position.line), given.value.to_string()))
                });
                asked.push(ParticipantAsked {
                    side,
                    field: self.places.path(line),
                    box_id: text(&by_box),
                    inn: text(&inn),
                    kpp: text(&kpp),
                    beside: beside.collect(),
                });
            }
        }
        asked
    }

    /// Says who a participant is; what is said of it otherwise stays. Told is what is said beside its box of another organization.
    pub fn name_participant(&mut self, asked: &ParticipantAsked, organization: &Organization) {
        if let Some(id) = &asked.box_id {
            let known = |name: &str| match name {
                "Inn" => Some(organization.inn.as_str()),
                "Kpp" => organization.kpp.as_deref(),
                _ => Some(organization.fns_id.as_str()),
            };
            let others = asked.beside.iter().filter_map(|(name, field, said)| {
                let known = known(name).filter(|known| known != said)?;
                Some(XmlError { position: None, place: field.clone(), fault: of_another(said, id, known) })
            });
            self.violations.extend(others);
        }
        let table = self.format.table();
        let Some(place) = self.place(asked.side) else { return };
        let shape = place.steps.iter().try_fold(&table.shape, |shape, step| Some(&shape.child(step)?.shape));
        let has_name = shape.is_some_and(|shape| shape.attribute_id("OrgName").is_some());
        let Some(element) = self.participant(asked.side) else { return };
        if has_name && element.attribute("OrgName").is_none() {
            describe(element, table, organization);
        }
        add(element, FNS_ID, &organization.fns_id);
    }

    /// Signers whose structure does not say of what kind they are act for the organization with this INN, unless they name another one.
    pub fn complete_signers(&mut self, inn: &str) {
        let signers = self.contract.root.children.iter_mut().find(|child| child.name == "Signers");
        let signers = signers.into_iter().flat_map(|signers| &mut signers.children);
        for signer in signers.filter(|signer| signer.name == "SignerDetails") {
            if signer.attribute("SignerType").is_none() {
                add(signer, "Inn", inn);
                let kind = if signer.attribute("Inn").is_some_and(|inn| inn.len() == 12) { "2" } else { "1" };
                add(signer, "SignerType", kind);
            }
        }
    }

    /// The field that names a box.
    pub fn field_of_box(&self, id: &str) -> Option<String> {
        fn find(element: &Element, id: &str) -> Option<u32> {
            let named = element.attributes.iter().find(|given| given.name == "BoxId" && given.value == id);
            let line = named.map(|named| named.position.line);
            line.or_else(|| element.children.iter().find_map(|child| find(child, id)))
        }
        find(&self.contract.root, id).map(|line| self.places.path(line))
    }

    /// What is said of the INN of who sends: itself, or the box that knows it.
    pub fn sender(&self) -> Option<(Option<&str>, Option<&str>)> {
        let steps = self.place(0)?.steps.clone();
        let (last, before) = steps.split_last()?;
        let among = crate::contract::find(&self.contract.root, before)?;
        let one = among.child(last).or_else(|| among.child("OrganizationReference"))?;
        Some((one.attribute("Inn"), one.attribute("BoxId")))
    }

    /// Where the id of a participant stands.
    fn place(&self, side: usize) -> Option<&'static Place> {
        let table = self.format.table();
        let places = if side == 0 { &table.sender } else { &table.recipient };
        places.iter().find_map(|source| match source {
            Source::Contract(place) => Some(place),
            _ => None,
        })
    }

    fn participant(&mut self, side: usize) -> Option<&mut Element> {
        let place = self.place(side)?;
        place.steps.iter().try_fold(&mut self.contract.root, |element, step| {
            element.children.iter_mut().find(|child| child.name == *step)
        })
    }
}
