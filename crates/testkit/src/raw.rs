//! Requests as a stranger's program sends them, without the SDK's help.

use bytes::Bytes;
use reqwest::header::HeaderMap;

use crate::World;

/// What to send.
#[derive(Clone, Debug, Default)]
pub struct RawRequest {
    /// `GET`, `POST`…
    pub verb: String,
    /// Path and query.
    pub path: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl RawRequest {
    /// A `GET` of `path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self { verb: "GET".to_owned(), path: path.into(), ..Self::default() }
    }

    /// A `POST` of `body` to `path`.
    pub fn post(path: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self { verb: "POST".to_owned(), path: path.into(), headers: Vec::new(), body: body.into() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }
}

impl RawAnswer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The header `name`, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl World {
    /// Sends `request` as it is.
    pub async fn raw(&self, request: RawRequest) -> RawAnswer {
        let verb = request.verb.parse().expect("a verb");
        let mut builder = reqwest::Client::new()
            .request(verb, format!("{}{}", self.base_url(), request.path))
            .body(request.body);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let answer = builder.send().await.expect("the server answers");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        RawAnswer { status, headers, body: answer.bytes().await.expect("the answer is whole") }
    }
}
