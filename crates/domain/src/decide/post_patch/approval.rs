//! Approval inside the organization: nothing of it reaches the other box.

use potok_types::{ContentRef, EntityId};

use super::super::{Rejection, Step};
use super::answers::Obstacle;
use super::{Patch, answers};
use crate::access::{self, Denied};
use crate::approval::{self, RequestStanding};
use crate::carriage;
use crate::command::{NewCancellation, NewDenial, NewResolution, NewResolutionRequest, PostPatch};
use crate::revocation::{self, RevocationStanding};
use crate::{EntityState, RequestKind, RequestTarget, Resolution, ResolutionRequest, RouteStage, Service};

impl Patch<'_> {
    pub(super) fn approve_inside(&mut self, command: &PostPatch<ContentRef>) -> Result<(), Rejection> {
        for item in &command.resolutions {
            self.resolve(item)?;
        }
        for item in &command.denials {
            self.deny(item)?;
        }
        for item in &command.cancellations {
            self.cancel(item)?;
        }
        for item in &command.resolution_requests {
            self.request(item)?;
        }
        for item in &command.route_removals {
            self.take_off_route(item)?;
        }
        for item in &command.route_assignments {
            self.put_on_route(item)?;
        }
        Ok(())
    }

    /// The document, or the request to revoke one, that is to be approved; with the document.
    pub(super) fn approvable(&self, path: &str, parent: EntityId) -> Result<EntityId, Rejection> {
        let document = self.state.root_of(parent);
        if self.revocation_request(parent).is_none() {
            self.document_at(&format!("{path}.InitialDocumentId"), parent)?;
        }
        Ok(document)
    }

    /// The same as [`Patch::document`] for items that name the field otherwise.
    pub(super) fn document_at(&self, path: &str, parent: EntityId) -> Result<(), Rejection> {
        let reason = match self.state.document(parent) {
            Some(_) => return Ok(()),
            None if self.state.entity(parent).is_some() => "это не документ; укажите идентификатор документа",
            None => "такой сущности нет в сообщении",
        };
        Err(Rejection::BadParent { path: path.to_owned(), parent, reason })
    }

    fn resolve(&mut self, item: &NewResolution<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        let document = self.approvable(path, item.parent)?;
        if answers::is_revoked(self.state, document) {
            return Err(Obstacle::Revoked.rejection(path, document, Step::Approve));
        }
        let Some(decision) = item.decision else { return self.withdraw(item, document) };
        self.answers.resolve(path, document);
        let answered = self.request_to_answer(item.parent);
        let author_name = self.context.author_name.to_owned();
        let resolution =
            Resolution { decision, author_name, request: answered.as_ref().map(|(request, _)| *request) };
        self.add_note(item.parent, item.comment, Service::Resolution(resolution), &item.labels);
        if let Some((_, Some(stage))) = answered {
            self.next_stage(item.parent, stage, decision);
        }
        Ok(())
    }

    /// The open request that a resolution of the person answers.
    fn request_to_answer(&self, parent: EntityId) -> Option<(EntityId, Option<RouteStage>)> {
        let is_mine = |department| {
            self.context.permissions.department == department || self.scope.sees_department(department)
        };
        let found = approval::open_to_approve(&self.now, parent, self.context.author, is_mine);
        found.map(|(found, request)| (found.entity.id, request.stage))
    }

    fn withdraw(&mut self, item: &NewResolution<ContentRef>, document: EntityId) -> Result<(), Rejection> {
        let newest = self.now.children(item.parent).rev().find(|child| {
            matches!(child.entity.service(), Some(Service::Resolution(_)))
                && child.entity.author == Some(self.context.author)
                && !approval::is_cancelled(&self.now, child.entity.id)
        });
        let Some(last) = newest.map(|found| found.entity.id) else {
            let reason = "у вас нет согласования, которое можно отозвать";
            return Err(Rejection::state(&item.path, document, Step::WithdrawApproval, reason));
        };
        self.answers.resolve(&item.path, document);
        let cancellation = self.cancellation();
        self.add_note(last, item.comment, cancellation, &item.labels);
        Ok(())
    }

    pub(super) fn cancellation(&self) -> Service {
        Service::Cancellation { author_name: self.context.author_name.to_owned() }
    }

    fn request(&mut self, item: &NewResolutionRequest<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        if item.kind == RequestKind::Custom {
            let reason = "requests of this kind are made by routes; use ResolutionRouteAssignments";
            return Err(Rejection::invalid(format!("{path}.Type"), reason));
        }
        let document = self.approvable(path, item.parent)?;
        let target = self.target(item)?;
        if answers::is_revoked(self.state, document) {
            return Err(Obstacle::Revoked.rejection(path, document, Step::RequestApproval));
        }
        if item.kind == RequestKind::Signature {
            self.check_signature_request(path, item.parent, document)?;
        }
        let request = ResolutionRequest {
            kind: item.kind,
            author_name: self.context.author_name.to_owned(),
            target,
            stage: None,
        };
        self.add_note(item.parent, item.comment, Service::ResolutionRequest(Box::new(request)), &item.labels);
        Ok(())
    }

    fn target(&self, item: &NewResolutionRequest<ContentRef>) -> Result<RequestTarget, Rejection> {
        let organization = self.context.organization;
        match (item.user, item.department) {
            (Some(user), _) => {
                let person = self.around.people.iter().find(|person| person.id == user && !person.is_blocked);
                let person = person.ok_or_else(|| Rejection::EmployeeNotFound {
                    path: format!("{}.TargetUserId", item.path),
                    box_id: organization.box_id,
                    user,
                })?;
                Ok(RequestTarget::User { id: user, name: person.name.clone() })
            }
            (None, Some(department)) => {
                let name = organization.department_name(department);
                let name = name.ok_or_else(|| Rejection::DepartmentNotFound {
                    path: format!("{}.TargetDepartmentId", item.path),
                    box_id: organization.box_id,
                    department,
                })?;
                Ok(RequestTarget::Department { id: department, name: name.to_owned() })
            }
            (None, None) => Err(Rejection::invalid(
                format!("{}.TargetUserId", item.path),
                "somebody has to be asked; give TargetUserId, or TargetDepartmentId for anybody there",
            )),
        }
    }

    /// There has to be something to sign, and one person is asked at a time.
    fn check_signature_request(
        &self,
        path: &str,
        parent: EntityId,
        document: EntityId,
    ) -> Result<(), Rejection> {
        let refuse = |reason: String| Err(Rejection::state(path, document, Step::RequestSignature, reason));
        if let Some((_, request)) = approval::open_to_sign(&self.now, parent) {
            let (RequestTarget::User { name, .. } | RequestTarget::Department { name, .. }) = &request.target;
            return refuse(format!("он уже передан на подпись: {name}"));
        }
        let can_sign = match self.revocation_request(parent) {
            Some(request) => revocation::of_request(self.state, request).is_some_and(|case| {
                case.standing == RevocationStanding::Pending
                    && (self.state.is_internal || case.initiator != self.state.box_id)
            }),
            None => self.can_be_signed(document),
        };
        if can_sign {
            Ok(())
        } else {
            refuse("от вашей организации не ждут подписи".to_owned())
        }
    }

    fn can_be_signed(&self, id: EntityId) -> bool {
        let Some((_, document)) = self.state.document(id) else { return false };
        let step = answers::answering_step(self.state, document);
        let can_send = carriage::is_unsent(self.state, id);
        can_send || answers::obstacle(self.state, document, id, step).is_none()
    }

    /// The request that an item names.
    fn named_request(
        &self,
        path: String,
        id: EntityId,
    ) -> Result<(&EntityState, &ResolutionRequest), Rejection> {
        let found = self.now.entity(id).and_then(|found| Some((found, found.resolution_request()?)));
        let bad = || Rejection::BadParent {
            path,
            parent: id,
            reason: "это не запрос на согласование или подпись; укажите идентификатор запроса",
        };
        found.ok_or_else(bad)
    }

    fn deny(&mut self, item: &NewDenial<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        let (_, request) = self.named_request(format!("{path}.InitialResolutionRequestId"), item.request)?;
        let document = self.state.root_of(item.request);
        if !self.is_addressee(&request.target) {
            let (RequestTarget::User { name, .. } | RequestTarget::Department { name, .. }) = &request.target;
            return Err(Denied::NotAddressee { request: item.request, target: name.clone() }.into());
        }
        let refuse = |reason| Err(Rejection::state(path, document, Step::DenyRequest, reason));
        if !matches!(request.kind, RequestKind::Signature | RequestKind::ApprovementSignature) {
            return refuse("это запрос на согласование; на него отвечают согласованием или отказом в нем");
        }
        if !approval::request_standing(&self.now, item.request).is_open() {
            return refuse("на запрос уже ответили, или он отменен");
        }
        let denial = Service::ResolutionRequestDenial { author_name: self.context.author_name.to_owned() };
        self.add_note(item.request, item.comment, denial, &item.labels);
        Ok(())
    }

    fn cancel(&mut self, item: &NewCancellation<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        let document = self.state.root_of(item.target);
        let refuse = |reason| Err(Rejection::state(path, document, Step::CancelRequest, reason));
        let author = if item.is_of_denial {
            let denial = self.now.entity(item.target).filter(|found| {
                matches!(found.entity.service(), Some(Service::ResolutionRequestDenial { .. }))
            });
            let denial = denial.ok_or_else(|| Rejection::BadParent {
                path: format!("{path}.InitialResolutionRequestDenialId"),
                parent: item.target,
                reason: "это не отказ в запросе подписи; укажите идентификатор отказа",
            })?;
            if approval::is_cancelled(&self.now, item.target) {
                return refuse("отказ уже отменен");
            }
            denial.entity.author
        } else {
            let (found, _) = self.named_request(format!("{path}.InitialResolutionRequestId"), item.target)?;
            match approval::request_standing(&self.now, item.target) {
                RequestStanding::Open => {}
                RequestStanding::Cancelled => return refuse("запрос уже отменен"),
                RequestStanding::Resolved(_) | RequestStanding::Denied(_) => {
                    return refuse("на запрос уже ответили");
                }
            }
            found.entity.author
        };
        access::check_author(item.target, author, self.context.author, self.context.permissions)?;
        let cancellation = self.cancellation();
        self.add_note(item.target, item.comment, cancellation, &item.labels);
        Ok(())
    }
}
