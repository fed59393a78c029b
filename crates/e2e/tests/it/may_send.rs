//! Who may send to whom: each reason against it, by every way in which something leaves a box, and which of them counts first.

use potok_testkit::app::admin::{NewOrganization, Restriction};
use potok_testkit::domain::directory::{Participant, RoamingOperator};
use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::methods::{BoxQuery, GetNewEventsQuery, MyBoxQuery};
use potok_testkit::sdk::proto::events::Message;
use potok_testkit::sdk::proto::forwarding::ForwardDocumentRequest;
use potok_testkit::sdk::proto::{DocumentId, GetOrCreateRoamingOrganizationByFnsParticipantIdRequest};
use potok_testkit::{Letter, Org, World, WorldOptions};
use potok_types::BoxId;

use crate::counteragents::{break_up, choosy, invite};
use crate::drafts::{send, sending};

const FORBIDDEN: &str = "DiadocApi.Forbidden";
const BLOCKED: &str = "DiadocApi.SendingIsBlocked";
const CONFLICT: &str = "DiadocApi.Conflict";
const ROAMING: &str = "Invitations.RoamingOperatorRequestIsRequired";
const TAKEN: (u16, &str) = (200, "");

/// Status, code and text of a refusal; of what is taken 200.
fn told<T>(answer: Result<T, Error>) -> (u16, String, String) {
    let Err(error) = answer else { return (200, String::new(), String::new()) };
    let refusal = error.refusal().unwrap_or_else(|| panic!("{error}"));
    (refusal.status, refusal.code.clone().unwrap_or_default(), refusal.text.clone())
}

struct Sides {
    world: World,
    a: Org,
    b: Org,
    c: Org,
    posts: u32,
}

/// What lies in the box of A and may leave it later.
struct Kept {
    unsent: Message,
    draft: Message,
    /// Sent to a third organization, and may be forwarded.
    sent: DocumentId,
}

impl Sides {
    async fn start() -> Self {
        // Tokens outlive the three days before a block.
        let options = WorldOptions {
            settings: Box::new(|settings| settings.app.access_token_seconds = 30 * 86_400),
            ..WorldOptions::default()
        };
        let world = World::start_with(options).await;
        let (a, b) = world.two_sides().await;
        let c = world.third_side().await;
        Self { world, a, b, c, posts: 0 }
    }

    fn letter(&mut self, to: BoxId) -> Letter {
        self.posts += 1;
        Letter::new(self.a.box_id(), to).comment(&format!("no {}", self.posts))
    }

    async fn keep(&mut self, to: BoxId) -> Kept {
        let mut unsent = self.letter(to);
        unsent.0.delay_send = Some(true);
        unsent.0.document_attachments[0].signed_content.sign_with_test_signature = None;
        let unsent = self.a.boss.post(&unsent).await.unwrap();
        let draft = self.letter(to).draft();
        let draft = self.a.boss.post(&draft).await.unwrap();
        let sent = self.letter(self.c.box_id());
        let sent = self.a.boss.post(&sent).await.unwrap();
        let sent =
            DocumentId { message_id: sent.message_id.clone(), entity_id: sent.entities[0].entity_id.clone() };
        self.world.drain().await;
        Kept { unsent, draft, sent }
    }

    /// Tries every way: each has to end with this status and code, and with these words.
    async fn check(&mut self, kept: &Kept, to: BoxId, expected: (u16, &str), words: &str) {
        let (letter, boss) = (self.letter(to), &self.a.boss);
        let Kept { unsent, draft, sent } = kept;
        let forward = ForwardDocumentRequest { to_box_id: to.to_string(), document_id: sent.clone() };
        let mine = BoxQuery::new(self.a.box_id());
        for (way, (status, code, text)) in [
            ("PostMessage", told(boss.post(&letter).await)),
            ("PostMessagePatch", told(boss.sign(&unsent.message_id, &unsent.entities[0].entity_id).await)),
            ("SendDraft", told(send(&boss.client, sending(boss, draft)).await)),
            ("ForwardDocument", told(boss.client.forward_document_v2(&mine, forward).await)),
        ] {
            assert_eq!((status, &*code), expected, "{way}: {text}");
            assert!(text.contains(words), "{way}: {text}");
        }
        self.world.drain().await;
    }

    async fn restrict(&self, restriction: Restriction) {
        self.world.app().admin().restrict(self.a.box_id(), restriction).await.unwrap();
    }

    /// An organization that takes from partners alone.
    async fn cautious(&self) -> BoxId {
        let new = NewOrganization {
            name: "ООО «Ива»".to_owned(),
            inn: "7702345678".to_owned(),
            is_test: true,
            counteragents_only: true,
            ..NewOrganization::default()
        };
        self.world.app().admin().create_organization(new).await.unwrap().box_id
    }

    /// A client of another operator.
    async fn roaming(&self) -> BoxId {
        let operator = RoamingOperator {
            box_id: None,
            fns_id: "2AE".to_owned(),
            name: "Другой".to_owned(),
            is_active: true,
            features: Vec::new(),
        };
        let client = Participant {
            id: "2AE-1".to_owned(),
            inn: "7800000010".to_owned(),
            kpp: Some("780001001".to_owned()),
            full_name: "ООО «Клевер»".to_owned(),
            is_closed: false,
        };
        self.world.app().admin().put_outside(&[operator], &[client]).await.unwrap();
        let asked = GetOrCreateRoamingOrganizationByFnsParticipantIdRequest {
            fns_participant_id: "2AE-1".to_owned(),
        };
        let mine = MyBoxQuery::new(self.a.box_id());
        let client = &self.a.boss.client;
        let made = client.get_or_create_roaming_organization_by_fns_participant_id(&mine, asked).await;
        made.unwrap().boxes[0].box_id_guid.parse().unwrap()
    }

    /// B broke up with A.
    async fn fall_out(&self) {
        invite(&self.a.boss, self.b.box_id(), "").await.unwrap();
        self.world.drain().await;
        break_up(&self.b.boss, self.a.box_id(), "").await.unwrap();
        self.world.drain().await;
    }
}

#[tokio::test]
async fn a_liquidated_organization_sends_nothing_and_is_nobodys_partner() {
    let mut sides = Sides::start().await;
    let to = sides.b.box_id();
    let kept = sides.keep(to).await;
    let gone = Restriction::Liquidated { on: "2026-01-31".to_owned() };
    sides.restrict(gone).await;
    sides.check(&kept, to, (403, FORBIDDEN), "is liquidated").await;
    let shown = sides.b.boss.json.get_box(&BoxQuery::new(sides.a.box_id())).await.unwrap();
    assert_eq!(shown.organization.unwrap().liquidation_date(), "31.01.2026");
    let (status, code, text) = told(invite(&sides.b.boss, sides.a.box_id(), "").await);
    assert_eq!((status, &*code), (409, CONFLICT), "{text}");
    // What is there can be read.
    sides.a.boss.client.get_new_events_v8(&GetNewEventsQuery::new(sides.a.box_id())).await.unwrap();
    sides.restrict(Restriction::Lifted).await;
    sides.check(&kept, to, TAKEN, "").await;
    sides.world.end().await;
}

#[tokio::test]
async fn a_block_holds_three_days_after_it_was_asked_for() {
    let mut sides = Sides::start().await;
    let to = sides.b.box_id();
    let kept = sides.keep(to).await;
    let status = async |sides: &Sides| {
        let query = BoxQuery::new(sides.a.box_id());
        let client = &sides.a.boss.client;
        let told = client.get_organization_features(&query).await.unwrap().block_status;
        let manual = told.manual_block_status;
        (manual.is_blocked, manual.requested_ticks.is_some(), told.auto_block_status.is_blocked)
    };
    assert_eq!(status(&sides).await, (false, false, false));
    sides.restrict(Restriction::BlockAsked).await;
    assert_eq!(status(&sides).await, (false, true, false));
    let letter = sides.letter(to);
    sides.a.boss.post(&letter).await.unwrap();
    sides.world.drain().await;
    sides.world.clock().advance_seconds(3 * 86_400);
    assert_eq!(status(&sides).await, (true, true, false));
    sides.check(&kept, to, (403, BLOCKED), "is blocked").await;
    sides.restrict(Restriction::Lifted).await;
    sides.restrict(Restriction::Blocked).await;
    assert_eq!(status(&sides).await, (false, false, true));
    sides.check(&kept, to, (403, BLOCKED), "is blocked").await;
    sides.restrict(Restriction::Lifted).await;
    sides.check(&kept, to, TAKEN, "").await;
    sides.world.end().await;
}

#[tokio::test]
async fn who_was_left_is_refused_by_every_way() {
    let mut sides = Sides::start().await;
    let to = sides.b.box_id();
    let kept = sides.keep(to).await;
    sides.fall_out().await;
    let words = "Recipient forbids to receive messages from blocked senders";
    sides.check(&kept, to, (409, CONFLICT), words).await;
    sides.world.end().await;
}

#[tokio::test]
async fn who_takes_from_partners_alone_refuses_others_by_every_way() {
    let mut sides = Sides::start().await;
    let cautious = choosy(&sides.world, "ООО «Ива»", "7702345678").await;
    invite(&sides.a.boss, cautious.box_id(), "").await.unwrap();
    sides.world.drain().await;
    invite(&cautious.boss, sides.a.box_id(), "").await.unwrap();
    sides.world.drain().await;
    let to = cautious.box_id();
    let kept = sides.keep(to).await;
    break_up(&sides.a.boss, to, "").await.unwrap();
    sides.world.drain().await;
    let words = "Recipient allows to receive messages only from counteragents";
    sides.check(&kept, to, (409, CONFLICT), words).await;
    // The same where the recipient left: of two reasons the first one counts.
    invite(&sides.a.boss, to, "").await.unwrap();
    sides.world.drain().await;
    invite(&cautious.boss, sides.a.box_id(), "").await.unwrap();
    sides.world.drain().await;
    break_up(&cautious.boss, sides.a.box_id(), "").await.unwrap();
    sides.world.drain().await;
    sides.check(&kept, to, (409, CONFLICT), words).await;
    sides.world.end().await;
}

#[tokio::test]
async fn the_first_reason_counts() {
    let mut sides = Sides::start().await;
    sides.fall_out().await;
    let left = sides.b.box_id();
    let (cautious, roaming) = (sides.cautious().await, sides.roaming().await);
    let partners = "Recipient allows to receive messages only from counteragents";
    let cases = [
        (roaming, ROAMING, "is with another operator"),
        (cautious, CONFLICT, partners),
        (left, CONFLICT, "Recipient forbids to receive messages from blocked senders"),
    ];
    for (to, code, words) in cases {
        // A draft goes nowhere yet.
        let draft = sides.letter(to).draft();
        let draft = sides.a.boss.post(&draft).await.unwrap();
        let letter = sides.letter(to);
        let boss = &sides.a.boss;
        for (status, its_code, text) in
            [told(boss.post(&letter).await), told(send(&boss.client, sending(boss, &draft)).await)]
        {
            assert_eq!((status, &*its_code), (409, code), "{text}");
            assert!(text.contains(words), "{text}");
        }
    }
    sides.restrict(Restriction::Blocked).await;
    for (to, ..) in cases {
        let letter = sides.letter(to);
        let (status, code, text) = told(sides.a.boss.post(&letter).await);
        assert_eq!((status, &*code), (403, BLOCKED), "{text}");
    }
    sides.restrict(Restriction::Liquidated { on: "2026-01-31".to_owned() }).await;
    let letter = sides.letter(roaming);
    let (status, code, text) = told(sides.a.boss.post(&letter).await);
    assert_eq!((status, &*code), (403, FORBIDDEN), "{text}");
    sides.world.end().await;
}
