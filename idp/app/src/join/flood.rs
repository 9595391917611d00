//! Limits on what strangers and people may ask for, counted before anything is written.

use std::net::IpAddr;

use idp_domain::{Fault, Ttl, email::EmailAddress, id::PersonId};

use crate::{
    Act,
    login::throttle::{hashed, prefix},
    short_lived::Kind,
};

/// Registrations from one network prefix: a workshop in one room fits.
const FROM_PREFIX: u64 = 40;
const PREFIX_WINDOW: Ttl = Ttl::hours(1);
/// Registrations of one address, each of which sends it a mail.
const OF_ADDRESS: u64 = 5;
/// Requests of one person.
const OF_PERSON: u64 = 20;
const DAY: Ttl = Ttl::hours(24);

/// Whether one more may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// Yes; it is counted.
    Enough,
    /// Not for now.
    None,
}

/// One more registration: counted alike for addresses that are known and that are not.
pub(super) async fn registration(act: &Act, client_ip: Option<IpAddr>, address: &EmailAddress) -> Result<Room, Fault> {
    if let Some(ip) = client_ip
        && count(act, Kind::RegistrationPrefix, &prefix(ip), PREFIX_WINDOW).await? > FROM_PREFIX
    {
        return Ok(Room::None);
    }
    Ok(room(count(act, Kind::RegistrationAddress, address.as_str(), DAY).await?, OF_ADDRESS))
}

/// One more request of somebody with an account.
pub(super) async fn request(act: &Act, person: PersonId) -> Result<Room, Fault> {
    Ok(room(count(act, Kind::Requests, &person.to_string(), DAY).await?, OF_PERSON))
}

async fn count(act: &Act, kind: Kind, key: &str, window: Ttl) -> Result<u64, Fault> {
    Ok(act.store().ephemeral().count(kind.as_str(), &hashed(key), window, act.now).await?.count)
}

fn room(count: u64, most: u64) -> Room {
    if count > most { Room::None } else { Room::Enough }
}
