//! A real browser, headless Chromium of Debian, driven through WebDriver by its own `chromedriver`.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;

use potok_testkit::RawRequest;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// As WebDriver writes keys that are no letters.
pub(crate) const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";

/// A browser with one window.
pub(crate) struct Chromium {
    driver: Child,
    address: SocketAddr,
    session: String,
    _profile: TempDir,
}

impl Chromium {
    /// Starts one in a language, without JavaScript in pages.
    pub(crate) async fn start(language: &str) -> Self {
        Self::start_with(language, false).await
    }

    /// Starts one in a language, with the scripts of pages or without them.
    pub(crate) async fn start_with(language: &str, with_scripts: bool) -> Self {
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
                "profile.managed_default_content_settings.javascript": if with_scripts { 1 } else { 2 },
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

    pub(crate) async fn say(&self, verb: &str, path: &str, body: &Value) -> Value {
        let (status, told) = self.try_to_say(verb, path, body).await;
        assert_eq!(status, 200, "{verb} {path}: {told}");
        told
    }

    pub(crate) async fn try_to_say(&self, verb: &str, path: &str, body: &Value) -> (u16, Value) {
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

    pub(crate) async fn open(&self, url: &str) {
        self.say("POST", &format!("{}/url", self.session), &json!({"url": url})).await;
    }

    pub(crate) async fn ask(&self, what: &str) -> String {
        let told = self.say("GET", &format!("{}/{what}", self.session), &Value::Null).await;
        told.as_str().unwrap().to_owned()
    }

    /// Presses keys, one after the other.
    pub(crate) async fn press(&self, keys: &str) {
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
    pub(crate) async fn send_form(&self) {
        let before = self.find("html").await;
        self.press(ENTER).await;
        self.another_page(before).await;
    }

    /// Waits until another page is there than the one with this root.
    async fn another_page(&self, before: Option<String>) {
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
    pub(crate) async fn find(&self, selector: &str) -> Option<String> {
        let wanted = json!({"using": "css selector", "value": selector});
        let (status, found) = self.try_to_say("POST", &format!("{}/element", self.session), &wanted).await;
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap();
        (status == 200).then(|| id.to_owned())
    }

    /// What is written where the focus is.
    pub(crate) async fn focused(&self) -> String {
        let element = self.say("GET", &format!("{}/element/active", self.session), &Value::Null).await;
        let id = element.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        let name =
            self.say("GET", &format!("{}/element/{id}/property/name", self.session), &Value::Null).await;
        let text = self.say("GET", &format!("{}/element/{id}/text", self.session), &Value::Null).await;
        let [name, text] = [name, text].map(|value| value.as_str().unwrap_or_default().to_owned());
        if text.is_empty() { name } else { text }
    }

    /// A property of the page's style, in the light or in the dark.
    pub(crate) async fn ground(&self, scheme: &str) -> String {
        self.scheme(scheme).await;
        let id = self.find("body").await.unwrap();
        let css = format!("{}/element/{id}/css/background-color", self.session);
        self.say("GET", &css, &Value::Null).await.as_str().unwrap().to_owned()
    }

    /// Runs a script of ours in the page, whatever the page allows its own, and hands back what it returns.
    pub(crate) async fn run(&self, script: &str, arguments: &[Value]) -> Value {
        let body = json!({"script": script, "args": arguments});
        self.say("POST", &format!("{}/execute/sync", self.session), &body).await
    }

    /// Runs a script that calls its last argument when it is done.
    pub(crate) async fn run_to_its_end(&self, script: &str) -> Value {
        let body = json!({"script": script, "args": []});
        self.say("POST", &format!("{}/execute/async", self.session), &body).await
    }

    /// The window as wide and as high as that.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics});
        self.say("POST", &format!("{}/goog/cdp/execute", self.session), &command).await;
    }

    /// Light or dark.
    pub(crate) async fn scheme(&self, scheme: &str) {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": {"features": [feature]}});
        self.say("POST", &format!("{}/goog/cdp/execute", self.session), &command).await;
    }

    /// The whole page as a picture in PNG, in base64.
    pub(crate) async fn picture(&self, is_whole: bool) -> String {
        let params = json!({"format": "png", "captureBeyondViewport": is_whole});
        let command = json!({"cmd": "Page.captureScreenshot", "params": params});
        let told = self.say("POST", &format!("{}/goog/cdp/execute", self.session), &command).await;
        told["data"].as_str().unwrap().to_owned()
    }

    /// Clicks on an element and waits until another page is there.
    pub(crate) async fn follow(&self, selector: &str) {
        let before = self.find("html").await;
        let id = self.find(selector).await.unwrap_or_else(|| panic!("nothing is {selector}"));
        self.say("POST", &format!("{}/element/{id}/click", self.session), &json!({})).await;
        self.another_page(before).await;
    }

    /// Types into a field, or names a file for it.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let id = self.find(selector).await.unwrap_or_else(|| panic!("nothing is {selector}"));
        self.say("POST", &format!("{}/element/{id}/value", self.session), &json!({"text": text})).await;
    }

    /// What an element says.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let id = self.find(selector).await.unwrap_or_else(|| panic!("nothing is {selector}"));
        let text = self.say("GET", &format!("{}/element/{id}/text", self.session), &Value::Null).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn end(mut self) {
        self.say("DELETE", &self.session, &Value::Null).await;
        self.driver.kill().await.unwrap();
    }
}
