//! Every path of the provider, once. Paths are relative to the issuer; links are built with [`Issuer::join`].

use idp_domain::{
    id::{CollectiveId, FlowId},
    issuer::Issuer,
    secret::Secret,
    slug::Slug,
};
use url::form_urlencoded;

/// What stands before the documents that services look for (RFC 8615 §3).
pub const WELL_KNOWN: &str = "/.well-known/";
/// OpenID Connect Discovery 1.0 §4.
pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
/// RFC 8414 §3.
pub const OAUTH_METADATA: &str = "/.well-known/oauth-authorization-server";
/// RFC 6749 §3.1.
pub const AUTHORIZE: &str = "/oauth/authorize";
/// RFC 6749 §3.2.
pub const TOKEN: &str = "/oauth/token";
/// OIDC Core §5.3.
pub const USERINFO: &str = "/oauth/userinfo";
/// RFC 7662 §2.
pub const INTROSPECT: &str = "/oauth/introspect";
/// RFC 7009 §2.
pub const REVOKE: &str = "/oauth/revoke";
/// RFC 7517 §5.
pub const JWKS: &str = "/oauth/jwks";
/// OIDC RP-Initiated Logout 1.0 §2: where a service sends people to sign out.
pub const END_SESSION: &str = "/oauth/logout";

/// Where somebody starts without coming from a service.
pub const HOME: &str = "/";
/// Username or e-mail and password.
pub const LOGIN: &str = "/login";
/// Which of the people signed in with this browser?
pub const CHOOSE: &str = "/choose";
/// May this service know that?
pub const CONSENT: &str = "/consent";
/// Somebody without the service: whom to ask.
pub const NO_ACCESS: &str = "/no-access";
/// The picker of listed collectives.
pub const JOIN: &str = "/join";
/// A collective's own link.
pub const JOIN_COLLECTIVE: &str = "/join/{slug}";
/// A mail's link: prove an address.
pub const VERIFY: &str = "/verify";
/// A mail's link: choose a first password.
pub const WELCOME: &str = "/welcome";
/// The console's link: found the cluster.
pub const SETUP: &str = "/setup";
/// One's own account: the services one can enter.
pub const ACCOUNT: &str = "/account";
/// Ask one's managers for a service.
pub const ACCOUNT_ASK: &str = "/account/ask";
/// Memberships, invitations, mandates, requests.
pub const ACCOUNT_COLLECTIVES: &str = "/account/collectives";
/// A yes or no to an invitation or a mandate; a request taken back.
pub const ACCOUNT_ANSWER: &str = "/account/answer";
/// Password, sessions, language.
pub const ACCOUNT_SECURITY: &str = "/account/security";
/// Change the password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// End a session.
pub const ACCOUNT_SESSION: &str = "/account/session";
/// Take back what a service does in one's name.
pub const ACCOUNT_AUTHORIZATION: &str = "/account/authorization";
/// Choose the language of pages and mails.
pub const ACCOUNT_LANGUAGE: &str = "/account/language";
/// What was done with the account.
pub const ACCOUNT_RECORD: &str = "/account/record";
/// Sign out of this browser.
pub const LOGOUT: &str = "/logout";

/// Styles and marks, named by their content.
pub const ASSET: &str = "/assets/{name}";
/// What stands before the name of an asset.
pub const ASSETS: &str = "/assets/";
/// The process runs.
pub const LIVE: &str = "/health/live";
/// The process can serve.
pub const READY: &str = "/health/ready";
/// The management API.
pub const MANAGE: &str = "/manage/v1";
/// The audience of the management API's tokens, relative to the issuer (RFC 8707 §2).
pub const MANAGE_AUDIENCE: &str = "/manage";
/// Mails of a cluster without SMTP.
pub const MAILBOX: &str = "/dev/mailbox";
/// One of them.
pub const MAILBOX_MAIL: &str = "/dev/mailbox/{name}";

/// One query parameter, percent-encoded.
pub fn query(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::with_capacity(name.len() + value.len() + 1)).append_pair(name, value).finish()
}

/// A path with one query parameter, percent-encoded.
pub fn with_query(path: &str, name: &str, value: &str) -> String {
    format!("{path}?{}", query(name, value))
}

/// The page of a login in progress.
pub fn flow(path: &str, flow: FlowId) -> String {
    with_query(path, "flow", &flow.to_string())
}

/// A collective's own link for joining.
pub fn join_collective(slug: &Slug) -> String {
    format!("{JOIN}/{slug}")
}

/// Proves an address: for a mail.
pub fn verify_link(issuer: &Issuer, link: &Secret) -> String {
    issuer.join(&with_query(VERIFY, "link", link.expose()))
}

/// Chooses a first password: for a mail.
pub fn welcome_link(issuer: &Issuer, link: &Secret) -> String {
    issuer.join(&with_query(WELCOME, "link", link.expose()))
}

/// Founds the cluster: for the console.
pub fn setup_link(issuer: &Issuer, link: &Secret) -> String {
    issuer.join(&with_query(SETUP, "link", link.expose()))
}

/// The sign-in page: for a mail.
pub fn login_link(issuer: &Issuer) -> String {
    issuer.join(LOGIN)
}

/// A collective's queue in the admin UI (its own `paths.rs` names it so): for a mail.
pub fn queue_link(admin_ui: &url::Url, collective: CollectiveId) -> String {
    format!("{}/c/{collective}/requests", admin_ui.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use idp_domain::secret::SecretKind;

    use super::*;

    #[test]
    fn links_lead_to_the_issuer_and_are_encoded() {
        let issuer = Issuer::parse("https://id.ateneu.cat/aplec").expect("valid");
        let link = Secret::from_entropy(SecretKind::Link, [7; 32]);
        assert_eq!(verify_link(&issuer, &link), format!("https://id.ateneu.cat/aplec/verify?link={}", link.expose()));
        assert_eq!(with_query(NO_ACCESS, "client", "a&b c"), "/no-access?client=a%26b+c");
        let slug = Slug::parse("l-ateneu").expect("valid");
        assert_eq!(join_collective(&slug), "/join/l-ateneu");
    }
}
