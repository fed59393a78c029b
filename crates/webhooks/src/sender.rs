//! Messages on their way.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use potok_domain::webhook::NotTaken;
use potok_seams::{WebhookMessage, WebhookSender};
use potok_types::with_causes;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response};
use url::{Host, Url};

use crate::resolver::{NotReached, Reach};
use crate::{Ranges, signature};

/// How long a receiver may take for its answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long it may take to come to a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long a connection waits for the next message: receivers are many, and most are silent.
const IDLE: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read, so that its connection can be used again; nobody looks at them.
const MOST_BYTES: usize = 4096;
/// The longest address, in bytes.
const MOST_URL_BYTES: usize = 2048;

/// The HTTP client cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client of webhooks cannot be set up")]
pub struct SetupError(#[source] reqwest::Error);

/// One way to send: over TLS, or in the open.
#[derive(Debug)]
struct Way {
    http: Client,
    reach: Reach,
}

impl Way {
    fn new(reach: Reach) -> Result<Self, SetupError> {
        let http = Client::builder()
            .https_only(reach.is_public_open)
            .timeout(PATIENCE)
            .connect_timeout(CONNECTING)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(1)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("potok/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(reach.clone()))
            .build()
            .map_err(SetupError)?;
        Ok(Self { http, reach })
    }

    /// An address in the place of a name is connected to without asking anybody.
    fn check_literal(&self, url: &Url) -> Result<(), NotReached> {
        match url.host() {
            Some(Host::Ipv4(address)) => self.reach.check(address.into()),
            Some(Host::Ipv6(address)) => self.reach.check(address.into()),
            Some(Host::Domain(_)) | None => Ok(()),
        }
    }
}

/// Sends over HTTP.
#[derive(Debug)]
pub struct HttpSender {
    over_tls: Way,
    /// To ranges that were named only.
    plain: Way,
}

impl HttpSender {
    /// Reaches public addresses over TLS, and those in `ranges` also in the open.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn new(ranges: Ranges) -> Result<Self, SetupError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Somebody else may be faster, and then theirs is used: either is fine.
            let _other_was_first = rustls::crypto::ring::default_provider().install_default();
        }
        let ranges = Arc::new(ranges);
        let way = |is_public_open| Way::new(Reach { ranges: Arc::clone(&ranges), is_public_open });
        Ok(Self { over_tls: way(true)?, plain: way(false)? })
    }

    fn way(&self, url: &str) -> Result<(Url, &Way), String> {
        if url.len() > MOST_URL_BYTES {
            return Err(format!("it has {} bytes, and {MOST_URL_BYTES} are allowed", url.len()));
        }
        let url =
            Url::parse(url).map_err(|error| format!("it is no address ({error}): https://… is expected"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "it holds a user or a password: leave them out, the signature says who sends".to_owned()
            );
        }
        let way = match url.scheme() {
            "https" => &self.over_tls,
            "http" => &self.plain,
            other => return Err(format!("its scheme is {other}: https is expected")),
        };
        way.check_literal(&url).map_err(|error| error.to_string())?;
        Ok((url, way))
    }
}

#[async_trait]
impl WebhookSender for HttpSender {
    async fn check(&self, url: &str) -> Result<(), String> {
        let (url, way) = self.way(url)?;
        let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
        match way.reach.resolve(name).await {
            Err(error) if error.is::<NotReached>() => Err(error.to_string()),
            // A name that is not known yet is told of when something is sent.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    async fn send(&self, message: WebhookMessage<'_>) -> Result<u16, NotTaken> {
        let not_sent = |reason| NotTaken { status: None, retry_after_seconds: None, reason };
        let (url, way) = self.way(message.url).map_err(not_sent)?;
        let seconds = message.at.unix_seconds();
        let request = way
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature(message.secrets, message.id, seconds, &message.body))
            .body(message.body);
        // The address may hold a secret of the receiver, and it is known anyway.
        let answer = request.send().await.map_err(|error| not_sent(with_causes(&error.without_url())))?;
        let status = answer.status();
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after_seconds = retry_after.and_then(|text| text.trim().parse().ok());
        read_away(answer).await;
        if status.is_success() {
            return Ok(status.as_u16());
        }
        let moved = if status.is_redirection() { ", and nobody is followed elsewhere" } else { "" };
        let reason = format!("the receiver answered {status}{moved}");
        Err(NotTaken { status: Some(status.as_u16()), retry_after_seconds, reason })
    }
}

/// What an answer says besides its head changes nothing.
async fn read_away(mut answer: Response) {
    let mut read = 0;
    while let Ok(Some(piece)) = answer.chunk().await {
        read += piece.len();
        if read > MOST_BYTES {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(ranges: &str) -> HttpSender {
        HttpSender::new(ranges.parse().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn what_must_not_be_reached_is_refused_with_the_cure() {
        for (ranges, url, words) in [
            ("", "https://127.0.0.1/", "127.0.0.1 is not a public address: the operator"),
            ("", "https://0x7f.1/", "127.0.0.1 is not a public address"),
            ("", "https://[::ffff:10.0.0.1]/", "--webhook-ranges"),
            ("", "https://169.254.169.254/latest", "169.254.169.254"),
            ("", "https://localhost/", "is not a public address"),
            ("10.0.0.0/8", "http://127.0.0.1:80/", "and http:// goes to none that is"),
            ("10.0.0.0/8", "http://8.8.8.8/", "8.8.8.8 is not a public address, and http://"),
            ("", "ftp://receiver.example/", "its scheme is ftp"),
            ("", "receiver.example", "it is no address"),
            ("", "https://user:word@8.8.8.8/", "leave them out"),
            ("", &format!("https://8.8.8.8/{}", "a".repeat(2048)), "2048 are allowed"),
        ] {
            let error = sender(ranges).check(url).await.expect_err(url);
            assert!(error.contains(words), "{url}: {error}");
        }
    }

    #[tokio::test]
    async fn what_may_be_reached_is_not_refused() {
        for (ranges, url) in [
            ("", "https://8.8.8.8:8443/hook?key=1"),
            ("127.0.0.0/8", "http://127.0.0.1:9/"),
            ("127.0.0.0/8,::1", "https://localhost/"),
            ("", "https://no-such-name.invalid/"),
        ] {
            sender(ranges).check(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        }
    }
}
