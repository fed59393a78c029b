//! Other operators and their clients, as an administrator of the server tells of them.

use potok_testkit::app::admin::NewOrganization;
use potok_testkit::domain::directory::{OperatorFeature, Participant, Permissions, RoamingOperator};
use potok_testkit::sdk::api::methods::{AcquireCounteragentQuery, BoxQuery, MyBoxQuery, TaskQuery};
use potok_testkit::sdk::proto::fns_participants::{FnsParticipantSearchStatus, SearchFnsParticipantsRequest};
use potok_testkit::sdk::proto::{
    AcquireCounteragentRequest, CounteragentStatus, GetOrCreateRoamingOrganizationByFnsParticipantIdRequest,
    InvitationDocument, Organization,
};
use potok_testkit::{Letter, Org, World};
use potok_types::BoxId;

use crate::counteragents::seen_by;
use crate::support::refused;

fn participant(id: &str, inn: &str, kpp: Option<&str>, is_closed: bool) -> Participant {
    Participant {
        id: id.to_owned(),
        inn: inn.to_owned(),
        kpp: kpp.map(str::to_owned),
        full_name: "ООО «Клевер»".to_owned(),
        is_closed,
    }
}

fn operator(fns_id: &str, is_active: bool) -> RoamingOperator {
    RoamingOperator {
        box_id: None,
        fns_id: fns_id.to_owned(),
        name: "Другой оператор".to_owned(),
        is_active,
        features: vec![OperatorFeature {
            name: "SupportsRevocation".to_owned(),
            description: "Аннулирование".to_owned(),
        }],
    }
}

/// A world that has heard of two operators.
async fn told() -> (World, Org, Org) {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let operators = [operator("2BE", false), operator("2AE", true)];
    let participants = [
        participant("2AE-1", "7800000010", Some("780001001"), false),
        participant("2BE-1", "7800000010", Some("780001001"), false),
        participant("2AE-2", "500100732259", None, true),
    ];
    world.app().admin().put_outside(&operators, &participants).await.unwrap();
    (world, a, b)
}

fn query(inn: &str, kpp: &str, id: &str) -> SearchFnsParticipantsRequest {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    SearchFnsParticipantsRequest { inn: given(inn), kpp: given(kpp), fns_participant_id: given(id) }
}

#[tokio::test]
async fn participants_are_found_by_what_the_server_was_told() {
    let (world, a, b) = told().await;
    let (client, json) = (&a.boss.client, &a.boss.json);
    let operators = client.get_roaming_operators(&BoxQuery::new(a.box_id())).await.unwrap();
    assert_eq!(json.get_roaming_operators(&BoxQuery::new(a.box_id())).await.unwrap(), operators);
    let shown: Vec<_> =
        operators.roaming_operators.iter().map(|it| (it.fns_id.as_str(), it.is_active)).collect();
    assert_eq!(shown, [("2AE", true), ("2BE", false)]);
    assert_eq!(operators.roaming_operators[0].features[0].name, "SupportsRevocation");

    let mine = MyBoxQuery::new(a.box_id());
    for (asked, status, ids) in [
        (
            query("7800000010", "780001001", ""),
            FnsParticipantSearchStatus::OkFnsParticipantSearchStatus,
            &["2AE-1", "2BE-1"][..],
        ),
        (
            query("7800000010", "780001002", ""),
            FnsParticipantSearchStatus::NotFoundFnsParticipantSearchStatus,
            &[],
        ),
        (
            query("500100732259", "", ""),
            FnsParticipantSearchStatus::NotAllowedFnsParticipantSearchStatus,
            &[],
        ),
        (
            query("500100732259", "", "2be-1"),
            FnsParticipantSearchStatus::OkFnsParticipantSearchStatus,
            &["2BE-1"],
        ),
    ] {
        let found = client.search_fns_participants(&mine, asked.clone()).await.unwrap();
        assert_eq!(json.search_fns_participants(&mine, asked.clone()).await.unwrap(), found);
        let told: Vec<_> = found.participants.iter().map(|it| it.fns_participant_id.as_str()).collect();
        assert_eq!((found.status(), &told[..]), (status, ids), "{asked:?}");
    }
    for (asked, words) in [
        (query("", "", ""), "SearchFnsParticipantsRequest: give Inn"),
        (query("7800000010", "", ""), "SearchFnsParticipantsRequest.Kpp: a legal entity"),
        (
            query("", "", "2BM-1"),
            "SearchFnsParticipantsRequest.FnsParticipantId: \"2BM-1\" is with this operator",
        ),
    ] {
        let (status, told) = refused(client.search_fns_participants(&mine, asked).await);
        assert!(status == 400 && told.contains(words), "{told}");
    }
    assert_eq!(refused(b.boss.client.search_fns_participants(&mine, query("", "", "2BE-1")).await).0, 403);

    // Who takes no part in the exchange looks for nobody there.
    let nobody = NewOrganization {
        name: "ООО «Тихоня»".to_owned(),
        inn: "7800000099".to_owned(),
        fns_participant_id: Some(String::new()),
        ..NewOrganization::default()
    };
    let nobody = world.app().admin().create_organization(nobody).await.unwrap().box_id;
    let somebody = world.person(nobody, "quiet@x", Permissions::none()).await;
    let query_of_nobody = MyBoxQuery::new(nobody);
    let asked = somebody.client.search_fns_participants(&query_of_nobody, query("", "", "2BE-1"));
    let (status, told) = refused(asked.await);
    assert!(status == 409 && told.contains("has no participant id"), "{told}");

    world.app().admin().delete_participant("2ae-1").await.unwrap();
    world.app().admin().delete_roaming_operator("2be").await.unwrap();
    assert!(world.app().admin().delete_roaming_operator("2BE").await.is_err());
    let left = client.get_roaming_operators(&BoxQuery::new(a.box_id())).await.unwrap();
    assert_eq!(left.roaming_operators.len(), 1);
    world.end().await;
}

/// Nothing leads out of the server, so nothing is said to be delivered there.
#[tokio::test]
async fn the_organization_of_a_participant_is_made_once_and_gets_nothing() {
    let (world, a, b) = told().await;
    let asked = |id: &str| GetOrCreateRoamingOrganizationByFnsParticipantIdRequest {
        fns_participant_id: id.to_owned(),
    };
    let of = async |org: &Org, id: &str| {
        let mine = MyBoxQuery::new(org.box_id());
        org.boss.client.get_or_create_roaming_organization_by_fns_participant_id(&mine, asked(id)).await
    };
    let (first, second) = tokio::join!(of(&a, "2ae-1"), of(&b, "2AE-1"));
    let made: Organization = first.unwrap();
    assert_eq!(second.unwrap(), made, "two at once make one");
    let mine = MyBoxQuery::new(a.box_id());
    let again = a.boss.json.get_or_create_roaming_organization_by_fns_participant_id(&mine, asked("2AE-1"));
    let again = again.await.unwrap();
    assert_eq!((&again.org_id, &again.boxes[0].box_id), (&made.org_id, &made.boxes[0].box_id));
    assert!(made.is_roaming() && made.fns_participant_id() == "2AE-1");
    let box_id = made.boxes[0].box_id_guid.clone();
    let shown = a.boss.client.get_box(&BoxQuery::new(box_id.parse::<potok_types::BoxId>().unwrap())).await;
    assert!(shown.unwrap().organization.unwrap().is_roaming());

    for (id, status, words) in [
        ("2BM-1", 400, "FnsParticipantId: \"2BM-1\" is with this operator"),
        ("2AE-9", 409, "no client of another operator that can be reached has the participant id \"2AE-9\""),
        // Closed, and of an operator with whom nothing is exchanged now.
        ("2AE-2", 409, "no client of another operator"),
        ("2BE-1", 409, "no client of another operator"),
    ] {
        let (found, told) = refused(of(&a, id).await);
        assert!(found == status && told.contains(words), "{told}");
    }

    let roaming = box_id.parse::<potok_types::BoxId>().unwrap();
    let (status, told) = refused(a.boss.post(&Letter::new(a.box_id(), roaming)).await);
    assert!(status == 409 && told.contains("is with another operator"), "{told}");
    let invitation =
        AcquireCounteragentRequest { box_id: Some(box_id), ..AcquireCounteragentRequest::default() };
    let query = AcquireCounteragentQuery::new(a.box_id());
    let (status, told) = refused(a.boss.client.acquire_counteragent_v3(&query, invitation).await);
    assert!(status == 409 && told.contains("is with another operator"), "{told}");
    world.end().await;
}

/// Where its operator takes invitations without a setting, the client is invited; what is attached goes nowhere.
#[tokio::test]
async fn a_client_of_an_operator_that_takes_invitations_is_invited() {
    let (world, ..) = told().await;
    let feature = OperatorFeature {
        name: "SupportsAutoInvitation".to_owned(),
        description: "Приглашения".to_owned(),
    };
    let mut taking = operator("2AE", true);
    taking.features.push(feature);
    world.app().admin().put_outside(std::slice::from_ref(&taking), &[]).await.unwrap();
    let real = world.real_organization("ООО «Настоящая»", "7701234567").await;
    let asked =
        GetOrCreateRoamingOrganizationByFnsParticipantIdRequest { fns_participant_id: "2AE-1".to_owned() };
    let mine = MyBoxQuery::new(real.box_id());
    let (client, json) = (&real.boss.client, &real.boss.json);
    let made = client.get_or_create_roaming_organization_by_fns_participant_id(&mine, asked).await.unwrap();
    let roaming: BoxId = made.boxes[0].box_id_guid.parse().unwrap();

    let document = InvitationDocument {
        signed_content: Letter::document("contract.pdf", b"x".to_vec()).signed_content,
        file_name: "contract.pdf".to_owned(),
        signature_requested: Some(true),
        ..InvitationDocument::default()
    };
    let invitation = AcquireCounteragentRequest {
        box_id: Some(roaming.guid()),
        message_to_counteragent: Some("давайте".to_owned()),
        invitation_document: Some(document),
        ..AcquireCounteragentRequest::default()
    };
    let query = AcquireCounteragentQuery::new(real.box_id());
    let task = json.acquire_counteragent_v3(&query, invitation.clone()).await.unwrap().task_id.unwrap();
    let done = client.acquire_counteragent_result_v2(&TaskQuery::new(task)).await.unwrap();
    let done = done.0.expect("it is done at once");
    assert_eq!((done.box_id, done.invitation_document_id.is_none()), (roaming.guid(), true));
    world.drain().await;
    let seen = seen_by(&real.boss, roaming).await.unwrap();
    assert_eq!(seen.current_status(), CounteragentStatus::IsInvitedByMe);
    assert_eq!(seen.message_to_counteragent(), "давайте");

    // No more when nothing is exchanged with that operator.
    taking.is_active = false;
    world.app().admin().put_outside(&[taking], &[]).await.unwrap();
    let (status, told) = refused(client.acquire_counteragent_v3(&query, invitation).await);
    assert!(status == 409 && told.contains("is with another operator"), "{told}");
    world.end().await;
}
