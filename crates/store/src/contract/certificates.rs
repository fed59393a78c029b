//! Certificates by which people log in, and their challenges.

use potok_domain::directory::{DirectoryChange, Permissions, User};
use potok_types::{Ticks, UserId};

use super::directory::{employee, organization, put_user, user};
use super::fixture::{Open, START, StoreFixture};
use crate::{CertificateThumbprint, LoginChallenge, Token, TokenHash, TokenKind, UserCertificate};

fn certificate(number: u8, user: UserId) -> UserCertificate {
    UserCertificate {
        thumbprint: CertificateThumbprint([number; 20]),
        der: vec![number; 40],
        user,
        added_at: Ticks::new(START).plus_seconds(i64::from(number)),
    }
}

/// A certificate belongs to one account, and its tokens go with it.
pub async fn certificates_belong_to_one_account_each(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (first, second) = (fixture.user(), fixture.user());
    let all = [certificate(2, first), certificate(1, first), certificate(3, second)];
    for one in &all {
        assert!(fixture.store.add_user_certificate(one).await.expect("writable"));
    }
    let taken = UserCertificate { user: second, ..all[0].clone() };
    assert!(!fixture.store.add_user_certificate(&taken).await.expect("writable"), "it has an owner");
    for one in &all {
        let found = fixture.store.user_certificate(one.thumbprint).await.expect("readable");
        assert_eq!(found.as_ref(), Some(one));
    }
    let unknown = CertificateThumbprint([9; 20]);
    assert_eq!(fixture.store.user_certificate(unknown).await.expect("readable"), None);
    let of_first = fixture.store.user_certificates(first).await.expect("readable");
    assert_eq!(of_first, [all[1].clone(), all[0].clone()], "in the order of their times");

    let token = |number: u8, certificate| Token {
        hash: TokenHash([number; 32]),
        kind: TokenKind::Access,
        client_id: "client".to_owned(),
        user: first,
        scope: String::new(),
        certificate,
        issued_at: Ticks::new(START),
        expires_at: Ticks::new(START).plus_seconds(60),
        family: None,
        parent: None,
        spent_at: None,
    };
    let tokens = [token(1, Some(all[0].thumbprint)), token(2, Some(all[1].thumbprint)), token(3, None)];
    for token in &tokens {
        fixture.store.put_token(token).await.expect("writable");
        assert_eq!(fixture.store.token(token.hash).await.expect("readable").as_ref(), Some(token));
    }
    let remove = |user, thumbprint| fixture.store.remove_user_certificate(user, thumbprint);
    assert!(!remove(second, all[0].thumbprint).await.expect("writable"), "it is somebody else's");
    assert!(remove(first, all[0].thumbprint).await.expect("writable"));
    assert!(!remove(first, all[0].thumbprint).await.expect("writable"), "it is gone");
    let mut left = Vec::new();
    for token in &tokens {
        left.push(fixture.store.token(token.hash).await.expect("readable").is_some());
    }
    assert_eq!(left, [false, true, true], "only its own tokens went with it");
    assert!(fixture.store.add_user_certificate(&taken).await.expect("writable"), "now it is free");
}

/// Of an organization those of its people count who may still work there, in the order of their times.
pub async fn certificates_of_employees_are_listed(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let ours = organization(&fixture, "Ромашка", "7701000000", None);
    let other = organization(&fixture, "Лютик", "7702000000", None);
    fixture.put_organization(&ours).await;
    fixture.put_organization(&other).await;
    let mut people: Vec<User> = Vec::new();
    for (number, login) in (1..).zip(["anna", "boris", "vera", "gleb", "dina"]) {
        let person = user(&fixture, login);
        assert!(put_user(&fixture, &person, None).await);
        let organization = if login == "dina" { &other } else { &ours };
        fixture.put_employee(&employee(&fixture, &person, organization)).await;
        // The first one has two, of which one is the oldest of all.
        for number in if number == 1 { vec![9, 1] } else { vec![number] } {
            let added = fixture.store.add_user_certificate(&certificate(number, person.id)).await;
            assert!(added.expect("writable"));
        }
        people.push(person);
    }
    let listed = async |limit| {
        let found = fixture.store.certificates_of_employees(ours.box_id, limit).await.expect("readable");
        found.into_iter().map(|it| (it.der[0], it.user)).collect::<Vec<_>>()
    };
    let [anna, boris, vera, gleb] = [0, 1, 2, 3].map(|nth: usize| people[nth].id);
    assert_eq!(listed(100).await, [(1, anna), (2, boris), (3, vera), (4, gleb), (9, anna)]);
    assert_eq!(listed(2).await, [(1, anna), (2, boris)]);

    assert!(put_user(&fixture, &User { is_blocked: true, ..people[0].clone() }, None).await);
    let mut shut_out = employee(&fixture, &people[1], &ours);
    shut_out.permissions = Permissions { is_blocked: true, ..Permissions::full() };
    fixture.put_employee(&shut_out).await;
    fixture.change(ours.box_id, DirectoryChange::NoEmployee(vera), None).await.expect("writable");
    assert_eq!(listed(100).await, [(4, gleb)]);
}

fn challenge(number: u8, bucket: &str) -> LoginChallenge {
    LoginChallenge {
        hash: TokenHash([number; 32]),
        client_id: format!("client-{number}"),
        certificate: [number; 32],
        bucket: bucket.to_owned(),
        expires_at: Ticks::new(START).plus_seconds(i64::from(number)),
    }
}

/// A challenge is taken once, however many try at the same time.
pub async fn a_challenge_is_taken_once(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    for number in 1..=20 {
        let it = challenge(number, "a");
        fixture.store.put_challenge(&it, 100).await.expect("writable");
        let take = || fixture.store.take_challenge(it.hash);
        let (first, second, third) = tokio::join!(take(), take(), take());
        let taken: Vec<_> =
            [first, second, third].into_iter().filter_map(|taken| taken.expect("writable")).collect();
        assert_eq!(taken, [it]);
    }
    assert_eq!(fixture.store.take_challenge(TokenHash([99; 32])).await.expect("writable"), None);
}

/// Of each bucket only the newest stay, and what has expired is thrown away.
pub async fn challenges_are_bounded_in_number_and_life(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    for number in 1..=5 {
        fixture.store.put_challenge(&challenge(number, "a"), 3).await.expect("writable");
    }
    fixture.store.put_challenge(&challenge(6, "b"), 3).await.expect("writable");
    let mut kept = Vec::new();
    for number in 1..=6 {
        let taken = fixture.store.take_challenge(TokenHash([number; 32])).await.expect("writable");
        kept.extend(taken.map(|_| number));
    }
    assert_eq!(kept, [3, 4, 5, 6]);

    for number in 1..=4 {
        fixture.store.put_challenge(&challenge(number, "a"), 10).await.expect("writable");
    }
    let now = Ticks::new(START).plus_seconds(3);
    assert_eq!(fixture.store.forget_expired_challenges(now).await.expect("writable"), 2);
    assert_eq!(fixture.store.forget_expired_challenges(now).await.expect("writable"), 0);
    assert!(fixture.store.take_challenge(TokenHash([3; 32])).await.expect("writable").is_some());
}
