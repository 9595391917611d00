//! Argon2id (RFC 9106) with one fixed cost: m = 19,456 KiB, t = 2, p = 1 (OWASP, N-49).
//!
//! Two implementations: `argon2_rust` does the work, at little more than half the cost; `argon2` reads what is stored and judges
//! the other's tags, in tests and at every start (docs/adr/0008, 0014).

use argon2::password_hash::phc::PasswordHash;
use argon2_rust::{
    Algorithm, Argon2, Hasher, Params, Version,
    params::{Memory, TagLen},
};
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

/// What one hash under our cost takes.
const OURS: Cost = Cost { memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES };
/// The same shape in a memory so small that comparing two implementations takes no time.
const SMALL: Cost = Cost { memory_kib: 256, ..OURS };

/// Working memory that is kept between hashes under our cost: fetching 19 MiB from the system and handing them back costs a quarter
/// of the work, and wiping them a twelfth. The next hash writes over all of it; whoever keeps an arena gives it back when none comes.
#[derive(Default)]
pub struct Arena(Option<Hasher>);

#[cfg(test)]
impl Arena {
    pub(super) const fn is_reserved(&self) -> bool {
        self.0.is_some()
    }
}

/// The parameters of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// A stored hash that cannot be read or would cost too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an Argon2id PHC string of version 19 with m ≤ 262144, t ≤ 10 and p ≤ 4")]
pub struct UnusableHash;

/// Hashes input under our cost into a PHC string.
pub fn hash(arena: &mut Arena, input: &[u8], salt: [u8; 16]) -> Result<String, UnusableHash> {
    let tag = derive(arena, input, &salt, OURS, TAG)?;
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
    parse(phc).map_or(true, |stored| stored.cost != OURS || stored.tag.len() != TAG)
}

/// Whether a foreign PHC string can be imported.
pub fn is_usable(phc: &str) -> bool {
    parse(phc).is_ok()
}

/// Whether both implementations make the same tag of this input on this machine. Which instructions the faster one uses depends
/// on the processor, so tests elsewhere prove little about here.
pub fn implementations_agree(input: &[u8], salt: [u8; 16]) -> bool {
    let work = derive(&mut Arena::default(), input, &salt, SMALL, TAG);
    let judge = judge(input, &salt, SMALL, TAG);
    matches!((work, judge), (Ok(work), Ok(judge)) if *work == judge)
}

struct Stored {
    cost: Cost,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

fn parse(phc: &str) -> Result<Stored, UnusableHash> {
    let parsed = PasswordHash::new(phc).map_err(|_| UnusableHash)?;
    if parsed.algorithm.as_str() != "argon2id" || parsed.version != Some(19) {
        return Err(UnusableHash);
    }
    let number = |name| parsed.params.get_decimal(name).ok_or(UnusableHash);
    let cost = Cost { memory_kib: number("m")?, passes: number("t")?, lanes: number("p")? };
    if cost.memory_kib > MOST_MEMORY_KIB || cost.passes > MOST_PASSES || cost.lanes > MOST_LANES {
        return Err(UnusableHash);
    }
    let salt = parsed.salt.as_ref().ok_or(UnusableHash)?.as_ref().to_vec();
    let tag = parsed.hash.as_ref().ok_or(UnusableHash)?.as_bytes().to_vec();
    Ok(Stored { cost, salt, tag })
}

/// The one function that hashes. A foreign cost gets memory of its own: an imported hash of 256 MiB must not stay with us.
fn derive(arena: &mut Arena, input: &[u8], salt: &[u8], cost: Cost, length: usize) -> Result<Zeroizing<Vec<u8>>, UnusableHash> {
    let length_in_bytes = u64::try_from(length).map_err(|_| UnusableHash)?;
    let params = Params::builder()
        .memory(Memory::kib(cost.memory_kib.into()))
        .passes(cost.passes)
        .lanes(cost.lanes)
        .tag_len(TagLen::bytes(length_in_bytes))
        .build()
        .map_err(|_| UnusableHash)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut tag = Zeroizing::new(vec![0; length]);
    let done = if cost == OURS && length == TAG {
        arena.0.get_or_insert_with(|| argon.hasher()).hash_into(input, salt, &mut tag)
    } else {
        argon.hash_into(input, salt, &mut tag)
    };
    done.map_err(|_| UnusableHash)?;
    Ok(tag)
}

/// The other implementation's tag.
fn judge(input: &[u8], salt: &[u8], cost: Cost, length: usize) -> Result<Vec<u8>, UnusableHash> {
    let params = argon2::Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(length)).map_err(|_| UnusableHash)?;
    let mut tag = vec![0; length];
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(input, salt, &mut tag)
        .map_err(|_| UnusableHash)?;
    Ok(tag)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn both_implementations_make_the_same_tag(
            input in vec(any::<u8>(), 0..300),
            salt in vec(any::<u8>(), 8..64),
            memory_kib in 32_u32..1500,
            passes in 1_u32..4,
            lanes in 1_u32..=MOST_LANES,
            length in 4_usize..100,
        ) {
            let cost = Cost { memory_kib, passes, lanes };
            let tag = derive(&mut Arena::default(), &input, &salt, cost, length).expect("hashes");
            prop_assert_eq!(&*tag, &judge(&input, &salt, cost, length).expect("hashes"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn memory_that_is_used_again_changes_no_tag(inputs in vec(vec(any::<u8>(), 0..80), 2..4), salt: [u8; 16]) {
            let mut arena = Arena::default();
            for input in inputs {
                let tag = derive(&mut arena, &input, &salt, OURS, TAG).expect("hashes");
                prop_assert_eq!(&*tag, &judge(&input, &salt, OURS, TAG).expect("hashes"));
            }
        }
    }

    #[test]
    fn the_implementations_agree_on_this_machine() {
        assert!(implementations_agree(b"quatre gats fan un aplec", [7; 16]));
    }

    #[test]
    fn a_foreign_hash_leaves_no_memory_behind() {
        let mut arena = Arena::default();
        derive(&mut arena, b"password", b"somesalt", Cost { memory_kib: 65_536, passes: 1, lanes: 1 }, TAG).expect("hashes");
        assert!(arena.0.is_none());
        derive(&mut arena, b"password", b"somesalt", OURS, TAG).expect("hashes");
        assert_eq!(arena.0.map(|hasher| hasher.reserved_blocks()), Some(19_456));
    }

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
