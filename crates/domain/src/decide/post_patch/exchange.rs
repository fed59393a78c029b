//! What the parties send each other: signatures, titles, refusals, receipts, requests to amend and to revoke.

use potok_types::{ContentRef, EntityId};

use super::super::parts::content_type_of_title;
use super::super::rejection::Unsupported;
use super::super::{Rejection, Step};
use super::{Patch, answers, bad_parent, receipts};
use crate::carriage;
use crate::command::{NewService, NewSignature, NewTitle, PowerToAttach, Prepared, Recognized};
use crate::docflow::docflow;
use crate::workflow::WorkflowSettings;
use crate::{
    Document, DocumentChange, DocumentKind, DocumentPatch, Entity, MessageState, Rewritten, Service, Side,
    Title, registry,
};

/// The bytes of an answering title are an answer, in the format of title 0, and the one that is awaited: `next`.
pub(in crate::decide) fn fits(
    path: &str,
    title: &Recognized,
    expected: &str,
    next: u32,
) -> Result<(), Rejection> {
    let refuse = |reason| Err(Rejection::TitleFormat { path: path.to_owned(), reason });
    let index = i64::from(title.index);
    // Formats tell the first title from answers to it; a third one looks like the second.
    if index == 0 || index > i64::from(next) {
        return refuse(format!("the file is title {index}, and title {next} is awaited; send that one"));
    }
    if title.kinds.iter().any(|kind| kind.version == expected) {
        return Ok(());
    }
    let found = title.kinds.first().map_or("unknown", |kind| kind.version.as_str());
    refuse(format!("the title is of version {found}, and title 0 is of version {expected}; write it in that"))
}

/// The number of the title with which the box answers: the sender's is 0, an intermediate addressee's stands before the
/// recipient's.
pub(in crate::decide) fn next_title(state: &MessageState, document: &Document) -> u32 {
    let by_proxy = state.proxy.is_some()
        && state.side() != Side::Proxy
        && answers::rules(document).is_some_and(WorkflowSettings::proxy_writes_title);
    1 + u32::from(by_proxy)
}

impl Patch<'_> {
    pub(super) fn sign(&mut self, item: &NewSignature<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        let parent = if item.is_approval { item.parent } else { self.state.to_sign(item.parent) };
        if let Some(request) = self.revocation_request(item.parent) {
            receipts::limit_failures(self.state, path, item.parent, self.context.now)?;
            if item.is_approval {
                self.answers.approve(self.state, path, request, self.context.now)?;
            } else {
                self.answers.answer_revocation(self.state, path, request, Step::Sign)?;
            }
        } else {
            let id = if item.is_approval { item.parent } else { self.of_prepared(parent) };
            let (found, document) = self.document(path, id)?;
            receipts::limit_failures(self.state, path, parent, self.context.now)?;
            if id != parent {
                self.answers.respond(self.state, path, (found, document), Step::AddTitle)?;
            } else if item.is_approval {
                self.answers.approve(self.state, path, found, self.context.now)?;
            } else if carriage::is_unsent(self.state, item.parent) {
                if self.around.refused.contains(&item.parent) {
                    let reason = "от шаблона, по которому он создан, отказались";
                    return Err(Rejection::state(path, item.parent, Step::Sign, reason));
                }
                self.answers.send(self.state, path, item.parent)?;
                self.rewrite(item, document)?;
            } else {
                self.answers.respond(self.state, path, (found, document), Step::Sign)?;
            }
        }
        if item.prepared.is_some() && !self.is_rewritten(item.parent) {
            let reason =
                "подписывают его само: подготовленное содержимое заменяет только еще не отправленное";
            return Err(Rejection::state(path, item.parent, Step::Sign, reason));
        }
        let signer = self.signer(self.state.root_of(parent));
        let power = item.power.as_ref().and_then(PowerToAttach::found);
        let mut signed = self.context.signed(parent, item.signature, item.is_approval, signer, power);
        if let Some(signature) = signed.first_mut() {
            signature.labels.clone_from(&item.labels);
        }
        self.add(signed);
        Ok(())
    }

    /// The document has the bytes from now on that were made for its signer.
    fn rewrite(&mut self, item: &NewSignature<ContentRef>, document: &Document) -> Result<(), Rejection> {
        match &item.prepared {
            Some(prepared) => self.rewrite_with(&item.path, item.parent, prepared, document),
            None => Ok(()),
        }
    }

    /// The document `id` has these bytes from now on. They are of its format, as they were made of it.
    pub(super) fn rewrite_with(
        &mut self,
        path: &str,
        id: EntityId,
        prepared: &Prepared<ContentRef>,
        document: &Document,
    ) -> Result<(), Rejection> {
        let is_same = |kind: &DocumentKind| kind.version == document.kind.version;
        let recognized =
            prepared.recognized.as_ref().filter(|it| it.index == 0 && it.kinds.iter().any(is_same));
        let Some(recognized) = recognized else { return Err(Rejection::not_in_format(path, None)) };
        let metadata = recognized.metadata.clone();
        self.rewrite_as(Rewritten { document: id, content: prepared.content, metadata });
        Ok(())
    }

    pub(super) fn is_rewritten(&self, document: EntityId) -> bool {
        self.added.rewritten.iter().any(|it| it.document == document)
    }

    pub(super) fn add_title(&mut self, item: &NewTitle<ContentRef>) -> Result<(), Rejection> {
        let service = &item.service;
        let path = service.path.as_str();
        let id = self.titled(service.parent);
        let (found, document) = self.document(path, id)?;
        let attachment_type = document.attachment_type.later_title();
        if item.only.is_some_and(|only| !only.contains(&attachment_type)) {
            return Err(bad_parent(
                path,
                service.parent,
                "на документ этого типа отвечают титулом из RecipientTitles",
            ));
        }
        let next = next_title(self.state, document);
        if item.index.is_some_and(|index| i64::from(index) != i64::from(next)) {
            let reason =
                format!("the next title of document {id} is {next}; name it, or leave TitleIndex out");
            return Err(Rejection::invalid(format!("{path}.TitleIndex"), reason));
        }
        if let Some(recognized) = &item.recognized {
            fits(path, recognized, &document.kind.version, next)?;
        }
        receipts::limit_failures(self.state, path, id, self.context.now)?;
        self.answers.respond(self.state, path, (found, document), Step::AddTitle)?;
        let title = Title {
            index: next,
            attachment_type,
            with_disagreements: item.with_disagreements,
            is_prepared: false,
        };
        let need_receipt = self.state.side() != Side::Proxy
            && answers::rules(document).is_some_and(|rules| rules.needs_sender_receipt(item.need_receipt));
        let version = found.entity.version.clone();
        let function = item.recognized.as_ref().and_then(|recognized| recognized.function.as_deref());
        let content_type_id = content_type_of_title(&document.kind, function, next);
        self.add_service(service, id, Service::Title(title), |file| Entity {
            need_receipt,
            version,
            content_type_id,
            ..file
        });
        Ok(())
    }

    /// The document of the title `parent`, whichever of its titles it is.
    fn titled(&self, parent: EntityId) -> EntityId {
        let title = self
            .state
            .entity(parent)
            .filter(|found| matches!(found.entity.service(), Some(Service::Title(_))));
        title.and_then(|found| found.entity.parent).unwrap_or(parent)
    }

    /// The document of the title `parent`, if the sender wrote that for the recipient; else `parent`.
    fn of_prepared(&self, parent: EntityId) -> EntityId {
        let title = self.state.entity(parent).filter(|found| found.is_prepared_title());
        title.and_then(|found| found.entity.parent).unwrap_or(parent)
    }

    pub(super) fn reject(&mut self, item: &NewService<ContentRef>, is_formal: bool) -> Result<(), Rejection> {
        let path = item.path.as_str();
        match self.revocation_request(item.parent) {
            Some(request) if is_formal => {
                receipts::limit_failures(self.state, path, item.parent, self.context.now)?;
                self.answers.answer_revocation(self.state, path, request, Step::Reject)?;
            }
            _ => {
                let found = self.document(path, item.parent)?;
                receipts::limit_failures(self.state, path, item.parent, self.context.now)?;
                self.answers.respond(self.state, path, found, Step::Reject)?;
            }
        }
        let service =
            if is_formal { Service::XmlSignatureRejection } else { Service::SignatureRequestRejection };
        self.add_service(item, item.parent, service, |file| file);
        Ok(())
    }

    pub(super) fn give_receipt(&mut self, item: &NewService<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        let missing = || bad_parent(path, item.parent, "такой сущности нет в сообщении");
        let parent = self.state.entity(item.parent).ok_or_else(missing)?;
        let is_invoice = receipts::receipt(self.state, path, parent)?;
        if receipts::has_receipt(&self.now, item.parent) {
            return Err(Rejection::AlreadyReceipted { path: path.to_owned(), parent: item.parent });
        }
        receipts::limit_failures(self.state, path, item.parent, self.context.now)?;
        let service = if is_invoice { Service::InvoiceReceipt } else { Service::Receipt };
        self.add_service(item, item.parent, service, |file| file);
        Ok(())
    }

    pub(super) fn request_amendment(&mut self, item: &NewService<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        let (_, document) = self.document(path, item.parent)?;
        let id = item.parent;
        let is_known =
            registry::lookup(&document.kind.type_named_id).is_none_or(|known| known.may_be_amended());
        if !is_known || !answers::rules(document).is_some_and(|rules| rules.may_request_amendment()) {
            return Err(Rejection::NotSupported {
                what: Unsupported::Amendment,
                path: path.to_owned(),
                document: id,
                reason: "его тип или регламент не предусматривает запросов на уточнение",
            });
        }
        if !self.state.side().is_receiving() {
            return Err(Rejection::state(path, id, Step::Amend, "уточнение запрашивает получатель"));
        }
        if carriage::is_unsent(self.state, id) {
            return Err(Rejection::state(path, id, Step::Amend, "он еще не отправлен"));
        }
        if let Some(obstacle) = answers::under_revocation(self.state, id) {
            return Err(obstacle.rejection(path, id, Step::Amend));
        }
        receipts::limit_failures(self.state, path, id, self.context.now)?;
        self.add_service(item, id, Service::AmendmentRequest, |file| file);
        Ok(())
    }

    /// Whether the other side has to agree is decided when the request reaches it; inside one organization that is now.
    pub(super) fn request_revocation(&mut self, item: &NewService<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        let (_, document) = self.document(path, item.parent)?;
        let type_named_id = &document.kind.type_named_id;
        if registry::lookup(type_named_id).is_some_and(|known| !known.may_be_revoked()) {
            let (path, type_named_id) = (path.to_owned(), type_named_id.clone());
            return Err(Rejection::NotRevocable { path, type_named_id });
        }
        receipts::limit_failures(self.state, path, item.parent, self.context.now)?;
        self.answers.revoke(self.state, path, item.parent)?;
        let initiator = self.state.box_id;
        let is_free = self.state.is_internal
            && docflow(self.state, item.parent).is_some_and(|flow| flow.flags.can_be_revoked_by_sender_alone);
        let before = self.added.entities.len();
        self.add_service(item, item.parent, Service::RevocationRequest { initiator }, |file| file);
        if is_free {
            let request = self.added.entities[before].id;
            let change = DocumentChange::Revoked { request };
            self.change(vec![DocumentPatch { document: item.parent, change }]);
        }
        Ok(())
    }
}
