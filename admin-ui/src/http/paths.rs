//! Every path once. A form is posted to the address of the page that shows it, so that a page can always be shown again
//! with what was typed.

/// The collective the manager worked on last, or the choice of collectives.
pub(crate) const HOME: &str = "/";
/// Which collective to look after.
pub(crate) const COLLECTIVES: &str = "/collectives";
/// Begins to sign in: `?to=<path>`, `max_age`, `acr`.
pub(crate) const SIGN_IN: &str = "/sign-in";
/// Where the issuer sends people back to.
pub(crate) const CALLBACK: &str = "/oidc/callback";
/// Signs out.
pub(crate) const SIGN_OUT: &str = "/sign-out";
/// Where the issuer sends people after signing out.
pub(crate) const SIGNED_OUT: &str = "/signed-out";
/// Answers 204 while the program runs.
pub(crate) const HEALTH: &str = "/health";

/// One collective's desk.
pub(crate) const DESK: &str = "/c/{collective}";
/// Its queue.
pub(crate) const REQUESTS: &str = "/c/{collective}/requests";
/// One request; the form validates it.
pub(crate) const REQUEST: &str = "/c/{collective}/requests/{request}";
/// Refuses it with a reason.
pub(crate) const REFUSE: &str = "/c/{collective}/requests/{request}/refuse";
/// Hands it over to another collective.
pub(crate) const REROUTE: &str = "/c/{collective}/requests/{request}/reroute";
/// Its people.
pub(crate) const PEOPLE: &str = "/c/{collective}/people";
/// Invites somebody.
pub(crate) const INVITE: &str = "/c/{collective}/people/invite";
/// One of its people.
pub(crate) const PERSON: &str = "/c/{collective}/people/{member}";
/// Pauses the membership.
pub(crate) const SUSPEND: &str = "/c/{collective}/people/{member}/suspend";
/// Lets it stand again.
pub(crate) const RESUME: &str = "/c/{collective}/people/{member}/resume";
/// Ends it.
pub(crate) const END: &str = "/c/{collective}/people/{member}/end";
/// Sends the invitation again.
pub(crate) const RESEND: &str = "/c/{collective}/people/{member}/resend";
/// Proposes them as manager.
pub(crate) const PROPOSE_MANAGER: &str = "/c/{collective}/people/{member}/propose-manager";
/// Takes that proposal back, or ends the mandate.
pub(crate) const MANDATE: &str = "/c/{collective}/people/{member}/mandates/{mandate}";
/// Opens a door: `?service=`.
pub(crate) const OPEN_DOOR: &str = "/c/{collective}/people/{member}/open";
/// Changes role, quota or end of a door.
pub(crate) const DOOR: &str = "/c/{collective}/people/{member}/doors/{grant}";
/// Closes it.
pub(crate) const CLOSE_DOOR: &str = "/c/{collective}/people/{member}/doors/{grant}/close";
/// Services offered to it.
pub(crate) const SERVICES: &str = "/c/{collective}/services";
/// What happened.
pub(crate) const AUDIT: &str = "/c/{collective}/audit";
/// Name, language, listing.
pub(crate) const SETTINGS: &str = "/c/{collective}/settings";

/// A path with its identifiers put in, in order. Identifiers come from the API; anything that could leave its segment is
/// dropped, which leads to a page that does not exist rather than to another one.
pub(crate) fn to(template: &str, ids: &[&str]) -> String {
    let mut ids = ids.iter();
    let mut path = String::with_capacity(template.len() + 64);
    for segment in template.split('/').skip(1) {
        path.push('/');
        if segment.starts_with('{') {
            let id = ids.next().copied().unwrap_or_default();
            path.extend(id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
        } else {
            path.push_str(segment);
        }
    }
    path
}

/// A path with a query; parameters without a value are left out.
pub(crate) fn with_query(path: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The page that a page belongs to: a person for an act on them, the queue for a request.
pub(crate) fn above(path: &str) -> &str {
    let above = path.rsplit_once('/').map_or(HOME, |(above, _)| above);
    // doors and mandates stand on their person's page
    let above = above.strip_suffix("/doors").or(above.strip_suffix("/mandates")).unwrap_or(above);
    if above.is_empty() { HOME } else { above }
}

/// Begins to sign in and comes back to `path`.
pub(crate) fn sign_in(path: &str) -> String {
    with_query(SIGN_IN, &[("to", Some(path))])
}

/// The path when it stays on this origin, else the home page: what a browser sent never leads elsewhere.
pub(crate) fn local(path: Option<&str>) -> &str {
    let stays = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= 1_000
            && path.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'))
    };
    path.filter(stays).unwrap_or(HOME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_cannot_leave_their_segment() {
        assert_eq!(to(PERSON, &["col_1", "mem_2"]), "/c/col_1/people/mem_2");
        assert_eq!(to(PERSON, &["../../x?y", "m#"]), "/c/xy/people/m");
    }

    #[test]
    fn nothing_a_browser_sends_leads_to_another_origin() {
        for good in ["/", "/c/col_1/people?q=Nu%C3%B1o&state=active"] {
            assert_eq!(local(Some(good)), good);
        }
        for bad in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x", "javascript:alert(1)", "/à"] {
            assert_eq!(local(Some(bad)), HOME, "{bad}");
        }
        assert_eq!(local(None), HOME);
    }

    #[test]
    fn every_page_belongs_to_another() {
        for (path, page) in [
            ("/c/col_1/people/mem_1/suspend", "/c/col_1/people/mem_1"),
            ("/c/col_1/people/mem_1/doors/gra_1", "/c/col_1/people/mem_1"),
            ("/c/col_1/people/mem_1/mandates/man_1", "/c/col_1/people/mem_1"),
            ("/c/col_1/people/mem_1/doors/gra_1/close", "/c/col_1/people/mem_1/doors/gra_1"),
            ("/c", HOME),
            ("/", HOME),
        ] {
            assert_eq!(above(path), page);
        }
    }

    #[test]
    fn a_query_leaves_out_what_is_not_given() {
        assert_eq!(with_query("/c", &[("q", Some("l'à")), ("state", None)]), "/c?q=l%27%C3%A0");
        assert_eq!(with_query("/c", &[("q", None)]), "/c");
    }
}
