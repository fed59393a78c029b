//! What a story tells of itself.

use std::collections::HashMap;

use potok_domain::{Body, Change, Check, DeliveryReport, Entity, EntityState, Event, Origin, Service};
use potok_types::{BoxId, EntityId};

use crate::cast::{Who, box_of, colleague_of, user_of};
use crate::script::Story;

impl Story {
    /// The entity that a story names: `d1`, or as [`Story::names`] shows it; the newest one of that name.
    pub(crate) fn find(&self, who: Who, name: &str) -> EntityId {
        if name == "nothing" {
            return EntityId::ZERO;
        }
        let names = self.names(who);
        let state = self.simulation.state(who, self.message()).expect("the box has the message");
        let mut entities = state.entities().iter().rev().map(|found| found.entity.id);
        let found = entities.find(|id| names.get(id).is_some_and(|found| found == name));
        found.unwrap_or_else(|| panic!("there is no {name}, but {:?}", names.values()))
    }

    /// Readable names of all entities of the box.
    pub fn names(&self, who: Who) -> HashMap<EntityId, String> {
        let mut names = HashMap::new();
        for position in
            0..self.simulation.state(Who::A, self.message()).map_or(0, |state| state.documents().count())
        {
            names.insert(self.simulation.document(self.message(), position), format!("d{}", position + 1));
        }
        for event in self.simulation.events(who, self.message()) {
            for entity in event.entities() {
                let parent = entity.parent.and_then(|parent| names.get(&parent).cloned()).unwrap_or_default();
                let name = match &entity.body {
                    Body::Document(_) => continue,
                    Body::Signature(signature) => {
                        let verb = if signature.is_approval { "approval" } else { "s" };
                        let by = match signature.signer_box {
                            BoxId::ZERO => "Op",
                            signer if signer == box_of(Who::A) => "A",
                            signer if signer == box_of(Who::B) => "B",
                            _ => "C",
                        };
                        format!("{verb}{by}({parent})")
                    }
                    Body::Service(Service::Confirmation) => {
                        let received = entity.content_type_id.starts_with("send_");
                        format!("{}({parent})", if received { "received" } else { "passed-on" })
                    }
                    Body::Service(service) => format!("{}({parent})", short(service)),
                };
                names.insert(entity.id, name);
            }
        }
        names
    }

    /// The names of all ids that texts about the message may hold, by the text of the id: entities, boxes, people, the
    /// message itself.
    pub fn names_of_ids(&self) -> HashMap<String, String> {
        let mut names = HashMap::new();
        for who in Who::ALL {
            names.insert(box_of(who).to_string(), format!("{who:?}"));
            names.insert(user_of(who).to_string(), format!("person-of-{who:?}"));
            names.insert(colleague_of(who).to_string(), format!("colleague-of-{who:?}"));
        }
        if let Some(message) = self.message {
            let entities = Who::ALL.into_iter().flat_map(|who| self.names(who));
            names.extend(entities.map(|(id, name)| (id.to_string(), name)));
            names.insert(message.to_string(), "message".to_owned());
        }
        names
    }

    /// The text with [`Self::names_of_ids`] in the place of the ids.
    pub fn nameless(&self, text: &str) -> String {
        self.names_of_ids().iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name))
    }

    /// The feed of one box, a line per event.
    pub fn feed(&self, who: Who) -> String {
        let names = self.names(who);
        let mut text = String::new();
        for event in self.simulation.events(who, self.message()) {
            let show = |entity: &Entity| names[&entity.id].clone();
            let entities: Vec<String> = event.entities().iter().map(show).collect();
            text += &format!("{}: {}\n", title(event), entities.join(" "));
        }
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    /// What one box knows of the fate of its entities.
    pub fn fates(&self, who: Who) -> String {
        let names = self.names(who);
        let state = self.simulation.state(who, self.message()).expect("the box has the message");
        let show = |found: &EntityState| {
            let mut text = names[&found.entity.id].clone();
            text.push_str(match found.check {
                Check::Valid => "",
                Check::Unchecked => " unchecked",
                Check::Invalid => " bad",
            });
            text.push_str(match (found.delivered_at, found.is_undeliverable) {
                (Some(_), false) => " there",
                (None, true) => " lost",
                (None, false) => "",
                (Some(_), true) => " there and lost",
            });
            text
        };
        state.entities().iter().map(show).collect::<Vec<_>>().join(", ")
    }
}

fn title(event: &Event) -> String {
    let Change::Patched(patched) = &event.change else { return "message".to_owned() };
    match (patched.origin, patched.report) {
        (_, Some(DeliveryReport::Delivered { whole_message: true, .. })) => "delivered message".to_owned(),
        (_, Some(DeliveryReport::Delivered { .. })) => "delivered patch".to_owned(),
        (_, Some(DeliveryReport::NotDelivered { .. })) => "not delivered".to_owned(),
        (Origin::Own { .. }, None) => "patch".to_owned(),
        (Origin::Received { .. }, None) => "received".to_owned(),
        (Origin::Operator, None) => "operator".to_owned(),
    }
}

fn short(service: &Service) -> String {
    let name = match service {
        Service::Comment => "comment",
        Service::StructuredData => "data",
        Service::Receipt => "receipt",
        Service::InvoiceReceipt => "invoice-receipt",
        Service::SignatureRequestRejection => "plain-refusal",
        Service::XmlSignatureRejection => "refusal",
        Service::Confirmation => "confirmation",
        Service::SignatureVerificationReport => "report",
        Service::DeliveryFailureNotification { .. } => "notice",
        Service::Title(_) => "title",
        Service::AmendmentRequest => "amendment",
        Service::RevocationRequest { .. } => "revocation",
        Service::Resolution(_) => "resolution",
        Service::ResolutionRequest(_) => "request",
        Service::ResolutionRequestDenial { .. } => "denial",
        Service::ResolutionRouteAssignment(_) => "on-route",
        Service::ResolutionRouteRemoval(_) => "off-route",
        Service::Cancellation { .. } => "cancellation",
        Service::TagChange(_) => "tag",
        Service::UniversalMessage(message) => {
            return format!("message{}", message.events.first().map_or(0, |event| event.code));
        }
        Service::MoveDocument { .. } => "move",
        Service::DeletionRestoration => "restoration",
        Service::PowerOfAttorney(_) => "power",
        Service::PowerOfAttorneyStatus(_) => "power-status",
        Service::TemplateTransformation(_) => "transformation",
        Service::TemplateRefusal(_) => "template-refusal",
        Service::TransformationChange(_) => "transformation-change",
        Service::FixationCancellation => "fixation-cancellation",
        Service::Edition => "edition",
        Service::RoamingNotification { .. } => "roaming-notice",
    };
    name.to_owned()
}
