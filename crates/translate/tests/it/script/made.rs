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
            text: None,
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
            verification: None,
        };
        let number = self.number();
        self.entity(id("50000000", number), Some(parent), Body::Signature(signature))
    }

    /// A signed file.
    pub(super) fn service(&mut self, who: Who, parent: EntityId, service: Service) -> Vec<Entity> {
        let file = self.unsigned(parent, service);
        let signature = self.signature(who, file.id, false);
        vec![file, signature]
    }

    /// A file.
    pub(super) fn unsigned(&mut self, parent: EntityId, service: Service) -> Entity {
        let (prefix, name, content_type) = match service {
            Service::Receipt | Service::InvoiceReceipt => ("4e000000", "receipt.xml", "receipt_01"),
            Service::Title(_) => ("71000000", "title.xml", "utd970_schfdop_t2_05_03_01"),
            Service::AmendmentRequest => ("4a000000", "amendment.xml", "amendment_request_01"),
            Service::RevocationRequest { .. } => ("4b000000", "revocation.xml", "revocation_request_02"),
            Service::UniversalMessage(_) => ("4d000000", "message.xml", "universal_message_01"),
            Service::ResolutionRequest(_) => ("5a000000", "request.txt", "resolution_request"),
            Service::Resolution(_) => ("5b000000", "resolution.txt", "resolution"),
            Service::ResolutionRequestDenial { .. } => {
                ("5c000000", "denial.txt", "resolution_request_denial")
            }
            Service::XmlSignatureRejection => ("4ef00000", "refusal.xml", "signature_rejection_02"),
            Service::SignatureRequestRejection => ("4ef00000", "refusal.xml", "signature_request_rejection"),
            _ => ("60000000", "file.bin", "file"),
        };
        let number = self.number();
        Entity {
            file_name: Some(name.to_owned()),
            content_type_id: content_type.to_owned(),
            ..self.entity(id(prefix, number), Some(parent), Body::Service(service))
        }
    }

    pub(super) fn receipt(&mut self, who: Who, parent: EntityId) -> Vec<Entity> {
        let service = match self.kind {
            AttachmentType::Invoice => Service::InvoiceReceipt,
            _ => Service::Receipt,
        };
        self.service(who, parent, service)
    }
}
