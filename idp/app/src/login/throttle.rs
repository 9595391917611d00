//! Throttling sign-ins without a weapon against the account's owner (D24, N-50): attempts wait, accounts never lock, and
//! a browser that signed in to the account before has a bucket of its own.

use std::net::IpAddr;

use crate::short_lived::Kind;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    Fault, Ttl,
    credential::{ATTEMPTS_WINDOW, QUICK_ATTEMPTS, QUICK_ATTEMPTS_KNOWN_DEVICE, wait_after},
};
use idp_store::ephemeral::Stored;
use sha2::{Digest, Sha256};

use crate::Act;

/// Attempts from one network prefix, whatever the account.
const PREFIX_ATTEMPTS: u64 = 100;
const PREFIX_WINDOW: Ttl = Ttl::minutes(10);

/// Whose attempts are counted together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket<'a> {
    /// The account's identifier, or what was typed when there is none: both behave alike.
    pub(crate) account: &'a str,
    /// The browser, when it signed in to this account before.
    pub(crate) known_device: Option<&'a str>,
    /// Where the attempt comes from.
    pub(crate) client_ip: Option<IpAddr>,
}

/// Whether an attempt may be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Go ahead; it is counted.
    Admitted,
    /// Not yet.
    Wait(Ttl),
}

/// Counts an attempt before any work is done, so that concurrent ones count too.
pub(crate) async fn admit(act: &Act, bucket: Bucket<'_>) -> Result<Admission, Fault> {
    let ephemeral = act.store().ephemeral();
    // a browser that the account knows is not shut out by its neighbours
    if bucket.known_device.is_none()
        && let Some(ip) = bucket.client_ip
    {
        let attempts = ephemeral.count(Kind::LoginPrefix.as_str(), &hashed(&prefix(ip)), PREFIX_WINDOW, act.now).await?.count;
        if attempts > PREFIX_ATTEMPTS {
            return Ok(Admission::Wait(PREFIX_WINDOW));
        }
    }
    let key = bucket.key();
    let attempts = ephemeral.count(Kind::LoginAttempts.as_str(), &key, ATTEMPTS_WINDOW, act.now).await?.count;
    let quick = if bucket.known_device.is_some() { QUICK_ATTEMPTS_KNOWN_DEVICE } else { QUICK_ATTEMPTS };
    let wait = wait_after(u32::try_from(attempts).unwrap_or(u32::MAX), quick);
    if wait == Ttl::seconds(0) {
        return Ok(Admission::Admitted);
    }
    // one attempt for each waiting time: who takes the slot is admitted, everybody else waits for it to expire
    let slot = ephemeral.put_if_absent(Kind::LoginSlot.as_str(), &key, "", act.now + wait, act.now).await? == Stored::First;
    Ok(if slot { Admission::Admitted } else { Admission::Wait(wait) })
}

/// Forgets the attempts after a right password.
pub(crate) async fn forgive(act: &Act, bucket: Bucket<'_>) -> Result<(), Fault> {
    act.store().ephemeral().remove(Kind::LoginAttempts.as_str(), &bucket.key()).await
}

impl Bucket<'_> {
    fn key(&self) -> String {
        hashed(&format!("{}\n{}", self.account, self.known_device.unwrap_or_default()))
    }
}

/// Names of accounts and networks do not lie about in short-lived storage.
pub(crate) fn hashed(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text.as_bytes())[..16])
}

/// The /24 of an IPv4 address, the /48 of an IPv6 one.
pub(crate) fn prefix(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_prefix() {
        for (ip, expected) in [("192.0.2.77", "192.0.2.0/24"), ("::ffff:192.0.2.1", "192.0.2.0/24"), ("2001:db8:7:1::9", "2001:db8:7::/48")]
        {
            assert_eq!(prefix(ip.parse().expect("address")), expected);
        }
    }
}
