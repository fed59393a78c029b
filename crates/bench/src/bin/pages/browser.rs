//! A browser as far as pages need one: it keeps cookies, and fills in the form of the sign-in.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::Failed;

/// Redirects of a sign-in, at most.
const MOST_HOPS: usize = 10;

/// A browser with its cookies.
pub(crate) struct Browser {
    server: SocketAddr,
    cookies: BTreeMap<String, String>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Browser {
    pub(crate) const fn new(server: SocketAddr) -> Self {
        Self { server, cookies: BTreeMap::new() }
    }

    /// Asks for a page.
    pub(crate) fn get(&mut self, path: &str) -> Result<Answer, Failed> {
        self.call("GET", path, "", &[])
    }

    fn call(&mut self, verb: &str, path: &str, more: &str, body: &[u8]) -> Result<Answer, Failed> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let head = format!(
            "{verb} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n{more}Content-Length: {}\r\n\r\n",
            self.server,
            cookies.join("; "),
            body.len()
        );
        let mut socket = TcpStream::connect(self.server)?;
        socket.write_all(head.as_bytes())?;
        socket.write_all(body)?;
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes)?;
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no answer")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.get(9..12).ok_or("no status")?.parse()?;
        for line in head.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            if name.eq_ignore_ascii_case("set-cookie")
                && let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('='))
            {
                match value {
                    "" => self.cookies.remove(name),
                    value => self.cookies.insert(name.to_owned(), value.to_owned()),
                };
            }
        }
        Ok(Answer { status, body: bytes.split_off(end + 4), head })
    }

    /// Opens the console as somebody.
    pub(crate) fn sign_in(&mut self, login: &str, password: &str) -> Result<(), Failed> {
        let mut answer = self.get("/console?all=1")?;
        for _ in 0..MOST_HOPS {
            answer = if let Some(place) = answer.header("location") {
                let host = format!("http://{}", self.server);
                let place = place.strip_prefix(&host).unwrap_or(place).to_owned();
                self.get(&place)?
            } else {
                let html = String::from_utf8_lossy(&answer.body).into_owned();
                if !html.contains("name=\"password\"") {
                    return if answer.status == 200 { Ok(()) } else { Err(html.into()) };
                }
                self.send(&html, &[("login", login), ("password", password)])?
            };
        }
        Err("the sign-in leads nowhere".into())
    }

    /// Sends the first form of a page, with what is hidden in it.
    fn send(&mut self, html: &str, fields: &[(&str, &str)]) -> Result<Answer, Failed> {
        let form =
            html.split("<form").nth(1).and_then(|rest| rest.split("</form>").next()).ok_or("no form")?;
        let action = attribute(form, "action").ok_or("a form without an address")?;
        let hidden = form.split("<input").skip(1).filter(|tag| tag.contains("type=\"hidden\""));
        let mut pairs: Vec<String> = hidden
            .filter_map(|tag| {
                Some(format!("{}={}", attribute(tag, "name")?, escaped(&attribute(tag, "value")?)))
            })
            .collect();
        pairs.extend(fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))));
        let kind = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";
        self.call("POST", &action, kind, pairs.join("&").as_bytes())
    }

    /// A webhook of a box, so that there is one to look at.
    pub(crate) fn add_webhook(&mut self, box_id: &str) -> Result<(), Failed> {
        let token = self.cookies.get("potok_console").cloned().ok_or("nobody is signed in")?;
        let more = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
        let path = format!("/potok/v1/boxes/{box_id}/webhooks");
        let answer = self.call("POST", &path, &more, br#"{"url":"http://127.0.0.1:9/events"}"#)?;
        if answer.status == 200 { Ok(()) } else { Err(String::from_utf8_lossy(&answer.body).into()) }
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    Some(value.replace("&#38;", "&").replace("&amp;", "&").replace("&#61;", "="))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}
