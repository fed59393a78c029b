//! Approval inside the organization: `ResolutionDocflowV3`, `ResolutionEntitiesV3`.

use potok_domain::docflow::{ApprovalRequest, Approvals, Signed};
use potok_domain::{EntityState, Service};
use potok_types::UserId;
use potok_wire::proto::docflow::{
    ApprovementSignatureV3, ResolutionDocflowV3, ResolutionEntitiesV3, ResolutionRequestV3, ResolutionV3,
    SignatureDenialV3,
};

use super::blocks::Blocks;
use crate::view::{actions, target};

/// How approval stands; `None` when nothing was ever asked or said.
pub(crate) fn resolution(approvals: &Approvals<'_>) -> Option<ResolutionDocflowV3> {
    approvals.exists.then(|| ResolutionDocflowV3 {
        is_finished: approvals.status.is_finished(),
        parent_entity_id: approvals.subject.to_string(),
        resolution_status: approvals.status as i32,
        resolution_entity_id: approvals.newest.map(|newest| newest.entity.id.to_string()),
    })
}

impl Blocks<'_> {
    /// What was asked and said and not withdrawn; `None` when nothing was ever asked or said.
    pub(crate) fn resolution_entities(&mut self, approvals: &Approvals<'_>) -> Option<ResolutionEntitiesV3> {
        approvals.exists.then(|| ResolutionEntitiesV3 {
            requests: approvals.requests.iter().map(|request| self.request(request)).collect(),
            resolutions: approvals.resolutions.iter().filter_map(|found| self.resolution(found)).collect(),
            approvement_signatures: approvals
                .signatures
                .iter()
                .filter_map(|signature| {
                    self.approval_signature(signature.entity, signature.request.map(|id| id.to_string()))
                })
                .collect(),
            signature_denials: approvals.denials.iter().map(|found| self.denial(found)).collect(),
        })
    }

    pub(crate) fn request(&mut self, found: &ApprovalRequest<'_>) -> ResolutionRequestV3 {
        ResolutionRequestV3 {
            entity: self.files.entity(found.entity),
            target: target(&found.request.target),
            author_user_id: author(found.entity),
            request_type: found.request.kind as i32,
            resolved_with: found.resolved_with.map(|answer| answer.to_string()),
            actions: match found.resolved_with {
                None => actions(found.request.kind),
                Some(_) => Vec::new(),
            },
        }
    }

    pub(crate) fn resolution(&mut self, found: &EntityState) -> Option<ResolutionV3> {
        let Some(Service::Resolution(resolution)) = found.entity.service() else { return None };
        Some(ResolutionV3 {
            entity: self.files.entity(found),
            resolution_request_id: resolution.request.map(|request| request.to_string()),
            author_user_id: author(found),
            resolution_type: resolution.decision as i32,
        })
    }

    fn approval_signature(
        &mut self,
        found: &EntityState,
        request: Option<String>,
    ) -> Option<ApprovementSignatureV3> {
        let signed = Signed {
            file: found,
            signature: Some(found),
            time_stamped: None,
            comment: None,
            delivered_at: found.delivered_at,
        };
        Some(ApprovementSignatureV3 {
            signature: *self.signature(&signed)?,
            resolution_request_id: request,
            author_user_id: author(found),
        })
    }

    pub(crate) fn denial(&mut self, found: &EntityState) -> SignatureDenialV3 {
        SignatureDenialV3 {
            entity: self.files.entity(found),
            resolution_request_id: found.entity.parent.map(|parent| parent.to_string()).unwrap_or_default(),
            author_user_id: author(found),
        }
    }
}

fn author(found: &EntityState) -> Option<String> {
    found.entity.author.as_ref().map(UserId::to_string)
}
