//! By which certificates the people of a counteragent read what is encrypted, and who is told.

use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::methods::{BoxQuery, CounteragentByOrganizationQuery, CounteragentQuery};
use potok_testkit::sdk::proto::CounteragentCertificateList;
use potok_testkit::{Org, World};
use potok_types::{BoxId, OrgId};

use crate::counteragents::{break_up, invite};
use crate::employees::{CERTIFICATE, by_certificate, user_of};
use crate::support::refused;

/// What each version is told of `other`, in both formats.
async fn told(by: &Org, other: (BoxId, OrgId)) -> Vec<Result<CounteragentCertificateList, Error>> {
    let boss = &by.boss;
    let by_box = CounteragentQuery::new(by.box_id(), other.0);
    let by_organization = CounteragentByOrganizationQuery::new(by.organization.org_id, other.1);
    vec![
        boss.client.get_counteragent_certificates_v2(&by_box).await,
        boss.json.get_counteragent_certificates_v2(&by_box).await,
        boss.client.get_counteragent_certificates(&by_organization).await,
        boss.json.get_counteragent_certificates(&by_organization).await,
    ]
}

fn ids(of: &Org) -> (BoxId, OrgId) {
    (of.box_id(), of.organization.org_id)
}

#[tokio::test]
async fn partners_are_told_by_which_certificates_to_encrypt() {
    let world = World::start().await;
    // The certificate is of November.
    world.clock().advance_seconds(300 * 24 * 3600);
    let (a, b) = world.two_sides().await;
    let basis = by_certificate(CERTIFICATE, Some("доверенность 1 от 01.02.2026"));
    let maria = b.boss.client.create_employee(&BoxQuery::new(b.box_id()), basis).await.unwrap();
    invite(&a.boss, b.box_id(), "").await.unwrap();
    world.drain().await;

    // The operator decides who exchanges encrypted documents at all.
    for answer in told(&a, ids(&b)).await {
        let (status, text) = refused(answer);
        assert_eq!(status, 403);
        assert!(text.contains("potok admin box allow-encryption"), "{text}");
    }
    let features = async || {
        let told = a.boss.client.get_organization_features(&BoxQuery::new(a.box_id())).await.unwrap();
        let shown = a.boss.json.get_box(&BoxQuery::new(a.box_id())).await.unwrap();
        (
            told.features.contains(&"AllowSendEncryptedDocuments".to_owned()),
            shown.encrypted_documents_allowed(),
        )
    };
    assert_eq!(features().await, (false, false));
    world.app().admin().set_encryption(a.box_id(), true).await.unwrap();
    assert_eq!(features().await, (true, true));

    for answer in told(&a, ids(&b)).await {
        let told = answer.unwrap().certificates;
        assert_eq!(told.iter().map(|one| &one.raw_certificate_data[..]).collect::<Vec<_>>(), [CERTIFICATE]);
    }
    assert!(told(&b, ids(&a)).await.into_iter().all(|answer| refused(answer).0 == 403), "each for itself");

    // Whoever is shut out reads nothing there.
    let shut_out = Permissions { is_blocked: true, ..Permissions::full() };
    let admin = world.app().admin();
    admin.put_employee(b.box_id(), user_of(&maria), "Бухгалтер", shut_out).await.unwrap();
    for answer in told(&a, ids(&b)).await {
        assert_eq!(answer.unwrap().certificates, []);
    }
    admin.put_employee(b.box_id(), user_of(&maria), "Бухгалтер", Permissions::full()).await.unwrap();
    world.clock().advance_seconds(101 * 365 * 24 * 3600);
    let later = Org { boss: world.known_person(a.box_id(), a.boss.user_id, "boss").await, ..a };
    for answer in told(&later, ids(&b)).await {
        assert_eq!(answer.unwrap().certificates, [], "it is out of date");
    }
    world.end().await;
}

#[tokio::test]
async fn who_was_a_partner_once_is_none_any_more() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    world.app().admin().set_encryption(a.box_id(), true).await.unwrap();
    invite(&a.boss, b.box_id(), "").await.unwrap();
    assert!(told(&a, ids(&b)).await.into_iter().all(|answer| answer.is_ok()));
    break_up(&a.boss, b.box_id(), "").await.unwrap();
    world.drain().await;
    for answer in told(&a, ids(&b)).await {
        let (status, text) = refused(answer);
        assert!(status == 404 && text.contains("is no counteragent"), "{text}");
    }
    world.end().await;
}
