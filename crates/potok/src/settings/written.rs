//! Settings whose text has a form of its own, the same for flags, environment and file.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use potok_api::Date;
use potok_operator::keys::{KeySource, TokenUriError};
use potok_webhooks::{InvalidRanges, Ranges};
use serde::Deserialize;
use serde::de::Error as _;

/// The server as programs know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(pub String);

/// No origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no origin: give scheme, host and port and nothing behind them, as https://edo.example or http://127.0.0.1:8080"
)]
pub struct NoOrigin(String);

impl FromStr for Issuer {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        // Programs compare it letter for letter, so it is taken only as it is written everywhere.
        let url = url::Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
        match url.is_some_and(|url| url.origin().ascii_serialization() == text) {
            true => Ok(Self(text.to_owned())),
            false => Err(NoOrigin(text.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for Issuer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Where traces are collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector(pub url::Url);

/// No collector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no collector: give its whole address on plain HTTP, as http://127.0.0.1:4318/v1/traces")]
pub struct NoCollector(String);

impl FromStr for Collector {
    type Err = NoCollector;

    fn from_str(text: &str) -> Result<Self, NoCollector> {
        let url = url::Url::parse(text).ok().filter(|url| url.scheme() == "http" && url.has_host());
        url.map(Self).ok_or_else(|| NoCollector(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Collector {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The address of a database that is no file. Never shown: it holds a password.
#[derive(Clone, PartialEq, Eq)]
pub struct GivenStore(pub String);

impl fmt::Debug for GivenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GivenStore")
    }
}

/// No address of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the store is an address as postgres://user:password@host:port/database; without one the embedded store is used"
)]
pub struct NoStore;

impl FromStr for GivenStore {
    type Err = NoStore;

    fn from_str(text: &str) -> Result<Self, NoStore> {
        let is_postgres = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        if is_postgres { Ok(Self(text.to_owned())) } else { Err(NoStore) }
    }
}

impl<'de> Deserialize<'de> for GivenStore {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Addresses of proxies, without ports. In a file it is a text as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(pub Vec<IpAddr>);

/// No address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no address of a proxy: give numbers without ports, by commas, as 127.0.0.1,10.0.0.2,2001:db8::2"
)]
pub struct NoAddress(String);

impl FromStr for TrustedProxies {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let read = |item: &str| item.parse().map_err(|_| NoAddress(item.to_owned()));
        items
            .map(|item| read(item).map(|address: IpAddr| address.to_canonical()))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl<'de> Deserialize<'de> for TrustedProxies {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Logins. In a file they are a text as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logins(pub Vec<String>);

impl FromStr for Logins {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        Ok(Self(items.map(str::to_owned).collect()))
    }
}

impl<'de> Deserialize<'de> for Logins {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Ranges that webhooks may reach. In a file it is a text as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenRanges(pub Ranges);

impl FromStr for GivenRanges {
    type Err = InvalidRanges;

    fn from_str(text: &str) -> Result<Self, InvalidRanges> {
        text.parse().map(Self)
    }
}

impl<'de> Deserialize<'de> for GivenRanges {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Where a key is, as one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenKey(pub KeySource);

impl FromStr for GivenKey {
    type Err = TokenUriError;

    fn from_str(text: &str) -> Result<Self, TokenUriError> {
        text.parse().map(Self)
    }
}

impl<'de> Deserialize<'de> for GivenKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Methods to switch off, each with the last day on which it is answered. In a file it is a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retire(pub BTreeMap<String, Date>);

/// The text does not say what to retire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRetire(String);

impl fmt::Display for InvalidRetire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidRetire {}

impl FromStr for Retire {
    type Err = InvalidRetire;

    fn from_str(text: &str) -> Result<Self, InvalidRetire> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let read = |item: &str| {
            let (label, date) = item.split_once('=').ok_or_else(|| {
                InvalidRetire(format!("{item:?} should be a method and a date: GetEvent V2=2026-11-10"))
            })?;
            let date = date
                .trim()
                .parse()
                .map_err(|error: potok_api::InvalidDate| InvalidRetire(error.to_string()))?;
            Ok((label.trim().to_owned(), date))
        };
        items.map(read).collect::<Result<_, _>>().map(Self)
    }
}

impl<'de> Deserialize<'de> for Retire {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = BTreeMap::<String, String>::deserialize(deserializer)?;
        let read = |(label, date): (String, String)| Ok((label, date.parse().map_err(D::Error::custom)?));
        table.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}
