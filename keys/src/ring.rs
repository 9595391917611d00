//! The keys at work: what signs now, what is published, what verifies.

use std::{collections::BTreeMap, fmt, sync::Arc};

use aws_lc_rs::signature::ParsedPublicKey;
use idp_domain::{Timestamp, profile::SigningAlg};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{KeyError, VerifyError},
    jwk,
    jws::{Signer, Unverified},
    purpose::Purpose,
    recognised::Recognised,
    rotate::{KeyState, KeyTimes},
    seal::MasterKey,
    stored::StoredKey,
};

/// All keys that sign, wait or retire at one instant, parsed once. Build a new one when keys were rotated or revoked and
/// when [`KeyRing::changes_at`] has come.
pub struct KeyRing {
    active: BTreeMap<(Purpose, SigningAlg), Signer>,
    verifying: BTreeMap<String, VerifyingKey>,
    recognised: Recognised,
    jwks: Arc<str>,
    changes_at: Option<Timestamp>,
}

struct VerifyingKey {
    purpose: Purpose,
    alg: SigningAlg,
    key: ParsedPublicKey,
}

/// A token of ours whose signature, key, algorithm and type are right. Its times are not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    /// The claims.
    pub claims: T,
    /// What its key is for.
    pub purpose: Purpose,
    /// How it was signed.
    pub alg: SigningAlg,
}

impl KeyRing {
    /// Opens the rows for the instant `now`. Rows that are not published then are left sealed.
    pub fn open(rows: &[StoredKey], master: &MasterKey, now: Timestamp) -> Result<Self, KeyError> {
        let mut published: Vec<&StoredKey> = rows.iter().filter(|row| row.times.is_published(now)).collect();
        // by activation: should two keys of a kind ever be active, the younger one signs
        published.sort_by_key(|row| (row.times.purpose, row.times.alg, row.times.activates_at, row.times.kid.as_str()));

        let mut active = BTreeMap::new();
        let mut verifying = BTreeMap::new();
        let mut jwks = Vec::with_capacity(published.len());
        for row in published {
            let KeyTimes { kid, purpose, alg, .. } = &row.times;
            let pair = row.open(master)?;
            let key = pair.verifying_key().ok_or_else(|| KeyError::Unreadable { kid: kid.clone(), alg: *alg })?;
            if verifying.insert(kid.clone(), VerifyingKey { purpose: *purpose, alg: *alg, key }).is_some() {
                return Err(KeyError::DuplicateKid { kid: kid.clone() });
            }
            jwks.push(jwk::to_json(&pair, kid)?);
            if row.times.state(now) == KeyState::Active {
                active.insert((*purpose, *alg), Signer::new(pair, *purpose, kid)?);
            }
        }
        let changes_at = rows.iter().filter_map(|row| row.times.next_change(now)).min();
        Ok(Self { active, verifying, recognised: Recognised::nothing(), jwks: jwk::set(&jwks).into(), changes_at })
    }

    /// Signs claims with the active key of a purpose and an algorithm: a compact JWS whose header is `typ` (the purpose's),
    /// `alg` and `kid`.
    pub fn sign<C: Serialize + ?Sized>(&self, purpose: Purpose, alg: SigningAlg, claims: &C) -> Result<String, KeyError> {
        let token = self.active.get(&(purpose, alg)).ok_or(KeyError::NoActiveKey { purpose, alg })?.sign(claims)?;
        if purpose == Purpose::AccessToken {
            self.recognised.note(&token);
        }
        Ok(token)
    }

    /// Verifies a token of ours. The key is found by `kid` and must serve one of the `expected` purposes; the algorithm
    /// and `typ` are the key's, whatever the header would like. `exp`, `aud` and the rest are the caller's to check.
    pub fn verify<T: DeserializeOwned>(&self, token: &str, expected: &[Purpose]) -> Result<Verified<T>, VerifyError> {
        let (token, key) = self.key_of(token, expected)?;
        token.verify(&key.key)?;
        key.verified(&token)
    }

    /// As [`Self::verify`], for tokens that come again and again: the signature of an access token that this ring signed or
    /// verified a moment ago is not computed anew. Everything else is checked each time.
    pub fn recognise<T: DeserializeOwned>(&self, token: &str, expected: &[Purpose]) -> Result<Verified<T>, VerifyError> {
        let (unverified, key) = self.key_of(token, expected)?;
        if !self.recognised.knows(token) {
            unverified.verify(&key.key)?;
            self.recognised.note(token);
        }
        key.verified(&unverified)
    }

    /// A token taken apart and the one key that may have signed it; nothing is verified yet.
    fn key_of<'t>(&self, token: &'t str, expected: &[Purpose]) -> Result<(Unverified<'t>, &VerifyingKey), VerifyError> {
        let token = Unverified::parse(token)?;
        let claimed = token.claimed()?;
        let key = self.verifying.get(claimed.kid).ok_or(VerifyError::UnknownKey)?;
        if !expected.contains(&key.purpose) {
            return Err(VerifyError::WrongPurpose);
        }
        if claimed.alg != key.alg.as_str() {
            return Err(VerifyError::WrongAlgorithm);
        }
        if claimed.typ != key.purpose.typ() {
            return Err(VerifyError::WrongType);
        }
        Ok((token, key))
    }

    /// The published JWK set in JSON (RFC 7517 §5), prepared.
    pub fn jwks_json(&self) -> Arc<str> {
        Arc::clone(&self.jwks)
    }

    /// When the ring stops being right: the next activation, retirement or removal.
    pub const fn changes_at(&self) -> Option<Timestamp> {
        self.changes_at
    }

    /// What can be signed now.
    pub fn active(&self) -> impl Iterator<Item = (Purpose, SigningAlg)> {
        self.active.keys().copied()
    }
}

impl VerifyingKey {
    /// What a token says, once its signature is known to be this key's.
    fn verified<T: DeserializeOwned>(&self, token: &Unverified<'_>) -> Result<Verified<T>, VerifyError> {
        let claims = serde_json::from_slice(&token.payload()?).map_err(|_| VerifyError::Claims)?;
        Ok(Verified { claims, purpose: self.purpose, alg: self.alg })
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").field("published", &self.verifying.keys()).field("changes_at", &self.changes_at).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
