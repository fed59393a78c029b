//! Who asks for the own organizations comes into those that the own certificates name.

use potok_cms::KeyKind;
use potok_cms::pki::{Members, TestPki, Validity};
use potok_testkit::Person;
use potok_testkit::app::admin::{NewOrganization, NewUser};
use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::methods::{BoxQuery, EmployeeQuery, GetMyOrganizationsQuery};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::registration::{organization, person, trusting};
use crate::signatures::AT;
use crate::support::refused;

/// One person of each of four organizations, who has one account for all of them.
fn pki_of_four() -> TestPki {
    let operator = Members { organization: organization("7700000016"), people: Vec::new() };
    let of = |inn: &str, title: &str| Members {
        organization: organization(inn),
        people: vec![(person("Первова"), title.to_owned())],
    };
    let all = FOUR.map(|inn| of(inn, "кладовщик"));
    let mut random = StdRng::seed_from_u64(4);
    TestPki::new(KeyKind::P256, &operator, &all, Validity::days(AT, 365), &mut random).unwrap()
}

const FOUR: [&str; 4] = ["7700000017", "7700000018", "7700000019", "7700000020"];

/// Who asks for the own organizations is registered by the own certificates, three times a day.
#[tokio::test]
async fn who_asks_for_the_own_organizations_is_registered_in_them() {
    let (folder, pki) = (tempfile::tempdir().unwrap(), pki_of_four());
    let world = trusting(folder.path(), &pki).await;
    let admin = world.app().admin();
    for (nth, inn) in FOUR.into_iter().enumerate() {
        let new = NewOrganization {
            name: format!("Общество {nth}"),
            inn: inn.to_owned(),
            ..NewOrganization::default()
        };
        admin.create_organization(new).await.unwrap();
    }
    let other = world.organization("ООО «Клевер»", "7802000020").await;
    let anna = world.person(other.box_id(), "anna@x", Permissions::none()).await;
    for people in &pki.people {
        admin.add_certificate(anna.user_id, people[0].certificate.as_der()).await.unwrap();
    }
    let mine = async |person: &Person, auto_register: Option<bool>| {
        let query = GetMyOrganizationsQuery { auto_register };
        let list = person.client.get_my_organizations(&query).await?;
        Ok::<_, Error>(list.organizations.into_iter().map(|it| it.inn).collect::<Vec<_>>())
    };
    assert_eq!(mine(&anna, Some(false)).await.unwrap(), ["7802000020"]);
    let (status, told) = refused(mine(&anna, None).await);
    assert!(status == 409 && told.contains("autoRegister=false"), "{told}");
    assert_eq!(mine(&anna, Some(false)).await.unwrap().len(), 4, "three of them, and the one before");
    assert_eq!(refused(mine(&anna, Some(true)).await).0, 409);
    world.clock().advance_seconds(24 * 3600);
    let anna = world.known_person(other.box_id(), anna.user_id, "anna@x").await;
    let mut all = mine(&anna, None).await.unwrap();
    all.sort_unstable();
    assert_eq!(all[..4], FOUR);
    let own = admin.organizations().await.unwrap();
    let own = own.iter().find(|it| it.inn == FOUR[3]).unwrap().box_id;
    let employee = anna.json.get_my_employee(&BoxQuery::new(own)).await.unwrap();
    assert!(employee.permissions.is_administrator, "nobody else administers it");

    // Who was taken out does not come back, and whoever waits for an administrator is not told to wait again.
    let boris = world.person(other.box_id(), "boris@x", Permissions::none()).await;
    admin.put_employee(own, boris.user_id, "", Permissions::full()).await.unwrap();
    boris.client.delete_employee(&EmployeeQuery::new(own, anna.user_id)).await.unwrap();
    for _ in 0..5 {
        assert!(!mine(&anna, None).await.unwrap().contains(&FOUR[3].to_owned()));
    }
    // A robot comes by itself to nothing.
    let robot = NewUser { login: "robot@x".to_owned(), is_service: true, ..NewUser::default() };
    let robot = admin.create_user(robot).await.unwrap().id;
    let robot = world.known_person(other.box_id(), robot, "robot@x").await;
    let (status, told) = refused(mine(&robot, None).await);
    assert!(status == 403 && told.contains("a service account cannot be registered"), "{told}");
    world.end().await;
}
