//! Builders: each makes rows with sensible values and commits them.

use idp_domain::{
    Timestamp, Ttl,
    authorization::Authorization,
    client::{Client, ClientAuthMethod, ClientIdentifier, ClientRole, ConsentRule, GrantType},
    code::{self, Code},
    id::{BrowserId, ClientId, CodeId, PersonId, SessionId},
    pkce::Challenge,
    profile::Preset,
    redirect::RedirectUri,
    refresh::{self, RefreshToken},
    scope::ScopeSet,
    secret::{Secret, SecretHash, SecretKind},
    session::{ABSOLUTE, AuthEvent, AuthMethod, IDLE},
};
use idp_store::{
    Inserted, Store, Tx,
    authorizations::NewAuthorization,
    sessions::NewSession,
    tokens::{FoundRefreshToken, NewRefreshToken},
};

pub(crate) use crate::cluster::{Cluster, NOW, address, name, new_person};
use crate::databases::{id, uuid};

pub(crate) const REDIRECT: &str = "https://nuvol.example.cat/apps/user_oidc/code";
pub(crate) const EPOCH: i64 = 1;

/// A hash nobody else has.
pub(crate) fn hash(kind: SecretKind) -> SecretHash {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(uuid().as_bytes());
    Secret::from_entropy(kind, bytes).hash()
}

pub(crate) fn scope(text: &str) -> ScopeSet {
    ScopeSet::parse(text)
}

/// A client as most services have it.
pub(crate) fn client(identifier: &str, role: ClientRole) -> Client {
    Client {
        id: id(),
        client_id: ClientIdentifier::parse(identifier).expect("an identifier"),
        name: "Núvol".to_owned(),
        role,
        auth_method: ClientAuthMethod::Secret,
        secrets: Vec::new(),
        jwks: None,
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        redirect_uris: vec![RedirectUri::parse(REDIRECT).expect("a URI")],
        post_logout_redirect_uris: vec![RedirectUri::parse("https://nuvol.example.cat/").expect("a URI")],
        scopes: scope("openid profile email groups"),
        resources: vec!["https://api.example.cat".to_owned()],
        introspects: Vec::new(),
        backchannel_logout_uri: Some("https://nuvol.example.cat/logout".to_owned()),
        sector: String::new(),
        consent: ConsentRule::FirstParty,
        profile: Preset::Nextcloud.profile(),
        disabled_at: None,
    }
}

/// A person signed in to a client: what most protocol tests begin with.
pub(crate) struct SignedIn {
    pub(crate) store: Store,
    pub(crate) person: PersonId,
    pub(crate) client: Client,
    pub(crate) browser: BrowserId,
    pub(crate) cookie: SecretHash,
    pub(crate) session: SessionId,
    pub(crate) authorization: Authorization,
}

/// Makes a person, a client, a browser with a session, and an authorization.
pub(crate) async fn signed_in(store: &Store) -> SignedIn {
    let person = Cluster(store).person("maria", "Maria Puig").await;
    let client = client("nuvol", ClientRole::AdminUi);
    let tx = store.write("test").await.expect("begins");
    assert_eq!(tx.clients().insert(&client, NOW).await.expect("inserts"), Inserted::Done);
    let (browser, cookie) = (id(), hash(SecretKind::Browser));
    tx.sessions().insert_browser(browser, &cookie, NOW).await.expect("inserts");
    tx.commit().await.expect("commits");
    let session = session(store, browser, person).await;
    let authorization = authorize(store, person, client.id, session, "openid profile").await;
    SignedIn { store: store.clone(), person, client, browser, cookie, session, authorization }
}

pub(crate) async fn session(store: &Store, browser: BrowserId, person: PersonId) -> SessionId {
    let new = NewSession {
        id: id(),
        browser,
        person,
        created_at: NOW,
        idle: IDLE,
        expires_at: NOW + ABSOLUTE,
        epoch: EPOCH,
        label: Some("Firefox, Linux".to_owned()),
        proof_id: id(),
        proof: AuthEvent { method: AuthMethod::Password, at: NOW },
    };
    let tx = store.write("test").await.expect("begins");
    tx.sessions().insert(&new).await.expect("inserts");
    tx.commit().await.expect("commits");
    new.id
}

pub(crate) async fn authorize(store: &Store, person: PersonId, client: ClientId, session: SessionId, scopes: &str) -> Authorization {
    let tx = store.write("test").await.expect("begins");
    let new = NewAuthorization { id: id(), person, client, session, scope: scope(scopes), claims: None, now: NOW };
    let authorization = tx.authorizations().upsert(&new).await.expect("upserts");
    tx.commit().await.expect("commits");
    authorization
}

impl SignedIn {
    pub(crate) fn code(&self) -> Code {
        Code {
            id: id(),
            client: self.client.id,
            authorization: self.authorization.id,
            scope: scope("openid profile"),
            redirect_uri: REDIRECT.to_owned(),
            challenge: Some(Challenge::from_bytes([9; 32])),
            nonce: Some("n-0S6_WzA2Mj".to_owned()),
            resource: Some("https://api.example.cat".to_owned()),
            claims: Some("{}".to_owned()),
            auth_time: NOW,
            expires_at: NOW + code::LIFETIME,
            redeemed_at: None,
        }
    }

    /// Commits a code.
    pub(crate) async fn issue_code(&self) -> (CodeId, SecretHash) {
        let (code, hash) = (self.code(), hash(SecretKind::Code));
        let tx = self.store.write("test").await.expect("begins");
        tx.codes().insert(&hash, &code).await.expect("inserts");
        tx.commit().await.expect("commits");
        (code.id, hash)
    }

    pub(crate) fn refresh_token(&self) -> NewRefreshToken {
        let id = id();
        NewRefreshToken {
            hash: hash(SecretKind::RefreshToken),
            token: RefreshToken {
                id,
                authorization: self.authorization.id,
                client: self.client.id,
                generation: 0,
                scope: scope("openid offline_access"),
                audience: Some("https://api.example.cat".to_owned()),
                claims: None,
                auth_time: NOW,
                cnf_jkt: None,
                epoch: EPOCH,
                created_at: NOW,
                last_used_at: NOW,
                expires_at: NOW + refresh::ABSOLUTE,
                superseded_at: None,
                revoked_at: None,
            },
            family: id,
            sid: Some(self.session),
        }
    }

    /// Commits the first token of a family.
    pub(crate) async fn issue_refresh_token(&self) -> NewRefreshToken {
        let new = self.refresh_token();
        let tx = self.store.write("test").await.expect("begins");
        tx.refresh_tokens().insert(&new).await.expect("inserts");
        tx.commit().await.expect("commits");
        new
    }
}

/// The next generation.
pub(crate) fn successor(of: &FoundRefreshToken, now: Timestamp) -> NewRefreshToken {
    NewRefreshToken {
        hash: hash(SecretKind::RefreshToken),
        token: RefreshToken {
            id: id(),
            generation: of.token.generation + 1,
            created_at: now,
            last_used_at: now,
            superseded_at: None,
            revoked_at: None,
            ..of.token.clone()
        },
        family: of.family,
        sid: of.sid,
    }
}

pub(crate) fn later(seconds: i64) -> Timestamp {
    NOW + Ttl::seconds(seconds)
}
