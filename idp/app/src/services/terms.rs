//! What a collective may give of an offered service: a role of the offer, a quota up to its ceiling, an end ahead.

use idp_domain::{
    Timestamp,
    quota::Quota,
    service::{Offer, RoleName},
};
use idp_store::grants::GrantTerms;

/// What a manager wants to give.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedTerms {
    /// As what; absent: the offer's default role.
    pub role: Option<RoleName>,
    /// With how much room; absent: the service's own default.
    pub quota: Option<Quota>,
    /// Until when; absent: no end.
    pub ends_at: Option<Timestamp>,
}

/// What of it cannot be given: at least one, and all of them at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TermsRefusal {
    /// The offer does not bring this role.
    pub role_not_offered: bool,
    /// More room than the offer allows.
    pub quota_above_ceiling: bool,
    /// The end lies in the past.
    pub ends_in_the_past: bool,
}

/// The terms as they will stand, or why not: nobody gives more than they hold (DOMAIN rule 3).
pub(crate) fn within(offer: &Offer, wanted: &WantedTerms, now: Timestamp) -> Result<GrantTerms, TermsRefusal> {
    let above = |ceiling| wanted.quota.is_some_and(|quota| quota > ceiling);
    let refusal = TermsRefusal {
        role_not_offered: wanted.role.as_ref().is_some_and(|role| !offer.roles.contains(role)),
        quota_above_ceiling: offer.quota_ceiling.is_some_and(above),
        ends_in_the_past: wanted.ends_at.is_some_and(|end| end <= now),
    };
    if refusal != TermsRefusal::default() {
        return Err(refusal);
    }
    let role = wanted.role.clone().or_else(|| offer.default_role.clone());
    Ok(GrantTerms { role, quota: wanted.quota, ends_at: wanted.ends_at })
}

#[cfg(test)]
mod tests {
    use idp_domain::{
        id::{CollectiveId, OfferId, ServiceId},
        service::Automatic,
    };

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1000);

    fn role(name: &str) -> RoleName {
        RoleName::parse(name).expect("a role")
    }
    fn offer() -> Offer {
        Offer {
            id: OfferId::from_uuid(uuid::Uuid::from_u128(1)),
            service: ServiceId::from_uuid(uuid::Uuid::from_u128(2)),
            collective: CollectiveId::from_uuid(uuid::Uuid::from_u128(3)),
            roles: vec![role("reader"), role("editor")],
            default_role: Some(role("reader")),
            quota_ceiling: Quota::from_bytes(100),
            automatic: Automatic::No,
            created_at: NOW,
            withdrawn_at: None,
            version: 1,
        }
    }

    #[test]
    fn a_collective_gives_only_what_it_was_offered() {
        let wanted = |name: Option<&str>, quota: Option<i64>, end: Option<i64>| WantedTerms {
            role: name.map(role),
            quota: quota.and_then(Quota::from_bytes),
            ends_at: end.map(Timestamp::from_seconds),
        };
        for (wanted, refused) in [
            (wanted(Some("editor"), Some(100), Some(1001)), None),
            (wanted(None, None, None), None),
            (wanted(Some("admin"), None, None), Some((true, false, false))),
            (wanted(None, Some(101), None), Some((false, true, false))),
            (wanted(None, None, Some(1000)), Some((false, false, true))),
            (wanted(Some("admin"), Some(101), Some(1000)), Some((true, true, true))),
        ] {
            let refusal = within(&offer(), &wanted, NOW).err();
            let refusal = refusal.map(|of| (of.role_not_offered, of.quota_above_ceiling, of.ends_in_the_past));
            assert_eq!(refusal, refused, "{wanted:?}");
        }
        assert_eq!(within(&offer(), &WantedTerms::default(), NOW).expect("allowed").role, Some(role("reader")));
        let no_ceiling = Offer { quota_ceiling: None, ..offer() };
        assert!(within(&no_ceiling, &wanted(None, Some(i64::MAX), None), NOW).is_ok());
    }
}
