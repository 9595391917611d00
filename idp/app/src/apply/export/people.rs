//! People with their memberships, mandates, grants and requests.

use idp_domain::{
    credential::PasswordScheme,
    id::{CollectiveId, ServiceId},
    membership::{Mandate, MandateKind, MembershipState},
    person::{Person, PersonState},
    quota::Quota,
    request::{Request, RequestKind},
    service::{Grant, GrantVia, Offer, RoleName},
    slug::Slug,
};
use idp_store::snapshot::{MembershipSnapshot, PersonSnapshot};

use super::{Out, PeopleContext, toml::Pairs};
use crate::apply::instant;

/// Accounts that exist for others: an unproven address or an erased account is nobody yet, or nobody any more.
pub(super) fn is_written(person: &Person) -> bool {
    !matches!(person.state, PersonState::Pending | PersonState::Erased)
}

pub(super) fn person(out: &mut Out, context: &PeopleContext<'_>, snapshot: &PersonSnapshot) -> String {
    let person = &snapshot.person.value;
    let mut pairs = Pairs::default();
    pairs
        .text("username", &person.username)
        .text("name", &person.display_name)
        .optional("given_name", person.given_name.as_deref())
        .optional("family_name", person.family_name.as_deref())
        .list("emails", addresses(snapshot))
        .text("locale", person.locale)
        .optional("zoneinfo", person.zoneinfo.as_deref())
        .text("state", person.state.as_str());
    if let Some(password) = &snapshot.password {
        pairs.text("password_hash", &password.phc);
        if password.scheme == PasswordScheme::Argon2idPeppered {
            pairs.text("password_pepper", &context.pepper);
        }
    }
    let mut memberships =
        sorted(snapshot.memberships.iter().filter_map(|row| Some((context.collective(row.membership.value.collective)?, row))));
    let memberships: Vec<Pairs> = memberships.drain(..).map(|(slug, row)| membership(out, context, person, slug, row)).collect();
    let grants = snapshot.grants.iter().map(|row| &row.value).filter(|grant| grant.withdrawn_at.is_none());
    let mut grants =
        sorted(grants.filter_map(|grant| Some(((context.service(grant.service)?, context.collective(through(grant))?), grant))));
    let grants: Vec<Pairs> = grants.drain(..).filter_map(|(names, grant)| self::grant(out, context, snapshot, names, grant)).collect();
    let requests = context.requests.get(&person.id).map(Vec::as_slice).unwrap_or_default();
    let mut requests = sorted(requests.iter().filter_map(|asked| request(context, snapshot, asked)));
    let requests: Vec<Pairs> = requests.drain(..).map(|(_, pairs)| pairs).collect();
    pairs.tables("memberships", &memberships).tables("grants", &grants).tables("requests", &requests);
    pairs.element("person")
}

impl<'a> PeopleContext<'a> {
    fn collective(&self, id: CollectiveId) -> Option<&'a Slug> {
        self.names.collectives.get(&id)
    }
    fn service(&self, id: ServiceId) -> Option<&'a Slug> {
        self.names.services.get(&id)
    }
    fn standing_offer(&self, service: ServiceId, collective: CollectiveId) -> Option<&'a Offer> {
        self.offers.get(&(service, collective)).copied()
    }
    fn owns(&self, collective: CollectiveId, service: ServiceId) -> bool {
        self.structure.owners.contains(&(service, collective))
    }
}

/// In order of names, which unlike identifiers are the same everywhere.
fn sorted<K: Ord, V>(rows: impl Iterator<Item = (K, V)>) -> Vec<(K, V)> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    rows
}

const fn through(grant: &Grant) -> CollectiveId {
    match grant.via {
        GrantVia::Membership { collective, .. } => collective,
        GrantVia::Guest { owner, .. } => owner,
    }
}

/// Proven addresses, the one that signs in first.
fn addresses(snapshot: &PersonSnapshot) -> Vec<String> {
    let mut proven: Vec<_> = snapshot.emails.iter().filter(|email| email.verified_at.is_some()).collect();
    proven.sort_by_key(|email| (!email.signs_in, email.address.as_str().to_owned()));
    proven.into_iter().map(|email| email.address.to_string()).collect()
}

fn membership(out: &mut Out, context: &PeopleContext<'_>, person: &Person, slug: &Slug, row: &MembershipSnapshot) -> Pairs {
    let membership = &row.membership.value;
    let mut pairs = Pairs::default();
    pairs.text("collective", slug).text("state", membership.state.as_str());
    if membership.home_at.is_some() {
        pairs.raw("home", "true");
    }
    if let Some(end) = membership.ends_at {
        pairs.raw("ends", instant::write(end));
    }
    pairs.optional("sponsor", membership.sponsor.and_then(|sponsor| context.usernames.get(&sponsor)));
    let mut groups: Vec<_> = row.working_groups.iter().filter_map(|group| context.names.groups.get(group)).collect();
    groups.sort();
    pairs.list("working_groups", groups);
    let stands = matches!(membership.state, MembershipState::Active | MembershipState::Suspended | MembershipState::Lapsed);
    let standing = row.mandates.iter().map(|mandate| &mandate.value).filter(|mandate| mandate.ended_at.is_none() && stands);
    let mut mandates = sorted(standing.filter_map(|mandate| self::mandate(out, context, person, mandate)));
    mandates.dedup_by(|(a, _), (b, _)| a == b);
    pairs.inline_tables("mandates", &mandates.into_iter().map(|(_, pairs)| pairs).collect::<Vec<_>>());
    pairs
}

fn mandate(out: &mut Out, context: &PeopleContext<'_>, person: &Person, mandate: &Mandate) -> Option<((&'static str, String), Pairs)> {
    let kind = mandate.kind.as_str();
    let mut pairs = Pairs::default();
    pairs.text("kind", kind);
    let over = match mandate.kind {
        MandateKind::Coordinator(group) => {
            let group = context.names.groups.get(&group)?.to_string();
            pairs.text("working_group", &group);
            group
        }
        MandateKind::ServiceManager(service) => {
            let slug = context.service(service)?.to_string();
            if !context.owns(mandate.collective, service) {
                out.warn(format!(
                    "the mandate of {} over service {slug} is left out: the collective does not own it any more",
                    person.username
                ));
                return None;
            }
            pairs.text("service", &slug);
            slug
        }
        MandateKind::Manager | MandateKind::CommunitySteward | MandateKind::OperationsSteward => String::new(),
    };
    if let Some(end) = mandate.ends_at {
        pairs.raw("ends", instant::write(end));
    }
    if mandate.accepted_at.is_none() {
        pairs.raw("accepted", "false");
    }
    Some(((kind, over), pairs))
}

fn grant(
    out: &mut Out,
    context: &PeopleContext<'_>,
    snapshot: &PersonSnapshot,
    (service, collective): (&Slug, &Slug),
    grant: &Grant,
) -> Option<Pairs> {
    let username = &snapshot.person.value.username;
    let what = format!("the access of {username} to {service} through {collective}");
    let declared = context.structure.services.iter().find(|row| row.value.id == grant.service).map(|row| row.value.roles.as_slice());
    let mut pairs = Pairs::default();
    pairs.text("service", service);
    let (roles, ceiling, default_role): (&[RoleName], Option<Quota>, Option<&RoleName>) = match grant.via {
        GrantVia::Membership { .. } => {
            let Some(offer) = context.standing_offer(grant.service, through(grant)) else {
                out.warn(format!("{what} is left out: the offer was withdrawn"));
                return None;
            };
            pairs.text("via", collective);
            (&offer.roles, offer.quota_ceiling, offer.default_role.as_ref())
        }
        GrantVia::Guest { sponsor, owner } => {
            let sponsor = context.usernames.get(&sponsor).filter(|_| context.owns(owner, grant.service));
            let (Some(sponsor), Some(_)) = (sponsor, grant.ends_at) else {
                out.warn(format!("{what} is left out: nobody answers for the guest any more"));
                return None;
            };
            pairs.text("guest_of", collective).text("sponsor", sponsor);
            (declared.unwrap_or_default(), None, None)
        }
    };
    let role = grant.role.as_ref();
    let kept = role.filter(|role| roles.contains(role) && declared.is_some_and(|declared| declared.contains(role)));
    if role != kept {
        out.warn(format!("{what} is written without its role, which is not offered any more"));
    }
    let quota = grant.quota.map(|quota| ceiling.map_or(quota, |ceiling| quota.min(ceiling)));
    if quota != grant.quota {
        out.warn(format!("{what} is written with the offer's ceiling instead of its larger quota"));
    }
    match (kept, default_role) {
        (Some(role), _) => pairs.text("role", role),
        // without it the offer's default role would be given
        (None, Some(_)) => pairs.text("role", ""),
        (None, None) => &mut pairs,
    };
    pairs.optional("quota", quota);
    if let Some(end) = grant.ends_at {
        pairs.raw("ends", instant::write(end));
    }
    Some(pairs)
}

fn request<'a>(context: &PeopleContext<'a>, snapshot: &PersonSnapshot, asked: &Request) -> Option<((&'a Slug, Option<&'a Slug>), Pairs)> {
    let collective = context.collective(asked.collective)?;
    let mut pairs = Pairs::default();
    let membership = snapshot.memberships.iter().find(|row| row.membership.value.collective == asked.collective);
    let state = membership.map(|row| row.membership.value.state);
    let service = match asked.kind {
        RequestKind::Join if state.is_none_or(|state| state == MembershipState::Requested) => None,
        RequestKind::Access(service) if state != Some(MembershipState::Requested) => {
            context.standing_offer(service, asked.collective)?;
            Some(context.service(service)?)
        }
        // moot: what is asked for is there, or cannot be given
        _ => return None,
    };
    pairs.text("kind", asked.kind.as_str()).text("collective", collective).optional("service", service);
    if !asked.text.as_str().is_empty() {
        pairs.text("text", &asked.text);
    }
    Some(((collective, service), pairs))
}
