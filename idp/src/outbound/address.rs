//! Which addresses a request of ours may reach: a service manager's URL must not open doors inside the network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use idp_domain::issuer::{Issuer, is_loopback};
use url::{Host, Url};

use crate::http::proxies::AddressRange;

/// Which addresses may be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    private: Vec<AddressRange>,
    loopback: bool,
}

impl AddressPolicy {
    /// Global unicast addresses and the operator's own ranges; this machine only while the issuer is plain http on
    /// loopback itself.
    pub fn new(issuer: &Issuer, private: Vec<AddressRange>) -> Self {
        Self { private, loopback: issuer.is_loopback_http() }
    }

    /// Whether a URL may be asked at all; the addresses behind a name are judged by [`AddressPolicy::permits`] when they
    /// are known.
    pub(super) fn accepts(&self, url: &Url) -> bool {
        let scheme = match url.scheme() {
            "https" => true,
            "http" => self.loopback && is_loopback(url),
            _ => false,
        };
        // for an address no resolver is asked
        let host = match url.host() {
            Some(Host::Ipv4(v4)) => self.permits(None, IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => self.permits(None, IpAddr::V6(v6)),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        scheme && host && url.username().is_empty() && url.password().is_none()
    }

    /// Whether an address may be connected to, found under a name or given as such. A name other than `localhost` never
    /// leads to this machine.
    pub(super) fn permits(&self, name: Option<&str>, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if name == Some("localhost") {
            return self.loopback && address.is_loopback();
        }
        if address.is_loopback() {
            return self.loopback && name.is_none();
        }
        is_global_unicast(address) || self.private.iter().any(|range| range.contains(address))
    }
}

fn is_global_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_global_v4(v4),
        IpAddr::V6(v6) => is_global_v6(v6),
    }
}

/// Everything the IPv4 special-purpose registry (RFC 6890) does not claim.
fn is_global_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && b & 0xc0 == 64) // shared address space, RFC 6598
        || (a == 192 && b == 0 && c == 0) // protocol assignments
        || (a == 192 && b == 88 && c == 99) // 6to4 relays
        || (a == 198 && b & 0xfe == 18); // benchmarks, RFC 2544
    !special
}

/// Only what is handed out today, 2000::/3, less what leads elsewhere: tunnels, translations and documentation.
fn is_global_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let handed_out = a & 0xe000 == 0x2000;
    let special = match a {
        // protocol assignments, Teredo among them; documentation
        0x2001 => b < 0x0200 || b == 0x0db8,
        // 6to4 embeds an IPv4 address
        0x2002 => true,
        // documentation
        0x3fff => b < 0x1000,
        _ => false,
    };
    handed_out && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(issuer: &str, private: &[&str]) -> AddressPolicy {
        let ranges = private.iter().map(|range| range.parse().expect("a range")).collect();
        AddressPolicy::new(&Issuer::parse(issuer).expect("an issuer"), ranges)
    }

    #[test]
    fn only_global_unicast_addresses_are_reached() {
        let policy = policy("https://id.ateneu.cat", &[]);
        for (address, permitted) in [
            ("1.1.1.1", true),
            ("193.0.6.139", true),
            ("100.63.0.1", true),
            ("2a00:1450::1", true),
            ("2001:67c::1", true),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("100.64.0.1", false),
            ("100.127.255.255", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("192.88.99.1", false),
            ("192.168.1.1", false),
            ("198.18.0.1", false),
            ("198.19.255.1", false),
            ("224.0.0.1", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:127.0.0.1", false),
            ("64:ff9b::a00:1", false),
            ("64:ff9b:1::1", false),
            ("100::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("2002:7f00:1::", false),
            ("3fff::1", false),
            ("fc00::1", false),
            ("fd12::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(policy.permits(Some("a.cat"), address.parse().expect("an address")), permitted, "{address}");
        }
    }

    #[test]
    fn the_operators_own_ranges_are_reached_and_no_others() {
        let policy = policy("https://id.ateneu.cat", &["10.7.0.0/16", "fd00:7::/32"]);
        for (address, permitted) in
            [("10.7.3.4", true), ("10.8.3.4", false), ("fd00:7::1", true), ("fd00:8::1", false), ("127.0.0.1", false)]
        {
            assert_eq!(policy.permits(Some("a.cat"), address.parse().expect("an address")), permitted, "{address}");
        }
    }

    #[test]
    fn plain_http_and_this_machine_are_for_a_loopback_issuer_only() {
        let (https, local) = (policy("https://id.ateneu.cat", &[]), policy("http://localhost:8080", &[]));
        for (url, by_https, by_local) in [
            ("https://nuvol.cat/logout", true, true),
            ("https://nuvol.cat:8443/logout", true, true),
            ("http://nuvol.cat/logout", false, false),
            ("http://localhost:8082/logout", false, true),
            ("http://127.0.0.1:8082/logout", false, true),
            ("http://[::1]:8082/logout", false, true),
            ("https://127.0.0.1/logout", false, true),
            ("https://10.0.0.1/logout", false, false),
            ("https://[::ffff:10.0.0.1]/logout", false, false),
            ("https://169.254.169.254/latest", false, false),
            ("https://0x7f.1/", false, true),
            ("https://u:p@nuvol.cat/", false, false),
            ("file:///etc/passwd", false, false),
            ("ftp://nuvol.cat/", false, false),
        ] {
            let url = Url::parse(url).expect("a URL");
            assert_eq!((https.accepts(&url), local.accepts(&url)), (by_https, by_local), "{url}");
        }
        let loopback = "127.0.0.1".parse().expect("an address");
        assert!(local.permits(Some("localhost"), loopback));
        assert!(!local.permits(Some("rebound.cat"), loopback), "a name that was pointed at this machine");
        assert!(!local.permits(Some("localhost"), "1.1.1.1".parse().expect("an address")));
    }
}
