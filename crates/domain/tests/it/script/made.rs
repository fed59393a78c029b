//! Events and entities as stories need them.

use potok_domain::*;
use potok_types::*;

use super::{Who, World, box_of, id, message_id};

impl World {
    pub(super) fn event(&self, event: EventId, change: Change) -> Event {
        Event { id: event, message_id: message_id(), at: self.now(), change }
    }

    pub(super) fn patch(
        &mut self,
        origin: Origin,
        entities: Vec<Entity>,
        checks: Vec<SignatureChecked>,
        report: Option<DeliveryReport>,
    ) -> Event {
        let number = self.number();
        let patched = Patched { entities, checks, report, ..Patched::by(origin) };
        self.event(id("e1000000", number), Change::Patched(Box::new(patched)))
    }

    pub(super) fn entity(&self, id: EntityId, parent: Option<EntityId>, body: Body) -> Entity {
        Entity {
            id,
            parent,
            author: None,
            created_at: self.now(),
            content: Some(ContentRef::of(id.to_string().as_bytes())),
            file_name: None,
            content_type_id: String::new(),
            version: None,
            need_receipt: false,
            is_encrypted: false,
            labels: Vec::new(),
            body,
        }
    }

    pub(super) fn signature(&mut self, who: Who, parent: EntityId, is_approval: bool) -> Entity {
        let signer = if self.is_internal { Who::A } else { who };
        let check = if self.is_internal { Check::Valid } else { Check::Unchecked };
        self.signature_by(box_of(signer), parent, check, is_approval)
    }

    pub(super) fn signature_by(
        &mut self,
        signer: BoxId,
        parent: EntityId,
        check: Check,
        is_approval: bool,
    ) -> Entity {
        let signature = Signature {
            signer_box: signer,
            signer_department: DepartmentId::ZERO,
            is_approval,
            check,
            power_of_attorney: None,
        };
        let number = self.number();
        self.entity(id("50000000", number), Some(parent), Body::Signature(signature))
    }

    pub(super) fn service(&mut self, who: Who, parent: EntityId, service: Service) -> Vec<Entity> {
        let (prefix, name) = match service {
            Service::Receipt | Service::InvoiceReceipt => ("4e000000", "receipt.xml"),
            _ => ("4ef00000", "refusal.xml"),
        };
        let number = self.number();
        let mut file = self.entity(id(prefix, number), Some(parent), Body::Service(service));
        file.file_name = Some(name.to_owned());
        let signature = self.signature(who, file.id, false);
        vec![file, signature]
    }

    pub(super) fn receipt(&mut self, who: Who, parent: EntityId) -> Vec<Entity> {
        let service = match self.kind {
            AttachmentType::Invoice => Service::InvoiceReceipt,
            _ => Service::Receipt,
        };
        self.service(who, parent, service)
    }
}
