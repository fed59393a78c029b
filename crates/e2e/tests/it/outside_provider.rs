//! People sign in at a company's own OpenID provider and come back.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use potok_oidc::IdKey;
use potok_testkit::WorldOptions;
use potok_testkit::app::admin::NewUser;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::browser::{Browser, Seen, decoded};
use crate::openid_place::{LOGIN, OpenidPlace, PASSWORD};

/// What the provider says about whoever comes, and what came to it.
struct Company {
    issuer: String,
    key: Mutex<IdKey>,
    says: Mutex<Value>,
    about: Mutex<Value>,
    forms: Mutex<Vec<String>>,
}

fn key(seed: u64) -> IdKey {
    IdKey::generate(&mut StdRng::seed_from_u64(seed)).unwrap().0
}

/// The value of a parameter.
fn parameter(text: &str, name: &str) -> String {
    let behind = text.split_once('?').map_or(text, |(_, behind)| behind);
    let value = behind.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    decoded(value.unwrap_or_else(|| panic!("{name} in {text}")))
}

impl Company {
    /// A provider on a port of this machine.
    async fn start() -> Arc<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let company = Arc::new(Self {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            key: Mutex::new(key(1)),
            says: Mutex::default(),
            about: Mutex::default(),
            forms: Mutex::default(),
        });
        let it = Arc::clone(&company);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let it = Arc::clone(&it);
                tokio::spawn(async move {
                    let mut asked = Vec::new();
                    let mut piece = [0; 4096];
                    while !is_whole(&asked) {
                        match socket.read(&mut piece).await {
                            Ok(0) | Err(_) => return,
                            Ok(count) => asked.extend_from_slice(&piece[..count]),
                        }
                    }
                    let (status, body) = it.answer(&String::from_utf8(asked).unwrap());
                    let head = format!(
                        "HTTP/1.1 {status} -\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                        body.len()
                    );
                    drop(socket.write_all(format!("{head}{body}").as_bytes()).await);
                });
            }
        });
        company
    }

    fn answer(&self, asked: &str) -> (u16, String) {
        let path = asked.split(' ').nth(1).unwrap();
        let at = |path: &str| format!("{}{path}", self.issuer);
        let told = match path {
            "/.well-known/openid-configuration" => json!({
                "issuer": self.issuer, "authorization_endpoint": at("/authorize?tenant=1"), "token_endpoint": at("/token"),
                "jwks_uri": at("/keys"), "userinfo_endpoint": at("/userinfo"),
            }),
            "/keys" => json!({"keys": [self.key.lock().unwrap().jwk()]}),
            "/token" => {
                self.forms.lock().unwrap().push(asked.rsplit("\r\n").next().unwrap().to_owned());
                json!({"access_token": "a", "token_type": "Bearer", "id_token": self.signed()})
            }
            "/userinfo" => self.about.lock().unwrap().clone(),
            _ => return (404, String::new()),
        };
        (200, told.to_string())
    }

    /// What it says, signed.
    fn signed(&self) -> String {
        let (says, key) = (self.says.lock().unwrap(), self.key.lock().unwrap());
        let token = potok_oidc::IdToken {
            iss: self.issuer.clone(),
            aud: "potok".to_owned(),
            ..serde_json::from_value(says.clone()).unwrap()
        };
        token.sign(&key).unwrap()
    }

    /// From now on somebody comes whom it calls `subject`.
    fn says(&self, subject: &str, nonce: &str, now: i64, about: Value) {
        *self.says.lock().unwrap() =
            json!({"iss": "", "aud": "", "sub": subject, "exp": now + 300, "iat": now, "nonce": nonce});
        *self.about.lock().unwrap() = about;
    }
}

fn is_whole(asked: &[u8]) -> bool {
    let text = String::from_utf8_lossy(asked);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

struct There {
    place: OpenidPlace,
    company: Arc<Company>,
    _secret: tempfile::NamedTempFile,
}

impl There {
    async fn start() -> Self {
        let company = Company::start().await;
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), "s3cret\n").unwrap();
        let (issuer, file) = (company.issuer.clone(), secret.path().to_owned());
        let settings = move |settings: &mut potok_testkit::Settings| {
            let given = potok_testkit::Given {
                data: Some(settings.data.clone()),
                provider: Some(issuer.clone()),
                provider_name: Some("Company".to_owned()),
                provider_client_id: Some("potok".to_owned()),
                provider_client_secret_file: Some(file.clone()),
                ..potok_testkit::Given::default()
            };
            settings.provider = given.settings().unwrap().provider;
        };
        let options = WorldOptions { settings: Box::new(settings), ..WorldOptions::default() };
        Self { place: OpenidPlace::start_with(options).await, company, _secret: secret }
    }

    /// Presses the second button of the page.
    async fn begin(&self, browser: &Browser<'_>, url: &str) -> Seen {
        let seen = browser.open(url).await;
        assert!(seen.text().contains("Sign in with Company"), "{}", seen.text());
        let policy = seen.page.as_ref().unwrap().header("content-security-policy").unwrap();
        assert!(policy.contains(&self.company.issuer), "{policy}");
        browser.submit_nth(&seen, 1, &[]).await
    }

    /// There, somebody signs in whom the company calls `subject`; and back.
    async fn back(&self, browser: &Browser<'_>, there: &Seen, subject: &str, about: Value) -> Seen {
        let now = self.place.world.clock_seconds();
        self.company.says(subject, &parameter(&there.url, "nonce"), now, about);
        let state = parameter(&there.url, "state");
        browser.open(&format!("/signin/callback?code=c&state={state}&iss={}", self.company.issuer)).await
    }
}

fn email(subject: &str, email: &str, is_verified: bool) -> Value {
    json!({"sub": subject, "email": email, "email_verified": is_verified})
}

#[tokio::test]
async fn somebody_is_known_by_the_verified_address_first_and_by_name_then() {
    let it = There::start().await;
    let browser = Browser::new(&it.place.world);
    let there = it.begin(&browser, &it.place.authorize(&[])).await;
    assert!(
        there.url.starts_with(&format!(
            "{}/authorize?tenant=1&response_type=code&client_id=potok",
            it.company.issuer
        )),
        "{}",
        there.url
    );
    assert_eq!(
        parameter(&there.url, "redirect_uri"),
        format!("{}/signin/callback", it.place.world.base_url())
    );
    let seen = it.back(&browser, &there, "7", email("7", &LOGIN.to_uppercase(), true)).await;
    assert!(seen.has("decision") && seen.text().contains("Орлова Анна"), "{}", seen.text());
    let form = it.company.forms.lock().unwrap().pop().unwrap();
    assert_eq!(
        (parameter(&form, "client_secret"), parameter(&form, "code")),
        ("s3cret".to_owned(), "c".to_owned())
    );
    let challenge = potok_oidc::Challenge::of(&parameter(&form, "code_verifier"));
    assert_eq!(challenge.as_str(), parameter(&there.url, "code_challenge"));
    // Known by name, whatever the address is by now, and with a key that is new.
    *it.company.key.lock().unwrap() = key(2);
    let other = Browser::new(&it.place.world);
    let there = it.begin(&other, "/signin").await;
    let seen = it.back(&other, &there, "7", email("7", "somebody@else.example", true)).await;
    assert!(
        seen.text().contains("You are signed in") && seen.text().contains("Орлова Анна"),
        "{}",
        seen.text()
    );
    it.place.world.end().await;
}

#[tokio::test]
async fn nobody_comes_in_whom_the_provider_does_not_vouch_for() {
    let it = There::start().await;
    let admin = it.place.world.app().admin();
    let robot = NewUser { login: "robot@example.com".to_owned(), is_service: true, ..NewUser::default() };
    admin.create_user(robot).await.unwrap();
    let refused = |seen: &Seen| {
        assert_eq!(seen.status(), 401, "{}", seen.text());
        assert!(seen.text().contains("vouched for nobody"), "{}", seen.text());
    };
    for (subject, about) in [
        ("1", email("1", LOGIN, false)),
        ("1", email("1", "nobody@example.com", true)),
        ("1", email("1", "robot@example.com", true)),
        ("1", json!({"sub": "1"})),
        // The address of somebody else.
        ("1", email("2", LOGIN, true)),
    ] {
        let browser = Browser::new(&it.place.world);
        let there = it.begin(&browser, "/signin").await;
        refused(&it.back(&browser, &there, subject, about).await);
        assert_eq!(browser.cookie("potok_session"), None);
    }
    let good = || email("7", LOGIN, true);
    let browser = Browser::new(&it.place.world);
    // Somebody else's answer, a wrong issuer, a refusal, an old answer.
    for wrong in ["state", "iss", "error", "nonce"] {
        let there = it.begin(&browser, "/signin").await;
        let (state, nonce) = (parameter(&there.url, "state"), parameter(&there.url, "nonce"));
        let (nonce, query) = match wrong {
            "state" => (&*nonce, "code=c&state=x".to_owned()),
            "iss" => (&*nonce, format!("code=c&state={state}&iss=https%3A%2F%2Fevil.example")),
            "error" => (&*nonce, format!("state={state}&error=access_denied")),
            _ => ("another nonce", format!("code=c&state={state}")),
        };
        it.company.says("7", nonce, it.place.world.clock_seconds(), good());
        refused(&browser.open(&format!("/signin/callback?{query}")).await);
        // Each answer ends what was begun.
        refused(&it.back(&browser, &there, "7", good()).await);
    }
    let fresh = it.begin(&browser, "/signin").await;
    refused(&it.back(&Browser::new(&it.place.world), &fresh, "7", good()).await);
    let now = it.place.world.clock_seconds();
    it.company.says("7", &parameter(&fresh.url, "nonce"), now - 1000, good());
    let state = parameter(&fresh.url, "state");
    refused(&browser.open(&format!("/signin/callback?code=c&state={state}")).await);
    // And who is shut out stays out.
    let there = it.begin(&browser, "/signin").await;
    admin.set_user_blocked(LOGIN, true).await.unwrap();
    let seen = it.back(&browser, &there, "7", good()).await;
    assert_eq!(seen.status(), 403, "{}", seen.text());
    admin.set_user_blocked(LOGIN, false).await.unwrap();
    // Passwords work beside it.
    let seen = browser.through("/signin", LOGIN, PASSWORD).await;
    assert!(seen.text().contains("You are signed in"), "{}", seen.text());
    it.place.world.end().await;
}
