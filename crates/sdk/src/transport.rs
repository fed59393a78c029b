//! One HTTP exchange.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use potok_api::{Format, MethodSpec, Verb, content_type};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Url};

use crate::error::{Error, Refusal};

/// A request as it goes over the line, but for the authorization.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) spec: &'static MethodSpec,
    pub(crate) query: String,
    pub(crate) body: Bytes,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) format: Format,
    pub(crate) body: Bytes,
    code: Option<String>,
    trace_id: Option<String>,
}

impl Answer {
    /// The answer as the refusal it is.
    pub(crate) fn refusal(self, method: &'static str) -> Error {
        Error::Refused(Box::new(Refusal {
            method,
            status: self.status,
            code: self.code,
            text: String::from_utf8_lossy(&self.body).trim().to_owned(),
            retry_after: self.retry_after,
            trace_id: self.trace_id,
        }))
    }
}

/// What all exchanges of a client have in common.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) format: Format,
    pub(crate) solution_info: Option<HeaderValue>,
}

impl Transport {
    /// Sends `request` once.
    pub(crate) async fn send(
        &self,
        request: &Request,
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, Error> {
        let spec = request.spec;
        let method = match spec.verb {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
        };
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", url.path().trim_end_matches('/'), spec.path));
        url.set_query(Some(request.query.as_str()).filter(|query| !query.is_empty()));
        let mut headers = HeaderMap::new();
        if let Some(mut authorization) = authorization {
            authorization.set_sensitive(true);
            headers.insert(AUTHORIZATION, authorization);
        }
        if let Some(info) = &self.solution_info {
            headers.insert("X-Solution-Info", info.clone());
        }
        if let Some(media) = content_type(spec.request, self.format) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
        }
        headers.insert(ACCEPT, accept(spec, self.format));
        let failed = |error: reqwest::Error| Error::Transport {
            method: spec.label,
            timed_out: error.is_timeout(),
            // The address may hold a token, and errors end up in logs.
            source: Box::new(error.without_url()),
        };
        let answer = self
            .http
            .request(method, url)
            .headers(headers)
            .body(request.body.clone())
            .send()
            .await
            .map_err(failed)?;
        let status = answer.status().as_u16();
        let text = |name: &str| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(|value| value.trim().to_owned())
        };
        let (code, trace_id) = (text("X-Diadoc-ErrorCode"), text("X-Kontur-Trace-Id"));
        let retry_after =
            text(RETRY_AFTER.as_str()).and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        let json =
            text(CONTENT_TYPE.as_str()).is_some_and(|media| media.to_ascii_lowercase().contains("json"));
        let format = if json { Format::Json } else { Format::Protobuf };
        let body = answer.bytes().await.map_err(failed)?;
        Ok(Answer { status, retry_after, format, body, code, trace_id })
    }
}

/// Structures follow the client's format; everything else is taken as it comes.
fn accept(spec: &MethodSpec, format: Format) -> HeaderValue {
    match (spec.response, format) {
        (potok_api::BodyKind::Wire(_), Format::Json) => HeaderValue::from_static("application/json"),
        (potok_api::BodyKind::Wire(_), Format::Protobuf) => {
            HeaderValue::from_static("application/x-protobuf")
        }
        _ => HeaderValue::from_static("*/*"),
    }
}

/// Builds the HTTP client for `base`.
pub(crate) fn http_client(base: &Url, timeout: Duration) -> Result<reqwest::Client, Error> {
    let local = base.host_str().is_some_and(|host| {
        host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    });
    let mut builder = reqwest::Client::builder()
        .timeout(timeout)
        // The API never redirects; following one would carry the token to another place.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("Potok Rust SDK=", env!("CARGO_PKG_VERSION")));
    if local {
        // A proxy of the environment stands between machines, not between programs of one.
        builder = builder.no_proxy();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    if base.scheme() == "http" {
        // Nothing is encrypted, so the certificates of the system need not be read; without roots none is trusted.
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|tls| tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
            .map_err(|error| Error::Setup { what: format!("TLS cannot be set up: {error}") })?;
        builder = builder.tls_backend_preconfigured(tls);
    } else if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may be faster, and then theirs is used: either is fine.
        let _other_was_first = rustls::crypto::ring::default_provider().install_default();
    }
    builder
        .build()
        .map_err(|error| Error::Setup { what: format!("the HTTP client cannot be built: {error}") })
}
