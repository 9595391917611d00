//! Usernames that nobody chose: made from a name or an address, and those that stand in for a freed one.

use idp_domain::{
    Fault,
    name::DisplayName,
    person::Person,
    username::{USERNAME_MAX, Username},
};
use idp_store::{Inserted, Tx, WriteTx};

use crate::Act;

/// Names that are tried before it is given up: the plain one, nine with a number, the rest with random digits.
const ATTEMPTS: u32 = 20;

/// What usernames are made from: `Maria Puig` → `maria.puig`. A name without Latin letters gives way to what stands
/// before the `@` of the address.
#[derive(Debug, Clone)]
pub(crate) struct Stem(String);

impl Stem {
    /// From a name and, where it gives nothing, an address.
    pub(crate) fn of(name: &DisplayName, address: Option<&str>) -> Self {
        let local = address.and_then(|address| address.split('@').next()).and_then(|local| DisplayName::parse(local).ok());
        let made = [Some(name), local.as_ref()].into_iter().flatten().map(dotted).find(|words| words.len() >= 3);
        Self(made.unwrap_or_else(|| "sense.nom".to_owned()))
    }
    /// The names to try, one after the other.
    pub(crate) fn candidates(&self, act: &Act) -> impl Iterator<Item = Username> {
        (0..ATTEMPTS).filter_map(|attempt| self.candidate(attempt, act.entropy().below(1_000_000)))
    }

    /// `maria.puig`, then `maria.puig2` …, in the end with random digits.
    fn candidate(&self, attempt: u32, random: u32) -> Option<Username> {
        let suffix = match attempt {
            0 => String::new(),
            1..=9 => (attempt + 1).to_string(),
            _ => format!("{random:06}"),
        };
        let room = USERNAME_MAX - suffix.len();
        let base = self.0.get(..room).unwrap_or(&self.0).trim_end_matches('.');
        Username::parse(&format!("{base}{suffix}")).ok()
    }
}

fn dotted(name: &DisplayName) -> String {
    let key = name.sort_key();
    let words = key.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(".")
}

/// What became of a username.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freed {
    /// It is anybody's.
    Yes,
    /// It stays, or was freed before.
    No,
}

/// Frees the person's username: it is anybody's again unless a service has seen it. Another one stands in for it, which
/// nobody is shown.
pub(crate) async fn free(act: &Act, tx: &WriteTx, person: &Person) -> Result<Freed, Fault> {
    if person.username.is_stand_in() {
        return Ok(Freed::No);
    }
    let stand_in = Username::stand_in(u64::from_be_bytes(act.entropy().bytes()));
    match tx.people().rename(person.id, &stand_in, act.now).await? {
        Inserted::Done => Ok(Freed::Yes),
        Inserted::Taken => Err(Fault::broken("usernames.free", "a random username is taken")),
    }
}

/// Gives somebody whose username was freed one made from their name, before anybody is shown it: a stand-in reaches no
/// service. Whoever has a username keeps it.
pub(crate) async fn give_again(act: &Act, tx: &WriteTx, person: &Person) -> Result<(), Fault> {
    if !person.username.is_stand_in() {
        return Ok(());
    }
    let address = match &person.email {
        Some(address) => Some(address.to_string()),
        None => tx.emails().list(person.id).await?.first().map(|email| email.address.to_string()),
    };
    for username in Stem::of(&person.display_name, address.as_deref()).candidates(act) {
        if tx.people().rename(person.id, &username, act.now).await? == Inserted::Done {
            return Ok(());
        }
    }
    Err(Fault::broken("usernames.give_again", "no free username after twenty attempts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_is_made_from_the_name_then_from_the_address_and_varied_when_taken() {
        let made = |name, address, attempt| {
            let name = DisplayName::parse(name).expect("a name");
            Stem::of(&name, Some(address)).candidate(attempt, 7).map(|username| username.to_string())
        };
        let named = |name, attempt| made(name, "info@exemple.cat", attempt);
        assert_eq!(named("Maria Puig", 0).as_deref(), Some("maria.puig"));
        assert_eq!(named("Maria Puig", 1).as_deref(), Some("maria.puig2"));
        assert_eq!(named("Maria Puig", 12).as_deref(), Some("maria.puig000007"));
        assert_eq!(named("Àngela L'Hort i Col·lectiu", 0).as_deref(), Some("angela.lhort.i.collectiu"));
        assert_eq!(named("Admin", 0), None);
        assert_eq!(named("Admin", 1).as_deref(), Some("admin2"));
        let long = named("Maximiliana Bartomeva de les Fontanelles", 3).expect("a username");
        assert!(long.len() <= USERNAME_MAX && long.ends_with('4'), "{long}");
        for (address, username) in
            [("Xiao-Ming.Li+hort@exemple.cat", "xiao.ming.li.hort"), ("li@exemple.cat", "sense.nom"), ("李@x.cat", "sense.nom")]
        {
            assert_eq!(made("李小明", address, 0).as_deref(), Some(username), "{address}");
        }
    }
}
