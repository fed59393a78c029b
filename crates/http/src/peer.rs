//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

/// The addresses that a request passed on its way, the caller's first.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Whoever sent the request: the other end of the connection, or whom a proxy that is believed names. Noted with the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Peer {
    /// Of a request with these headers, which came from `connected`. Proxies of `trusted` are believed, each about the one before
    /// it; what stands farther left may be made up, and is not looked at.
    pub(crate) fn new(connected: SocketAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> Self {
        let mut peer = connected;
        if trusted.is_empty() {
            return Self(peer);
        }
        let values = headers.get_all(FORWARDED_FOR).into_iter().filter_map(|value| value.to_str().ok());
        let named: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
        for name in named.into_iter().rev() {
            if !trusted.contains(&peer.ip().to_canonical()) {
                break;
            }
            let Some(address) = parse(name) else { break };
            peer = address;
        }
        Self(peer)
    }
}

/// An address as proxies write it, with a port or without one.
fn parse(name: &str) -> Option<SocketAddr> {
    let bare = || name.trim_start_matches('[').trim_end_matches(']').parse().ok();
    name.parse().ok().or_else(|| bare().map(|address| SocketAddr::new(address, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(connected: &str, forwarded: &[&str], expected: &str) {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let trusted = ["127.0.0.1", "10.0.0.2"].map(|it| it.parse().unwrap());
        let connected: IpAddr = connected.parse().unwrap();
        let found = Peer::new(SocketAddr::new(connected, 5), &headers, &trusted).0.ip();
        assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{forwarded:?}");
        assert_eq!(
            Peer::new(SocketAddr::new(connected, 5), &headers, &[]).0.ip(),
            connected,
            "nobody is believed"
        );
    }

    #[test]
    fn proxies_are_believed_about_the_one_before_them() {
        check("127.0.0.1", &[], "127.0.0.1");
        check("127.0.0.1", &["203.0.113.7"], "203.0.113.7");
        check("::ffff:127.0.0.1", &["203.0.113.7:4711"], "203.0.113.7");
        check("127.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7");
        check("127.0.0.1", &["2001:db8::7"], "2001:db8::7");
        check("127.0.0.1", &["[2001:db8::7]"], "2001:db8::7");
        // What callers say of themselves stands to the left.
        check("127.0.0.1", &["192.0.2.1, 203.0.113.7"], "203.0.113.7");
        check("127.0.0.1", &["192.0.2.1", "203.0.113.7"], "203.0.113.7");
        check("127.0.0.1", &["192.0.2.1, 203.0.113.7, 10.0.0.2"], "203.0.113.7");
        check("127.0.0.1", &["10.0.0.2"], "10.0.0.2");
        check("127.0.0.1", &["203.0.113.7, unknown"], "127.0.0.1");
        check("198.51.100.1", &["203.0.113.7"], "198.51.100.1");
    }
}
