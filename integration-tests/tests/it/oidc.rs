//! The OpenID provider's main path over HTTP, judged by `openidconnect`.

mod claims;
mod clients;
mod code_flow;
mod consent;
mod gate;
mod keys;
mod logout;
mod offline;
mod operators;
mod published;
mod refresh;
mod refusals;
mod restored;

use anyhow::Result;
use integration_tests::{
    http::{Page, Session},
    rp::Rp,
    world::World,
};

pub(crate) const PASSWORD: &str = "quatre gats fan un aplec";

/// L'Ateneu and El Forn share an office; the Ateneu's archive asks before it is told anything.
pub(crate) const CLUSTER: &str = r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"
listed = true
working_groups = [{ name = "L'Hort", slug = "hort" }]

[[collective]]
name = "El Forn"
slug = "forn"

[[service]]
name = "Oficina"
slug = "oficina"
roles = ["reader", "editor"]
owners = ["ateneu"]

[[service]]
name = "Arxiu"
slug = "arxiu"
owners = ["ateneu"]

[[offer]]
service = "oficina"
collective = "ateneu"
default_role = "reader"
quota_ceiling = "10 GB"

[[offer]]
service = "oficina"
collective = "forn"

[[offer]]
service = "arxiu"
collective = "ateneu"

[[client]]
client_id = "oficina"
service = "oficina"
secret = "a-secret-of-the-office-for-tests-only"
grant_types = ["authorization_code", "refresh_token", "client_credentials"]
redirect_uris = ["https://oficina.test/cb", "https://oficina.test/cb?kept=1"]
post_logout_redirect_uris = ["https://oficina.test/"]
scopes = ["openid", "profile", "email", "groups", "offline_access"]

[[client]]
client_id = "nuvol"
service = "oficina"
secret = "a-secret-of-the-cloud-for-tests-only0"
grant_types = ["authorization_code", "refresh_token"]
redirect_uris = ["https://nuvol.test/apps/user_oidc/code"]
scopes = ["openid", "profile", "email", "groups"]
profile = { preset = "nextcloud", alg = "ES256" }

[[client]]
client_id = "mobil"
service = "oficina"
auth = "none"
grant_types = ["authorization_code", "refresh_token"]
redirect_uris = ["http://127.0.0.1/cb"]
scopes = ["openid", "profile", "offline_access"]
profile = { alg = "EdDSA" }

[[client]]
client_id = "arxiu"
service = "arxiu"
secret = "a-secret-of-the-archive-for-tests-only"
consent = "ask"
grant_types = ["authorization_code"]
redirect_uris = ["https://arxiu.test/cb"]
scopes = ["openid", "profile", "email", "groups", "collectives", "services"]

[[client]]
client_id = "apagat"
service = "arxiu"
secret = "a-secret-of-a-disabled-client-for-tests"
redirect_uris = ["https://apagat.test/cb"]
scopes = ["openid"]
disabled = true

[[person]]
username = "maria"
name = "Maria Puig i Ferrer"
given_name = "Maria"
emails = ["maria@ateneu.test"]
locale = "ca"
password = "quatre gats fan un aplec"
memberships = [
  { collective = "ateneu", home = true, working_groups = ["hort"], mandates = [{ kind = "manager" }] },
  { collective = "forn" },
]
grants = [
  { service = "oficina", via = "ateneu", role = "editor", quota = "5 GB" },
  { service = "arxiu", via = "ateneu" },
]

[[person]]
username = "pau"
name = "Pau"
emails = ["pau@forn.test"]
locale = "es"
password = "quatre gats fan un aplec"
memberships = [{ collective = "forn" }]
grants = [{ service = "oficina", via = "forn", role = "reader" }]

[[person]]
username = "nuria"
name = "Núria sense porta"
emails = ["nuria@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", mandates = [{ kind = "manager" }] }]
"#;

pub(crate) fn office(world: &World) -> Rp {
    Rp::new(&world.issuer, "oficina", Some("a-secret-of-the-office-for-tests-only"), "https://oficina.test/cb")
}
pub(crate) fn cloud(world: &World) -> Rp {
    Rp::new(&world.issuer, "nuvol", Some("a-secret-of-the-cloud-for-tests-only0"), "https://nuvol.test/apps/user_oidc/code")
}
pub(crate) fn phone(world: &World) -> Rp {
    Rp::new(&world.issuer, "mobil", None, "http://127.0.0.1:51000/cb")
}
pub(crate) fn archive(world: &World) -> Rp {
    Rp::new(&world.issuer, "arxiu", Some("a-secret-of-the-archive-for-tests-only"), "https://arxiu.test/cb")
}
/// A browser that speaks English, so that tests can name buttons.
pub(crate) fn browser() -> Result<Session> {
    Ok(Session::new()?.speaking("en"))
}

/// What is told about a code or token that is unknown or another client's.
pub(crate) const OF_NOBODY_OR_ANOTHER: &str = "the code or token is unknown, expired, used, revoked or was issued to another client";

/// What the owner of a code or token is told when what it stands for is over.
pub(crate) const ENDED: &str =
    "the authorization has ended: it was revoked, the person signed out or lost access, or a code or token was used twice";
/// What the owner of a code or token is told when the gate is closed.
pub(crate) const NO_ACCESS: &str = "the client may have nothing about the person now";

/// A grant was refused for this reason.
pub(crate) fn must_be_invalid_grant(answer: Page, why: &str) -> Result<()> {
    let told = answer.must_be(400)?.json()?;
    assert_eq!((&told["error"], &told["error_description"]), (&"invalid_grant".into(), &why.into()));
    Ok(())
}
