//! What an administrator does.

use potok_app::AdminError;
use potok_app::admin::{NewOrganization, NewStage, NewUser};
use potok_domain::directory::Permissions;
use potok_stories::{SALES, Who, box_of, user_of};
use potok_types::{BoxId, DepartmentId, UserId};

use crate::fixture::{AppFixture, CLIENT, of_department};

fn romashka() -> NewOrganization {
    NewOrganization {
        name: "ООО «Ромашка»".to_owned(),
        inn: "7701000010".to_owned(),
        ..NewOrganization::default()
    }
}

#[tokio::test]
async fn numbers_of_an_organization_are_looked_at_and_its_participant_id_is_its_own() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    for (wrong, words) in [
        (NewOrganization { name: " ".to_owned(), ..romashka() }, "name: an organization needs a name"),
        (
            NewOrganization { inn: "77010000".to_owned(), ..romashka() },
            "inn: \"77010000\" must be 10 or 12 digits",
        ),
        (NewOrganization { kpp: Some("7701".to_owned()), ..romashka() }, "kpp: \"7701\" must be 9 digits"),
        (NewOrganization { ogrn: Some("x".repeat(13)), ..romashka() }, "must be 13 or 15 digits"),
        (NewOrganization { fns_participant_id: Some("2BM-A".to_owned()), ..romashka() }, "is taken by A"),
    ] {
        let refused = admin.create_organization(wrong).await.unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
    let made =
        admin.create_organization(NewOrganization { kpp: Some("770101001".to_owned()), ..romashka() }).await;
    assert_eq!(made.unwrap().fns_participant_id, "2BM-7701000010-770101001");
}

#[tokio::test]
async fn what_is_named_has_to_be_there() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    let nowhere = BoxId::ZERO;
    let unknown = DepartmentId::from_uuid(uuid::Uuid::from_u128(1));
    assert!(matches!(admin.organization(nowhere).await, Err(AdminError::NoBox(_))));
    assert!(matches!(admin.create_department(nowhere, "x", SALES).await, Err(AdminError::NoBox(_))));
    assert!(matches!(admin.set_suspended(nowhere, true).await, Err(AdminError::NoBox(_))));
    assert!(matches!(admin.user("nobody").await, Err(AdminError::NoUser(_))));
    assert_eq!(admin.user("BOSS@a").await.unwrap().id, user_of(Who::A));
    let refused = admin.put_employee(box_of(Who::A), user_of(Who::A), "", of_department(unknown)).await;
    assert!(refused.unwrap_err().to_string().contains("wasn't found"));
    let refused = admin.put_employee(box_of(Who::A), UserId::ZERO, "", Permissions::full()).await;
    assert!(refused.unwrap_err().to_string().starts_with("user: there is no user"));
    let refused = admin.issue_access_token("nobody", user_of(Who::A)).await;
    assert!(matches!(refused, Err(AdminError::Client(_))));
    let stages = [NewStage::Department(SALES), NewStage::User(user_of(Who::B))];
    let refused = admin.create_route(box_of(Who::A), "Договоры", &stages).await.unwrap_err();
    assert!(refused.to_string().contains("is no employee of box"), "{refused}");
}

#[tokio::test]
async fn logins_and_programs_have_names_of_their_own() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    let taken = NewUser { login: "Boss@A".to_owned(), ..NewUser::default() };
    assert!(admin.create_user(taken).await.unwrap_err().to_string().contains("is taken"));
    for id in [CLIENT, "with space", ""] {
        let refused = admin.create_client(Some(id.to_owned()), "x", None).await.unwrap_err();
        assert!(refused.to_string().starts_with("id: "), "{refused}");
    }
    let (one, other) = (
        admin.create_client(None, "x", None).await.unwrap(),
        admin.create_client(None, "x", None).await.unwrap(),
    );
    assert!(one.id != other.id && one.secret != other.secret);
}

#[tokio::test]
async fn what_has_expired_is_thrown_away_once() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    admin.issue_access_token(CLIENT, user_of(Who::A)).await.unwrap();
    admin.issue_refresh_token(CLIENT, user_of(Who::A)).await.unwrap();
    fixture.clock.advance_seconds(2 * 24 * 3600);
    let expired = admin.forget_expired().await.unwrap();
    assert_eq!((expired.tokens, expired.files, expired.challenges), (1, 0, 0), "the refresh token lives on");
    assert_eq!(admin.forget_expired().await.unwrap().tokens, 0);
    admin.probe().await.unwrap();
}
