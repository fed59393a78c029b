//! A browser as far as the pages need one: it keeps cookies, follows redirects, and fills in forms.

use std::cell::RefCell;
use std::collections::BTreeMap;

use potok_testkit::{RawAnswer, RawRequest, World};

const FORM: &str = "application/x-www-form-urlencoded";

/// A browser with its cookies.
pub(crate) struct Browser<'a> {
    world: &'a World,
    cookies: RefCell<BTreeMap<String, String>>,
    language: &'static str,
}

/// Where a browser ended, and what it shows; nothing where another host would answer.
pub(crate) struct Seen {
    pub(crate) url: String,
    /// The status of the redirect that led there, if one did.
    pub(crate) led: Option<u16>,
    pub(crate) page: Option<RawAnswer>,
}

impl Seen {
    pub(crate) fn status(&self) -> u16 {
        self.page.as_ref().unwrap().status
    }

    pub(crate) fn text(&self) -> String {
        self.page.as_ref().map(RawAnswer::text).unwrap_or_default()
    }

    /// Whether the page has a field, or a button, of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.text().contains(&format!("name=\"{name}\""))
    }

    /// The parameter of the address, from its query or its fragment.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let (_, behind) = self.url.split_once(['?', '#'])?;
        let pair = behind.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.map(decoded)
    }
}

/// As forms write it.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// Names and values as a form.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}

pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        match (first, behind) {
            (b'%', [high, low, behind @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = behind;
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
        rest = behind;
    }
    String::from_utf8(bytes).unwrap()
}

pub(crate) fn unescaped(text: &str) -> String {
    let pairs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (escape, letter)| text.replace(escape, letter))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescaped(value))
}

impl<'a> Browser<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self { world, cookies: RefCell::default(), language: "en" }
    }

    pub(crate) fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    /// Goes to an address, or to a path of the server, and on wherever that leads.
    pub(crate) async fn open(&self, url: &str) -> Seen {
        self.go(url, None).await
    }

    /// Sends the first form of the page with these fields besides those that are hidden in it.
    pub(crate) async fn submit(&self, seen: &Seen, fields: &[(&str, &str)]) -> Seen {
        self.submit_nth(seen, 0, fields).await
    }

    /// The same with another form of the page.
    pub(crate) async fn submit_nth(&self, seen: &Seen, nth: usize, fields: &[(&str, &str)]) -> Seen {
        let html = seen.text();
        let form_tag = html.split("<form").nth(1 + nth).unwrap_or_else(|| panic!("a form: {html}"));
        let form_html = form_tag.split("</form>").next().unwrap();
        let action = attribute(form_tag, "action").unwrap();
        let mut all: Vec<(String, String)> = form_html
            .split("<input")
            .skip(1)
            .filter(|tag| tag.contains("type=\"hidden\""))
            .map(|tag| (attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap()))
            .collect();
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let all: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.go(&action, Some(form(&all))).await
    }

    async fn go(&self, url: &str, mut body: Option<String>) -> Seen {
        let base = self.world.base_url();
        let (mut url, mut led) = (url.to_owned(), None);
        for _ in 0..10 {
            let path = url.strip_prefix(&base).unwrap_or(&url).to_owned();
            if !path.starts_with('/') {
                return Seen { url, led, page: None };
            }
            let request = match body.take() {
                Some(body) => RawRequest::post(&path, body)
                    .header("Content-Type", FORM)
                    .header("Sec-Fetch-Site", "same-origin"),
                None => RawRequest::get(&path),
            };
            let page = self.world.raw(self.dressed(request)).await;
            self.keep(&page);
            if !matches!(page.status, 302 | 303) {
                return Seen { url: format!("{base}{path}"), led, page: Some(page) };
            }
            led = Some(page.status);
            url = page.header("location").unwrap().to_owned();
        }
        panic!("redirected without end, to {url}")
    }

    fn dressed(&self, request: RawRequest) -> RawRequest {
        let cookies = self.cookies.borrow();
        let all: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("Accept-Language", self.language);
        if all.is_empty() { request } else { request.header("Cookie", all.join("; ")) }
    }

    fn keep(&self, page: &RawAnswer) {
        for (_, value) in page.headers.iter().filter(|(name, _)| name == "set-cookie") {
            assert!(value.contains("; HttpOnly; SameSite=Lax"), "{value}");
            let (name, value) = value.split(';').next().unwrap().split_once('=').unwrap();
            match value {
                "" => self.cookies.borrow_mut().remove(name),
                value => self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned()),
            };
        }
    }

    /// Goes to an address, signs in where that is asked for, and allows what is asked for.
    pub(crate) async fn through(&self, url: &str, login: &str, password: &str) -> Seen {
        let mut seen = self.open(url).await;
        if seen.has("password") {
            seen = self.submit(&seen, &[("login", login), ("password", password)]).await;
        }
        if seen.has("decision") {
            seen = self.submit(&seen, &[("decision", "allow")]).await;
        }
        seen
    }

    /// Signs in for a device, and says yes or no.
    pub(crate) async fn answer_device(
        &self,
        code: &str,
        decision: &str,
        login: &str,
        password: &str,
    ) -> Seen {
        let mut seen = self.open("/device").await;
        if seen.has("password") {
            seen = self.submit(&seen, &[("login", login), ("password", password)]).await;
        }
        let seen = self.submit(&seen, &[("user_code", code)]).await;
        if !seen.has("decision") {
            return seen;
        }
        self.submit(&seen, &[("decision", decision)]).await
    }
}
