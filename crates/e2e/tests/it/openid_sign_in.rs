//! People sign in to programs: codes, consents, sessions, and every refusal on the way.

use potok_testkit::RawRequest;
use potok_testkit::app::admin::NewRegistration;

use crate::browser::{Browser, Seen, encoded};
use crate::openid_place::{LOGGED_OUT, LOGIN, OpenidPlace, PASSWORD, PUBLIC, REDIRECT, VERIFIER};

fn refused(seen: &Seen, error: &str) {
    assert!(seen.url.starts_with(REDIRECT), "{}", seen.url);
    assert_eq!(seen.parameter("error").as_deref(), Some(error), "{}", seen.url);
    assert!(
        seen.parameter("error_description").is_some() && seen.parameter("code").is_none(),
        "{}",
        seen.url
    );
    assert_eq!(seen.parameter("state").as_deref(), Some("s t"), "{}", seen.url);
}

#[tokio::test]
async fn a_code_travels_through_the_browser_and_is_used_once() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    let asked = browser.open(&place.authorize(&[])).await;
    assert_eq!(asked.status(), 200);
    let signed_in = browser.submit(&asked, &[("login", LOGIN), ("password", PASSWORD)]).await;
    for told in ["Shop", "Орлова Анна", REDIRECT, "know who you are", "when you are away", "documents"]
    {
        assert!(signed_in.text().contains(told), "{told}: {}", signed_in.text());
    }
    let back = browser.submit(&signed_in, &[("decision", "allow")]).await;
    assert!(back.url.starts_with(&format!("{REDIRECT}?code=")), "{}", back.url);
    assert_eq!(back.parameter("state").as_deref(), Some("s t"));
    assert_eq!(back.parameter("iss"), Some(place.world.base_url()));
    let code = back.parameter("code").unwrap();
    let (status, tokens) = place.redeem(&code).await;
    assert_eq!((status, tokens["token_type"].as_str()), (200, Some("Bearer")), "{tokens}");
    assert_eq!(tokens["scope"], "openid offline_access Diadoc.PublicAPI");
    assert!(place.opens(&tokens["access_token"]).await);
    // The second one may be a thief, or the first one was.
    assert_eq!(place.redeem(&code).await.1["error"], "invalid_grant");
    assert!(!place.opens(&tokens["access_token"]).await);
    let refresh =
        [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    assert_eq!(place.post("/connect/token", &refresh).await.1["error"], "invalid_grant");
    // What was allowed is not asked again, unless the program wants it.
    let again = browser.open(&place.authorize(&[("prompt", "none")])).await;
    assert!(again.parameter("code").is_some(), "{}", again.url);
    let wider = browser.open(&place.authorize(&[("scope", "openid email")])).await;
    assert!(wider.has("decision"), "more is asked for");
    assert!(browser.open(&place.authorize(&[("prompt", "consent")])).await.has("decision"));
    let denied = browser.submit(&wider, &[("decision", "deny")]).await;
    refused(&denied, "access_denied");
    place.world.end().await;
}

#[tokio::test]
async fn a_code_is_good_for_its_program_its_address_its_verifier_and_a_minute() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    let code = async || {
        let back = browser.through(&place.authorize(&[]), LOGIN, PASSWORD).await;
        back.parameter("code").unwrap()
    };
    let one = code().await;
    let ok = [("grant_type", "authorization_code"), ("code", &*one)];
    let (redirect, verifier) = (("redirect_uri", REDIRECT), ("code_verifier", VERIFIER));
    for fields in [
        vec![ok[0], ok[1], redirect],
        vec![ok[0], ok[1], verifier],
        vec![ok[0], ok[1], verifier, ("redirect_uri", "http://127.0.0.1:7/in/")],
        vec![ok[0], ok[1], redirect, ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl")],
        vec![ok[0], ("code", "none"), redirect, verifier],
    ] {
        let (status, told) = place.post("/connect/token", &fields).await;
        assert_eq!((status, told["error"].as_str()), (400, Some("invalid_grant")), "{fields:?}");
    }
    let other = [("client_id", PUBLIC), ok[0], ok[1], redirect, verifier];
    assert_eq!(place.post_as("/connect/token", &other).await.1["error"], "invalid_grant");
    assert_eq!(place.redeem(&one).await.0, 200, "none of that used it up");
    let late = code().await;
    place.world.clock().advance_seconds(61);
    assert_eq!(place.redeem(&late).await.1["error"], "invalid_grant");
    // A password that changes takes codes on their way along, and the session too.
    let taken = code().await;
    place.world.app().admin().change_password(LOGIN, Some("another horse")).await.unwrap();
    assert_eq!(place.redeem(&taken).await.1["error"], "invalid_grant");
    assert!(browser.open(&place.authorize(&[])).await.has("password"));
    place.world.end().await;
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_is_not_registered() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    for (more, words) in [
        (vec![("client_id", "")], "client_id is missing"),
        (vec![("client_id", "nobody")], "nobody"),
        (vec![("redirect_uri", "")], "redirect_uri is missing"),
        (vec![("redirect_uri", "https://evil.example/")], "https://evil.example/"),
        (vec![("redirect_uri", "http://127.0.0.1:7/in?x")], "not registered"),
        (vec![("redirect_uri", "http://127.0.0.1:8/in")], "not registered"),
        (vec![("redirect_uri", "http://127.0.0.1:7/in"), ("state", "a"), ("state", "b")], "several times"),
    ] {
        let seen = browser.open(&place.authorize(&more)).await;
        assert_eq!(seen.status(), 400, "{more:?}");
        let page = seen.page.as_ref().unwrap();
        assert_eq!(page.header("location"), None);
        assert!(seen.text().contains(words), "{words}: {}", seen.text());
    }
    place.world.app().admin().set_client_blocked("shop", true).await.unwrap();
    assert_eq!(browser.open(&place.authorize(&[])).await.status(), 400);
    place.world.end().await;
}

#[tokio::test]
async fn a_program_is_told_what_is_wrong_with_its_request() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    for (more, error) in [
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("scope", "")], "invalid_scope"),
        (vec![("scope", "openid everything")], "invalid_scope"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge_method", "")], "invalid_request"),
        (vec![("code_challenge", "short")], "invalid_request"),
        (
            vec![("client_id", PUBLIC), ("code_challenge", ""), ("code_challenge_method", "")],
            "invalid_request",
        ),
        (vec![("request", "eyJ")], "request_not_supported"),
        (vec![("prompt", "none login")], "invalid_request"),
        (vec![("prompt", "maybe")], "invalid_request"),
        (vec![("max_age", "-1")], "invalid_request"),
        (vec![("response_mode", "web_message")], "invalid_request"),
        (vec![("prompt", "none")], "login_required"),
    ] {
        refused(&browser.open(&place.authorize(&more)).await, error);
    }
    // Without a nonce an id token could be put in from elsewhere.
    let hybrid = browser.open(&place.authorize(&[("response_type", "code id_token")])).await;
    assert!(hybrid.url.contains("#error=invalid_request"), "{}", hybrid.url);
    browser.through(&place.authorize(&[("client_id", PUBLIC)]), LOGIN, PASSWORD).await;
    // Of a program without a secret the consent is not remembered: anybody could pass for it.
    refused(
        &browser.open(&place.authorize(&[("client_id", PUBLIC), ("prompt", "none")])).await,
        "consent_required",
    );
    place.world.end().await;
}

#[tokio::test]
async fn a_program_may_want_a_fresh_sign_in() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    browser.through(&place.authorize(&[]), LOGIN, PASSWORD).await;
    let fresh = place.authorize(&[("prompt", "login")]);
    let asked = browser.open(&fresh).await;
    assert!(asked.has("password"));
    let back = browser.submit(&asked, &[("login", LOGIN), ("password", PASSWORD)]).await;
    assert!(back.parameter("code").is_some(), "it is asked once: {}", back.url);
    place.world.clock().advance_seconds(100);
    assert!(browser.open(&place.authorize(&[("max_age", "99")])).await.has("password"));
    assert!(browser.open(&place.authorize(&[("max_age", "1000")])).await.parameter("code").is_some());
    place.world.clock().advance_seconds(12 * 3600);
    assert!(browser.open(&place.authorize(&[])).await.has("password"), "sessions end");
    place.world.end().await;
}

#[tokio::test]
async fn wrong_passwords_cost_time_and_tell_nothing() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    let url = place.authorize(&[("login_hint", LOGIN)]);
    let asked = browser.open(&url).await;
    assert!(asked.text().contains(&format!("value=\"{LOGIN}\"")), "{}", asked.text());
    let told = async |login: &str, password: &str| {
        let seen = browser.submit(&asked, &[("login", login), ("password", password)]).await;
        (seen.status(), seen.text().replace(login, "LOGIN"))
    };
    let wrong = told(LOGIN, "x").await;
    assert_eq!(wrong.0, 401);
    assert_eq!(wrong, told("nobody@example.com", "x").await, "one is told from the other by nothing");
    for _ in 0..5 {
        told(LOGIN, "x").await;
    }
    let (status, text) = told(LOGIN, PASSWORD).await;
    assert_eq!(status, 429, "{text}");
    assert!(text.contains("Try again in 1 s."), "{text}");
    place.world.clock().advance_seconds(2);
    place.world.app().admin().set_user_blocked(LOGIN, true).await.unwrap();
    assert_eq!(told(LOGIN, PASSWORD).await.0, 403);
    place.world.end().await;
}

#[tokio::test]
async fn a_form_is_believed_only_by_the_browser_that_it_was_made_for() {
    let place = OpenidPlace::start().await;
    let (victim, thief) = (Browser::new(&place.world), Browser::new(&place.world));
    let made_for_thief = thief.open(&place.authorize(&[])).await;
    victim.open("/signin").await;
    // Somebody else's sign-in form, and somebody else's consent.
    let seen = victim.submit(&made_for_thief, &[("login", LOGIN), ("password", PASSWORD)]).await;
    assert_eq!(seen.status(), 400);
    assert_eq!(victim.cookie("potok_session"), None);
    let consent = thief.submit(&made_for_thief, &[("login", LOGIN), ("password", PASSWORD)]).await;
    assert!(consent.has("decision"));
    victim.through("/signin", LOGIN, PASSWORD).await;
    let seen = victim.submit(&consent, &[("decision", "allow")]).await;
    assert!(seen.has("decision"), "asked again, by a form of one's own");
    // A form about one request allows no other.
    let own = victim.open(&place.authorize(&[("scope", "openid")])).await;
    let mark =
        own.text().split("name=\"mark\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let cookies =
        ["potok_form", "potok_session"].map(|name| format!("{name}={}", victim.cookie(name).unwrap()));
    let post = async |url: &str, site: &str| {
        let body = format!("mark={mark}&decision=allow");
        let request =
            RawRequest::post(url, body).header("Cookie", cookies.join("; ")).header("Sec-Fetch-Site", site);
        let answer = place.world.raw(request).await;
        (answer.status, answer.header("location").unwrap_or_default().starts_with(REDIRECT))
    };
    assert_eq!(post(&place.authorize(&[("scope", "openid email")]), "same-origin").await, (303, false));
    assert_eq!(post(&place.authorize(&[("scope", "openid")]), "cross-site").await, (303, false));
    assert_eq!(post(&place.authorize(&[("scope", "openid")]), "same-origin").await, (303, true));
    place.world.end().await;
}

#[tokio::test]
async fn pages_are_shut_in() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world).speaking("ru");
    let seen = browser.open(&place.authorize(&[])).await;
    let page = seen.page.as_ref().unwrap();
    let policy = page.header("content-security-policy").unwrap();
    assert_eq!(
        policy,
        "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:7; frame-ancestors 'none'; base-uri 'none'"
    );
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(page.header(name), Some(value), "{name}");
    }
    assert!(seen.text().contains("Пароль"), "{}", seen.text());
    let english = browser.open(&place.authorize(&[("ui_locales", "en")])).await;
    assert!(english.text().contains("Password"), "{}", english.text());
    let style = place.world.raw(RawRequest::get("/signin/pages.css")).await;
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
    // Behind https the cookies are for https only, and for this host.
    place.world.end().await;
}

#[tokio::test]
async fn a_session_ends_where_its_program_or_its_user_says_so() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    let sign_in = async || {
        let back = browser.through(&place.authorize(&[]), LOGIN, PASSWORD).await;
        place.redeem(&back.parameter("code").unwrap()).await.1["id_token"].as_str().unwrap().to_owned()
    };
    let is_signed_in = async || !browser.open(&place.authorize(&[])).await.has("password");
    let end = |hint: &str, more: &str| format!("/connect/endsession?id_token_hint={hint}{more}");
    let hint = sign_in().await;
    let after = format!("&post_logout_redirect_uri={}&state=a+b", encoded(LOGGED_OUT));
    // By the hint the program shows that it knows who is signed in.
    let seen = browser.open(&end(&hint, &after)).await;
    assert_eq!((seen.url, seen.led), (format!("{LOGGED_OUT}?state=a+b"), Some(302)));
    assert!(!is_signed_in().await);
    // Anybody else has to be allowed to: a link in a letter ends nothing.
    sign_in().await;
    let asked = browser.open(&format!("/connect/endsession?client_id=shop{after}")).await;
    assert!(
        asked.text().contains("A program asks to end the session") && is_signed_in().await,
        "{}",
        asked.text()
    );
    let seen = browser.submit(&asked, &[]).await;
    assert_eq!(seen.url, format!("{LOGGED_OUT}?state=a+b"));
    assert!(!is_signed_in().await);
    let out = browser.open("/connect/endsession").await;
    assert!(out.status() == 200 && out.text().contains("You are signed out"), "{}", out.text());
    for (wrong, words) in [
        (end("nonsense", ""), "no id token of this server"),
        (end(&hint, "&client_id=desktop"), "not the program"),
        (end(&hint, "&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F"), "not registered"),
        ("/connect/endsession?post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F".to_owned(), "needs"),
    ] {
        let seen = browser.open(&wrong).await;
        assert!(seen.status() == 400 && seen.text().contains(words), "{words}: {}", seen.text());
    }
    // On the page of one's own account.
    sign_in().await;
    let account = browser.open("/signin").await;
    assert!(account.text().contains("Орлова Анна"), "{}", account.text());
    browser.submit(&account, &[]).await;
    assert!(!is_signed_in().await);
    place.world.end().await;
}

#[tokio::test]
async fn a_desktop_program_takes_the_port_that_is_free() {
    let place = OpenidPlace::start().await;
    let new = NewRegistration {
        client_id: "native".to_owned(),
        name: "Native".to_owned(),
        is_public: true,
        redirect_uris: vec!["http://127.0.0.1/cb".to_owned()],
        ..NewRegistration::default()
    };
    place.world.app().admin().register_client(new).await.unwrap();
    let browser = Browser::new(&place.world);
    let uri = "http://127.0.0.1:50123/cb";
    let url = place.authorize(&[("client_id", "native"), ("redirect_uri", uri)]);
    let back = browser.through(&url, LOGIN, PASSWORD).await;
    let code = back.parameter("code").unwrap();
    let own = [("client_id", "native"), ("grant_type", "authorization_code"), ("code", &*code)];
    let redeem = async |uri: &str, verifier: Option<&str>| {
        let verifier = verifier.map(|verifier| ("code_verifier", verifier));
        let fields: Vec<_> = own.into_iter().chain([("redirect_uri", uri)]).chain(verifier).collect();
        place.post_as("/connect/token", &fields).await.0
    };
    assert_eq!(redeem("http://127.0.0.1/cb", Some(VERIFIER)).await, 400, "it has to be the very same");
    assert_eq!(redeem(uri, None).await, 400);
    assert_eq!(redeem(uri, Some(VERIFIER)).await, 200);
    place.world.end().await;
}
