//! Tokens: got once, renewed in time, sent only where they belong.

use std::sync::{Arc, Mutex};

use potok_sdk::api::methods::*;
use potok_sdk::proto::{LoginPassword, OrganizationList};
use potok_sdk::{Auth, Client, Error};
use potok_types::{BoxId, ManualClock, Ticks};

use crate::server::{Reply, Seen, Server, reply};

fn organizations() -> Reply {
    reply(200, potok_wire::encode_protobuf(&OrganizationList::default()))
}

async fn ask(client: &Client) -> Result<OrganizationList, Error> {
    client.get_my_organizations(&GetMyOrganizationsQuery::new()).await
}

/// Hands out the tokens `t1`, `t2`… and takes only the newest one.
async fn server_with_logins() -> Server {
    let mut logins = 0;
    Server::scripted(move |seen: &Seen| {
        if seen.path() == "/V3/Authenticate" {
            logins += 1;
            return Some(reply(200, format!("t{logins}")));
        }
        let newest = format!("DiadocAuth ddauth_api_client_id=client-1,ddauth_token=t{logins}");
        Some(if seen.header("Authorization") == Some(newest.as_str()) {
            organizations()
        } else {
            reply(401, "Invalid auth token").header("X-Diadoc-ErrorCode", "Http.Auth")
        })
    })
    .await
}

#[tokio::test]
async fn a_login_serves_many_calls() {
    let server = server_with_logins().await;
    let client = server.client().auth(Auth::password("ivan", "pass+word")).build().unwrap();

    let (first, second, third) = tokio::join!(ask(&client), ask(&client), ask(&client));

    for answer in [first, second, third, ask(&client.clone()).await] {
        answer.unwrap();
    }
    let logins: Vec<Seen> =
        server.seen().into_iter().filter(|seen| seen.path() == "/V3/Authenticate").collect();
    let [login] = logins.try_into().unwrap();
    assert_eq!(login.target, "/V3/Authenticate?type=password");
    assert_eq!(login.header("Authorization"), Some("DiadocAuth ddauth_api_client_id=client-1"));
    assert_eq!(
        potok_wire::decode_protobuf_slice::<LoginPassword>(&login.body).unwrap(),
        LoginPassword { login: "ivan".to_owned(), password: "pass+word".to_owned() }
    );
}

#[tokio::test]
async fn a_token_that_died_is_replaced_once() {
    let server = server_with_logins().await;
    let client = server.client().auth(Auth::password("ivan", "secret")).build().unwrap();
    ask(&client).await.unwrap();
    // Somebody else logs in, and this server keeps only one token alive.
    let other = server.client().auth(Auth::password("ivan", "secret")).build().unwrap();
    ask(&other).await.unwrap();

    ask(&client).await.unwrap();

    let logins = server.paths().iter().filter(|path| *path == "/V3/Authenticate").count();
    assert_eq!(logins, 3);
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let server = Server::scripted(|seen| {
        Some(if seen.path() == "/V3/Authenticate" {
            reply(200, "t")
        } else {
            reply(401, "Invalid auth token")
        })
    })
    .await;
    let client = server.client().auth(Auth::password("ivan", "secret")).build().unwrap();
    assert_eq!(ask(&client).await.unwrap_err().status(), Some(401));
    assert_eq!(
        server.paths(),
        ["/V3/Authenticate", "/GetMyOrganizations", "/V3/Authenticate", "/GetMyOrganizations"]
    );
}

#[tokio::test]
async fn a_wrong_password_is_told_as_the_server_told_it() {
    let server = Server::replying([reply(401, "Wrong password provided for login")]).await;
    let client = server.client().auth(Auth::password("ivan", "wrong")).build().unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.to_string(), "Authenticate V3: 401: Wrong password provided for login");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_method_that_needs_no_user_gets_no_token() {
    let server = Server::replying([organizations()]).await;
    for auth in [Auth::ApiClient, Auth::Token("t".to_owned()), Auth::password("ivan", "secret")] {
        let client = server.client().auth(auth).build().unwrap();
        client.get_organizations_by_inn_kpp(&GetOrganizationsByInnKppQuery::new("7712345678")).await.unwrap();
    }
    for seen in server.seen() {
        assert_eq!(seen.path(), "/GetOrganizationsByInnKpp");
        assert_eq!(seen.header("Authorization"), Some("DiadocAuth ddauth_api_client_id=client-1"));
    }
    let error = ask(&server.client().build().unwrap()).await.unwrap_err();
    assert!(matches!(error, Error::NoUser { method: "GetMyOrganizations" }), "{error}");
}

/// Grants `a1`, `a2`… for an hour each.
async fn identity_provider(rotate: bool) -> Server {
    let mut grants = 0;
    Server::scripted(move |seen: &Seen| {
        if seen.path() != "/connect/token" {
            return Some(organizations());
        }
        grants += 1;
        let refresh = if rotate { format!(",\"refresh_token\":\"r{grants}\"") } else { String::new() };
        let answer = format!(
            "{{\"access_token\":\"a{grants}\",\"token_type\":\"Bearer\",\"expires_in\":3600{refresh}}}"
        );
        Some(reply(200, answer).header("Content-Type", "application/json"))
    })
    .await
}

#[tokio::test]
async fn access_tokens_are_renewed_before_they_run_out() {
    let server = identity_provider(true).await;
    let clock = Arc::new(ManualClock::new(Ticks::UNIX_EPOCH));
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&kept);
    let auth =
        Auth::rotated_refresh_token("s&cret", "r0", move |next| keep.lock().unwrap().push(next.to_owned()));
    let client = server.client().auth(auth).clock(clock.clone()).build().unwrap();

    ask(&client).await.unwrap();
    clock.advance_seconds(3500);
    ask(&client).await.unwrap();
    clock.advance_seconds(60);
    ask(&client).await.unwrap();

    let seen = server.seen();
    let authorizations: Vec<&str> = seen
        .iter()
        .filter(|seen| seen.verb == "GET")
        .filter_map(|seen| seen.header("Authorization"))
        .collect();
    assert_eq!(authorizations, ["Bearer a1", "Bearer a1", "Bearer a2"]);
    let forms: Vec<&Seen> = seen.iter().filter(|seen| seen.verb == "POST").collect();
    for (form, refresh_token) in forms.iter().zip(["r0", "r1"]) {
        assert_eq!(
            String::from_utf8_lossy(&form.body),
            format!(
                "client_id=client-1&client_secret=s%26cret&grant_type=refresh_token&refresh_token={refresh_token}"
            )
        );
        assert_eq!(form.header("Content-Type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(form.header("Authorization"), None);
    }
    assert_eq!(forms.len(), 2);
    assert_eq!(*kept.lock().unwrap(), ["r1", "r2"]);
}

#[tokio::test]
async fn without_a_keeper_the_first_refresh_token_is_sent_for_ever() {
    let server = identity_provider(true).await;
    for _restart in 0..2 {
        let clock = Arc::new(ManualClock::new(Ticks::UNIX_EPOCH));
        let auth = Auth::refresh_token("secret", "r0");
        let client = server.client().auth(auth).clock(clock.clone()).build().unwrap();
        ask(&client).await.unwrap();
        clock.advance_seconds(3600);
        ask(&client).await.unwrap();
    }
    let forms: Vec<String> = server
        .seen()
        .iter()
        .filter(|seen| seen.verb == "POST")
        .map(|seen| String::from_utf8_lossy(&seen.body).into_owned())
        .collect();
    assert_eq!(forms.len(), 4);
    assert!(forms.iter().all(|form| form.ends_with("refresh_token=r0")), "{forms:?}");
}

#[tokio::test]
async fn a_service_account_logs_in_by_the_secret_of_its_client() {
    let server = identity_provider(false).await;
    let client = server.client().auth(Auth::client_credentials("secret")).build().unwrap();
    let box_id: BoxId = "1f208d032a604f6491b1b7aad54cfaf3".parse().unwrap();
    let _not_a_box = client.get_box(&BoxQuery::new(box_id)).await;
    let seen = server.seen();
    assert_eq!(
        String::from_utf8_lossy(&seen[0].body),
        "client_id=client-1&client_secret=secret&grant_type=client_credentials&scope=Diadoc.PublicAPI"
    );
    assert_eq!(seen[1].header("Authorization"), Some("Bearer a1"), "the client is known by its token");
}

#[tokio::test]
async fn a_grant_that_is_refused_says_why() {
    for (status, body, expected) in [
        (
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"the token is revoked\"}",
            "no access token was granted: invalid_grant: the token is revoked",
        ),
        (401, "{\"error\":\"invalid_client\"}", "no access token was granted: invalid_client"),
        (200, "{}", "no access token was granted: the answer holds no access_token"),
        (500, "oops", "/connect/token: 500: oops"),
    ] {
        let server = Server::replying([reply(status, body)]).await;
        let client = server.client().auth(Auth::refresh_token("secret", "r0")).build().unwrap();
        assert_eq!(ask(&client).await.unwrap_err().to_string(), expected);
    }
}

#[test]
fn secrets_do_not_show() {
    for auth in [
        Auth::Token("s3cret".to_owned()),
        Auth::AccessToken("s3cret".to_owned()),
        Auth::password("ivan", "s3cret"),
        Auth::refresh_token("s3cret", "s3cret"),
        Auth::client_credentials("s3cret"),
    ] {
        let builder = Client::builder("http://127.0.0.1:1", "c").auth(auth);
        assert!(!format!("{builder:?}").contains("s3cret"), "{builder:?}");
        let client = builder.build().unwrap();
        assert!(!format!("{client:?}").contains("s3cret"), "{client:?}");
    }
}
