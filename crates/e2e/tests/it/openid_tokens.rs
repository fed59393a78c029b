//! What programs get tokens for besides a code, and what is told about tokens and their users.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use potok_testkit::RawRequest;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::openid_place::{LOGIN, OpenidPlace, PASSWORD, PUBLIC};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn get(place: &OpenidPlace, path: &str) -> Value {
    let answer = place.world.raw(RawRequest::get(path)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    serde_json::from_slice(&answer.body).unwrap()
}

/// A part of a signed token.
fn part(token: &Value, number: usize) -> Value {
    let part = token.as_str().unwrap().split('.').nth(number).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn everything_that_is_advertised_is_there() {
    let place = OpenidPlace::start().await;
    let all = get(&place, "/.well-known/openid-configuration").await;
    let base = place.world.base_url();
    assert_eq!(all["issuer"], base);
    for (name, value) in all.as_object().unwrap() {
        let Some(path) = value.as_str().and_then(|url| url.strip_prefix(&base)) else { continue };
        if name == "issuer" {
            continue;
        }
        // The verb may be another one; there it is.
        let status = place.world.raw(RawRequest::get(path)).await.status;
        assert!(![404, 501].contains(&status), "{name}: {status}");
    }
    for grant in all["grant_types_supported"].as_array().unwrap() {
        let (_, told) = place.post("/connect/token", &[("grant_type", grant.as_str().unwrap())]).await;
        assert_ne!(told["error"], "unsupported_grant_type", "{grant}");
    }
    let (status, told) = place.post("/connect/token", &[("grant_type", "password")]).await;
    assert_eq!((status, told["error"].as_str()), (400, Some("unsupported_grant_type")));
    place.world.end().await;
}

async fn id_token(place: &OpenidPlace, browser: &Browser<'_>) -> Value {
    let back = browser.through(&place.authorize(&[("nonce", "n-1")]), LOGIN, PASSWORD).await;
    place.redeem(&back.parameter("code").unwrap()).await.1["id_token"].clone()
}

#[tokio::test]
async fn keys_are_published_before_they_sign_and_after() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    let admin = place.world.app().admin();
    let kids = async || {
        let keys = get(&place, "/.well-known/openid-configuration/jwks").await;
        let keys: Vec<String> = keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect();
        keys
    };
    let first = id_token(&place, &browser).await;
    let claims = part(&first, 1);
    let now = claims["iat"].as_i64().unwrap();
    assert_eq!(claims["sub"], place.user.id.to_string());
    assert_eq!((&claims["aud"], &claims["nonce"]), (&json!("shop"), &json!("n-1")));
    assert_eq!((&claims["exp"], &claims["auth_time"]), (&json!(now + 3600), &json!(now)));
    let old = part(&first, 0)["kid"].as_str().unwrap().to_owned();
    assert_eq!(kids().await, std::slice::from_ref(&old));
    let next = admin.rotate_signing_key(false).await.unwrap().id;
    assert_eq!(kids().await, [old.clone(), next.clone()]);
    assert_eq!(part(&id_token(&place, &browser).await, 0)["kid"], json!(old));
    // A day later it signs, without a restart; the old one goes when nothing that it signed is good.
    place.world.clock().advance_seconds(24 * 3600);
    admin.keep_keys_fresh().await.unwrap();
    assert_eq!(part(&id_token(&place, &browser).await, 0)["kid"], json!(next));
    assert_eq!(kids().await, [old.clone(), next.clone()]);
    place.world.clock().advance_seconds(26 * 3600);
    admin.keep_keys_fresh().await.unwrap();
    assert_eq!(kids().await, std::slice::from_ref(&next));
    // In time by itself.
    place.world.clock().advance_seconds(90 * 24 * 3600);
    admin.keep_keys_fresh().await.unwrap();
    assert_eq!(kids().await.len(), 2);
    admin.keep_keys_fresh().await.unwrap();
    assert_eq!(kids().await.len(), 2, "one at a time");
    // One that got about is worth nothing at once.
    let alone = admin.rotate_signing_key(true).await.unwrap().id;
    assert_eq!(kids().await, std::slice::from_ref(&alone));
    assert_eq!(part(&id_token(&place, &browser).await, 0)["kid"], json!(alone));
    let hint = browser.open(&format!("/connect/endsession?id_token_hint={}", first.as_str().unwrap())).await;
    assert_eq!(hint.status(), 400);
    place.world.end().await;
}

#[tokio::test]
async fn a_device_waits_for_somebody_who_signs_in_elsewhere() {
    let place = OpenidPlace::start().await;
    let clock = place.world.clock();
    let browser = Browser::new(&place.world);
    let begin = async || {
        let scope = ("scope", "openid offline_access Diadoc.PublicAPI");
        place.post_as("/connect/deviceauthorization", &[("client_id", PUBLIC), scope]).await.1
    };
    let ask = async |begun: &Value| {
        let code = begun["device_code"].as_str().unwrap();
        let fields = [("client_id", PUBLIC), ("grant_type", DEVICE), ("device_code", code)];
        place.post_as("/connect/token", &fields).await.1
    };
    let begun = begin().await;
    assert_eq!((&begun["interval"], &begun["expires_in"]), (&json!(3), &json!(300)));
    let code = begun["user_code"].as_str().unwrap();
    assert_eq!(
        begun["verification_uri_complete"],
        format!("{}/device?user-code={code}", place.world.base_url())
    );
    assert_eq!(ask(&begun).await["error"], "authorization_pending");
    assert_eq!(ask(&begun).await["error"], "slow_down");
    clock.advance_seconds(7);
    assert_eq!(ask(&begun).await["error"], "slow_down", "eight seconds by now");
    // The address fills the code in, and does nothing more.
    let seen = browser.open(begun["verification_uri_complete"].as_str().unwrap()).await;
    let seen = browser.submit(&seen, &[("login", LOGIN), ("password", PASSWORD)]).await;
    assert!(seen.text().contains(&format!("value=\"{code}\"")) && !seen.has("decision"), "{}", seen.text());
    let typed = code.to_lowercase().replace('-', " ");
    let seen = browser.submit(&seen, &[("user_code", &typed)]).await;
    assert!(seen.text().contains("Desktop") && seen.text().contains(code), "{}", seen.text());
    let seen = browser.submit(&seen, &[("decision", "allow")]).await;
    assert!(seen.text().contains("The device may go on"), "{}", seen.text());
    clock.advance_seconds(14);
    let tokens = ask(&begun).await;
    assert!(place.opens(&tokens["access_token"]).await && tokens["refresh_token"].is_string(), "{tokens}");
    assert_eq!(part(&tokens["id_token"], 1)["sub"], place.user.id.to_string());
    assert_eq!(ask(&begun).await["error"], "expired_token", "once");

    let denied = begin().await;
    let seen = browser.answer_device(denied["user_code"].as_str().unwrap(), "deny", LOGIN, PASSWORD).await;
    assert!(seen.text().contains("The device was refused"), "{}", seen.text());
    assert_eq!(ask(&denied).await["error"], "access_denied");
    let late = begin().await;
    clock.advance_seconds(301);
    assert_eq!(ask(&late).await["error"], "expired_token");
    let seen = browser.answer_device(late["user_code"].as_str().unwrap(), "allow", LOGIN, PASSWORD).await;
    assert!(seen.status() == 400 && seen.text().contains("There is no such code"), "{}", seen.text());
    // Another program does not get what was allowed to this one; an unknown scope is no scope.
    let begun = begin().await;
    let code = begun["device_code"].as_str().unwrap();
    let stolen = place.post("/connect/token", &[("grant_type", DEVICE), ("device_code", code)]).await.1;
    assert_eq!(stolen["error"], "expired_token");
    let (status, told) = place.post("/connect/deviceauthorization", &[("scope", "everything")]).await;
    assert_eq!((status, told["error"].as_str()), (400, Some("invalid_scope")));
    // Whoever tries codes has to wait.
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(browser.answer_device("BBBB-BBBB", "allow", LOGIN, PASSWORD).await.status());
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    place.world.end().await;
}

#[tokio::test]
async fn a_program_learns_about_its_own_tokens_only() {
    let place = OpenidPlace::start().await;
    let admin = place.world.app().admin();
    let refresh = admin.issue_refresh_token("shop", place.user.id).await.unwrap();
    let access = admin.issue_access_token("shop", place.user.id).await.unwrap();
    let foreign = admin.issue_access_token(&place.world.program().id, place.user.id).await.unwrap();
    let ask = async |token: &str| place.post("/connect/introspect", &[("token", token)]).await;
    let (status, known) = ask(&access).await;
    assert_eq!((status, &known["active"], &known["client_id"]), (200, &json!(true), &json!("shop")));
    assert_eq!((&known["sub"], &known["token_type"]), (&json!(place.user.id.to_string()), &json!("Bearer")));
    assert_eq!(known["exp"].as_i64().unwrap() - known["iat"].as_i64().unwrap(), 24 * 3600);
    assert_eq!(ask(&refresh).await.1["active"], true);
    for token in [&*foreign, "nonsense"] {
        assert_eq!(ask(token).await, (200, json!({"active": false})));
    }
    place.world.clock().advance_seconds(24 * 3600);
    assert_eq!(ask(&access).await, (200, json!({"active": false})));
    assert_eq!(place.post("/connect/introspect", &[]).await.1["error"], "invalid_request");
    let nobody = place.post_as("/connect/introspect", &[("client_id", PUBLIC), ("token", &refresh)]).await;
    assert_eq!((nobody.0, nobody.1["error"].as_str()), (401, Some("invalid_client")));
    place.world.end().await;
}

#[tokio::test]
async fn a_token_opens_what_its_scope_says() {
    let place = OpenidPlace::start().await;
    let refresh = place.world.app().admin().issue_refresh_token("shop", place.user.id).await.unwrap();
    let buy = async |scope: &str| {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", &*refresh), ("scope", scope)];
        place.post("/connect/token", &fields).await
    };
    let userinfo = async |token: &Value, verb: fn(&str) -> RawRequest| {
        place.world.raw(verb("/connect/userinfo").bearer(token.as_str().unwrap())).await
    };
    let get: fn(&str) -> RawRequest = |path| RawRequest::get(path);
    let post: fn(&str) -> RawRequest = |path| RawRequest::post(path, "");
    let (_, all) = buy("").await;
    for verb in [get, post] {
        let answer = userinfo(&all["access_token"], verb).await;
        let told: Value = serde_json::from_slice(&answer.body).unwrap();
        let expected = json!({
            "sub": place.user.id.to_string(), "name": "Орлова Анна", "family_name": "Орлова", "given_name": "Анна",
            "preferred_username": LOGIN, "email": LOGIN, "email_verified": false,
        });
        assert_eq!(told, expected);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let (_, bare) = buy("openid").await;
    let told: Value = serde_json::from_slice(&userinfo(&bare["access_token"], get).await.body).unwrap();
    assert_eq!(told, json!({"sub": place.user.id.to_string()}));
    let closed = place
        .world
        .raw(RawRequest::get("/V2/GetMyUser").bearer(bare["access_token"].as_str().unwrap()))
        .await;
    assert_eq!((closed.status, closed.header("x-diadoc-errorcode")), (403, Some("DiadocApi.Forbidden")));
    assert!(closed.text().starts_with("insufficient_scope"), "{}", closed.text());
    let (_, api) = buy("Diadoc.PublicAPI").await;
    assert!(place.opens(&api["access_token"]).await && api.get("id_token").is_none(), "{api}");
    let refused = userinfo(&api["access_token"], get).await;
    assert_eq!(refused.status, 403);
    assert!(refused.header("www-authenticate").unwrap().contains("insufficient_scope"));
    let nobody = place.world.raw(RawRequest::get("/connect/userinfo").bearer("x")).await;
    assert_eq!(
        (nobody.status, nobody.header("www-authenticate")),
        (401, Some("Bearer error=\"invalid_token\""))
    );
    let (status, told) = buy("openid everything").await;
    assert_eq!((status, told["error"].as_str()), (400, Some("invalid_scope")));
    // A program that was given less does not get more later.
    let code = Browser::new(&place.world)
        .through(&place.authorize(&[("scope", "openid offline_access")]), LOGIN, PASSWORD)
        .await;
    let (_, tokens) = place.redeem(&code.parameter("code").unwrap()).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", "Diadoc.PublicAPI")];
    assert_eq!(place.post("/connect/token", &fields).await.1["error"], "invalid_scope");
    place.world.end().await;
}
