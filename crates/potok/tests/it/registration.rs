//! Programs that people sign in to, registered by the real binary; and the address that they know the server by.

use tempfile::TempDir;

use crate::installation::http;
use crate::process::{Served, admin};

fn refusal(data: &std::path::Path, words: &[&str]) -> String {
    admin(data, words).unwrap_err()
}

#[test]
fn an_administrator_says_where_programs_send_browsers() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    admin(data, &["client", "create", "--id", "shop", "--name", "Shop"]).unwrap();
    let uri = "https://shop.example/in";
    let words = [
        "client",
        "register",
        "shop",
        "--redirect-uri",
        uri,
        "--post-logout-redirect-uri",
        "https://shop.example/",
    ];
    let registered = admin(data, &words).unwrap();
    assert_eq!(registered["redirect_uris"], serde_json::json!([uri]));
    assert_eq!(admin(data, &["client", "show", "shop"]).unwrap(), registered);
    let words = [
        "client",
        "register",
        "cash",
        "--public",
        "--name",
        "Касса",
        "--redirect-uri",
        "http://127.0.0.1/in",
    ];
    assert_eq!(admin(data, &words).unwrap()["is_public"], true);
    for (words, told) in [
        (vec!["client", "register", "nobody", "--redirect-uri", uri], "nobody"),
        (vec!["client", "register", "shop", "--public", "--redirect-uri", uri], "has a secret"),
        (vec!["client", "register", "cash", "--redirect-uri", uri], "has no secret"),
        (vec!["client", "register", "shop", "--redirect-uri", "http://shop.example/"], "use https"),
        (vec!["client", "register", "shop", "--redirect-uri", "/in"], "absolute address"),
        (vec!["client", "register", "new client", "--public"], "Latin letters"),
        (vec!["client", "show", "nobody"], "not registered"),
    ] {
        let refused = refusal(data, &words);
        assert!(refused.contains(told), "{words:?}: {refused}");
    }
    assert_eq!(admin(data, &["client", "show", "shop"]).unwrap(), registered, "a refusal changes nothing");

    let key = admin(data, &["service-key", "create", "--client", "shop", "--name", "Касса"]).unwrap();
    assert_eq!(key["service_key"].as_str().unwrap().len(), 64);
    let listed = admin(data, &["service-key", "list"]).unwrap();
    let id = listed[0]["id"].as_str().unwrap();
    admin(data, &["service-key", "delete", id]).unwrap();
    assert_eq!(admin(data, &["service-key", "list"]).unwrap(), serde_json::json!([]));
}

#[tokio::test]
async fn programs_know_the_server_by_the_address_that_is_given() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path(), &["--issuer", "https://edo.example"]);
    let path = "/.well-known/openid-configuration";
    let answer = http().get(format!("{}{path}", served.address())).send().await.unwrap();
    let told: serde_json::Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(told["issuer"], "https://edo.example");
    assert_eq!(told["token_endpoint"], "https://edo.example/connect/token");
    // Behind https the cookies are for https only, and for this very host.
    let page = http().get(format!("{}/signin", served.address())).send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-potok_form=") && cookie.ends_with("; Secure"), "{cookie}");
    // A key is made by the first program that asks, and is in the list then.
    let keys = http().get(format!("{}{path}/jwks", served.address())).send().await.unwrap();
    let keys: serde_json::Value = serde_json::from_slice(&keys.bytes().await.unwrap()).unwrap();
    let listed = admin(folder.path(), &["signing-key", "list"]).unwrap();
    assert_eq!(keys["keys"][0]["kid"], listed[0]["kid"]);
    let next = admin(folder.path(), &["signing-key", "rotate"]).unwrap();
    let keys = http().get(format!("{}{path}/jwks", served.address())).send().await.unwrap();
    let keys: serde_json::Value = serde_json::from_slice(&keys.bytes().await.unwrap()).unwrap();
    assert_eq!(keys["keys"][1]["kid"], next["kid"], "without a restart");
}
