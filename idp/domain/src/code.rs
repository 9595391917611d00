//! Authorization codes (RFC 6749 §4.1.2): one use, sixty seconds, one client, one redirect URI, one verifier.

use crate::{
    id::{AuthorizationId, ClientId, CodeId},
    pkce::{Challenge, Verifier},
    scope::ScopeSet,
    time::{Timestamp, Ttl},
};

/// How long a code lives (N-17).
pub const LIFETIME: Ttl = Ttl::seconds(60);

/// A stored code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The row.
    pub id: CodeId,
    /// Who it was issued to.
    pub client: ClientId,
    /// What it stands for.
    pub authorization: AuthorizationId,
    /// What was authorised with it, whatever the same client is authorised for later.
    pub scope: ScopeSet,
    /// As presented at the authorization endpoint.
    pub redirect_uri: String,
    /// PKCE.
    pub challenge: Option<Challenge>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// The one audience of the access token.
    pub resource: Option<String>,
    /// The validated `claims` parameter as JSON.
    pub claims: Option<String>,
    /// When the person proved who they are, for `auth_time`.
    pub auth_time: Timestamp,
    /// Sixty seconds after issue.
    pub expires_at: Timestamp,
    /// When it was used.
    pub redeemed_at: Option<Timestamp>,
}

/// Why a code is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefusal {
    /// Never issued, or long forgotten.
    Unknown,
    /// Issued to another client.
    WrongClient,
    /// Issued for another redirect URI.
    WrongRedirect,
    /// No verifier although there was a challenge.
    PkceMissing,
    /// A verifier although there was no challenge (RFC 9700 §4.8.2).
    PkceUnexpected,
    /// The verifier does not answer the challenge.
    PkceMismatch,
    /// Too late.
    Expired,
    /// Used before: what it produced is revoked.
    Replayed,
}

impl Code {
    /// Whether a presented code may be redeemed. The order matters: client, redirect URI and verifier come first, so
    /// that a stranger with a stolen code never reaches the punishment of a replay; expiry is not looked at for a
    /// code already redeemed, so that a late replay is still punished.
    pub fn check(
        &self,
        now: Timestamp,
        client: ClientId,
        redirect_uri: Option<&str>,
        verifier: Option<&Verifier>,
    ) -> Result<(), CodeRefusal> {
        if self.client != client {
            return Err(CodeRefusal::WrongClient);
        }
        if redirect_uri != Some(self.redirect_uri.as_str()) {
            return Err(CodeRefusal::WrongRedirect);
        }
        match (&self.challenge, verifier) {
            (Some(_), None) => return Err(CodeRefusal::PkceMissing),
            (None, Some(_)) => return Err(CodeRefusal::PkceUnexpected),
            (Some(challenge), Some(verifier)) if !challenge.answered_by(verifier) => return Err(CodeRefusal::PkceMismatch),
            _ => {}
        }
        if self.redeemed_at.is_some() {
            return Err(CodeRefusal::Replayed);
        }
        if now >= self.expires_at {
            return Err(CodeRefusal::Expired);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};
    use uuid::Uuid;

    use super::*;

    fn verifier(letter: char) -> Verifier {
        Verifier::parse(&letter.to_string().repeat(43)).expect("valid")
    }
    fn code() -> Code {
        Code {
            id: CodeId::from_uuid(Uuid::from_u128(1)),
            client: ClientId::from_uuid(Uuid::from_u128(2)),
            authorization: AuthorizationId::from_uuid(Uuid::from_u128(3)),
            scope: ScopeSet::parse("openid"),
            redirect_uri: "https://a.cat/cb".into(),
            challenge: Some(Challenge::from_bytes(Sha256::digest("a".repeat(43)).into())),
            nonce: None,
            resource: None,
            claims: None,
            auth_time: Timestamp::from_seconds(0),
            expires_at: Timestamp::from_seconds(60),
            redeemed_at: None,
        }
    }

    #[test]
    fn every_refusal_has_its_cause_and_its_place_in_the_order() {
        let now = Timestamp::from_seconds(10);
        let (own, uri, right) = (code().client, Some("https://a.cat/cb"), verifier('a'));
        let other = ClientId::from_uuid(Uuid::from_u128(9));
        let redeemed = Code { redeemed_at: Some(now), ..code() };
        let plain = Code { challenge: None, ..code() };
        assert_eq!(code().check(now, own, uri, Some(&right)), Ok(()));
        assert_eq!(redeemed.check(now, other, uri, Some(&right)), Err(CodeRefusal::WrongClient));
        assert_eq!(redeemed.check(now, own, None, Some(&right)), Err(CodeRefusal::WrongRedirect));
        assert_eq!(redeemed.check(now, own, Some("https://a.cat/cb/"), Some(&right)), Err(CodeRefusal::WrongRedirect));
        assert_eq!(redeemed.check(now, own, uri, None), Err(CodeRefusal::PkceMissing));
        assert_eq!(redeemed.check(now, own, uri, Some(&verifier('b'))), Err(CodeRefusal::PkceMismatch));
        assert_eq!(plain.check(now, own, uri, Some(&right)), Err(CodeRefusal::PkceUnexpected));
        assert_eq!(code().check(Timestamp::from_seconds(60), own, uri, Some(&right)), Err(CodeRefusal::Expired));
        assert_eq!(redeemed.check(Timestamp::from_seconds(9999), own, uri, Some(&right)), Err(CodeRefusal::Replayed));
    }
}
