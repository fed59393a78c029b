//! Routes of approval: the administrator makes them, documents walk along them.

use potok_testkit::app::admin::NewStage;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::api::methods::{BoxQuery, OrganizationQuery};
use potok_testkit::sdk::proto::events::{
    DocumentSignature, MessagePatchToPostV2, ResolutionAttachment, ResolutionRouteAssignment,
    ResolutionRouteRemoval,
};
use potok_testkit::{Letter, Person, World};
use potok_types::DepartmentId;
use serde_json::{Value, json};

use crate::docflows::{ids, ok, text};

/// One document, and who works with it.
struct Walk<'a> {
    world: &'a World,
    who: &'a Person,
    document: Value,
}

impl Walk<'_> {
    fn patch(&self) -> MessagePatchToPostV2 {
        MessagePatchToPostV2 {
            message_id: text(&self.document["MessageId"]).to_owned(),
            ..MessagePatchToPostV2::default()
        }
    }

    fn entity(&self) -> String {
        text(&self.document["EntityId"]).to_owned()
    }

    async fn assign(&self, route: &str, comment: &str) -> Result<usize, u16> {
        let assignment = ResolutionRouteAssignment {
            initial_document_id: self.entity(),
            route_id: route.to_owned(),
            comment: Some(comment.to_owned()),
            ..ResolutionRouteAssignment::default()
        };
        let patch = MessagePatchToPostV2 { resolution_route_assignments: vec![assignment], ..self.patch() };
        self.post(self.who, patch).await
    }

    async fn remove(&self, route: &str) -> Result<usize, u16> {
        let removal = ResolutionRouteRemoval {
            parent_entity_id: self.entity(),
            route_id: route.to_owned(),
            ..ResolutionRouteRemoval::default()
        };
        let patch = MessagePatchToPostV2 { resolution_route_removals: vec![removal], ..self.patch() };
        self.post(self.who, patch).await
    }

    async fn resolve(&self, by: &Person, decision: i32) -> Result<usize, u16> {
        let resolution = ResolutionAttachment {
            initial_document_id: self.entity(),
            resolution_type: decision,
            // Two people who post the same bytes would be taken for one who repeats himself.
            comment: Some(by.login.clone()),
            ..ResolutionAttachment::default()
        };
        let patch = MessagePatchToPostV2 { resolutions: vec![resolution], ..self.patch() };
        self.post(by, patch).await
    }

    /// How many entities the patch made, or why it was refused.
    async fn post(&self, by: &Person, patch: MessagePatchToPostV2) -> Result<usize, u16> {
        let done = by.patch(patch).await;
        done.map(|patch| patch.entities.len()).map_err(|error| error.status().unwrap_or_default())
    }

    /// `ResolutionStatus`, who is asked, `ResolutionRouteId` and the categories that find the document.
    async fn stands(&self) -> (String, Option<String>, String) {
        let path = format!(
            "/V3/GetDocument?boxId={}&messageId={}&entityId={}",
            self.who.box_id,
            text(&self.document["MessageId"]),
            text(&self.document["EntityId"])
        );
        let request = potok_testkit::RawRequest::get(path)
            .bearer(&self.who.access_token)
            .header("Accept", "application/json");
        let shown: Value = serde_json::from_slice(&self.world.raw(request).await.body).unwrap();
        let status = &shown["ResolutionStatus"];
        let target = status["Target"]["User"].as_str().or(status["Target"]["Department"].as_str());
        let kind = status["Type"].as_str().unwrap_or("-").to_owned();
        (kind, target.map(str::to_owned), text(&shown["ResolutionRouteId"]).to_owned())
    }

    async fn is_listed_as(&self, status: &str) -> bool {
        let body = json!({"DocumentCategory": "Inbound", "DocumentStatuses": [status]});
        let listed = ok(self.world, self.who, "/V4/GetDocuments", &body).await;
        listed["TotalCount"] == 1
    }
}

#[tokio::test]
async fn a_document_walks_along_a_route() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let clerk = world.person(b.box_id(), "clerk@b", Permissions::full()).await;
    let head = NewStage::Department(DepartmentId::ZERO);
    let long = world
        .app()
        .admin()
        .create_route(b.box_id(), "Договоры", &[NewStage::User(clerk.user_id), head])
        .await
        .unwrap();
    let short = world.app().admin().create_route(b.box_id(), "Акты", &[head]).await.unwrap();
    let (long_id, short_id) = (long.id.to_string(), short.id.to_string());

    let listed = b.boss.client.get_resolution_routes(&BoxQuery::new(b.box_id())).await.unwrap();
    let names: Vec<_> = listed.resolution_routes.iter().map(|route| route.name.as_str()).collect();
    assert_eq!(names, ["Акты", "Договоры"]);
    let query = OrganizationQuery::new(b.organization.org_id);
    let twin = b.boss.client.get_resolution_routes_for_organization(&query).await.unwrap();
    assert_eq!(twin, listed);
    let stranger = a.boss.client.get_resolution_routes(&BoxQuery::new(b.box_id())).await.unwrap_err();
    assert_eq!(stranger.status(), Some(403));

    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let walk = Walk { world: &world, who: &b.boss, document: ids(&posted).remove(0) };
    assert_eq!(walk.stands().await, ("-".to_owned(), None, String::new()));
    assert_eq!(
        walk.assign("4c422f4e-7ecd-492d-a652-3aa45007da1b", "").await,
        Err(400),
        "there is no such route"
    );

    // The assignment, and the request of the first stage.
    assert_eq!(walk.assign(&long_id, "впервые").await, Ok(2));
    let asked = "Иванов Иван".to_owned();
    assert_eq!(walk.stands().await, ("ActionsRequested".to_owned(), Some(asked), long_id.clone()));
    assert!(walk.is_listed_as("WaitingForResolution").await);
    assert_eq!(walk.assign(&short_id, "рано").await, Err(409), "it is on a route already");
    assert_eq!(walk.resolve(&clerk, 1).await, Ok(2), "the resolution, and the request of the next stage");
    let asked = Some("АО «Лютик»".to_owned());
    assert_eq!(walk.stands().await, ("ActionsRequested".to_owned(), asked, long_id.clone()));
    assert_eq!(walk.resolve(&b.boss, 1).await, Ok(1), "it was the last stage");
    assert_eq!(walk.stands().await, ("Approved".to_owned(), None, long_id.clone()));
    assert!(walk.is_listed_as("Approved").await);

    assert_eq!(walk.remove(&short_id).await, Err(409), "it is on the other route");
    assert_eq!(walk.remove(&long_id).await, Ok(1));
    assert_eq!(walk.assign(&short_id, "пора").await, Ok(2));
    assert_eq!(walk.remove(&short_id).await, Ok(2), "the removal takes its request back");
    let removed = walk.stands().await;
    assert_eq!((removed.0.as_str(), removed.2.as_str()), ("Approved", ""));

    // A disapproval stops the document where it is.
    assert_eq!(walk.assign(&long_id, "снова").await, Ok(2));
    assert_eq!(walk.resolve(&clerk, 2).await, Ok(1));
    assert_eq!(walk.stands().await, ("Disapproved".to_owned(), None, long_id));
    assert!(walk.is_listed_as("Disapproved").await);

    let theirs = Walk { world: &world, who: &a.boss, document: walk.document.clone() };
    assert_eq!(theirs.stands().await, ("-".to_owned(), None, String::new()), "the sender sees nothing of it");
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_deleted_route_asks_nobody_any_more_and_an_approving_signature_approves() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let head = NewStage::Department(DepartmentId::ZERO);
    let route = world.app().admin().create_route(b.box_id(), "Договоры", &[head, head]).await.unwrap();
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let walk = Walk { world: &world, who: &b.boss, document: ids(&posted).remove(0) };
    assert_eq!(walk.assign(&route.id.to_string(), "").await, Ok(2));
    world.app().admin().delete_route(b.box_id(), route.id).await.unwrap();
    assert!(world.app().admin().delete_route(b.box_id(), route.id).await.is_err(), "it is gone");
    assert_eq!(walk.resolve(&b.boss, 1).await, Ok(1), "nobody is asked after the stage that waited");
    let listed = b.boss.client.get_resolution_routes(&BoxQuery::new(b.box_id())).await.unwrap();
    assert!(listed.resolution_routes.is_empty());

    let approval = DocumentSignature {
        parent_entity_id: walk.entity(),
        is_approvement_signature: Some(true),
        sign_with_test_signature: Some(true),
        ..DocumentSignature::default()
    };
    let patch = MessagePatchToPostV2 { signatures: vec![approval], ..walk.patch() };
    assert_eq!(walk.post(&b.boss, patch).await, Ok(1));
    assert_eq!(walk.stands().await.0, "Approved");
    assert!(walk.is_listed_as("Approved").await);
    world.drain().await;
    world.end().await;
}
