//! Argon2id (RFC 9106) with one fixed cost: m = 19,456 KiB, t = 2, p = 1 (OWASP, N-49).

use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash::phc::PasswordHash};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Bytes of a tag we make.
const TAG: usize = 32;
/// The dearest foreign hash we verify: an imported database must not turn a sign-in into a denial of service.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 10;
const MOST_LANES: u32 = 4;

/// Working memory that is kept between hashes: handing 19 MiB back to the system after each costs a third of the work.
#[derive(Default)]
pub struct Arena(Vec<Block>);

impl Arena {
    fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.0.len() < count {
            self.0.resize(count, Block::default());
        }
        &mut self.0[..count]
    }
}

/// A stored hash that cannot be read or would cost too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an Argon2id PHC string of version 19 with m ≤ 262144, t ≤ 10 and p ≤ 4")]
pub struct UnusableHash;

/// Hashes input under our cost into a PHC string.
pub fn hash(arena: &mut Arena, input: &[u8], salt: [u8; 16]) -> Result<String, UnusableHash> {
    let tag = derive(arena, input, &salt, (MEMORY_KIB, PASSES, LANES), TAG)?;
    let (salt, tag) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(&*tag));
    Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${tag}"))
}

/// Whether the input hashes to a stored PHC string, compared in constant time.
pub fn verify(arena: &mut Arena, input: &[u8], phc: &str) -> Result<bool, UnusableHash> {
    let stored = parse(phc)?;
    let tag = derive(arena, input, &stored.salt, stored.cost, stored.tag.len())?;
    Ok(tag.ct_eq(&stored.tag).into())
}

/// Whether a PHC string was made with another cost than ours, so that the next sign-in should hash again.
pub fn needs_rehash(phc: &str) -> bool {
    parse(phc).map_or(true, |stored| stored.cost != (MEMORY_KIB, PASSES, LANES) || stored.tag.len() != TAG)
}

/// Whether a foreign PHC string can be imported.
pub fn is_usable(phc: &str) -> bool {
    parse(phc).is_ok()
}

struct Stored {
    cost: (u32, u32, u32),
    salt: Vec<u8>,
    tag: Vec<u8>,
}

fn parse(phc: &str) -> Result<Stored, UnusableHash> {
    let parsed = PasswordHash::new(phc).map_err(|_| UnusableHash)?;
    if parsed.algorithm.as_str() != "argon2id" || parsed.version != Some(19) {
        return Err(UnusableHash);
    }
    let number = |name| parsed.params.get_decimal(name).ok_or(UnusableHash);
    let cost = (number("m")?, number("t")?, number("p")?);
    if cost.0 > MOST_MEMORY_KIB || cost.1 > MOST_PASSES || cost.2 > MOST_LANES {
        return Err(UnusableHash);
    }
    let salt = parsed.salt.as_ref().ok_or(UnusableHash)?.as_ref().to_vec();
    let tag = parsed.hash.as_ref().ok_or(UnusableHash)?.as_bytes().to_vec();
    Ok(Stored { cost, salt, tag })
}

fn derive(arena: &mut Arena, input: &[u8], salt: &[u8], cost: (u32, u32, u32), length: usize) -> Result<Zeroizing<Vec<u8>>, UnusableHash> {
    let params = Params::new(cost.0, cost.1, cost.2, Some(length)).map_err(|_| UnusableHash)?;
    let blocks = params.block_count();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut tag = Zeroizing::new(vec![0; length]);
    argon.hash_password_into_with_memory(input, salt, &mut tag, arena.blocks(blocks)).map_err(|_| UnusableHash)?;
    Ok(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_verifies_only_its_own_input() {
        let mut arena = Arena::default();
        let phc = hash(&mut arena, b"quatre gats fan un aplec", [7; 16]).expect("hashes");
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(verify(&mut arena, b"quatre gats fan un aplec", &phc), Ok(true));
        assert_eq!(verify(&mut arena, b"quatre gats fan un aplet", &phc), Ok(false));
        assert!(!needs_rehash(&phc));
    }

    #[test]
    fn a_foreign_hash_verifies_and_asks_to_be_made_again() {
        // RFC 9106 reference implementation: `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32`
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert_eq!(verify(&mut Arena::default(), b"password", phc), Ok(true));
        assert!(needs_rehash(phc));
    }

    #[test]
    fn what_costs_too_much_or_is_something_else_is_refused() {
        for phc in [
            "",
            "$2b$10$abcdefghijklmnopqrstuv",
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=65536,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        ] {
            assert_eq!(verify(&mut Arena::default(), b"password", phc), Err(UnusableHash), "{phc}");
        }
    }
}
