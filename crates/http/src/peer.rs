//! Where a request comes from.

use std::net::SocketAddr;

/// The other end of the connection, noted with the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);
