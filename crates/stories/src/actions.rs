//! What the two do to a message, as patches.

use potok_domain::command::{
    NewCancellation, NewDenial, NewEdition, NewPacket, NewRejection, NewResolution, NewResolutionRequest,
    NewRouteStep, NewService, NewSignature, NewTagChange, NewTitle, NewUniversalMessage, NewVerification,
    PostPatch, Prepared, Recognized,
};
use potok_domain::decide::{Housekeeping, Rejection};
use potok_domain::{
    Body, Decision, DocumentRef, MessageState, Metadata, RequestKind, Service, Tag, TagChange, UniversalEvent,
};
use potok_types::{ContentRef, DepartmentId, EntityId, RouteId, UserId};

use crate::cast::{SALES, Who, bytes, colleague_of, patch, route, user_of};
use crate::script::Story;

/// Words that change what an action means; so do those with `=`.
const ADVERBS: [&str; 9] = [
    "badly",
    "partly",
    "asks-receipt",
    "aside",
    "to-colleague",
    "to-me",
    "to-sales",
    "to-stranger",
    "prepared",
];

/// Everything that a patch can do, with adverbs without which it says too little.
pub const VERBS: [(&str, &str); 30] = [
    ("signs", ""),
    ("approves", ""),
    ("titles", ""),
    ("refuses", ""),
    ("refuses-plainly", ""),
    ("receipts", ""),
    ("amends", ""),
    ("revokes", ""),
    ("says", "1999"),
    ("says", "2999"),
    ("says", "3999"),
    ("says", "4002"),
    ("verifies", ""),
    ("disproves", ""),
    ("asks-approval", ""),
    ("asks-signature", ""),
    ("asks-approval-signature", ""),
    ("resolves-yes", ""),
    ("resolves-no", ""),
    ("withdraws", ""),
    ("denies", ""),
    ("cancels", ""),
    ("cancels-denial", ""),
    ("puts-on-route", ""),
    ("takes-off-route", ""),
    ("tags", "a=1"),
    ("tags", "A=2"),
    ("untags", "a="),
    ("edits", ""),
    ("signs", "prepared"),
];

/// One action: what is done, and how.
pub struct Action<'a> {
    /// By whom.
    pub who: Who,
    /// One of [`VERBS`], or what else [`Story`] knows.
    pub verb: &'a str,
    /// What changes its meaning.
    pub adverbs: Vec<&'a str>,
}

impl Action<'_> {
    fn is(&self, adverb: &str) -> bool {
        self.adverbs.contains(&adverb)
    }

    fn user(&self) -> Option<UserId> {
        match () {
            () if self.is("to-sales") => None,
            () if self.is("to-me") => Some(user_of(self.who)),
            () if self.is("to-stranger") => Some(UserId::ZERO),
            () => Some(colleague_of(self.who)),
        }
    }

    fn code(&self) -> i32 {
        let code = self.adverbs.iter().find_map(|word| word.parse().ok());
        code.expect("a universal message has a code")
    }

    /// What is no patch but a call of its own.
    fn housekeeping(&self) -> Option<Housekeeping> {
        match self.verb {
            "deletes" => Some(Housekeeping::Delete),
            "restores" => Some(Housekeeping::Restore),
            "moves" => {
                let to = if self.is("to-sales") { SALES } else { DepartmentId::ZERO };
                Some(Housekeeping::Move { to })
            }
            _ => None,
        }
    }

    fn pair(&self) -> (String, String) {
        let pair = self.adverbs.iter().find_map(|word| word.split_once('='));
        let (key, value) = pair.expect("a tag is key=value");
        (key.to_owned(), value.to_owned())
    }
}

/// What an action with this verb may be about: documents, and what else it can be done to.
pub fn targets(state: &MessageState, verb: &str) -> Vec<EntityId> {
    let is_target = |service: &Service| match verb {
        "denies" | "cancels" => matches!(service, Service::ResolutionRequest(_)),
        "cancels-denial" => matches!(service, Service::ResolutionRequestDenial { .. }),
        "receipts" => {
            matches!(service, Service::Title(_) | Service::AmendmentRequest | Service::Confirmation)
        }
        "says" => matches!(service, Service::Title(_) | Service::RevocationRequest { .. }),
        "signs"
        | "refuses"
        | "approves"
        | "asks-approval"
        | "asks-signature"
        | "asks-approval-signature"
        | "resolves-yes"
        | "resolves-no" => {
            matches!(service, Service::RevocationRequest { .. })
        }
        _ => false,
    };
    let wanted = state.entities().iter().filter(|found| match &found.entity.body {
        Body::Document(_) => !["denies", "cancels", "cancels-denial"].contains(&verb),
        Body::Service(service) => is_target(service),
        Body::Signature(_) => false,
    });
    wanted.map(|found| found.entity.id).collect()
}

fn is_adverb(word: &str) -> bool {
    ADVERBS.contains(&word) || word.contains('=') || word.parse::<i32>().is_ok()
}

impl Story {
    /// `actions` of one person in one patch, joined by `&`: verb, targets, adverbs.
    pub(crate) fn act(&mut self, who: Who, author: UserId, actions: &str) -> Result<(), Rejection> {
        let mut command = patch(who, self.message());
        for action in actions.split('&') {
            let mut words = action.split_whitespace();
            let verb = words.next().expect("a patch says what is done");
            let (adverbs, targets): (Vec<&str>, Vec<&str>) = words.partition(|word| is_adverb(word));
            let action = Action { who, verb, adverbs };
            if let Some(what) = action.housekeeping() {
                let named: Vec<EntityId> = targets.iter().map(|target| self.find(who, target)).collect();
                self.simulation.housekeeping(who, author, self.message(), &named, what)?;
                return Ok(());
            }
            for target in targets {
                let target = self.find(who, target);
                self.add_item(&mut command, &action, target);
            }
        }
        self.simulation.patch_by(who, author, &command)?;
        Ok(())
    }

    /// Adds one action on one entity to `command`.
    pub fn add_item(&mut self, command: &mut PostPatch<ContentRef>, action: &Action<'_>, target: EntityId) {
        match action.verb {
            "signs" | "approves" | "refuses" | "refuses-plainly" | "receipts" | "titles" | "amends"
            | "revokes" | "cancels-fixation" => self.add_signed(command, action, target),
            "says" => {
                let code = action.code();
                command.universal_messages.push(NewUniversalMessage {
                    path: format!("UniversalMessages[{}]", command.universal_messages.len()),
                    parent: target,
                    code_group: None,
                    affects_workflow: action.is("aside").then_some(false),
                    events: vec![UniversalEvent { code, text: Some(format!("Текст {code}")) }],
                    content: bytes("message"),
                    file_name: None,
                    labels: Vec::new(),
                });
            }
            "edits" => {
                let title = self.rewritten(command, action.who, target);
                command.editions.push(NewEdition {
                    path: format!("EditingPatches[{}]", command.editions.len()),
                    parent: target,
                    content: bytes("edition"),
                    title: Some(title),
                    labels: Vec::new(),
                });
            }
            "joins" | "leaves" => {
                let refer = |message_id, entity_id| DocumentRef { message_id, entity_id };
                let joined = (action.verb == "joins").then(|| {
                    let message = self.posted(&action.pair().1);
                    refer(message, self.simulation.document(message, 0))
                });
                let left = (action.verb == "leaves").then(|| refer(self.message(), target));
                command.packets.push(NewPacket {
                    path: format!("EditDocumentPacketCommands[{}]", command.packets.len()),
                    document: target,
                    add: joined.into_iter().collect(),
                    remove: left.into_iter().collect(),
                });
            }
            "verifies" | "disproves" => command.verifications.push(NewVerification {
                path: format!("SignatureVerifications[{}]", command.verifications.len()),
                document: target,
                is_valid: action.verb == "verifies",
                report: bytes("report"),
                comment: None,
                labels: Vec::new(),
            }),
            "tags" | "untags" => {
                let (key, value) = action.pair();
                let change = match action.verb {
                    "tags" => TagChange::Set(Tag { key, value }),
                    _ => TagChange::Remove { key },
                };
                command.tag_changes.push(NewTagChange {
                    path: format!("CustomDataPatches[{}]", command.tag_changes.len()),
                    document: target,
                    change,
                    content: bytes("tag"),
                });
            }
            _ => add_approval(command, action, target),
        }
    }

    /// Bytes that are made of a document of the box, different ones each time. Of what has no format nothing is made.
    fn rewritten(
        &mut self,
        command: &PostPatch<ContentRef>,
        who: Who,
        document: EntityId,
    ) -> Prepared<ContentRef> {
        let name = format!("{}.xml", self.next_number());
        let state = self.simulation.state(who, command.message_id);
        let found = state
            .as_ref()
            .and_then(|state| state.document(document))
            .filter(|(found, _)| found.entity.version.is_some());
        let recognized = found.map(|(_, document)| {
            let others = document.metadata.iter().filter(|item| item.key != "FileName").cloned();
            let own = Metadata { key: "FileName".to_owned(), value: name.clone() };
            Recognized {
                index: 0,
                kinds: vec![document.kind.clone()],
                function: None,
                metadata: others.chain([own]).collect(),
            }
        });
        Prepared { content: bytes(&name), recognized }
    }

    /// What is signed.
    fn add_signed(&mut self, command: &mut PostPatch<ContentRef>, action: &Action<'_>, parent: EntityId) {
        let signature = self.signature(action.is("badly"));
        let prepared = action.is("prepared").then(|| self.rewritten(command, action.who, parent));
        let service = |list: &str, count: usize| NewService {
            path: format!("{list}[{count}]"),
            parent,
            content: bytes("file"),
            signature,
            power: None,
            file_name: None,
            text: (action.verb != "receipts").then(|| "Ошибка в сумме".to_owned()),
            content_type_id: None,
            labels: Vec::new(),
        };
        match action.verb {
            "signs" | "approves" => command.signatures.push(NewSignature {
                path: format!("Signatures[{}]", command.signatures.len()),
                parent,
                signature,
                power: None,
                prepared,
                is_approval: action.verb == "approves",
                labels: Vec::new(),
            }),
            "receipts" => command.receipts.push(service("Receipts", command.receipts.len())),
            "titles" => command.titles.push(NewTitle {
                service: service("RecipientTitles", command.titles.len()),
                need_receipt: action.is("asks-receipt"),
                index: None,
                only: None,
                recognized: None,
                with_disagreements: action.is("partly"),
            }),
            "amends" => command
                .amendment_requests
                .push(service("CorrectionRequests", command.amendment_requests.len())),
            "revokes" => command
                .revocation_requests
                .push(service("RevocationRequests", command.revocation_requests.len())),
            "cancels-fixation" => command
                .fixation_cancellations
                .push(service("TtGisFixationCancellationRequests", command.fixation_cancellations.len())),
            verb => command.rejections.push(NewRejection {
                service: service("Rejections", command.rejections.len()),
                is_formal: verb == "refuses",
            }),
        }
    }
}

/// What stays inside the organization.
fn add_approval(command: &mut PostPatch<ContentRef>, action: &Action<'_>, target: EntityId) {
    let decision = match action.verb {
        "resolves-yes" => Some(Some(Decision::Approve)),
        "resolves-no" => Some(Some(Decision::Disapprove)),
        "withdraws" => Some(None),
        _ => None,
    };
    if let Some(decision) = decision {
        return command.resolutions.push(NewResolution {
            path: format!("Resolutions[{}]", command.resolutions.len()),
            parent: target,
            decision,
            comment: bytes(""),
            labels: Vec::new(),
        });
    }
    let kind = match action.verb {
        "asks-approval" => Some(RequestKind::Approvement),
        "asks-signature" => Some(RequestKind::Signature),
        "asks-approval-signature" => Some(RequestKind::ApprovementSignature),
        _ => None,
    };
    if let Some(kind) = kind {
        return command.resolution_requests.push(NewResolutionRequest {
            path: format!("ResolutionRequests[{}]", command.resolution_requests.len()),
            parent: target,
            kind,
            user: action.user(),
            department: action.is("to-sales").then_some(SALES),
            comment: bytes(""),
            labels: Vec::new(),
        });
    }
    match action.verb {
        "denies" => command.denials.push(NewDenial {
            path: format!("ResolutionRequestDenials[{}]", command.denials.len()),
            request: target,
            comment: bytes(""),
            labels: Vec::new(),
        }),
        "cancels" | "cancels-denial" => command.cancellations.push(NewCancellation {
            path: format!("ResolutionRequestCancellations[{}]", command.cancellations.len()),
            target,
            is_of_denial: action.verb == "cancels-denial",
            comment: bytes(""),
            labels: Vec::new(),
        }),
        "puts-on-route" => command.route_assignments.push(route_step(
            format!("ResolutionRouteAssignments[{}]", command.route_assignments.len()),
            action,
            target,
        )),
        "takes-off-route" => command.route_removals.push(route_step(
            format!("ResolutionRouteRemovals[{}]", command.route_removals.len()),
            action,
            target,
        )),
        verb => panic!("no such verb: {verb}"),
    }
}

fn route_step(path: String, action: &Action<'_>, document: EntityId) -> NewRouteStep<ContentRef> {
    let route = if action.is("to-stranger") { RouteId::ZERO } else { route().id };
    NewRouteStep { path, document, route, comment: bytes(""), labels: Vec::new() }
}
