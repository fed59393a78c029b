//! Universal messages: one form for receipts, amendment requests, refusals and information.

use potok_types::ContentRef;

use super::super::{Rejection, Step};
use super::{Patch, answers, bad_parent, receipts};
use crate::carriage;
use crate::command::NewUniversalMessage;
use crate::revocation::{self, RevocationStanding};
use crate::{
    Body, CodeGroup, Entity, EntityState, Service, Side, UniversalEvent, UniversalMessage, registry,
};

const RECEIPT: i32 = 1999;
const AUTHORITY: i32 = 2007;
const AMENDMENT: i32 = 2999;
const REJECTION: i32 = 3999;
const INFORMATION: i32 = 4002;

/// What a universal message hangs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    SenderTitle,
    LaterTitle,
    Amendment,
    Revocation,
}

impl Patch<'_> {
    pub(super) fn send_universal(&mut self, item: &NewUniversalMessage<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        let (events, code_group) = read(item)?;
        let codes: Vec<i32> = events.iter().map(|event| event.code).collect();
        let affecting = codes.iter().any(|code| acts_on_flow(*code));
        check_behaviour(item, affecting)?;
        let missing = || bad_parent(path, item.parent, "такой сущности нет в сообщении");
        let parent = self.state.entity(item.parent).ok_or_else(missing)?;
        if parent.is_undeliverable && parent.entity.service().is_some() {
            return Err(bad_parent(path, item.parent, "этот файл не доставлен другой стороне"));
        }
        let place = place(parent).filter(|place| codes.iter().all(|code| may_answer(*code, *place)));
        let Some(place) = place else {
            return Err(bad_parent(path, item.parent, "сообщения с таким кодом на этот файл не отправляют"));
        };
        let document = self.state.root_of(item.parent);
        if carriage::is_unsent(self.state, document) {
            return Err(Rejection::state(path, document, Step::SendMessage, "он еще не отправлен"));
        }
        let mut is_out_of_workflow = !affecting || item.affects_workflow == Some(false);
        if !is_out_of_workflow {
            if answers::is_revoked(self.state, document) {
                return Err(Rejection::Revoked { path: path.to_owned(), document });
            }
            if let Some(reason) = self.no_role(&codes, place, parent) {
                if item.affects_workflow == Some(true) {
                    return Err(Rejection::state(path, document, Step::SendMessage, reason));
                }
                is_out_of_workflow = true;
            }
        }
        if !is_out_of_workflow && codes.contains(&REJECTION) {
            match self.state.document(item.parent) {
                Some(found) => self.answers.respond(self.state, path, found, Step::Reject)?,
                None => self.answers.answer_revocation(self.state, path, parent, Step::Reject)?,
            }
        }
        let message = UniversalMessage {
            code_group,
            events,
            creator_box: self.state.box_id,
            creator_department: self.state.department_of(document),
            is_out_of_workflow,
        };
        let service = Service::UniversalMessage(Box::new(message));
        let file = self.context.service(item.parent, item.content, service, item.file_name.as_deref());
        self.add([Entity { labels: item.labels.clone(), ..file }]);
        Ok(())
    }

    /// Why the message means nothing to the flow as it stands; `None` when it does.
    fn no_role(&self, codes: &[i32], place: Place, parent: &EntityState) -> Option<&'static str> {
        let is_addressee = match place {
            // An intermediate addressee only signs or refuses.
            Place::SenderTitle => {
                let may_refuse = self.state.side() == Side::Proxy && codes.contains(&REJECTION);
                may_refuse || self.state.side().is_receiving()
            }
            Place::LaterTitle | Place::Amendment => self.state.side().is_sending(),
            Place::Revocation => revocation::of_request(self.state, parent).is_some_and(|case| {
                case.standing == RevocationStanding::Pending
                    && self.state.side() != Side::Proxy
                    && (self.state.is_internal || case.initiator != self.state.box_id)
            }),
        };
        if !is_addressee {
            return Some("ваша организация на этот файл не отвечает");
        }
        if receipts::is_unsigned(self.state, parent) {
            return Some(receipts::UNSIGNED);
        }
        codes.iter().find_map(|code| self.code_has_no_role(*code, place, parent))
    }

    fn code_has_no_role(&self, code: i32, place: Place, parent: &EntityState) -> Option<&'static str> {
        let id = parent.entity.id;
        let document = self.state.document(self.state.root_of(id)).map(|(_, document)| document)?;
        match code {
            RECEIPT => receipts::has_receipt(&self.now, id).then_some("извещение о получении уже есть"),
            AMENDMENT => {
                let rules = answers::rules(document).is_some_and(|rules| rules.may_request_amendment());
                let known = registry::lookup(&document.kind.type_named_id);
                let may = rules && known.is_none_or(|known| known.may_be_amended());
                let is_closing = answers::under_revocation(self.state, self.state.root_of(id)).is_some();
                (!may || is_closing).then_some("запрос на уточнение сейчас не предусмотрен")
            }
            REJECTION if place == Place::SenderTitle => {
                let obstacle = answers::obstacle(&self.now, document, id, Step::Reject);
                obstacle.map(|_| "отказ в подписи сейчас не предусмотрен")
            }
            _ => None,
        }
    }
}

/// What the message says, as far as its bytes tell, and what it is about.
fn read(
    item: &NewUniversalMessage<ContentRef>,
) -> Result<(Vec<UniversalEvent>, Option<CodeGroup>), Rejection> {
    let path = item.path.as_str();
    let mut events = item.events.clone();
    if events.is_empty() {
        let Some(group) = item.code_group else {
            let reason =
                "the content tells no code that is known here; say with CodeGroup what the message is about";
            return Err(Rejection::invalid(format!("{path}.CodeGroup"), reason));
        };
        events.push(UniversalEvent { code: usual_code(group), text: None });
    }
    let codes: Vec<i32> = events.iter().map(|event| event.code).collect();
    let is_single = codes.iter().all(|code| *code == codes[0]);
    let is_question_with_amendment = codes.contains(&AUTHORITY)
        && codes.contains(&AMENDMENT)
        && codes.iter().all(|code| matches!(*code, AUTHORITY | AMENDMENT));
    if !is_single && !is_question_with_amendment {
        let reason =
            format!("one message has one code, besides {AUTHORITY} with {AMENDMENT}; send several messages");
        return Err(Rejection::invalid(format!("{path}.UniversalMessageContent"), reason));
    }
    let told = codes.iter().copied().filter_map(group_of).next_back();
    if let (Some(given), Some(told)) = (item.code_group, told)
        && given != told
    {
        let reason = format!("the code of the content is not of the group {given:?} but of {told:?}");
        return Err(Rejection::invalid(format!("{path}.CodeGroup"), reason));
    }
    Ok((events, item.code_group.or(told)))
}

fn check_behaviour(item: &NewUniversalMessage<ContentRef>, affecting: bool) -> Result<(), Rejection> {
    let reason = match item.affects_workflow {
        Some(false) if affecting => "messages with this code always act on the flow; leave Behaviour out",
        Some(true) if !affecting => "messages with this code never act on the flow; leave Behaviour out",
        _ => return Ok(()),
    };
    Err(Rejection::invalid(format!("{}.Behaviour", item.path), reason))
}

fn place(parent: &EntityState) -> Option<Place> {
    match &parent.entity.body {
        Body::Document(_) => Some(Place::SenderTitle),
        Body::Service(Service::Title(_)) => Some(Place::LaterTitle),
        Body::Service(Service::AmendmentRequest) => Some(Place::Amendment),
        Body::Service(Service::RevocationRequest { .. }) => Some(Place::Revocation),
        _ => None,
    }
}

const fn may_answer(code: i32, place: Place) -> bool {
    match code {
        RECEIPT => !matches!(place, Place::Revocation),
        AMENDMENT => matches!(place, Place::SenderTitle),
        REJECTION => matches!(place, Place::SenderTitle | Place::Revocation),
        _ => matches!(place, Place::SenderTitle | Place::LaterTitle),
    }
}

const fn acts_on_flow(code: i32) -> bool {
    matches!(code, RECEIPT | AUTHORITY | AMENDMENT | REJECTION)
}

const fn usual_code(group: CodeGroup) -> i32 {
    match group {
        CodeGroup::Receipt => RECEIPT,
        CodeGroup::AmendmentRequest => AMENDMENT,
        CodeGroup::Rejection => REJECTION,
        CodeGroup::Information => INFORMATION,
    }
}

const fn group_of(code: i32) -> Option<CodeGroup> {
    match code {
        RECEIPT => Some(CodeGroup::Receipt),
        AUTHORITY | AMENDMENT => Some(CodeGroup::AmendmentRequest),
        REJECTION => Some(CodeGroup::Rejection),
        INFORMATION | 4003 => Some(CodeGroup::Information),
        _ => None,
    }
}
