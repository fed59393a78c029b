//! Powers of attorney that employees have at hand.

use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::api::methods::{
    EmployeePowerOfAttorneyQuery, EmployeePowerOfAttorneyV1Query, EmployeeQuery,
    GetEmployeePowersOfAttorneyQuery,
};
use potok_testkit::sdk::proto::employees::powers_of_attorney::{
    EmployeePowerOfAttorneyIsDefaultPatch, EmployeePowerOfAttorneyToUpdate, EmployeePowerOfAttorneyToUpdateV2,
};
use potok_testkit::sdk::proto::powers_of_attorney::PowerOfAttorneyFullId;
use potok_testkit::{Person, World};
use potok_types::UserId;

use crate::power_of_attorney::{NUMBER, full_id, given, register};
use crate::signatures::INN;

/// The numbers of the powers of `user`, or of the caller; the default one has a star.
async fn listed(person: &Person, user: Option<UserId>, only_actual: bool) -> Vec<String> {
    let query = GetEmployeePowersOfAttorneyQuery {
        user_id: user,
        only_actual: Some(only_actual),
        ..GetEmployeePowersOfAttorneyQuery::new(person.box_id)
    };
    let found = person.client.get_employee_powers_of_attorney(&query).await.unwrap();
    assert_eq!(person.json.get_employee_powers_of_attorney(&query).await.unwrap(), found);
    let shown = found.powers_of_attorney.into_iter().map(|it| {
        let number = it.power_of_attorney.full_id.registration_number;
        if it.is_default { format!("{number}*") } else { number }
    });
    shown.collect()
}

/// The `nth` power of many: its number.
async fn another(boss: &Person, nth: usize) -> String {
    let number = format!("00000000-0000-4000-8000-{nth:012}");
    register(boss, given().replace(NUMBER, &number)).await;
    number
}

fn of(person: &Person, user: Option<UserId>) -> EmployeePowerOfAttorneyQuery {
    EmployeePowerOfAttorneyQuery { user_id: user, ..EmployeePowerOfAttorneyQuery::new(person.box_id) }
}

fn v1(person: &Person, number: &str) -> EmployeePowerOfAttorneyV1Query {
    EmployeePowerOfAttorneyV1Query::new(person.box_id, number.to_owned(), INN.to_owned())
}

fn default(is_default: bool) -> Option<EmployeePowerOfAttorneyIsDefaultPatch> {
    Some(EmployeePowerOfAttorneyIsDefaultPatch { is_default })
}

async fn add(person: &Person, user: Option<UserId>, id: PowerOfAttorneyFullId) -> Result<(), (u16, String)> {
    let added = person.client.add_employee_power_of_attorney_v2(&of(person, user), id).await;
    added.map(drop).map_err(|error| (error.status().unwrap_or_default(), error.to_string()))
}

#[tokio::test]
async fn employees_have_powers_at_hand_and_one_of_them_is_the_default() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let boss = &a.boss;
    let clerk = world.person(a.box_id(), "clerk@a", Permissions::none()).await;
    register(boss, given()).await;
    let second = another(boss, 2).await;
    // The clerk by itself, the boss for the clerk.
    add(&clerk, None, full_id(NUMBER)).await.unwrap();
    boss.json
        .add_employee_power_of_attorney_v2(&of(boss, Some(clerk.user_id)), full_id(&second))
        .await
        .unwrap();
    add(&clerk, None, full_id(NUMBER)).await.unwrap();
    assert_eq!(listed(&clerk, None, false).await, [NUMBER, second.as_str()]);
    assert_eq!(listed(boss, Some(clerk.user_id), false).await, [NUMBER, second.as_str()]);
    assert_eq!(listed(boss, None, false).await, Vec::<String>::new());

    let first = EmployeePowerOfAttorneyToUpdate { is_default_patch: default(true) };
    let changed = clerk.client.update_employee_power_of_attorney(&v1(&clerk, NUMBER), first).await.unwrap();
    assert!(changed.is_default);
    assert_eq!(listed(&clerk, None, false).await, [format!("{NUMBER}*"), second.clone()]);
    let other = EmployeePowerOfAttorneyToUpdateV2 {
        power_of_attorney_full_id: full_id(&second),
        is_default_patch: default(true),
    };
    for _ in 0..2 {
        clerk.json.update_employee_power_of_attorney_v2(&of(&clerk, None), other.clone()).await.unwrap();
        assert_eq!(listed(&clerk, None, false).await, [NUMBER.to_owned(), format!("{second}*")]);
    }
    let none = EmployeePowerOfAttorneyToUpdateV2 { is_default_patch: default(false), ..other.clone() };
    clerk.client.update_employee_power_of_attorney_v2(&of(&clerk, None), none).await.unwrap();
    let nothing = EmployeePowerOfAttorneyToUpdateV2 { is_default_patch: None, ..other };
    let told = clerk.client.update_employee_power_of_attorney_v2(&of(&clerk, None), nothing).await.unwrap();
    assert!(!told.is_default);

    // What is revoked is no more actual; what is detached is gone, and can be detached again.
    world.app().admin().revoke_power(NUMBER.parse().unwrap(), "").await.unwrap();
    assert_eq!(listed(&clerk, None, true).await, std::slice::from_ref(&second));
    for _ in 0..2 {
        clerk.client.delete_employee_power_of_attorney_v2(&of(&clerk, None), full_id(&second)).await.unwrap();
        clerk.json.delete_employee_power_of_attorney(&v1(&clerk, &second)).await.unwrap();
    }
    assert_eq!(listed(&clerk, None, false).await, [NUMBER]);
    clerk.client.add_employee_power_of_attorney(&v1(&clerk, &second)).await.unwrap();
    assert_eq!(listed(&clerk, None, true).await, [second]);
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_at_hand_is_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let boss = &a.boss;
    let clerk = world.person(a.box_id(), "clerk@a", Permissions::none()).await;
    register(boss, given()).await;
    let unknown = full_id("99999999-0000-4000-8000-000000000000");
    let wrong = PowerOfAttorneyFullId { issuer_inn: "9687654321".to_owned(), ..full_id(NUMBER) };
    let stranger = Some(b.boss.user_id);
    for (user, id, status, words) in [
        (None, unknown.clone(), 404, "PowerOfAttorneyFullId: the register has no power of attorney"),
        (None, wrong, 404, "PowerOfAttorneyFullId: the register has no power of attorney"),
        (None, full_id(""), 400, "PowerOfAttorneyFullId.RegistrationNumber is required"),
        (stranger, full_id(NUMBER), 404, "is no employee of box"),
    ] {
        let (found, text) = add(boss, user, id).await.unwrap_err();
        assert!((found, text.contains(words)) == (status, true), "{words}: {found} {text}");
    }
    // A clerk looks after the own ones only.
    let (status, _) = add(&clerk, Some(boss.user_id), full_id(NUMBER)).await.unwrap_err();
    assert_eq!(status, 403);
    let query = EmployeeQuery::new(a.box_id(), boss.user_id);
    assert_eq!(clerk.client.get_employee(&query).await.unwrap_err().status(), Some(403));

    let update = EmployeePowerOfAttorneyToUpdateV2 {
        power_of_attorney_full_id: full_id(NUMBER),
        is_default_patch: default(true),
    };
    let never = boss.json.update_employee_power_of_attorney_v2(&of(boss, None), update).await.unwrap_err();
    assert_eq!(never.status(), Some(404));
    assert!(never.to_string().contains("has no power of attorney"), "{never}");
    let never =
        boss.json.delete_employee_power_of_attorney_v2(&of(boss, None), full_id(NUMBER)).await.unwrap_err();
    assert_eq!(never.status(), Some(404));
    for number in ["x", "99999999-0000-4000-8000-000000000000"] {
        let refused = boss.client.delete_employee_power_of_attorney(&v1(boss, number)).await.unwrap_err();
        assert_eq!(refused.status(), Some(if number == "x" { 400 } else { 404 }));
    }
    world.end().await;
}

#[tokio::test]
async fn fifty_powers_are_attached_in_a_day_and_a_hundred_are_at_hand() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let mut boss = a.boss.clone();
    let mut numbers = Vec::new();
    for nth in 0..102 {
        numbers.push(another(&boss, nth).await);
    }
    let full = ["were attached to user", "no more may be attached"];
    for (day, words) in numbers[..100].chunks(50).zip(full) {
        for number in day {
            add(&boss, None, full_id(number)).await.unwrap();
        }
        let (status, text) = add(&boss, None, full_id(&numbers[100])).await.unwrap_err();
        assert!((status, text.contains(words)) == (400, true), "{text}");
        world.clock().advance_seconds(86_401);
        boss = world.known_person(boss.box_id, boss.user_id, &boss.login).await;
    }
    // One that does not hold any more makes room.
    world.app().admin().revoke_power(numbers[0].parse().unwrap(), "").await.unwrap();
    add(&boss, None, full_id(&numbers[100])).await.unwrap();
    assert_eq!(listed(&boss, None, true).await.len(), 100);
    assert_eq!(listed(&boss, None, false).await.len(), 101);
    world.end().await;
}
