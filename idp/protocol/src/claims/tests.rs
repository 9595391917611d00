use idp_domain::profile::Preset;
use proptest::prelude::*;

use super::*;

fn facts() -> Facts {
    Facts {
        sub: "9b2e-41".into(),
        username: "maria.puig".into(),
        name: "Maria Puig".into(),
        given_name: Some("Maria".into()),
        family_name: Some("  ".into()),
        picture: None,
        locale: Locale::Ca,
        zoneinfo: Some("Europe/Madrid".into()),
        updated_at: Timestamp::from_millis(1_700_000_000_999),
        verified_email: Some("maria@ateneu.cat".into()),
        groups: vec![
            GroupValue { id: "cc_ateneu".into(), name: "L'Ateneu".into() },
            GroupValue { id: "cc_ateneu_managers".into(), name: "L'Ateneu · gestores".into() },
        ],
        collectives: vec![CollectiveClaim { id: "ateneu".into(), name: "L'Ateneu".into(), roles: vec!["member".into()], home: true }],
        services: vec![
            ServiceClaim { id: "nuvol".into(), role: Some("editor".into()), via: "ateneu".into() },
            ServiceClaim { id: "forum".into(), role: None, via: "forn".into() },
        ],
        service_role: Some("editor".into()),
        quota: Quota::from_bytes(5 << 30),
    }
}

fn all() -> ScopeSet {
    Scope::ALL.into_iter().collect()
}

fn release<'a>(granted: &str, asked: &'a ClaimsRequest, profile: &'a CompatProfile) -> Release<'a> {
    Release { granted: ScopeSet::parse(granted), allowed: all(), asked, profile }
}

fn value(claims: Map<String, Value>) -> Value {
    Value::Object(claims)
}

#[test]
fn every_claim_is_absent_without_its_scope_and_present_with_it() {
    let (nothing, profile) = (ClaimsRequest::default(), Preset::Generic.profile());
    let mut facts = facts();
    facts.family_name = Some("Puig".into());
    facts.picture = Some("https://nuvol.cat/maria.png".into());
    for row in &TABLE {
        let Brought::By(scope) = row.brought else { continue };
        let with = in_userinfo(&facts, &release(scope.as_str(), &nothing, &profile));
        assert!(with.contains_key(row.name), "{} comes with {scope:?}", row.name);
        let without = Release { granted: all().without(scope), ..release("", &nothing, &profile) };
        assert!(!in_userinfo(&facts, &without).contains_key(row.name), "{} needs {scope:?}", row.name);
        let unregistered = Release { allowed: all().without(scope), ..release(scope.as_str(), &nothing, &profile) };
        assert!(!in_userinfo(&facts, &unregistered).contains_key(row.name), "{} needs a registered {scope:?}", row.name);
    }
}

#[test]
fn openid_alone_brings_the_subject_and_what_the_service_itself_gave() {
    let (nothing, profile) = (ClaimsRequest::default(), Preset::Generic.profile());
    let claims = in_userinfo(&facts(), &release("openid", &nothing, &profile));
    assert_eq!(value(claims), json!({ "sub": "9b2e-41", "service_role": "editor", "quota": 5_368_709_120_i64 }));
    assert_eq!(value(in_id_token(&facts(), &release("openid", &nothing, &profile))), json!({}));
}

#[test]
fn a_generic_client_reads_userinfo_and_gets_a_lean_id_token() {
    let (nothing, profile) = (ClaimsRequest::default(), Preset::Generic.profile());
    let release = release("openid profile email groups", &nothing, &profile);
    assert_eq!(
        value(in_userinfo(&facts(), &release)),
        json!({
            "sub": "9b2e-41", "preferred_username": "maria.puig", "name": "Maria Puig", "given_name": "Maria", "locale": "ca", "language": "ca",
            "zoneinfo": "Europe/Madrid", "updated_at": 1_700_000_000, "email": "maria@ateneu.cat", "email_verified": true,
            "groups": ["cc_ateneu", "cc_ateneu_managers"], "service_role": "editor", "quota": 5_368_709_120_i64,
        })
    );
    assert_eq!(value(in_id_token(&facts(), &release)), json!({}));
    assert_eq!(value(in_access_token(&facts(), &release)), json!({}));
}

#[test]
fn nextcloud_reads_everything_in_the_id_token_as_it_wants_it() {
    let (nothing, profile) = (ClaimsRequest::default(), Preset::Nextcloud.profile());
    let groups =
        json!([{ "gid": "cc_ateneu", "displayName": "L'Ateneu" }, { "gid": "cc_ateneu_managers", "displayName": "L'Ateneu · gestores" }]);
    assert_eq!(
        value(in_id_token(&facts(), &release("openid email", &nothing, &profile))),
        json!({
            "email": "maria@ateneu.cat", "email_verified": true, "groups": groups, "service_role": "editor", "quota": "5 GB",
            "nc_uid": "maria.puig",
        })
    );
    assert_eq!(
        value(in_access_token(&facts(), &release("openid", &nothing, &profile))),
        json!({ "groups": groups, "nc_uid": "maria.puig" })
    );
}

#[test]
fn groups_are_sent_even_when_there_are_none() {
    let nobody = Facts { groups: Vec::new(), ..facts() };
    let nothing = ClaimsRequest::default();
    for (rendering, written) in
        [(GroupsRendering::Strings, json!([])), (GroupsRendering::Objects, json!([])), (GroupsRendering::CommaString, json!(""))]
    {
        let profile = CompatProfile { groups: rendering, ..Preset::Generic.profile() };
        assert_eq!(in_userinfo(&nobody, &release("groups", &nothing, &profile)).get("groups"), Some(&written));
    }
    let comma = CompatProfile { groups: GroupsRendering::CommaString, ..Preset::Generic.profile() };
    let claims = in_userinfo(&facts(), &release("groups", &nothing, &comma));
    assert_eq!(claims.get("groups"), Some(&json!("cc_ateneu,cc_ateneu_managers")));
}

#[test]
fn a_profile_may_insist_on_groups_without_their_scope() {
    let nothing = ClaimsRequest::default();
    let profile = CompatProfile { groups_always: true, ..Preset::Generic.profile() };
    let release = Release { allowed: ScopeSet::parse("openid"), ..release("openid", &nothing, &profile) };
    assert!(in_userinfo(&facts(), &release).contains_key("groups"));
    assert!(!in_id_token(&facts(), &release).contains_key("groups"), "a lean ID token stays lean");
}

#[test]
fn the_claims_parameter_brings_claims_where_they_are_asked_and_nowhere_else() {
    let asked = ClaimsRequest::parse(
        r#"{"id_token":{"email":null,"name":{"essential":true},"groups":null,"quota":null,"unheard_of":null},"userinfo":{"zoneinfo":null}}"#,
    )
    .expect("valid");
    let profile = CompatProfile { quota: QuotaRendering::Text, ..Preset::Generic.profile() };
    let release = release("openid", &asked, &profile);
    assert_eq!(
        value(in_id_token(&facts(), &release)),
        json!({ "email": "maria@ateneu.cat", "name": "Maria Puig", "groups": ["cc_ateneu", "cc_ateneu_managers"], "quota": "5 GB" })
    );
    assert_eq!(
        value(in_userinfo(&facts(), &release)),
        json!({ "sub": "9b2e-41", "zoneinfo": "Europe/Madrid", "service_role": "editor", "quota": "5 GB" })
    );
}

#[test]
fn the_claims_parameter_brings_nothing_beyond_the_registered_scopes() {
    let asked =
        ClaimsRequest::parse(r#"{"id_token":{"collectives":null,"email":null},"userinfo":{"services":null,"email":null}}"#).expect("valid");
    let profile = Preset::Generic.profile();
    let release = Release { granted: all(), allowed: ScopeSet::parse("openid"), asked: &asked, profile: &profile };
    assert_eq!(value(in_id_token(&facts(), &release)), json!({}));
    assert_eq!(value(in_userinfo(&facts(), &release)), json!({ "sub": "9b2e-41", "service_role": "editor", "quota": 5_368_709_120_i64 }));
}

#[test]
fn without_a_verified_address_neither_email_claim_is_there() {
    let (nothing, profile) = (ClaimsRequest::default(), Preset::Generic.profile());
    let claims = in_userinfo(&Facts { verified_email: None, ..facts() }, &release("email", &nothing, &profile));
    assert!(!claims.contains_key("email") && !claims.contains_key("email_verified"));
}

#[test]
fn the_full_lists_come_under_their_own_scopes() {
    let (nothing, profile) = (ClaimsRequest::default(), Preset::Generic.profile());
    let claims = in_userinfo(&facts(), &release("collectives services", &nothing, &profile));
    assert_eq!(claims.get("collectives"), Some(&json!([{ "id": "ateneu", "name": "L'Ateneu", "roles": ["member"], "home": true }])));
    assert_eq!(
        claims.get("services"),
        Some(&json!([{ "id": "nuvol", "role": "editor", "via": "ateneu" }, { "id": "forum", "via": "forn" }]))
    );
}

#[test]
fn the_profile_s_quota_stands_in_for_a_missing_one() {
    let nothing = ClaimsRequest::default();
    let none = Facts { quota: None, ..facts() };
    let with = CompatProfile { default_quota: Quota::from_bytes(1 << 30), quota: QuotaRendering::Text, ..Preset::Generic.profile() };
    assert_eq!(in_userinfo(&none, &release("", &nothing, &with)).get("quota"), Some(&json!("1 GB")));
    assert!(!in_userinfo(&none, &release("", &nothing, &Preset::Generic.profile())).contains_key("quota"));
}

#[test]
fn a_username_claim_never_takes_the_name_of_another_claim() {
    let nothing = ClaimsRequest::default();
    for taken in PROTOCOL.into_iter().chain(TABLE.iter().map(|row| row.name)).chain([""]) {
        let profile =
            CompatProfile { username_claim: Some(taken.to_owned()), claims: ClaimPlacement::IdToken, ..Preset::Generic.profile() };
        let release = release("openid", &nothing, &profile);
        assert_eq!(value(in_access_token(&facts(), &release)), json!({}), "{taken}");
        assert_eq!(value(in_id_token(&facts(), &release)), json!({ "service_role": "editor", "quota": 5_368_709_120_i64 }), "{taken}");
    }
}

#[test]
fn every_name_in_the_table_is_there_once_and_none_is_the_protocol_s() {
    let names: std::collections::BTreeSet<_> = TABLE.iter().map(|row| row.name).chain(PROTOCOL).collect();
    assert_eq!(names.len(), TABLE.len() + PROTOCOL.len());
}

proptest! {
    #[test]
    fn no_value_is_null_or_blank_and_less_scope_never_brings_more(granted in 0u16..256, allowed in 0u16..256, given in proptest::option::of("[ a-z]{0,5}")) {
        let set = |bits: u16| -> ScopeSet {
            Scope::ALL.into_iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, scope)| scope).collect()
        };
        let (nothing, profile) = (ClaimsRequest::default(), Preset::Generic.profile());
        let facts = Facts { given_name: given, ..facts() };
        let release = Release { granted: set(granted), allowed: set(allowed), asked: &nothing, profile: &profile };
        let claims = in_userinfo(&facts, &release);
        for (name, value) in &claims {
            prop_assert!(!value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()), "{}", name);
            if let Some(scope) = scope_of(name) {
                prop_assert!(set(granted).contains(scope) && set(allowed).contains(scope), "{}", name);
            }
        }
    }
}
