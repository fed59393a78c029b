//! Who takes part: `DocumentParticipantV2`.

use potok_domain::{MessageState, Party, Template};
use potok_types::BoxId;
use potok_wire::proto::documents::{DocumentParticipantFlags, DocumentParticipantV2, DocumentParticipantsV2};
use potok_wire::proto::workflows::participant_type::ParticipantType;

use crate::docflow_v4::info;

/// The part that somebody plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Sender,
    Proxy,
    Recipient,
}

/// The participants of a message, in the order in which they get it.
pub(crate) struct Participants {
    pub(crate) sender: DocumentParticipantV2,
    /// The intermediate addressee.
    pub(crate) proxy: Option<DocumentParticipantV2>,
    /// A draft may name none yet.
    pub(crate) recipient: Option<DocumentParticipantV2>,
    sender_box: BoxId,
}

impl Participants {
    pub(crate) fn of(state: &MessageState) -> Self {
        Self {
            sender: participant(state, &state.from, ParticipantType::Sender, "default:sender"),
            proxy: state
                .proxy
                .as_ref()
                .map(|proxy| participant(state, proxy, ParticipantType::Proxy, "default:proxy")),
            recipient: Some(&state.to)
                .filter(|to| to.is_named())
                .map(|to| participant(state, to, ParticipantType::Recipient, "default:recipient")),
            sender_box: state.from.box_id,
        }
    }

    pub(crate) fn all(self) -> DocumentParticipantsV2 {
        let participants = [Some(self.sender), self.proxy, self.recipient];
        DocumentParticipantsV2 { participants: participants.into_iter().flatten().collect() }
    }

    /// Whoever plays that part, if somebody does.
    pub(crate) const fn of_role(&self, role: Role) -> Option<&DocumentParticipantV2> {
        match role {
            Role::Sender => Some(&self.sender),
            Role::Proxy => self.proxy.as_ref(),
            Role::Recipient => self.recipient.as_ref(),
        }
    }

    /// Whoever answers as the box `box_id`: inside one organization that is the recipient.
    pub(crate) fn answering(&self, box_id: BoxId) -> &DocumentParticipantV2 {
        let wanted = box_id.to_string();
        let answering = [self.recipient.as_ref(), self.proxy.as_ref()];
        answering.into_iter().flatten().find(|found| found.box_id == wanted).unwrap_or(&self.sender)
    }

    /// All but one.
    pub(crate) fn others(&self, one: Role) -> impl Iterator<Item = (Role, &DocumentParticipantV2)> {
        let roles = [Role::Sender, Role::Proxy, Role::Recipient].into_iter();
        roles.filter(move |role| *role != one).filter_map(|role| Some((role, self.of_role(role)?)))
    }

    /// Whoever answers the sender; the sender itself where nobody is named.
    pub(crate) fn recipient(&self) -> &DocumentParticipantV2 {
        self.recipient.as_ref().unwrap_or(&self.sender)
    }

    /// Of sender and recipient the one with that box, and the other one.
    pub(crate) fn with_box(&self, box_id: BoxId) -> (&DocumentParticipantV2, &DocumentParticipantV2) {
        let recipient = self.recipient();
        if box_id == self.sender_box { (&self.sender, recipient) } else { (recipient, &self.sender) }
    }
}

/// Those of the letter that is to be made of a template.
pub(crate) fn of_letter(state: &MessageState, template: &Template) -> DocumentParticipantsV2 {
    let (sender, proxy, recipient) = info::letter_sides(template);
    let sender = participant(state, &sender, ParticipantType::Sender, "default:sender");
    let proxy = proxy.map(|proxy| participant(state, &proxy, ParticipantType::Proxy, "default:proxy"));
    let recipient = participant(state, &recipient, ParticipantType::Recipient, "default:recipient");
    let participants = [Some(sender), proxy, Some(recipient)];
    DocumentParticipantsV2 { participants: participants.into_iter().flatten().collect() }
}

fn participant(
    state: &MessageState,
    party: &Party,
    kind: ParticipantType,
    role: &str,
) -> DocumentParticipantV2 {
    DocumentParticipantV2 {
        box_id: party.box_id.to_string(),
        department_id: info::department_id(state, party),
        role: role.to_owned(),
        flags: DocumentParticipantFlags { is_roaming: false, is_crossborder: false, is_foreign: false },
        r#type: kind as i32,
        is_current_box: party.box_id == state.box_id,
    }
}
