//! Logging in, both ways.

use crate::installation::{Answer, Installation, PASSWORD};

async fn login(installation: &Installation, kind: &str, body: &str) -> Answer {
    let headers = [("Authorization", &*installation.client_only()), ("Content-Type", "application/json")];
    installation.send("POST", &format!("/V3/Authenticate?type={kind}"), &headers, body.to_owned()).await
}

#[tokio::test]
async fn a_password_buys_a_token() {
    let installation = Installation::start().await;
    let body = format!(r#"{{"login":"{}","password":"{PASSWORD}"}}"#, installation.user.login.to_uppercase());
    let answer = login(&installation, "password", &body).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    let token = format!("{},ddauth_token={}", installation.client_only(), answer.text());
    assert_eq!(installation.send("GET", "/V2/GetMyUser", &[("Authorization", &token)], "").await.status, 200);

    let wrong = login(&installation, "password", r#"{"login":"user@romashka.example","password":"x"}"#).await;
    assert_eq!((wrong.status, wrong.text()), (401, "Wrong password provided for login"));
    for (kind, status, words) in [
        ("certificate", 400, "certificate"),
        ("sid", 401, "session"),
        ("trust", 400, "trusted service"),
        ("charm", 400, "charm"),
        ("", 400, "type"),
    ] {
        let answer = login(&installation, kind, "{}").await;
        assert_eq!(answer.status, status, "{kind}");
        assert!(answer.text().contains(words), "{}", answer.text());
    }
}

async fn token(installation: &Installation, form: String, basic: Option<&str>) -> Answer {
    let mut headers = vec![("Content-Type", "application/x-www-form-urlencoded")];
    headers.extend(basic.map(|basic| ("Authorization", basic)));
    installation.send("POST", "/connect/token", &headers, form).await
}

fn field(answer: &Answer, name: &str) -> serde_json::Value {
    serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap()[name].clone()
}

#[tokio::test]
async fn a_refresh_token_buys_access_tokens_and_the_next_one() {
    let installation = Installation::start().await;
    let (id, secret) = (&installation.client.id, &installation.client.secret);
    let refresh =
        installation.running.app().admin().issue_refresh_token(id, installation.user.id).await.unwrap();
    let form =
        format!("grant_type=refresh_token&client_id={id}&client_secret={secret}&refresh_token={refresh}");
    for _ in 0..2 {
        let answer = token(&installation, form.clone(), None).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
        assert_eq!(field(&answer, "token_type"), "Bearer");
        assert_eq!(field(&answer, "expires_in"), 24 * 3600);
        let next = field(&answer, "refresh_token");
        assert!(next != *refresh && !next.as_str().unwrap().is_empty());
        let bearer = format!("Bearer {}", field(&answer, "access_token").as_str().unwrap());
        assert_eq!(
            installation.send("GET", "/V2/GetMyUser", &[("Authorization", &bearer)], "").await.status,
            200
        );
    }
    installation.clock.advance_seconds(181 * 24 * 3600);
    let late = token(&installation, form, None).await;
    assert_eq!((late.status, field(&late, "error")), (400, "invalid_grant".into()));
}

#[tokio::test]
async fn refusals_have_the_names_of_oauth() {
    let installation = Installation::start().await;
    let (id, secret) = (&installation.client.id, &installation.client.secret);
    let proof = format!("client_id={id}&client_secret={secret}");
    for (form, status, error) in [
        (String::new(), 401, "invalid_client"),
        (
            "grant_type=refresh_token&client_id=x&client_secret=y&refresh_token=z".to_owned(),
            401,
            "invalid_client",
        ),
        (
            format!("grant_type=refresh_token&client_id={id}&client_secret=y&refresh_token=z"),
            401,
            "invalid_client",
        ),
        (format!("{proof}&grant_type=refresh_token&refresh_token=z"), 400, "invalid_grant"),
        (format!("{proof}&grant_type=refresh_token"), 400, "invalid_request"),
        (proof.clone(), 400, "invalid_request"),
        (format!("{proof}&grant_type=password"), 400, "unsupported_grant_type"),
        (format!("{proof}&grant_type=client_credentials"), 400, "unauthorized_client"),
    ] {
        let answer = token(&installation, form.clone(), None).await;
        assert_eq!((answer.status, field(&answer, "error")), (status, error.into()), "{form}");
        assert!(answer.header("www-authenticate").is_none());
    }
}

#[tokio::test]
async fn a_service_account_works_with_the_clients_own_secret() {
    let installation = Installation::start().await;
    let app = installation.running.app();
    let robot = app
        .admin()
        .create_client(Some("robot".to_owned()), "Robot", Some(installation.user.id))
        .await
        .unwrap();
    let form = "grant_type=client_credentials&scope=Diadoc.PublicAPI".to_owned();
    let basic = basic(&robot.id, &robot.secret);
    let answer = token(&installation, form.clone(), Some(&basic)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(field(&answer, "refresh_token"), serde_json::Value::Null);
    let bearer = format!("Bearer {}", field(&answer, "access_token").as_str().unwrap());
    assert_eq!(
        installation.send("GET", "/V2/GetMyUser", &[("Authorization", &bearer)], "").await.status,
        200
    );
    let other = token(&installation, form.replace("Diadoc.PublicAPI", "openid"), Some(&basic)).await;
    assert_eq!(field(&other, "error"), "invalid_scope");
    let wrong = token(&installation, form, Some(&self::basic(&robot.id, "x"))).await;
    assert_eq!((wrong.status, wrong.header("www-authenticate")), (401, Some("Basic realm=\"potok\"")));
}

fn basic(id: &str, secret: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}")))
}
