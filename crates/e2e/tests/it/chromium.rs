//! The pages in a real browser: headless Chromium of Debian, driven through WebDriver, by its keyboard only.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;

use potok_testkit::RawRequest;
use potok_testkit::app::admin::NewRegistration;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::openid_place::{LOGIN, OpenidPlace, PASSWORD};

/// As WebDriver writes keys that are no letters.
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";

/// A browser with one window.
struct Chromium {
    driver: Child,
    address: SocketAddr,
    session: String,
    _profile: TempDir,
}

impl Chromium {
    /// Starts one in a language, without JavaScript in pages.
    async fn start(language: &str) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver runs: `make tools` installs it");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().expect("chromedriver says where it listens");
            if let Some((_, rest)) = line.split_once("started successfully on port ") {
                break rest.trim_end_matches('.').parse().unwrap();
            }
        };
        // Whoever writes must find somebody who reads.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--no-first-run".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let options = json!({
            "args": arguments,
            "prefs": {
                "intl.accept_languages": language,
                "profile.managed_default_content_settings.javascript": 2,
                "credentials_enable_service": false,
            },
        });
        let wanted = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}});
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut chromium = Self { driver, address, session: String::new(), _profile: profile };
        let made = chromium.say("POST", "/session", &wanted).await;
        chromium.session = format!("/session/{}", made["sessionId"].as_str().unwrap());
        chromium
    }

    async fn say(&self, verb: &str, path: &str, body: &Value) -> Value {
        let (status, told) = self.try_to_say(verb, path, body).await;
        assert_eq!(status, 200, "{verb} {path}: {told}");
        told
    }

    async fn try_to_say(&self, verb: &str, path: &str, body: &Value) -> (u16, Value) {
        let mut request =
            RawRequest { verb: verb.to_owned(), path: path.to_owned(), ..RawRequest::default() };
        request = request.header("Host", self.address.to_string());
        if verb == "POST" {
            request.body = body.to_string().into();
            request = request.header("Content-Type", "application/json; charset=utf-8");
        }
        let answer = request.send(self.address).await;
        let told: Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, told["value"].clone())
    }

    async fn open(&self, url: &str) {
        self.say("POST", &format!("{}/url", self.session), &json!({"url": url})).await;
    }

    async fn ask(&self, what: &str) -> String {
        let told = self.say("GET", &format!("{}/{what}", self.session), &Value::Null).await;
        told.as_str().unwrap().to_owned()
    }

    /// Presses keys, one after the other.
    async fn press(&self, keys: &str) {
        let each = keys.chars().map(String::from);
        let actions: Vec<Value> = each
            .flat_map(|key| {
                [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})]
            })
            .collect();
        let body = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        self.say("POST", &format!("{}/actions", self.session), &body).await;
    }

    /// Presses the key that sends a form, and waits until another page is there: the driver knows of it only when it comes.
    async fn send_form(&self) {
        let before = self.find("html").await;
        self.press(ENTER).await;
        // Between two pages there is none.
        let other_page = async {
            loop {
                let now = self.find("html").await;
                if now.is_some() && now != before {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), other_page).await.expect("another page comes");
    }

    /// The first element of the page with this selector; of another page it is another one.
    async fn find(&self, selector: &str) -> Option<String> {
        let wanted = json!({"using": "css selector", "value": selector});
        let (status, found) = self.try_to_say("POST", &format!("{}/element", self.session), &wanted).await;
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap();
        (status == 200).then(|| id.to_owned())
    }

    /// What is written where the focus is.
    async fn focused(&self) -> String {
        let element = self.say("GET", &format!("{}/element/active", self.session), &Value::Null).await;
        let id = element.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        let name =
            self.say("GET", &format!("{}/element/{id}/property/name", self.session), &Value::Null).await;
        let text = self.say("GET", &format!("{}/element/{id}/text", self.session), &Value::Null).await;
        let [name, text] = [name, text].map(|value| value.as_str().unwrap_or_default().to_owned());
        if text.is_empty() { name } else { text }
    }

    /// A property of the page's style, in the light or in the dark.
    async fn ground(&self, scheme: &str) -> String {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": {"features": [feature]}});
        self.say("POST", &format!("{}/goog/cdp/execute", self.session), &command).await;
        let id = self.find("body").await.unwrap();
        let css = format!("{}/element/{id}/css/background-color", self.session);
        self.say("GET", &css, &Value::Null).await.as_str().unwrap().to_owned()
    }

    async fn end(mut self) {
        self.say("DELETE", &self.session, &Value::Null).await;
        self.driver.kill().await.unwrap();
    }
}

/// A program on this machine that waits for its answer; it shows a page to each who comes.
async fn program() -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            drop(socket.read(&mut asked).await);
            let page = "<!doctype html><title>Shop</title>";
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length:";
            drop(socket.write_all(format!("{head} {}\r\n\r\n{page}", page.len()).as_bytes()).await);
        }
    });
    (url, serving)
}

#[tokio::test]
async fn somebody_signs_in_by_the_keyboard_alone() {
    let place = OpenidPlace::start().await;
    let (redirect, serving) = program().await;
    let new = NewRegistration {
        client_id: "shop".to_owned(),
        redirect_uris: vec![redirect.clone()],
        ..NewRegistration::default()
    };
    place.world.app().admin().register_client(new).await.unwrap();
    let base = place.world.base_url();
    let chromium = Chromium::start("ru").await;

    chromium.open(&format!("{base}{}", place.authorize(&[("redirect_uri", &redirect)]))).await;
    assert_eq!(chromium.ask("title").await, "Вход");
    assert_ne!(chromium.ground("light").await, chromium.ground("dark").await);
    assert_eq!(chromium.focused().await, "login", "the first field waits");
    chromium.press(LOGIN).await;
    chromium.press(TAB).await;
    assert_eq!(chromium.focused().await, "password");
    chromium.press("wrong").await;
    chromium.send_form().await;
    let page = chromium.ask("source").await;
    assert!(page.contains("Неверный логин или пароль."), "{page}");
    assert_eq!(chromium.focused().await, "password", "the login stands there");
    chromium.press(PASSWORD).await;
    chromium.send_form().await;
    assert_eq!(chromium.ask("title").await, "Доступ для программы");
    chromium.press(TAB).await;
    assert_eq!(chromium.focused().await, "Разрешить");
    chromium.send_form().await;
    let url = chromium.ask("url").await;
    assert!(url.starts_with(&format!("{redirect}?code=")), "{url}");
    assert_eq!(chromium.ask("title").await, "Shop");

    // A device, in the same session.
    let scope = ("scope", "openid Diadoc.PublicAPI");
    let (_, begun) = place.post("/connect/deviceauthorization", &[scope]).await;
    chromium.open(begun["verification_uri"].as_str().unwrap()).await;
    assert_eq!(chromium.focused().await, "user_code");
    chromium.press(&begun["user_code"].as_str().unwrap().to_lowercase()).await;
    chromium.send_form().await;
    let page = chromium.ask("source").await;
    assert!(page.contains(begun["user_code"].as_str().unwrap()), "{page}");
    chromium.press(TAB).await;
    assert_eq!(chromium.focused().await, "Разрешить");
    chromium.send_form().await;
    assert_eq!(chromium.ask("title").await, "Устройство может продолжать");
    let device = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    let code = ("device_code", begun["device_code"].as_str().unwrap());
    let (status, tokens) = place.post("/connect/token", &[device, code]).await;
    assert_eq!(status, 200, "{tokens}");

    // And out again.
    chromium.open(&format!("{base}/connect/endsession")).await;
    chromium.press(TAB).await;
    assert_eq!(chromium.focused().await, "Выйти");
    chromium.send_form().await;
    assert_eq!(chromium.ask("title").await, "Вы вышли");
    chromium.open(&format!("{base}/signin")).await;
    assert_eq!(chromium.ask("title").await, "Вход");
    chromium.end().await;
    serving.abort();
    place.world.end().await;
}
