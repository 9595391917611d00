//! Every route once. Templates are written as axum and OpenAPI both read them.

/// What every path begins with.
pub const BASE: &str = "/manage/v1";
/// GET → [`crate::Me`].
pub const ME: &str = "/manage/v1/me";
/// GET → [`crate::Page`] of [`crate::CollectiveItem`]: the collectives the caller manages.
pub const COLLECTIVES: &str = "/manage/v1/collectives";
/// GET → [`crate::Collective`]; PATCH [`crate::EditCollective`] with `If-Match` → [`crate::Collective`].
pub const COLLECTIVE: &str = "/manage/v1/collectives/{collective}";
/// GET `?kind=&cursor=&limit=` → [`crate::Page`] of [`crate::RequestItem`]: open ones, the oldest first.
pub const REQUESTS: &str = "/manage/v1/collectives/{collective}/requests";
/// GET → [`crate::RequestDetail`].
pub const REQUEST: &str = "/manage/v1/collectives/{collective}/requests/{request}";
/// POST [`crate::Accept`] → [`crate::Accepted`].
pub const REQUEST_ACCEPT: &str = "/manage/v1/collectives/{collective}/requests/{request}/accept";
/// POST [`crate::Refuse`] → 204.
pub const REQUEST_REFUSE: &str = "/manage/v1/collectives/{collective}/requests/{request}/refuse";
/// POST [`crate::Reroute`] → 204.
pub const REQUEST_REROUTE: &str = "/manage/v1/collectives/{collective}/requests/{request}/reroute";
/// GET `?q=&cursor=&limit=` → [`crate::Page`] of [`crate::RerouteTarget`]: listed collectives only, by name.
pub const REROUTE_TARGETS: &str = "/manage/v1/collectives/{collective}/reroute-targets";
/// GET `?q=&state=&cursor=&limit=` → [`crate::Page`] of [`crate::MemberItem`], by name.
pub const MEMBERS: &str = "/manage/v1/collectives/{collective}/members";
/// GET → [`crate::MemberDetail`]. The person can read that somebody looked.
pub const MEMBER: &str = "/manage/v1/collectives/{collective}/members/{member}";
/// POST [`crate::WithReason`] with `If-Match` → [`crate::ActOutcome`].
pub const MEMBER_SUSPEND: &str = "/manage/v1/collectives/{collective}/members/{member}/suspend";
/// POST [`crate::WithReason`] with `If-Match` → [`crate::ActOutcome`].
pub const MEMBER_RESUME: &str = "/manage/v1/collectives/{collective}/members/{member}/resume";
/// POST [`crate::WithReason`] with `If-Match` → [`crate::ActOutcome`].
pub const MEMBER_END: &str = "/manage/v1/collectives/{collective}/members/{member}/end";
/// POST → 204: the invitation once more, or the welcome for a member; at most three times a day.
pub const MEMBER_RESEND_INVITATION: &str = "/manage/v1/collectives/{collective}/members/{member}/resend-invitation";
/// POST [`crate::Grant`], `Idempotency-Key` → 201 [`crate::DoorOutcome`].
pub const GRANTS: &str = "/manage/v1/collectives/{collective}/members/{member}/grants";
/// PATCH [`crate::EditGrant`] with `If-Match` → [`crate::DoorOutcome`].
pub const GRANT: &str = "/manage/v1/collectives/{collective}/members/{member}/grants/{grant}";
/// POST [`crate::WithReason`] with `If-Match` → [`crate::ActOutcome`].
pub const GRANT_WITHDRAW: &str = "/manage/v1/collectives/{collective}/members/{member}/grants/{grant}/withdraw";
/// POST → 201 [`crate::Mandate`], proposed: it counts once its holder says yes. Needs a sign-in of the last five minutes.
pub const MEMBER_PROPOSE_MANAGER: &str = "/manage/v1/collectives/{collective}/members/{member}/propose-manager";
/// POST [`crate::WithdrawMandate`] → [`crate::ActOutcome`]. Needs a sign-in of the last five minutes.
pub const MANDATE_WITHDRAW: &str = "/manage/v1/collectives/{collective}/members/{member}/mandates/{mandate}/withdraw";
/// POST [`crate::Invite`], `Idempotency-Key` → 201 [`crate::Invitation`].
pub const INVITATIONS: &str = "/manage/v1/collectives/{collective}/invitations";
/// GET → [`crate::Page`] of [`crate::OfferItem`]: every service offered to the collective, by name.
pub const SERVICES: &str = "/manage/v1/collectives/{collective}/services";
/// GET `?cursor=&limit=` → [`crate::Page`] of [`crate::AuditItem`], the newest first.
pub const AUDIT: &str = "/manage/v1/collectives/{collective}/audit";

/// Every template, for tests that visit them all.
pub const ALL: [&str; 23] = [
    ME,
    COLLECTIVES,
    COLLECTIVE,
    REQUESTS,
    REQUEST,
    REQUEST_ACCEPT,
    REQUEST_REFUSE,
    REQUEST_REROUTE,
    REROUTE_TARGETS,
    MEMBERS,
    MEMBER,
    MEMBER_SUSPEND,
    MEMBER_RESUME,
    MEMBER_END,
    MEMBER_RESEND_INVITATION,
    GRANTS,
    GRANT,
    GRANT_WITHDRAW,
    MEMBER_PROPOSE_MANAGER,
    MANDATE_WITHDRAW,
    INVITATIONS,
    SERVICES,
    AUDIT,
];

/// The path of a template with its identifiers put in, in order. `None` when one of them cannot be an identifier (so that
/// what a browser sent never steers a request elsewhere) or their number is wrong.
pub fn fill(template: &str, ids: &[&str]) -> Option<String> {
    let mut path = String::with_capacity(template.len() + ids.len() * 24);
    let mut ids = ids.iter();
    for segment in template.split('/').skip(1) {
        path.push('/');
        if segment.starts_with('{') {
            path.push_str(ids.next().filter(|id| is_id(id))?);
        } else {
            path.push_str(segment);
        }
    }
    ids.next().is_none().then_some(path)
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_takes_its_identifiers_in_order() {
        assert_eq!(fill(ME, &[]).as_deref(), Some("/manage/v1/me"));
        assert_eq!(
            fill(GRANT_WITHDRAW, &["col_1", "mem_2", "gra_3"]).as_deref(),
            Some("/manage/v1/collectives/col_1/members/mem_2/grants/gra_3/withdraw")
        );
    }

    #[test]
    fn what_is_no_identifier_never_becomes_part_of_a_path() {
        for bad in ["", "..", "%2e%2e", "a/b", "a?b", "a#b", "à", "col 1", &"a".repeat(65)] {
            assert_eq!(fill(COLLECTIVE, &[bad]), None, "{bad}");
        }
        assert_eq!(fill(COLLECTIVE, &[]), None);
        assert_eq!(fill(COLLECTIVE, &["col_1", "col_2"]), None);
    }

    #[test]
    fn every_template_begins_alike_and_appears_once() {
        let unique: std::collections::BTreeSet<_> = ALL.iter().collect();
        assert_eq!(unique.len(), ALL.len());
        assert!(ALL.iter().all(|template| template.starts_with(BASE)));
    }
}
