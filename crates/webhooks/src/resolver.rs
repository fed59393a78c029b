//! Names to addresses that may be reached.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Ranges;

/// Who is reached.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    /// Beside public addresses, and alone where those are closed.
    pub(crate) ranges: Arc<Ranges>,
    /// Whether public addresses are open.
    pub(crate) is_public_open: bool,
}

/// Every address of a name is one that must not be reached.
#[derive(Debug, thiserror::Error)]
#[error(
    "{address} is not a public address{}: the operator of the server has to name its range in --webhook-ranges",
    if *.is_plain { ", and http:// goes to none that is" } else { "" }
)]
pub(crate) struct NotReached {
    address: IpAddr,
    is_plain: bool,
}

impl Reach {
    /// Whether an address may be reached.
    ///
    /// # Errors
    /// [`NotReached`].
    pub(crate) fn check(&self, address: IpAddr) -> Result<(), NotReached> {
        let is_open = match self.is_public_open {
            true => self.ranges.allow(address),
            false => self.ranges.contain(address),
        };
        if is_open { Ok(()) } else { Err(NotReached { address, is_plain: !self.is_public_open }) }
    }

    /// The addresses of a name that may be reached.
    ///
    /// # Errors
    /// There is none: the name is not known, or all of them are closed ([`NotReached`]).
    pub(crate) async fn resolve(
        &self,
        name: &str,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let mut open = Vec::new();
        let mut closed = None;
        for found in tokio::net::lookup_host((name, 0)).await? {
            match self.check(found.ip()) {
                Ok(()) => open.push(found),
                Err(not_reached) => closed = Some(not_reached),
            }
        }
        match (open.is_empty(), closed) {
            (false, _) => Ok(open),
            (true, Some(closed)) => Err(closed.into()),
            (true, None) => Err(io::Error::other(format!("{name} has no address")).into()),
        }
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let found = Self::resolve(&reach, name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
