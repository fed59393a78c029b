//! The connection to the database, encrypted where its address says so in the words of PostgreSQL's own clients:
//! `?sslmode=verify-full&sslrootcert=FILE`. The server shows a certificate of its name, signed by one of the file. Anything less looks
//! encrypted and is open to whoever stands between, so it is refused.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use potok_store_sql::Failure;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres::{Config, Socket};
use tokio_rustls::TlsConnector;

/// How connections are encrypted; `None`: they are not.
#[derive(Clone, Default)]
pub(crate) struct Tls(Option<Arc<ClientConfig>>);

/// What an address says of encryption, and the rest of it, which the client reads.
pub(crate) fn split(url: &str) -> Result<(String, Tls), Failure> {
    let (place, words) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
    for word in words.split('&').filter(|word| !word.is_empty()) {
        match word.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value),
            Some(("sslrootcert", value)) => roots = Some(value),
            _ => rest.push(word),
        }
    }
    let rest = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
    match (mode, roots) {
        (None | Some("disable" | "allow" | "prefer"), None) => Ok((rest, Tls(None))),
        (Some("verify-full"), Some(file)) => Ok((rest, Tls(Some(trusting(Path::new(file))?)))),
        _ => Err(Failure::Invalid(
            "the connection to the database is encrypted by sslmode=verify-full&sslrootcert=FILE in the address, where FILE has the \
             certificates in PEM by which the server is known, or not at all: anything else does not say who answers"
                .to_owned(),
        )),
    }
}

fn trusting(file: &Path) -> Result<Arc<ClientConfig>, Failure> {
    let unusable = |why: String| {
        Failure::Invalid(format!(
            "sslrootcert {} cannot be used ({why}): give certificates in PEM",
            file.display()
        ))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(error.to_string()))? {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable("it has none".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

impl Tls {
    /// Has `config` ask for what this does, and nothing else.
    pub(crate) fn apply(&self, config: &mut Config) {
        config.ssl_mode(if self.0.is_some() { SslMode::Require } else { SslMode::Disable });
    }
}

/// One connection on its way.
pub(crate) struct Connecting {
    config: Option<Arc<ClientConfig>>,
    host: String,
}

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Stream;
    type TlsConnect = Connecting;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> io::Result<Connecting> {
        Ok(Connecting { config: self.0.clone(), host: host.to_owned() })
    }
}

impl TlsConnect<Socket> for Connecting {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move {
            let config =
                self.config.ok_or_else(|| io::Error::other("the connection is not to be encrypted"))?;
            let host = ServerName::try_from(self.host).map_err(io::Error::other)?;
            TlsConnector::from(config).connect(host, socket).await.map(Stream)
        })
    }
}

/// An encrypted connection.
pub(crate) struct Stream(tokio_rustls::client::TlsStream<Socket>);

impl TlsStream for Stream {
    /// The certificate was held to the name: nobody stands between who could pass a login on.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_it_is_encrypted_or_is_refused() {
        for url in [
            "postgres://u@db/potok",
            "postgres://u@db/potok?sslmode=disable",
            "postgres://u@db/potok?sslmode=prefer",
        ] {
            let (rest, tls) = split(url).unwrap();
            assert_eq!((rest.as_str(), tls.0.is_none()), ("postgres://u@db/potok", true));
        }
        let (rest, _) =
            split("postgres://u@db/potok?connect_timeout=3&sslmode=disable&application_name=x").unwrap();
        assert_eq!(rest, "postgres://u@db/potok?connect_timeout=3&application_name=x");
        for words in [
            "sslmode=require",
            "sslmode=verify-ca",
            "sslmode=verify-full",
            "sslrootcert=/x",
            "sslmode=nonsense",
        ] {
            let told = split(&format!("postgres://u:hunter2@db/potok?{words}")).err().unwrap().to_string();
            assert!(
                told.contains("sslmode=verify-full&sslrootcert=FILE") && !told.contains("hunter2"),
                "{told}"
            );
        }
        let missing =
            split("postgres://u@db/potok?sslmode=verify-full&sslrootcert=/nowhere.pem").err().unwrap();
        assert!(missing.to_string().contains("/nowhere.pem"), "{missing}");
    }
}
