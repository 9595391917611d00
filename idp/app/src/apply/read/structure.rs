//! Collectives, services and offers.

use idp_domain::{
    collective::{CollectiveState, Listing},
    limits,
    locale::Locale,
    name::{DisplayName, FreeText},
    quota::Quota,
    service::{Automatic, Outsiders, RoleName, ServiceState},
    slug::{Slug, WorkingGroupSlug},
};
use url::Url;

use super::reader::Reader;
use crate::apply::{
    file::{CollectiveSpec, OfferSpec, ServiceSpec, WorkingGroupSpec},
    place::Located,
    raw::{RawCollective, RawOffer, RawService, RawWorkingGroup, Text},
};

pub(super) fn collective(reader: &mut Reader<'_>, raw: RawCollective) -> Option<CollectiveSpec> {
    let (name, slug) = named(reader, &raw.name, raw.slug.as_ref(), Slug::parse, Slug::transliterate)?;
    Some(CollectiveSpec {
        slug,
        name,
        locale: locale(reader, raw.locale.as_ref()),
        listing: raw.listed.map(|listed| if listed { Listing::Listed } else { Listing::Unlisted }),
        state: reader.word("state", raw.state.as_ref(), &CollectiveState::ALL.map(CollectiveState::as_str), CollectiveState::from_name),
        working_groups: raw.working_groups.into_iter().filter_map(|raw| working_group(reader, &raw)).collect(),
    })
}

fn working_group(reader: &mut Reader<'_>, raw: &RawWorkingGroup) -> Option<WorkingGroupSpec> {
    let (name, slug) = named(reader, &raw.name, raw.slug.as_ref(), WorkingGroupSlug::parse, WorkingGroupSlug::transliterate)?;
    Some(WorkingGroupSpec { slug, name })
}

/// The name, and the slug as written or made from the name.
fn named<S, E: std::fmt::Display>(
    reader: &mut Reader<'_>,
    name: &Text,
    slug: Option<&Text>,
    parse: impl FnOnce(&str) -> Result<S, E>,
    make: impl FnOnce(&str) -> Option<S>,
) -> Option<(DisplayName, Located<S>)> {
    let shown = reader.value("name", name, DisplayName::parse);
    let slug = match slug {
        Some(slug) => reader.value("slug", slug, parse),
        None => reader.value("name", name, |text| make(text).ok_or("no slug can be made from it: add a `slug`")),
    };
    Some((shown?.value, slug?))
}

pub(super) fn locale(reader: &mut Reader<'_>, raw: Option<&Text>) -> Option<Locale> {
    reader.word("locale", raw, &Locale::ALL.map(Locale::as_str), Locale::from_tag)
}

pub(super) fn slug(reader: &mut Reader<'_>, field: &str, raw: &Text) -> Option<Located<Slug>> {
    reader.value(field, raw, Slug::parse)
}

pub(super) fn service(reader: &mut Reader<'_>, raw: RawService) -> Option<ServiceSpec> {
    let (name, slug) = named(reader, &raw.name, raw.slug.as_ref(), Slug::parse, Slug::transliterate)?;
    Some(ServiceSpec {
        slug,
        name,
        description: reader.optional("description", raw.description.as_ref(), FreeText::parse).map(|text| text.value.as_str().to_owned()),
        url: reader.optional("url", raw.url.as_ref(), web_address).map(|url| url.value),
        state: reader.word("state", raw.state.as_ref(), &ServiceState::ALL.map(ServiceState::as_str), ServiceState::from_name),
        roles: raw.roles.map(|raw| roles(reader, &raw)),
        owners: raw.owners.map(|raw| reader.list("owners", &raw, Slug::parse)),
        outsiders: raw.outsiders.map(|admitted| if admitted { Outsiders::Admitted } else { Outsiders::Refused }),
    })
}

/// In their order; a role that stands twice is wrong, since the order says which is stronger.
fn roles(reader: &mut Reader<'_>, raw: &[Text]) -> Vec<RoleName> {
    let mut roles: Vec<RoleName> = Vec::with_capacity(raw.len());
    for role in reader.list("roles", raw, RoleName::parse) {
        if roles.contains(&role.value) {
            reader.wrong(role.line, format!("the role `{}` stands twice", role.value));
        } else {
            roles.push(role.value);
        }
    }
    roles
}

/// An address people can open.
pub(super) fn web_address(text: &str) -> Result<String, &'static str> {
    let expected = "expected an address that starts with https:// (or http:// on this machine)";
    let url = Url::parse(text).map_err(|_| expected)?;
    let local = url.scheme() == "http" && idp_domain::issuer::is_loopback(&url);
    let fits = text.len() <= limits::URI && url.has_host() && (url.scheme() == "https" || local);
    if fits { Ok(text.to_owned()) } else { Err(expected) }
}

pub(super) fn quota(reader: &mut Reader<'_>, field: &str, raw: Option<&Text>) -> Option<Quota> {
    reader.optional(field, raw, Quota::parse).map(|quota| quota.value)
}

pub(super) fn offer(reader: &mut Reader<'_>, raw: RawOffer) -> Option<OfferSpec> {
    let service = slug(reader, "service", &raw.service);
    let collective = slug(reader, "collective", &raw.collective);
    let spec = OfferSpec {
        service: service?,
        collective: collective?,
        roles: raw.roles.map(|raw| roles(reader, &raw)),
        default_role: reader.optional("default_role", raw.default_role.as_ref(), RoleName::parse).map(|role| role.value),
        quota_ceiling: quota(reader, "quota_ceiling", raw.quota_ceiling.as_ref()),
        automatic: raw.automatic.map(|automatic| if automatic { Automatic::Yes } else { Automatic::No }),
    };
    if let (Some(role), Some(roles)) = (&spec.default_role, &spec.roles)
        && !roles.contains(role)
    {
        reader.wrong(spec.service.line, format!("the default role `{role}` is not among the offer's roles"));
    }
    Some(spec)
}
