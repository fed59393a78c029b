//! The entities that commands make.

use potok_types::{ContentRef, DepartmentId, EntityId};

use super::Context;
use crate::command::FoundPower;
use crate::registry::{ANY_FUNCTION, Resolved};
use crate::{AttachmentType, Body, Check, DocumentKind, Entity, PowerOfAttorney, Service, Signature};

/// Who signs, and how far the operator is with it.
#[derive(Clone, Copy)]
pub(super) struct Signer {
    /// The department of the document in the signer's box.
    pub(super) department: DepartmentId,
    /// Inside one organization nobody else looks at a signature, so it is checked before it is taken.
    pub(super) is_internal: bool,
}

impl Context<'_> {
    pub(super) fn new_entity_id(&self) -> EntityId {
        EntityId::from_uuid(self.entropy.id())
    }

    /// An entity with nothing but what all of them have.
    pub(super) fn entity(&self, parent: Option<EntityId>, content: ContentRef, body: Body) -> Entity {
        Entity {
            id: self.new_entity_id(),
            parent,
            author: Some(self.author),
            created_at: self.now,
            content: Some(content),
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

    /// A service file. `name` makes one of the id when the bytes say none.
    pub(super) fn service(
        &self,
        parent: EntityId,
        content: ContentRef,
        service: Service,
        given_name: Option<&str>,
    ) -> Entity {
        let record = self.record(parent, service);
        let of_id = || record.service().map(|service| service.file_name(record.id));
        let file_name = given_name.map(ToOwned::to_owned).or_else(of_id);
        Entity { content: Some(content), file_name, ..record }
    }

    /// A service record without bytes.
    pub(super) fn record(&self, parent: EntityId, service: Service) -> Entity {
        let id = self.new_entity_id();
        Entity { author: Some(self.author), ..Entity::of_service(id, Some(parent), service, self.now) }
    }

    /// A signature over the bytes of `parent`, and the power of attorney that comes with it.
    pub(super) fn signed(
        &self,
        parent: EntityId,
        content: ContentRef,
        is_approval: bool,
        signer: Signer,
        power: Option<&FoundPower>,
    ) -> Vec<Entity> {
        let mut signature = self.signature(parent, content, is_approval, signer);
        let Some(found) = power else { return vec![signature] };
        if let Body::Signature(known) = &mut signature.body {
            known.power_of_attorney = known.power_of_attorney.map(|_| PowerOfAttorney::Attached);
        }
        let service = Service::PowerOfAttorney(Box::new(found.attached.clone()));
        let power = self.without_file(signature.id, found.file, service);
        let status = found.validation.clone().map(|validation| {
            let service = Service::PowerOfAttorneyStatus(Box::new(validation));
            Entity { author: None, ..self.without_file(power.id, None, service) }
        });
        [Some(signature), Some(power), status].into_iter().flatten().collect()
    }

    /// A service record that has no name.
    fn without_file(&self, parent: EntityId, content: Option<ContentRef>, service: Service) -> Entity {
        let content_type_id = service.content_type_id().to_owned();
        let nothing = ContentRef::of(b"");
        let entity = self.entity(Some(parent), content.unwrap_or(nothing), Body::Service(service));
        Entity { content, content_type_id, ..entity }
    }

    /// A signature over the bytes of `parent`.
    fn signature(&self, parent: EntityId, content: ContentRef, is_approval: bool, signer: Signer) -> Entity {
        let found = self.checked.get(&content.hash);
        let signature = Signature {
            signer_box: self.organization.box_id,
            signer_department: signer.department,
            is_approval,
            check: if signer.is_internal { Check::Valid } else { Check::Unchecked },
            power_of_attorney: found.and_then(|found| found.power_of_attorney),
            verification: found.and_then(|found| found.verification.clone()),
        };
        self.entity(Some(parent), content, Body::Signature(signature))
    }
}

/// The id of structure and processing rules of a first title: `utd970_schfdop_orig_t1_05_03_01` for formats, the type
/// in lower case for bytes without one.
///
/// Types with a function of no name take that which the file names.
pub(super) fn content_type_of_document(resolved: &Resolved, named: Option<&str>) -> String {
    let kind = &resolved.kind;
    if !resolved.version.is_formal() {
        return snake_case(&kind.type_named_id);
    }
    let (family, number) = kind.version.split_once('_').unwrap_or((&kind.version, "01"));
    let revision = match resolved.attachment_type {
        AttachmentType::Invoice
        | AttachmentType::InvoiceCorrection
        | AttachmentType::UniversalTransferDocument
        | AttachmentType::UniversalCorrectionDocument => "orig_",
        AttachmentType::InvoiceRevision
        | AttachmentType::InvoiceCorrectionRevision
        | AttachmentType::UniversalTransferDocumentRevision
        | AttachmentType::UniversalCorrectionDocumentRevision => "rev_",
        _ => "",
    };
    format!("{family}_{}_{revision}t1_{number}", in_latin(function(kind, named)))
}

/// The same of a later title: `utd970_schfdop_t2_05_03_01`.
pub(super) fn content_type_of_title(kind: &DocumentKind, named: Option<&str>, index: u32) -> String {
    let (family, number) = kind.version.split_once('_').unwrap_or((&kind.version, "01"));
    format!("{family}_{}_t{}_{number}", in_latin(function(kind, named)), index + 1)
}

fn function<'a>(kind: &'a DocumentKind, named: Option<&'a str>) -> &'a str {
    // Signs that are no words are not functions but variants of a format.
    let word = named.filter(|named| named.chars().all(char::is_alphabetic));
    word.filter(|_| kind.function == ANY_FUNCTION).unwrap_or(&kind.function)
}

fn snake_case(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

/// Functions are abbreviations in Russian; ids are in Latin letters.
fn in_latin(function: &str) -> String {
    let letter = |c: char| match c {
        'с' => "s",
        'ч' => "ch",
        'ф' => "f",
        'д' => "d",
        'о' => "o",
        'п' => "p",
        'к' => "k",
        'и' => "i",
        'в' => "v",
        'р' => "r",
        'з' => "z",
        _ => "",
    };
    let lower = function.to_lowercase();
    lower.chars().map(|c| if c.is_ascii() { c.to_string() } else { letter(c).to_owned() }).collect()
}
