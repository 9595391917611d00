//! Refresh tokens (RFC 6749 §6, RFC 9700 §4.14.2).

use crate::{
    id::{AuthorizationId, ClientId, RefreshTokenId},
    scope::ScopeSet,
    time::{Timestamp, Ttl},
};

/// Unused this long, a refresh token dies.
pub const IDLE: Ttl = Ttl::days(14);
/// However much used, a refresh token dies after this.
pub const ABSOLUTE: Ttl = Ttl::days(90);
/// How long a rotated token's immediate predecessor is answered once more when a response got lost.
pub const GRACE: Ttl = Ttl::seconds(10);

/// A stored refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The row.
    pub id: RefreshTokenId,
    /// What it stands for; the tokens of one authorization are one family.
    pub authorization: AuthorizationId,
    /// Who it was issued to.
    pub client: ClientId,
    /// 0 for the first of the family, one more after each rotation.
    pub generation: i64,
    /// What it was issued for: no refresh yields more (RFC 6749 §6: "MUST NOT include any scope not originally granted"),
    /// whatever the same client is authorised for later.
    pub scope: ScopeSet,
    /// The one audience of the access tokens.
    pub audience: Option<String>,
    /// The `claims` parameter of the request that started the family.
    pub claims: Option<String>,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// Key it is bound to (RFC 9449 §5); unused before DPoP is offered.
    pub cnf_jkt: Option<String>,
    /// The cluster's epoch at issue: a restore kills what came before.
    pub epoch: i64,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
    /// Ninety days after the first of the family.
    pub expires_at: Timestamp,
    /// When a successor was issued.
    pub superseded_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Why a refresh token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshRefusal {
    /// Never issued, or long forgotten.
    Unknown,
    /// Issued to another client: the family is revoked.
    WrongClient,
    /// Revoked, expired, idle too long, or of an earlier epoch.
    Dead,
    /// Its successor was already used: the family is revoked.
    Replayed,
}

impl RefreshToken {
    /// Whether a presented token may be used. A superseded one passes only within [`GRACE`]; whether its successor is
    /// still unused is decided by the store's conditional update.
    pub fn check(&self, now: Timestamp, client: ClientId, epoch: i64) -> Result<(), RefreshRefusal> {
        if self.client != client {
            return Err(RefreshRefusal::WrongClient);
        }
        if self.revoked_at.is_some() || self.epoch != epoch || now >= self.expires_at || now >= self.last_used_at + IDLE {
            return Err(RefreshRefusal::Dead);
        }
        match self.superseded_at {
            Some(at) if now.since(at) > GRACE => Err(RefreshRefusal::Replayed),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_end_of_a_refresh_token() {
        let t = Timestamp::from_seconds(0);
        let own = ClientId::from_uuid(Uuid::from_u128(2));
        let token = RefreshToken {
            id: RefreshTokenId::from_uuid(Uuid::from_u128(1)),
            authorization: AuthorizationId::from_uuid(Uuid::from_u128(3)),
            client: own,
            generation: 0,
            scope: ScopeSet::parse("openid"),
            audience: None,
            claims: None,
            auth_time: t,
            cnf_jkt: None,
            epoch: 1,
            created_at: t,
            last_used_at: t,
            expires_at: t + ABSOLUTE,
            superseded_at: None,
            revoked_at: None,
        };
        assert_eq!(token.check(t, own, 1), Ok(()));
        assert_eq!(token.check(t, ClientId::from_uuid(Uuid::from_u128(9)), 1), Err(RefreshRefusal::WrongClient));
        assert_eq!(token.check(t, own, 2), Err(RefreshRefusal::Dead));
        assert_eq!(token.check(t + IDLE, own, 1), Err(RefreshRefusal::Dead));
        let used = RefreshToken { last_used_at: t + Ttl::days(89), ..token.clone() };
        assert_eq!(used.check(t + ABSOLUTE, own, 1), Err(RefreshRefusal::Dead));
        let rotated = RefreshToken { superseded_at: Some(t), ..token.clone() };
        assert_eq!(rotated.check(t + GRACE, own, 1), Ok(()));
        assert_eq!(rotated.check(t + GRACE + Ttl::millis(1), own, 1), Err(RefreshRefusal::Replayed));
        assert_eq!(RefreshToken { revoked_at: Some(t), ..token }.check(t, own, 1), Err(RefreshRefusal::Dead));
    }
}
