//! Which addresses may be reached.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::sync::LazyLock;

use ipnet::IpNet;

/// IPv4 addresses that are nobody's on the internet (IANA special-purpose registry): of this machine, of private networks, of one
/// link, shared by a provider, for documentation and tests, for many at once, reserved.
const NOT_PUBLIC_V4: &str = "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, \
    192.0.2.0/24, 192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/3";
/// IPv6 addresses that are somebody's, in one range…
const PUBLIC_V6: &str = "2000::/3";
/// … but for these: protocols, documentation, and IPv4 inside of IPv6 (6to4).
const NOT_PUBLIC_V6: &str = "2001::/23, 2001:db8::/32, 2002::/16, 3fff::/20";
/// IPv4 behind a translator: what is inside counts.
const TRANSLATED: &str = "64:ff9b::/96";

static LISTS: LazyLock<[Ranges; 4]> = LazyLock::new(|| {
    [NOT_PUBLIC_V4, PUBLIC_V6, NOT_PUBLIC_V6, TRANSLATED].map(|list| list.parse().expect("a list of ranges"))
});

/// Ranges of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges(Vec<IpNet>);

/// A text that is no list of ranges.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no range of addresses: 10.0.0.0/8, fd00::/8 or a single address is expected, several by commas"
)]
pub struct InvalidRanges(String);

impl FromStr for Ranges {
    type Err = InvalidRanges;

    fn from_str(text: &str) -> Result<Self, InvalidRanges> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let range = |part: &str| {
            let single = part.parse::<IpAddr>().map(IpNet::from);
            part.parse().or(single).map_err(|_| InvalidRanges(part.to_owned()))
        };
        parts.map(range).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Ranges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
    }
}

impl Ranges {
    /// Whether the address is in one of them, also written as IPv6.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|range| range.contains(&address))
    }

    /// Whether somebody may be sent something at the address: it is in one of these ranges, or public.
    pub fn allow(&self, address: IpAddr) -> bool {
        self.contain(address) || is_public(address)
    }
}

fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !LISTS[0].contain(address.into())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [_, public, except, translated] = &*LISTS;
    if translated.contain(address.into()) {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    public.contain(address.into()) && !except.contain(address.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached() {
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "198.17.255.255",
            "223.255.255.255",
            "2a02:6b8::1",
            "2001:4860:4860::8888",
            "2400::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(Ranges::default().allow(public.parse().unwrap()), "{public}");
        }
        for closed in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(!Ranges::default().allow(closed.parse().unwrap()), "{closed}");
        }
    }

    #[test]
    fn a_range_that_is_named_is_open_and_nothing_beside_it() {
        let ranges: Ranges = " 10.1.0.0/16,127.0.0.1, fd00::/8, ".parse().unwrap();
        assert_eq!(ranges.to_string(), "10.1.0.0/16,127.0.0.1/32,fd00::/8");
        assert_eq!(ranges.to_string().parse(), Ok(ranges.clone()));
        for (address, is_allowed) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("10.2.0.1", false),
            ("127.0.0.1", true),
            ("127.0.0.2", false),
            ("fd12::1", true),
            ("::1", false),
            ("8.8.8.8", true),
        ] {
            assert_eq!(ranges.allow(address.parse().unwrap()), is_allowed, "{address}");
        }
        assert!(!ranges.contain("8.8.8.8".parse().unwrap()));
        for wrong in ["10.0.0.0/33", "example.org", "10.0.0", "::/129"] {
            let error = wrong.parse::<Ranges>().unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }
}
