//! People with their memberships, mandates, grants and requests.

use idp_domain::{
    credential::{PasswordScheme, WeakPassword, check_new_password},
    email::EmailAddress,
    membership::MembershipState,
    name::{DisplayName, FreeText},
    person::PersonState,
    secret::Typed,
    service::{InvalidRoleName, RoleName},
    slug::WorkingGroupSlug,
    username::Username,
};

use super::{
    reader::{Reader, quoted},
    structure::{locale, quota, slug},
};
use crate::{
    apply::{
        file::{Asked, DoorSpec, GrantSpec, MandateOver, MandateSpec, MembershipSpec, PasswordSpec, PersonSpec, RequestSpec, RoleChoice},
        place::Located,
        raw::{RawGrant, RawMandate, RawMembership, RawPerson, RawRequest, Text},
    },
    login::argon,
};

const MANDATES: [&str; 5] = ["manager", "coordinator", "service_manager", "community_steward", "operations_steward"];
/// What can wait in a file; the other kinds are conversations.
const REQUESTS: [&str; 2] = ["join", "access"];
/// States that a file may give an account; the rest are steps that people take.
const PERSON_STATES: [PersonState; 4] =
    [PersonState::Active, PersonState::AwaitingValidation, PersonState::Suspended, PersonState::Closing];

pub(super) fn person(reader: &mut Reader<'_>, raw: &RawPerson) -> Option<PersonSpec> {
    let username = reader.value("username", &raw.username, Username::parse)?;
    let emails = raw.emails.as_ref().map(|raw| reader.list("emails", raw, EmailAddress::parse)).unwrap_or_default();
    let password = password(reader, raw, &username.value, &emails);
    let names = PERSON_STATES.map(PersonState::as_str);
    let mut memberships: Vec<_> = raw.memberships.iter().filter_map(|raw| membership(reader, raw)).collect();
    let requests: Vec<_> = raw.requests.iter().filter_map(|raw| request(reader, raw)).collect();
    for request in &requests {
        imply_membership(&mut memberships, request);
    }
    let spec = PersonSpec {
        name: reader.optional("name", raw.name.as_ref(), DisplayName::parse).map(|name| name.value),
        given_name: part_of_name(reader, "given_name", raw.given_name.as_ref()),
        family_name: part_of_name(reader, "family_name", raw.family_name.as_ref()),
        locale: locale(reader, raw.locale.as_ref()),
        zoneinfo: reader.optional("zoneinfo", raw.zoneinfo.as_ref(), zone).map(|zone| zone.value),
        state: reader.word("state", raw.state.as_ref(), &names, |word| PERSON_STATES.into_iter().find(|state| state.as_str() == word)),
        grants: raw.grants.iter().filter_map(|raw| grant(reader, raw)).collect(),
        username,
        emails,
        password,
        memberships,
        requests,
    };
    Some(spec)
}

fn part_of_name(reader: &mut Reader<'_>, field: &str, raw: Option<&Text>) -> Option<String> {
    reader.optional(field, raw, DisplayName::parse).map(|name| name.value.as_str().to_owned())
}

fn zone(text: &str) -> Result<String, &'static str> {
    let clean = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+'));
    if clean { Ok(text.to_owned()) } else { Err("expected a time zone such as Europe/Madrid") }
}

fn password(reader: &mut Reader<'_>, raw: &RawPerson, username: &Username, emails: &[Located<EmailAddress>]) -> Option<PasswordSpec> {
    let given = [&raw.password, &raw.password_file, &raw.password_hash];
    let mut found = given.into_iter().flatten();
    let (Some(first), None) = (found.next(), found.next()) else {
        if given.into_iter().flatten().count() > 1 {
            let line = reader.line(&raw.username);
            reader.wrong(line, "expected one of `password`, `password_file` and `password_hash`, not several");
        }
        return None;
    };
    let line = reader.line(first);
    if let Some(pepper) = raw.password_pepper.as_ref().filter(|_| raw.password_hash.is_none()) {
        let line = reader.line(pepper);
        reader.wrong(line, "`password_pepper` says how a `password_hash` was made; there is none");
    }
    if let Some(hash) = &raw.password_hash {
        let pepper = raw.password_pepper.as_ref().map(|pepper| Located { value: pepper.get_ref().clone(), line: reader.line(pepper) });
        let scheme = if pepper.is_some() { PasswordScheme::Argon2idPeppered } else { PasswordScheme::Argon2id };
        if !argon::is_usable(hash.get_ref()) {
            // the hash itself stays out of the message: it may be somebody's real one
            reader.wrong(line, format!("`password_hash`: {}; let people with other hashes choose a new password", argon::UnusableHash));
            return None;
        }
        return Some(PasswordSpec::Hash { scheme, phc: hash.get_ref().clone(), pepper });
    }
    let typed = match &raw.password_file {
        Some(file) => reader.secret_file("password_file", file)?,
        None => Typed::new(first.get_ref().clone()),
    };
    let typed = Typed::password(typed.expose().to_owned());
    let own: Vec<&str> = std::iter::once(username.as_str()).chain(emails.iter().map(|email| email.value.as_str())).collect();
    match check_new_password(typed.expose(), &own) {
        Ok(()) => Some(PasswordSpec::Clear(typed)),
        Err(weak @ (WeakPassword::TooShort | WeakPassword::TooLong | WeakPassword::Guessable)) => {
            reader.wrong(line, format!("the password of `{username}`: {weak}"));
            None
        }
    }
}

fn membership(reader: &mut Reader<'_>, raw: &RawMembership) -> Option<MembershipSpec> {
    let collective = slug(reader, "collective", &raw.collective)?;
    let states = MembershipState::ALL.map(MembershipState::as_str);
    Some(MembershipSpec {
        state: reader.word("state", raw.state.as_ref(), &states, MembershipState::from_name),
        implied: false,
        home: raw.home.unwrap_or(false),
        ends: reader.instant("ends", raw.ends.as_ref()),
        sponsor: reader.optional("sponsor", raw.sponsor.as_ref(), Username::parse),
        working_groups: reader.list("working_groups", &raw.working_groups, WorkingGroupSlug::parse),
        mandates: raw.mandates.iter().filter_map(|raw| mandate(reader, raw)).collect(),
        collective,
    })
}

/// Who waits to join has a membership that waits.
fn imply_membership(memberships: &mut Vec<MembershipSpec>, request: &RequestSpec) {
    if !matches!(request.asked, Asked::Join) || memberships.iter().any(|known| known.collective.value == request.collective.value) {
        return;
    }
    memberships.push(MembershipSpec {
        collective: request.collective.clone(),
        state: None,
        implied: true,
        home: false,
        ends: None,
        sponsor: None,
        working_groups: Vec::new(),
        mandates: Vec::new(),
    });
}

fn mandate(reader: &mut Reader<'_>, raw: &RawMandate) -> Option<MandateSpec> {
    let line = reader.line(&raw.kind);
    let kind = reader.word("kind", Some(&raw.kind), &MANDATES, |word| MANDATES.into_iter().find(|known| *known == word))?;
    let over = match (kind, &raw.working_group, &raw.service) {
        ("manager", None, None) => MandateOver::Collective,
        ("community_steward", None, None) => MandateOver::Community,
        ("operations_steward", None, None) => MandateOver::Operations,
        ("coordinator", Some(group), None) => MandateOver::WorkingGroup(reader.value("working_group", group, WorkingGroupSlug::parse)?),
        ("service_manager", None, Some(service)) => MandateOver::Service(slug(reader, "service", service)?),
        _ => {
            reader
                .wrong(line, "a `coordinator` names a `working_group`, a `service_manager` a `service`, and no other mandate names either");
            return None;
        }
    };
    let ends = reader.instant("ends", raw.ends.as_ref());
    Some(MandateSpec { over: Located { value: over, line }, ends, accepted: raw.accepted.unwrap_or(true) })
}

fn grant(reader: &mut Reader<'_>, raw: &RawGrant) -> Option<GrantSpec> {
    let service = slug(reader, "service", &raw.service)?;
    let ends = reader.instant("ends", raw.ends.as_ref());
    let door = match (&raw.via, &raw.guest_of, &raw.sponsor) {
        (Some(via), None, None) => DoorSpec::Via(slug(reader, "via", via)?),
        (None, Some(owner), Some(sponsor)) => {
            if raw.ends.is_none() {
                reader.wrong(service.line, "a guest's access always ends: `ends` is missing");
            }
            let (owner, sponsor) = (slug(reader, "guest_of", owner), reader.value("sponsor", sponsor, Username::parse));
            DoorSpec::Guest { owner: owner?, sponsor: sponsor? }
        }
        _ => {
            let expected =
                "access comes either `via` a collective of the person, or as a guest: `guest_of` an owner of the service, with a `sponsor`";
            reader.wrong(service.line, expected);
            return None;
        }
    };
    Some(GrantSpec {
        service,
        door,
        role: reader.optional("role", raw.role.as_ref(), role).map_or(RoleChoice::Untold, |role| role.value),
        quota: quota(reader, "quota", raw.quota.as_ref()),
        ends,
    })
}

fn role(text: &str) -> Result<RoleChoice, InvalidRoleName> {
    if text.is_empty() { Ok(RoleChoice::Nothing) } else { RoleName::parse(text).map(RoleChoice::Named) }
}

fn request(reader: &mut Reader<'_>, raw: &RawRequest) -> Option<RequestSpec> {
    let kind = reader.word("kind", Some(&raw.kind), &REQUESTS, |word| REQUESTS.into_iter().find(|known| *known == word))?;
    let collective = slug(reader, "collective", &raw.collective)?;
    let line = reader.line(&raw.kind);
    let asked = match (kind, &raw.service) {
        ("join", None) => Asked::Join,
        ("access", Some(service)) => Asked::Access(slug(reader, "service", service)?),
        _ => {
            reader.wrong(line, format!("a request for {} names a `service`, and no other does", quoted(&["access"])));
            return None;
        }
    };
    let text = reader.optional("text", raw.text.as_ref(), FreeText::parse).map(|text| text.value).unwrap_or_default();
    Some(RequestSpec { asked, collective, text })
}
