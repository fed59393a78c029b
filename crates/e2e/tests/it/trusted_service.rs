//! `Authenticate` by the session of a browser, and by services that vouch for their own users.

use potok_testkit::{RawAnswer, RawRequest};

use crate::browser::Browser;
use crate::openid_place::{LOGIN, OpenidPlace, PASSWORD};

const KEY: &str = "X-Diadoc-ServiceKey";
const USER: &str = "X-Diadoc-ServiceUserId";

async fn authenticate(place: &OpenidPlace, query: &str, body: &str, headers: &[(&str, &str)]) -> RawAnswer {
    let mut request = RawRequest::post(format!("/V3/Authenticate?{query}"), body.to_owned())
        .header("Authorization", "DiadocAuth ddauth_api_client_id=shop");
    if body.starts_with('{') {
        request = request.header("Content-Type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    place.world.raw(request).await
}

async fn opens(place: &OpenidPlace, token: &str) -> u16 {
    let header = format!("DiadocAuth ddauth_api_client_id=shop,ddauth_token={token}");
    place.world.raw(RawRequest::get("/V2/GetMyUser").header("Authorization", header)).await.status
}

#[tokio::test]
async fn the_session_of_a_browser_buys_a_token() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    browser.through("/signin", LOGIN, PASSWORD).await;
    let sid = browser.cookie("potok_session").unwrap();
    let answer = authenticate(&place, "type=sid", &sid, &[("Content-Type", "text/plain")]).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert_eq!(opens(&place, &answer.text()).await, 200);
    for wrong in ["", "nonsense", &answer.text()] {
        let refused = authenticate(&place, "type=sid", wrong, &[]).await;
        assert_eq!(
            (refused.status, refused.header("x-diadoc-errorcode")),
            (401, Some("Http.Auth")),
            "{wrong}"
        );
    }
    // A session opens no method by itself.
    let bearer = place.world.raw(RawRequest::get("/V2/GetMyUser").bearer(&sid)).await;
    assert_eq!(bearer.status, 401);
    place.world.app().admin().set_user_blocked(LOGIN, true).await.unwrap();
    assert_eq!(authenticate(&place, "type=sid", &sid, &[]).await.status, 401);
    assert_eq!(opens(&place, &answer.text()).await, 401);
    place.world.end().await;
}

#[tokio::test]
async fn a_trusted_service_signs_its_users_in() {
    let place = OpenidPlace::start().await;
    let admin = place.world.app().admin();
    let key = admin.create_service_key("shop", "Касса").await.unwrap();
    let foreign = admin.create_service_key(&place.world.program().id, "Чужая").await.unwrap();
    let password = format!(r#"{{"login":"{LOGIN}","password":"{PASSWORD}"}}"#);
    let own = [(KEY, &*key), (USER, "cashier 7")];
    let trust = async |headers: &[(&str, &str)]| authenticate(&place, "type=trust", "", headers).await;
    let refused = trust(&own).await;
    assert_eq!(refused.status, 401, "nobody is bound: {}", refused.text());
    // What is wrong is told by nothing.
    for headers in [[(KEY, "nonsense"), (USER, "cashier 7")], [(KEY, &*foreign), (USER, "cashier 7")]] {
        let told = trust(&headers).await;
        assert_eq!((told.status, told.text()), (401, refused.text()));
        let bound = authenticate(&place, "type=password", &password, &headers).await;
        assert_eq!(
            (bound.status, bound.text()),
            (401, refused.text()),
            "no token without a binding that was asked for"
        );
    }
    for headers in [vec![], vec![own[0]], vec![own[1]]] {
        let told = trust(&headers).await;
        assert_eq!(told.status, 400, "{}", told.text());
        assert!(told.text().contains(KEY) && told.text().contains(USER), "{}", told.text());
    }
    let long = "x".repeat(257);
    assert_eq!(trust(&[(KEY, &*key), (USER, &*long)]).await.status, 400);
    let wrong = format!(r#"{{"login":"{LOGIN}","password":"x"}}"#);
    assert_eq!(authenticate(&place, "type=password", &wrong, &own).await.status, 401);
    assert_eq!(trust(&own).await.status, 401, "a wrong password binds nobody");
    assert_eq!(authenticate(&place, "type=password", &password, &own).await.status, 200);
    let token = trust(&own).await;
    assert_eq!((token.status, opens(&place, &token.text()).await), (200, 200), "{}", token.text());
    assert_eq!(trust(&[(KEY, &*key), (USER, "cashier 8")]).await.status, 401);
    admin.set_user_blocked(LOGIN, true).await.unwrap();
    assert_eq!(trust(&own).await.status, 401);
    admin.set_user_blocked(LOGIN, false).await.unwrap();
    assert_eq!(trust(&own).await.status, 401, "what was taken back has to be given again");
    assert_eq!(authenticate(&place, "type=password", &password, &own).await.status, 200);
    let (id, kept) = admin.service_keys().await.unwrap().remove(0);
    assert_eq!((&*kept.client_id, &*kept.name), ("shop", "Касса"));
    admin.delete_service_key(&id[..16]).await.unwrap();
    assert_eq!(trust(&own).await.status, 401);
    place.world.end().await;
}
