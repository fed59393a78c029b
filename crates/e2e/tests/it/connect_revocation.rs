//! A program ends its own tokens.

use potok_testkit::{RawAnswer, RawRequest, World};
use serde_json::Value;

const FORM: &str = "application/x-www-form-urlencoded";

async fn post(world: &World, path: &str, form: String) -> (u16, Value) {
    let RawAnswer { status, body, .. } =
        world.raw(RawRequest::post(path, form).header("Content-Type", FORM)).await;
    (status, if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() })
}

#[tokio::test]
async fn a_program_ends_its_own_tokens() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let (program, admin) = (world.program(), world.app().admin());
    let other = admin.create_client(Some("other".to_owned()), "Other", None).await.unwrap();
    let refresh = admin.issue_refresh_token(&program.id, a.boss.user_id).await.unwrap();
    let proof = |id: &str, secret: &str| format!("client_id={id}&client_secret={secret}");
    let own = proof(&program.id, &program.secret);
    let buy = async || {
        let form = format!("{own}&grant_type=refresh_token&refresh_token={refresh}");
        post(&world, "/connect/token", form).await
    };
    let end = async |proof: &str, token: &str| {
        let form = format!("{proof}&token={token}&token_type_hint=refresh_token");
        post(&world, "/connect/revocation", form).await
    };
    let (_, bought) = buy().await;
    let bearer = format!("Bearer {}", bought["access_token"].as_str().unwrap());
    let call =
        async || world.raw(RawRequest::get("/V2/GetMyUser").header("Authorization", &*bearer)).await.status;
    for (proof, token, expected) in [
        (proof(&other.id, &other.secret), &*refresh, (400, "invalid_grant")),
        (proof(&program.id, "x"), &*refresh, (401, "invalid_client")),
        (own.clone(), "", (400, "invalid_request")),
        (String::new(), &*refresh, (401, "invalid_client")),
    ] {
        let (status, told) = end(&proof, token).await;
        assert_eq!((status, told["error"].as_str().unwrap()), expected);
    }
    assert_eq!(call().await, 200, "a refusal ends nothing");
    // One that nobody knows any more has ended, too.
    for _ in 0..2 {
        assert_eq!(end(&own, &refresh).await, (200, Value::Null));
    }
    assert_eq!(call().await, 401);
    assert_eq!(buy().await.1["error"], "invalid_grant");
    world.end().await;
}
