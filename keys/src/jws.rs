//! Compact JSON Web Signatures (RFC 7515 §7.1) with a key parsed once and a header encoded once.

use aws_lc_rs::signature::ParsedPublicKey;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::limits;
use serde::{Deserialize, Serialize};

use crate::{
    error::{KeyError, VerifyError},
    pair::Pair,
    purpose::Purpose,
};

/// Bytes of claims that fit without growing a buffer: an ID token with groups.
const CLAIMS_ROOM: usize = 1024;

/// A private key with its place in the world.
pub(crate) struct Signer {
    pub(crate) pair: Pair,
    /// `base64url(header) ‖ '.'`
    header: String,
}

/// The only header we write, and the only one we read of our own tokens: `jwk`, `jku`, `x5u`, `crit` and everything else
/// unknown is refused (RFC 8725 §3.10, RFC 7515 §4.1.11).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    typ: &'a str,
    alg: &'a str,
    kid: &'a str,
}

impl Signer {
    pub(crate) fn new(pair: Pair, purpose: Purpose, kid: &str) -> Result<Self, KeyError> {
        let json = serde_json::to_vec(&Header { typ: purpose.typ(), alg: pair.alg().as_str(), kid })?;
        let mut header = URL_SAFE_NO_PAD.encode(json);
        header.push('.');
        Ok(Self { pair, header })
    }

    /// A compact JWS over the claims: one buffer for their JSON, one for the token.
    pub(crate) fn sign<C: Serialize + ?Sized>(&self, claims: &C) -> Result<String, KeyError> {
        let mut json = Vec::with_capacity(CLAIMS_ROOM);
        serde_json::to_writer(&mut json, claims)?;
        let room = self.header.len() + (json.len() * 4).div_ceil(3) + self.pair.signature_room();
        let mut token = String::with_capacity(room);
        token.push_str(&self.header);
        URL_SAFE_NO_PAD.encode_string(&json, &mut token);
        self.pair.append_signature(&mut token).ok_or(KeyError::Sign)?;
        Ok(token)
    }
}

/// A token taken apart, nothing verified.
pub(crate) struct Unverified<'a> {
    /// What is signed: header, dot, payload.
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
    header: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Takes a compact JWS apart: exactly three parts, so no JWE passes (five).
    pub(crate) fn parse(token: &'a str) -> Result<Self, VerifyError> {
        if token.len() > limits::JWT {
            return Err(VerifyError::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(VerifyError::Malformed)?;
        if payload.contains('.') {
            return Err(VerifyError::Malformed);
        }
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| VerifyError::Malformed)?;
        Ok(Self { signed, payload, signature, header })
    }

    /// The `typ`, `alg` and `kid` the token claims.
    pub(crate) fn claimed(&self) -> Result<Claimed<'_>, VerifyError> {
        // escapes are never needed in our own headers, so borrowed text suffices
        let Header { typ, alg, kid } = serde_json::from_slice(&self.header).map_err(|_| VerifyError::Malformed)?;
        Ok(Claimed { typ, alg, kid })
    }

    /// Whether a key of ours made the signature.
    pub(crate) fn verify(&self, key: &ParsedPublicKey) -> Result<(), VerifyError> {
        let signature = URL_SAFE_NO_PAD.decode(self.signature).map_err(|_| VerifyError::Malformed)?;
        key.verify_sig(self.signed.as_bytes(), &signature).map_err(|_| VerifyError::BadSignature)
    }

    /// The claims' bytes: to be believed once the signature is known to be right.
    pub(crate) fn payload(&self) -> Result<Vec<u8>, VerifyError> {
        URL_SAFE_NO_PAD.decode(self.payload).map_err(|_| VerifyError::Malformed)
    }
}

/// What a header says, nothing verified.
pub(crate) struct Claimed<'a> {
    pub(crate) typ: &'a str,
    pub(crate) alg: &'a str,
    pub(crate) kid: &'a str,
}
