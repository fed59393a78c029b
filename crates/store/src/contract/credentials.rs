//! The key ring.

use potok_domain::directory::{DirectoryChange, USERS_BOX, User};
use potok_types::Ticks;

use super::fixture::{Open, START, StoreFixture};
use crate::{
    ApiClient, CertificateThumbprint, Proof, Rotated, Rotation, Token, TokenHash, TokenKind, TokensOf,
    UserCertificate,
};

/// Every field of a client comes back, also after it was replaced.
pub async fn api_clients_come_back_as_they_were_put(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut it = ApiClient {
        id: "Potok-b".to_owned(),
        name: "учёт".to_owned(),
        secret_hash: None,
        is_blocked: false,
        service_user: None,
        is_partner: false,
    };
    let first = ApiClient { id: "Potok-a".to_owned(), ..it.clone() };
    fixture.store.put_api_client(&first).await.expect("writable");
    for _ in 0..2 {
        fixture.store.put_api_client(&it).await.expect("writable");
        assert_eq!(fixture.store.api_client("Potok-b").await.expect("readable").as_ref(), Some(&it));
        assert_eq!(fixture.store.api_clients().await.expect("readable"), [first.clone(), it.clone()]);
        it.secret_hash = Some(TokenHash([7; 32]));
        it.is_blocked = true;
        it.is_partner = true;
        it.service_user = Some(fixture.user());
        it.name = "робот".to_owned();
    }
    assert_eq!(fixture.store.api_client("potok").await.expect("readable"), None);
}

/// Blocking a client leaves the rest of it and its tokens alone; another secret ends its tokens.
pub async fn clients_are_blocked_and_get_other_secrets(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let it = ApiClient {
        id: "potok-a".to_owned(),
        name: "учёт".to_owned(),
        secret_hash: Some(TokenHash([1; 32])),
        is_blocked: false,
        service_user: Some(fixture.user()),
        is_partner: false,
    };
    fixture.store.put_api_client(&it).await.expect("writable");
    let (own, foreign) = (token(&fixture, 1, "potok-a"), token(&fixture, 2, "potok-b"));
    for token in [&own, &foreign] {
        fixture.store.put_token(token).await.expect("writable");
    }
    for is_blocked in [true, false] {
        assert!(fixture.store.set_client_blocked("potok-a", is_blocked).await.expect("writable"));
        let expected = ApiClient { is_blocked, ..it.clone() };
        assert_eq!(fixture.store.api_client("potok-a").await.expect("readable"), Some(expected));
    }
    for is_partner in [true, false] {
        assert!(fixture.store.set_client_partner("potok-a", is_partner).await.expect("writable"));
        let expected = ApiClient { is_partner, ..it.clone() };
        assert_eq!(fixture.store.api_client("potok-a").await.expect("readable"), Some(expected));
    }
    assert!(!fixture.store.set_client_partner("potok-c", true).await.expect("writable"));
    assert!(!fixture.store.set_client_blocked("potok-c", true).await.expect("writable"));
    assert_eq!(fixture.store.tokens(&TokensOf::All).await.expect("readable").len(), 2);
    let other = TokenHash([2; 32]);
    assert_eq!(fixture.store.set_client_secret("potok-c", other).await.expect("writable"), None);
    assert_eq!(fixture.store.set_client_secret("potok-a", other).await.expect("writable"), Some(1));
    let expected = ApiClient { secret_hash: Some(other), ..it };
    assert_eq!(fixture.store.api_client("potok-a").await.expect("readable"), Some(expected));
    assert_eq!(fixture.store.tokens(&TokensOf::All).await.expect("readable"), [foreign]);
}

pub(super) fn token(fixture: &StoreFixture, number: u8, client_id: &str) -> Token {
    Token {
        hash: TokenHash([number; 32]),
        kind: TokenKind::Access,
        client_id: client_id.to_owned(),
        user: fixture.user(),
        scope: "Diadoc.PublicAPI offline_access".to_owned(),
        certificate: None,
        issued_at: Ticks::new(START).plus_seconds(i64::from(number)),
        expires_at: Ticks::new(START).plus_seconds(1000),
        family: None,
        parent: None,
        spent_at: None,
    }
}

/// A token is kept while what it was asked with is still good: nothing is written behind a change that revoked the others.
pub async fn tokens_are_kept_for_who_can_still_prove_it(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let secret = TokenHash([5; 32]);
    let client = ApiClient {
        id: "mine".to_owned(),
        name: "учёт".to_owned(),
        secret_hash: Some(secret),
        is_blocked: false,
        service_user: None,
        is_partner: false,
    };
    store.put_api_client(&client).await.expect("writable");
    let user = User::new(fixture.user(), "anna@example");
    let (password, thumbprint) = (Some("first"), CertificateThumbprint([6; 20]));
    fixture.change(USERS_BOX, DirectoryChange::User(user.clone()), password).await.expect("writable");
    let added_at = Ticks::new(START);
    let certificate = UserCertificate { thumbprint, der: vec![1], user: user.id, added_at };
    store.add_user_certificate(&certificate).await.expect("writable");
    let proofs = [Proof::Password("first".to_owned()), Proof::Secret(secret), Proof::Certificate(thumbprint)];
    let kept = async || {
        let mut kept = Vec::new();
        for (number, proof) in (1..).zip(&proofs) {
            let token = Token { user: user.id, ..token(&fixture, number, "mine") };
            let told = store.put_proved_token(&token, proof).await.expect("writable");
            let found = store.token(token.hash).await.expect("readable");
            assert_eq!(found.is_some(), told, "{proof:?}");
            store.revoke_tokens(&TokensOf::All).await.expect("writable");
            kept.push(told);
        }
        kept
    };
    assert_eq!(kept().await, [true, true, true]);
    let block = async |is_blocked| {
        let change = DirectoryChange::User(User { is_blocked, ..user.clone() });
        fixture.change(USERS_BOX, change, None).await.expect("writable");
    };
    block(true).await;
    assert_eq!(kept().await, [false, false, false], "the user is blocked");
    block(false).await;
    store.set_client_blocked("mine", true).await.expect("writable");
    assert_eq!(kept().await, [false, false, false], "the program is blocked");
    store.set_client_blocked("mine", false).await.expect("writable");
    for other in [Some("second"), None] {
        store.set_password(user.id, other).await.expect("writable");
        assert_eq!(kept().await, [false, true, true], "the password is {other:?}");
    }
    store.set_client_secret("mine", TokenHash([7; 32])).await.expect("writable");
    assert_eq!(kept().await, [false, false, true]);
    store.remove_user_certificate(user.id, thumbprint).await.expect("writable");
    assert_eq!(kept().await, [false, false, false]);
    // Nobody at all.
    let stranger = token(&fixture, 9, "nobody");
    assert!(!store.put_proved_token(&stranger, &proofs[0]).await.expect("writable"));
}

/// A token is found, expired or not, until it is forgotten.
pub async fn tokens_live_and_are_forgotten(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let ends = |seconds| Ticks::new(START).plus_seconds(seconds);
    let tokens = [
        Token { expires_at: ends(10), scope: String::new(), ..token(&fixture, 1, "client-1") },
        Token {
            kind: TokenKind::Refresh,
            expires_at: ends(30),
            family: Some(TokenHash([7; 32])),
            parent: Some(TokenHash([8; 32])),
            spent_at: Some(ends(1)),
            ..token(&fixture, 2, "client-2")
        },
        Token { expires_at: ends(20), ..token(&fixture, 3, "client-3") },
    ];
    for token in &tokens {
        fixture.store.put_token(token).await.expect("writable");
    }
    for token in &tokens {
        assert_eq!(fixture.store.token(token.hash).await.expect("readable").as_ref(), Some(token));
    }
    assert_eq!(fixture.store.token(TokenHash([9; 32])).await.expect("readable"), None);
    for (seconds, forgotten, left) in [(10, 0, 3), (11, 1, 2), (11, 0, 2), (25, 1, 1), (31, 1, 0)] {
        let now = Ticks::new(START).plus_seconds(seconds);
        assert_eq!(fixture.store.forget_expired_tokens(now).await.expect("writable"), forgotten, "{seconds}");
        let mut found = 0;
        for token in &tokens {
            found += usize::from(fixture.store.token(token.hash).await.expect("readable").is_some());
        }
        assert_eq!(found, left, "{seconds}");
    }
}

/// Tokens are listed and revoked by user, by client, by chain, one by one, and all together.
pub async fn tokens_are_listed_and_revoked_by_what_they_are(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let person = fixture.user();
    let family = Some(TokenHash([1; 32]));
    let all = [
        Token { user: person, kind: TokenKind::Refresh, family, ..token(&fixture, 1, "a") },
        Token { user: person, family, ..token(&fixture, 2, "a") },
        Token { user: person, ..token(&fixture, 3, "b") },
        token(&fixture, 4, "b"),
    ];
    let ways = [
        (TokensOf::All, 4),
        (TokensOf::User(person), 3),
        (TokensOf::Client("b".to_owned()), 2),
        (TokensOf::Family(TokenHash([1; 32])), 2),
        (TokensOf::One(TokenHash([3; 32])), 1),
        (TokensOf::Client("c".to_owned()), 0),
    ];
    for (whose, count) in ways {
        for token in &all {
            fixture.store.put_token(token).await.expect("writable");
        }
        let found = fixture.store.tokens(&whose).await.expect("readable");
        assert_eq!(found.len(), count, "{whose:?}");
        let place = |it: &Token| (it.user, it.client_id.clone(), it.issued_at);
        assert!(found.is_sorted_by_key(place), "{whose:?}");
        assert_eq!(fixture.store.revoke_tokens(&whose).await.expect("writable"), count as u64, "{whose:?}");
        let left = fixture.store.tokens(&TokensOf::All).await.expect("readable");
        assert!(left.len() == 4 - count && left.iter().all(|it| !found.contains(it)), "{whose:?}");
    }
}

/// A refresh token is good until a successor of it is used; then it is spent, and so are the other successors.
pub async fn refresh_tokens_follow_each_other(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (first, person) = (TokenHash([1; 32]), fixture.user());
    let refresh = |number: u8, parent: Option<u8>| Token {
        kind: TokenKind::Refresh,
        user: person,
        family: Some(first),
        parent: parent.map(|number| TokenHash([number; 32])),
        ..token(&fixture, number, "a")
    };
    let stranger = Token { family: Some(TokenHash([50; 32])), ..refresh(50, None) };
    for token in [&refresh(1, None), &stranger] {
        fixture.store.put_token(token).await.expect("writable");
    }
    let ends = Ticks::new(START).plus_seconds(5000);
    let rotate = async |used: u8, next: Option<u8>, second: i64| {
        let rotation = Rotation {
            used: TokenHash([used; 32]),
            used_expires_at: ends,
            next: next.map(|next| refresh(next, Some(used))),
            access: Token { family: Some(first), ..token(&fixture, 100 + used, "a") },
            now: Ticks::new(START).plus_seconds(second),
            successors: 2,
        };
        fixture.store.rotate_token(&rotation).await.expect("writable")
    };
    let good = async || {
        let of_chain = fixture.store.tokens(&TokensOf::Family(first)).await.expect("readable");
        let good = of_chain.iter().filter(|it| it.kind == TokenKind::Refresh && it.spent_at.is_none());
        good.map(|it| it.hash.0[0]).collect::<Vec<u8>>()
    };
    assert_eq!(rotate(9, Some(2), 1).await, Rotated::Unknown);
    assert_eq!(rotate(1, Some(2), 1).await, Rotated::Done);
    assert_eq!(rotate(101, Some(3), 1).await, Rotated::Unknown, "an access token buys nothing");
    let used = fixture.store.token(first).await.expect("readable").expect("it is good still");
    assert_eq!((used.expires_at, used.spent_at), (ends, None));
    // Nobody has used what came of it, so it is good again and again; of its successors the newest are kept.
    assert_eq!(rotate(1, None, 2).await, Rotated::Done);
    assert_eq!(good().await, [1, 2]);
    assert_eq!(rotate(1, Some(3), 2).await, Rotated::Done);
    assert_eq!(rotate(1, Some(4), 3).await, Rotated::Done);
    assert_eq!(good().await, [1, 3, 4]);
    // Whoever uses a successor needs neither the first one nor the siblings.
    assert_eq!(rotate(3, Some(5), 4).await, Rotated::Done);
    assert_eq!(good().await, [3, 5]);
    let then = Ticks::new(START).plus_seconds(4);
    assert_eq!(rotate(1, Some(6), 9).await, Rotated::Spent(then));
    assert_eq!(rotate(4, Some(6), 9).await, Rotated::Spent(then));
    assert_eq!(fixture.store.token(TokenHash([6; 32])).await.expect("readable"), None);
    assert_eq!(good().await, [3, 5], "a refusal writes nothing");
    assert_eq!(fixture.store.token(stranger.hash).await.expect("readable"), Some(stranger));
}
