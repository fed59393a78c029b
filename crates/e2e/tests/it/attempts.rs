//! Wrong passwords cost time, per address that they come from: over HTTP, behind a proxy that is believed and without one.

use potok_testkit::{RawAnswer, RawRequest, WorldOptions};

use crate::openid_place::{LOGIN, OpenidPlace, PASSWORD};

/// Wrong passwords that cost an address nothing but themselves, and one more.
const FREE: usize = 51;

/// A login by way of proxies.
async fn login(place: &OpenidPlace, login: &str, password: &str, forwarded: &str) -> RawAnswer {
    let body = format!(r#"{{"login":"{login}","password":"{password}"}}"#);
    let asked = RawRequest::post("/V3/Authenticate?type=password", body)
        .header("Authorization", format!("DiadocAuth ddauth_api_client_id={}", place.program.id))
        .header("Content-Type", "application/json")
        .header("X-Forwarded-For", forwarded);
    place.world.raw(asked).await
}

#[tokio::test]
async fn an_address_that_guesses_waits_whatever_login_it_tries() {
    let believed = vec!["127.0.0.1".parse().unwrap()];
    let place = OpenidPlace::start_with(WorldOptions {
        settings: Box::new(move |settings| settings.http.trusted_proxies.clone_from(&believed)),
        ..WorldOptions::default()
    })
    .await;
    for nth in 0..FREE {
        // What the caller says itself stands to the left of what the proxy adds.
        let answer =
            login(&place, &format!("{nth}@x"), "wrong", &format!("192.0.2.{nth}, 203.0.113.7")).await;
        assert_eq!(answer.status, 401, "attempt {nth}: {}", answer.text());
    }
    let refused = login(&place, LOGIN, PASSWORD, "203.0.113.7").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")), "{}", refused.text());
    assert_eq!(refused.header("x-diadoc-errorcode"), Some("Http.TooManyRequests"));
    let elsewhere = login(&place, LOGIN, PASSWORD, "203.0.113.8").await;
    assert_eq!(elsewhere.status, 200, "the login is not to blame: {}", elsewhere.text());
    place.world.clock().advance_seconds(1);
    assert_eq!(login(&place, LOGIN, PASSWORD, "203.0.113.7").await.status, 200);
    assert_eq!(login(&place, "again@x", "wrong", "203.0.113.7").await.status, 401);
    let longer = login(&place, "again@x", "wrong", "203.0.113.7").await;
    assert_eq!((longer.status, longer.header("retry-after")), (429, Some("2")), "each wrong one doubles it");
    place.world.end().await;
}

/// Everybody is behind a proxy on this machine that nobody told of, so its address is nobody's.
#[tokio::test]
async fn nobody_is_believed_about_addresses_unless_the_operator_says_so() {
    let place = OpenidPlace::start().await;
    for nth in 0..=FREE {
        let answer = login(&place, &format!("{nth}@x"), "wrong", "203.0.113.7").await;
        assert_eq!(answer.status, 401, "attempt {nth}: {}", answer.text());
    }
    place.world.end().await;
}
