//! What users change of their own accounts.

use potok_testkit::World;
use potok_testkit::sdk::proto::FullName;
use potok_testkit::sdk::proto::users::{UserFullNamePatch, UserLoginPatch, UserToUpdate};

fn named(last: &str, first: &str, middle: Option<&str>) -> UserToUpdate {
    let name = FullName {
        last_name: last.to_owned(),
        first_name: first.to_owned(),
        middle_name: middle.map(str::to_owned),
    };
    UserToUpdate { full_name: Some(UserFullNamePatch { full_name: Some(name) }), login: None }
}

fn with_login(login: &str, rest: UserToUpdate) -> UserToUpdate {
    UserToUpdate { login: Some(UserLoginPatch { login: Some(login.to_owned()) }), ..rest }
}

#[tokio::test]
async fn users_change_their_names_and_keep_their_logins() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let told = a.boss.client.update_my_user(named(" Орлова ", "Мария", Some("Павловна"))).await.unwrap();
    let name = told.full_name.clone().unwrap();
    assert_eq!((name.last_name.as_str(), name.middle_name()), ("Орлова", "Павловна"));
    assert_eq!(a.boss.client.get_my_user_v2().await.unwrap(), told);
    let same_login = told.login().to_uppercase();
    let told =
        a.boss.json.update_my_user(with_login(&same_login, named("Орлова", "Анна", None))).await.unwrap();
    let name = told.full_name.unwrap();
    assert_eq!((name.first_name.as_str(), name.middle_name), ("Анна", None));

    let refused =
        a.boss.client.update_my_user(with_login("other@x", UserToUpdate::default())).await.unwrap_err();
    assert_eq!(refused.status(), Some(405));
    assert!(refused.to_string().contains("the server sends no mail"), "{refused}");
    let refused =
        a.boss.client.update_my_user(with_login("other@x", named("Ж", "Ж", None))).await.unwrap_err();
    assert_eq!(refused.status(), Some(405));
    for (wrong, words) in [
        (UserToUpdate::default(), "UserToUpdate: give FullName or Login"),
        (named(" ", "Мария", None), "UserToUpdate.FullName.FullName.LastName: a person has one"),
        (named("Орлова", "", None), "UserToUpdate.FullName.FullName.FirstName: a person has one"),
    ] {
        let refused = a.boss.json.update_my_user(wrong).await.unwrap_err();
        assert_eq!(refused.status(), Some(400));
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let name = a.boss.client.get_my_user_v2().await.unwrap().full_name.unwrap();
    assert_eq!(name.first_name, "Анна", "nothing was written by half");
    world.end().await;
}
