//! What waits between two steps of a sign-in.

use potok_types::Ticks;

use super::credentials::token;
use super::fixture::{Open, START, StoreFixture};
use crate::{
    AuthorizationCode, DeviceAnswer, DeviceCode, Redeemed, Registration, ServiceKey, SigningKey, Token,
    TokenHash, TokensOf,
};

fn after(seconds: i64) -> Ticks {
    Ticks::new(START).plus_seconds(seconds)
}

fn code(fixture: &StoreFixture, number: u8, client_id: &str) -> AuthorizationCode {
    AuthorizationCode {
        hash: TokenHash([number; 32]),
        client_id: client_id.to_owned(),
        user: fixture.user(),
        redirect_uri: "https://shop.example/после".to_owned(),
        scope: "openid Diadoc.PublicAPI".to_owned(),
        nonce: None,
        challenge: None,
        signed_in_at: after(-100),
        expires_at: after(60),
        used_at: None,
    }
}

fn device(number: u8, user_code: &str) -> DeviceCode {
    DeviceCode {
        hash: TokenHash([number; 32]),
        user_code: user_code.to_owned(),
        client_id: "a".to_owned(),
        scope: "openid".to_owned(),
        expires_at: after(300),
        interval_seconds: 3,
        asked_at: None,
        answer: DeviceAnswer::Waits,
    }
}

/// Every field of a registration comes back, also after it was replaced.
pub async fn registrations_come_back_as_they_were_put(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut it = Registration {
        client_id: "a".to_owned(),
        is_public: true,
        redirect_uris: vec!["http://127.0.0.1/".to_owned(), "com.example:/после".to_owned()],
        post_logout_redirect_uris: Vec::new(),
    };
    for _ in 0..2 {
        fixture.store.put_registration(&it).await.expect("writable");
        assert_eq!(fixture.store.registration("a").await.expect("readable").as_ref(), Some(&it));
        it.is_public = false;
        it.redirect_uris.truncate(1);
        it.post_logout_redirect_uris.push("https://shop.example/".to_owned());
    }
    assert_eq!(fixture.store.registration("b").await.expect("readable"), None);
}

/// A code is used once; whoever comes second ends what the first one got.
pub async fn a_code_is_used_once(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let one = AuthorizationCode {
        nonce: Some("n".to_owned()),
        challenge: Some("c".to_owned()),
        ..code(&fixture, 1, "a")
    };
    let other = code(&fixture, 2, "a");
    for code in [&one, &other] {
        store.put_code(code).await.expect("writable");
        assert_eq!(store.code(code.hash).await.expect("readable").as_ref(), Some(code));
    }
    let bought =
        |number: u8, family: TokenHash| Token { family: Some(family), ..token(&fixture, number, "a") };
    let tokens = [bought(11, one.hash), bought(12, one.hash)];
    let rest = bought(13, other.hash);
    assert_eq!(
        store.redeem_code(TokenHash([9; 32]), after(1), &tokens).await.expect("writable"),
        Redeemed::Unknown
    );
    assert_eq!(store.redeem_code(one.hash, after(1), &tokens).await.expect("writable"), Redeemed::Done);
    let used = AuthorizationCode { used_at: Some(after(1)), ..one.clone() };
    assert_eq!(store.code(one.hash).await.expect("readable"), Some(used));
    assert_eq!(
        store.redeem_code(other.hash, after(1), std::slice::from_ref(&rest)).await.expect("writable"),
        Redeemed::Done
    );
    assert_eq!(store.tokens(&TokensOf::All).await.expect("readable").len(), 3);
    let more = [bought(14, one.hash)];
    assert_eq!(store.redeem_code(one.hash, after(2), &more).await.expect("writable"), Redeemed::UsedBefore);
    assert_eq!(store.tokens(&TokensOf::All).await.expect("readable"), [rest]);
    for (seconds, forgotten) in [(60, 0), (61, 2), (61, 0)] {
        assert_eq!(
            store.forget_expired_codes(after(seconds)).await.expect("writable"),
            forgotten,
            "{seconds}"
        );
    }
}

/// A device waits, is answered once, and gets its tokens once.
pub async fn a_device_is_answered_once(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let it = device(1, "BCDF-GHJK");
    assert!(store.put_device_code(&it).await.expect("writable"));
    assert!(!store.put_device_code(&device(2, "BCDF-GHJK")).await.expect("writable"), "the code is taken");
    let denied = device(3, "ZZZZ-ZZZZ");
    assert!(store.put_device_code(&denied).await.expect("writable"));
    assert_eq!(store.device_by_user_code("BCDF-GHJK").await.expect("readable").as_ref(), Some(&it));
    assert_eq!(store.device_by_user_code("BCDF").await.expect("readable"), None);
    store.note_device_asked(it.hash, after(5), 8).await.expect("writable");
    let asked = DeviceCode { asked_at: Some(after(5)), interval_seconds: 8, ..it.clone() };
    assert_eq!(store.device_code(it.hash).await.expect("readable"), Some(asked.clone()));
    let tokens = [token(&fixture, 11, "a")];
    assert!(!store.redeem_device(it.hash, &tokens).await.expect("writable"), "nobody has said anything");
    let allowed = DeviceAnswer::Allowed { user: fixture.user(), signed_in_at: after(4) };
    assert!(store.answer_device("BCDF-GHJK", allowed).await.expect("writable"));
    assert!(!store.answer_device("BCDF-GHJK", DeviceAnswer::Denied).await.expect("writable"), "once");
    assert!(!store.answer_device("BBBB-BBBB", allowed).await.expect("writable"));
    assert!(store.answer_device("ZZZZ-ZZZZ", DeviceAnswer::Denied).await.expect("writable"));
    let answered = DeviceCode { answer: allowed, ..asked };
    assert_eq!(store.device_code(it.hash).await.expect("readable"), Some(answered));
    assert!(!store.redeem_device(denied.hash, &tokens).await.expect("writable"));
    assert!(store.redeem_device(it.hash, &tokens).await.expect("writable"));
    assert!(!store.redeem_device(it.hash, &tokens).await.expect("writable"));
    assert_eq!(store.tokens(&TokensOf::All).await.expect("readable"), tokens);
    assert_eq!(store.forget_expired_codes(after(301)).await.expect("writable"), 1);
    assert_eq!(store.device_code(denied.hash).await.expect("readable"), None);
}

/// With the tokens of a user, a client or everybody goes what would become such tokens.
pub async fn what_would_become_tokens_goes_with_them(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let (user, key) = (fixture.user(), TokenHash([7; 32]));
    let user_is_bound = async || store.bound_user(key, "7").await.expect("readable").is_some();
    for (whose, bound) in
        [(TokensOf::User(user), false), (TokensOf::Client("a".to_owned()), true), (TokensOf::All, true)]
    {
        let it = AuthorizationCode { user, ..code(&fixture, 1, "a") };
        store.put_code(&it).await.expect("writable");
        assert!(store.put_device_code(&device(1, "BCDF-GHJK")).await.expect("writable"));
        let allowed = DeviceAnswer::Allowed { user, signed_in_at: after(0) };
        assert!(store.answer_device("BCDF-GHJK", allowed).await.expect("writable"));
        store.bind_service_user(key, "7", user, after(0)).await.expect("writable");
        for others in [TokensOf::Client("b".to_owned()), TokensOf::One(it.hash), TokensOf::Family(it.hash)] {
            store.revoke_tokens(&others).await.expect("writable");
        }
        assert!(store.code(it.hash).await.expect("readable").is_some(), "{whose:?}");
        assert!(user_is_bound().await);
        store.revoke_tokens(&whose).await.expect("writable");
        assert_eq!(store.code(it.hash).await.expect("readable"), None, "{whose:?}");
        assert_eq!(store.device_by_user_code("BCDF-GHJK").await.expect("readable"), None, "{whose:?}");
        assert_eq!(user_is_bound().await, bound, "{whose:?}");
    }
}

/// What is allowed is kept for each user and client.
pub async fn consents_are_kept_by_user_and_client(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let user = fixture.user();
    for scope in ["openid", "openid profile"] {
        store.put_consent(user, "a", scope, after(0)).await.expect("writable");
        assert_eq!(store.consent(user, "a").await.expect("readable").as_deref(), Some(scope));
    }
    assert_eq!(store.consent(user, "b").await.expect("readable"), None);
    assert_eq!(store.consent(fixture.user(), "a").await.expect("readable"), None);
}

/// Keys stand in the order in which they begin to sign.
pub async fn signing_keys_stand_in_order(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let key =
        |id: &str, seconds| SigningKey { id: id.to_owned(), pkcs8: vec![1, 2], signs_from: after(seconds) };
    let (first, second) = (key("z", 0), key("a", 10));
    for key in [&second, &first] {
        store.put_signing_key(key).await.expect("writable");
    }
    assert_eq!(store.signing_keys().await.expect("readable"), [first, second.clone()]);
    assert!(store.delete_signing_key("z").await.expect("writable"));
    assert!(!store.delete_signing_key("z").await.expect("writable"));
    assert_eq!(store.signing_keys().await.expect("readable"), [second]);
}

/// Users of services and of other providers are found by the names that those have for them.
pub async fn outside_names_lead_to_users(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let (one, two) = (fixture.user(), fixture.user());
    let key = |number: u8| ServiceKey {
        hash: TokenHash([number; 32]),
        client_id: "a".to_owned(),
        name: "Касса".to_owned(),
        added_at: after(i64::from(number)),
    };
    let keys = [key(1), key(2)];
    for key in &keys {
        store.put_service_key(key).await.expect("writable");
        assert_eq!(store.service_key(key.hash).await.expect("readable").as_ref(), Some(key));
    }
    assert_eq!(store.service_keys().await.expect("readable"), keys);
    for user in [one, two] {
        store.bind_service_user(keys[0].hash, "7", user, after(0)).await.expect("writable");
        assert_eq!(store.bound_user(keys[0].hash, "7").await.expect("readable"), Some(user));
    }
    assert_eq!(store.bound_user(keys[1].hash, "7").await.expect("readable"), None);
    assert!(store.delete_service_key(keys[0].hash).await.expect("writable"));
    assert!(!store.delete_service_key(keys[0].hash).await.expect("writable"));
    store.put_service_key(&keys[0]).await.expect("writable");
    assert_eq!(store.bound_user(keys[0].hash, "7").await.expect("readable"), None, "bound by the old key");

    assert!(store.add_outside_user("https://id.example", "1", one, after(0)).await.expect("writable"));
    assert!(!store.add_outside_user("https://id.example", "1", two, after(0)).await.expect("writable"));
    assert_eq!(store.outside_user("https://id.example", "1").await.expect("readable"), Some(one));
    assert_eq!(store.outside_user("https://id.example/", "1").await.expect("readable"), None);
}
