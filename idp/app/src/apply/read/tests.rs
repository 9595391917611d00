use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use idp_domain::{collective::Listing, membership::MembershipState};

use super::*;
use crate::apply::file::{Asked, PasswordSpec, RoleChoice};

fn problems(text: &str) -> Vec<String> {
    match ClusterFile::parse("cluster.toml", text, Path::new("")) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.list().iter().map(ToString::to_string).collect(),
    }
}

/// The only problem of a text: where it is and how it begins.
fn assert_problem(text: &str, line: usize, told: &str) {
    let found = problems(text);
    assert_eq!(found.len(), 1, "{text}\n{found:#?}");
    let expected = format!("cluster.toml:{line}: ");
    assert!(found[0].starts_with(&expected) && found[0].contains(told), "expected `{expected}…{told}…`, got `{}`", found[0]);
}

#[test]
fn a_file_is_read_into_domain_values() {
    let text = r#"
[[collective]]
name = "Col·lectiu L'Àgora"
listed = true
working_groups = [{ name = "L'Hort" }]

[[person]]
username = "Maria"
emails = ["Maria@Example.CAT"]
memberships = [{ collective = "collectiu-l-agora", home = true, working_groups = ["l-hort"], ends = 2030-01-01 }]
grants = [{ service = "nuvol", via = "collectiu-l-agora", role = "", quota = "5 GB" }]
requests = [{ kind = "join", collective = "ateneu", text = "Hola!\nVull venir." }]
"#;
    let file = ClusterFile::parse("cluster.toml", text, Path::new("")).expect("sound");
    let collective = &file.collectives[0];
    assert_eq!((collective.slug.value.as_str(), collective.slug.line, collective.listing), ("collectiu-l-agora", 3, Some(Listing::Listed)));
    let person = &file.people[0];
    assert_eq!((person.username.value.as_str(), person.emails[0].value.as_str()), ("maria", "maria@example.cat"));
    assert_eq!(person.grants[0].role, RoleChoice::Nothing);
    assert_eq!(person.memberships[0].first_state(), MembershipState::Active);
    // asking to join brings the membership that waits
    assert_eq!(person.memberships[1].collective.value.as_str(), "ateneu");
    assert_eq!(person.memberships[1].first_state(), MembershipState::Requested);
    assert!(matches!(person.requests[0].asked, Asked::Join));
}

#[test]
fn what_is_no_toml_and_unknown_keys_are_told_with_their_line() {
    assert_problem("[[collective]]\nname = ", 2, "");
    assert_problem("[[collective]]\nname = \"A\"\ncolour = \"red\"", 3, "unknown field `colour`, expected one of `name`");
    assert_problem("[[collectives]]\nname = \"A\"", 1, "unknown field `collectives`");
    assert_problem("[[collective]]\nslug = \"a\"", 1, "missing field `name`");
    assert_problem("[[collective]]\nname = 3", 2, "expected a string");
    assert_problem("[collective]\nname = \"A\"", 1, "its heading has double brackets");
}

#[test]
fn a_wrong_value_is_quoted_and_what_was_expected_is_told() {
    for (text, line, told) in [
        ("[[collective]]\nname = \"A\"\nslug = \"A B\"", 3, "`slug` is `A B`: a slug is made of lowercase letters"),
        ("[[collective]]\nname = \"A\"\nslug = \"managers\"", 3, "reserved"),
        ("[[collective]]\nname = \"···\"", 2, "no slug can be made from it: add a `slug`"),
        ("[[collective]]\nname = \"A\"\nlocale = \"fr\"", 3, "`locale` is `fr`: expected `ca`, `es` or `en`"),
        ("[[collective]]\nname = \"A\"\nstate = \"open\"", 3, "expected `proposed`, `active`"),
        ("[[service]]\nname = \"A\"\nroles = [\"reader\", \"Ed itor\"]", 3, "`roles` is `Ed itor`"),
        ("[[service]]\nname = \"A\"\nroles = [\"reader\", \"reader\"]", 3, "the role `reader` stands twice"),
        ("[[service]]\nname = \"A\"\nurl = \"http://a.cat\"", 3, "starts with https://"),
        (
            "[[offer]]\nservice = \"a\"\ncollective = \"b\"\nquota_ceiling = \"5 XB\"",
            4,
            "`quota_ceiling` is `5 XB`: expected a number of bytes",
        ),
        ("[[offer]]\nservice = \"a\"\ncollective = \"b\"\nroles = [\"x\"]\ndefault_role = \"y\"", 2, "`y` is not among the offer's roles"),
        ("[[person]]\nusername = \"admin\"", 2, "reserved"),
        ("[[person]]\nusername = \"maria\"\nemails = [\"maria\"]", 3, "`emails` is `maria`"),
        ("[[person]]\nusername = \"maria\"\nstate = \"erased\"", 3, "expected `active`, `awaiting_validation`"),
        ("[[person]]\nusername = \"maria\"\npassword = \"curta\"", 3, "the password of `maria`: a password has at least 15"),
        ("[[person]]\nusername = \"maria\"\npassword_hash = \"$2b$10$abc\"", 3, "expected an Argon2id PHC string"),
        ("[[person]]\nusername = \"maria\"\npassword = \"a\"\npassword_hash = \"b\"", 2, "expected one of `password`"),
        ("[[person]]\nusername = \"maria\"\nmemberships = [{ collective = \"a\", ends = 10:00:00 }]", 3, "a day such as 2027-06-30"),
        (
            "[[person]]\nusername = \"maria\"\nmemberships = [{ collective = \"a\", mandates = [{ kind = \"coordinator\" }] }]",
            3,
            "names a `working_group`",
        ),
        ("[[person]]\nusername = \"maria\"\ngrants = [{ service = \"a\" }]", 3, "access comes either `via`"),
        ("[[person]]\nusername = \"maria\"\ngrants = [{ service = \"a\", guest_of = \"b\", sponsor = \"joan\" }]", 3, "`ends` is missing"),
        ("[[person]]\nusername = \"maria\"\nrequests = [{ kind = \"access\", collective = \"a\" }]", 3, "names a `service`"),
    ] {
        assert_problem(text, line, told);
    }
}

#[test]
fn what_a_client_cannot_be_is_refused() {
    let client = |rest: &str| format!("[[client]]\nclient_id = \"a\"\nservice = \"a\"\n{rest}");
    let uri = "redirect_uris = [\"https://a.cat/cb\"]\n";
    for (text, line, told) in [
        (client(""), 2, "`redirect_uris` is missing"),
        (client("redirect_uris = [\"http://a.cat/cb\"]"), 4, "`redirect_uris` is `http://a.cat/cb`: expected https"),
        (client(&format!("{uri}kind = \"machine\"")), 2, "either a `service` it signs people in to, or a `kind`"),
        (client(&format!("{uri}auth = \"none\"\nsecret = \"{}\"", "x".repeat(40))), 2, "there can be no secret"),
        (client(&format!("{uri}secret = \"short\"")), 5, "at least 32 characters"),
        (client(&format!("{uri}secret = \"{}\"", "è".repeat(40))), 5, "letters a-z"),
        (client(&format!("{uri}auth = \"private_key_jwt\"")), 2, "go together"),
        (client(&format!("{uri}auth = \"private_key_jwt\"\njwks = \"{{}}\"")), 6, "the client's JWK set"),
        (client(&format!("{uri}auth = \"none\"\nprofile = {{ pkce = \"legacy\" }}")), 2, "always needs PKCE"),
        (client(&format!("{uri}auth = \"none\"\ngrant_types = [\"client_credentials\"]")), 2, "cannot use `client_credentials`"),
        (client(&format!("{uri}scopes = [\"openid\", \"everything\"]")), 5, "`scopes` is `everything`: expected `openid`"),
        (client(&format!("{uri}scopes = [\"openid\", \"manage\"]")), 2, "the scope `manage` is for"),
        (client(&format!("{uri}backchannel_logout_uri = \"https://a.cat/out#x\"")), 5, "without fragment"),
        (client(&format!("{uri}backchannel_logout_uri = \"https://u:p@a.cat/out\"")), 5, "without fragment, user and password"),
        (client(&format!("{uri}profile = {{ preset = \"mastodon\" }}")), 5, "expected `generic` or `nextcloud`"),
        (client(&format!("{uri}profile = {{ username_claim = \"groups\" }}")), 5, "a meaning of its own"),
        (client(&format!("{uri}profile = {{ username_claim = \"name\" }}")), 5, "a meaning of its own"),
        (client(&format!("{uri}profile = {{ username_claim = \"azn\" }}")), 5, "a meaning of its own"),
        (client(&format!("{uri}profile = {{ username_claim = \"preferred_username\" }}")), 5, "with the scope `profile` gets the username"),
        ("[[client]]\nclient_id = \"m\"\nkind = \"machine\"\nredirect_uris = [\"https://a.cat/cb\"]".to_owned(), 2, "signs nobody in"),
    ] {
        // one mistake, one problem: what is left out because it is wrong is not missing
        assert_problem(&text, line, told);
    }
}

#[test]
fn nothing_is_there_twice() {
    let person = "[[person]]\nusername = \"maria\"\n";
    for (text, line, told) in [
        ("[[collective]]\nname = \"L'Hort\"\n[[collective]]\nname = \"L’Hort\"".to_owned(), 4, "the same group at the services"),
        (
            "[[collective]]\nname = \"A\"\nworking_groups = [{ name = \"B\" }, { name = \"b\" }]".to_owned(),
            3,
            "working group `b` is already there in line 3",
        ),
        ("[[service]]\nname = \"A\"\n[[service]]\nname = \"a\"".to_owned(), 4, "service `a` is already there in line 2"),
        (format!("{person}{person}"), 4, "person `maria` is already there in line 2"),
        (
            "[[person]]\nusername = \"maria\"\nemails = [\"x@a.cat\"]\n[[person]]\nusername = \"joan\"\nemails = [\"X@a.cat\"]".to_owned(),
            6,
            "an address belongs to one person",
        ),
        (format!("{person}memberships = [{{ collective = \"a\" }}, {{ collective = \"a\" }}]"), 3, "already has a membership in `a`"),
        (
            format!("{person}memberships = [{{ collective = \"a\", home = true }}, {{ collective = \"b\", home = true }}]"),
            3,
            "exactly one collective vouches",
        ),
        (
            format!("{person}grants = [{{ service = \"a\", via = \"b\" }}, {{ service = \"a\", via = \"b\" }}]"),
            3,
            "already has access to `a`",
        ),
    ] {
        assert_problem(&text, line, told);
    }
}

#[test]
fn a_membership_that_does_not_stand_carries_nothing() {
    let person = |membership: &str| format!("[[person]]\nusername = \"maria\"\nmemberships = [{{ collective = \"a\", {membership} }}]");
    assert_problem(&person("state = \"ended\", home = true"), 3, "cannot be `home`");
    assert_problem(&person("state = \"requested\", mandates = [{ kind = \"manager\" }]"), 3, "carries no mandates");
    let joining = format!("{}\nrequests = [{{ kind = \"join\", collective = \"a\" }}]", person("state = \"active\""));
    assert_problem(&joining, 4, "exclude each other");
}

#[test]
fn every_problem_is_told_at_once_in_order_of_lines() {
    let found = problems("[[person]]\nusername = \"a\"\n[[collective]]\nname = \"A\"\nlocale = \"xx\"\n[[service]]\nname = \"\"");
    let lines: Vec<&str> = found.iter().filter_map(|problem| problem.split(':').nth(1)).collect();
    assert_eq!(lines.len(), 4, "{found:#?}");
    assert!(lines.is_sorted(), "{found:#?}");
}

#[test]
fn secrets_come_from_private_files_beside_the_cluster_file() {
    let home = tempfile::tempdir().expect("a directory");
    let secret = home.path().join("secret");
    fs::write(&secret, "a-secret-of-thirty-two-characters-or-more\n").expect("written");
    fs::write(
        home.path().join("cluster.toml"),
        "[[client]]\nclient_id = \"a\"\nservice = \"a\"\nredirect_uris = [\"https://a.cat/cb\"]\nsecret_file = \"secret\"\n\
         [[person]]\nusername = \"maria\"\npassword_file = \"secret\"\n",
    )
    .expect("written");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("changed");
    let path = home.path().join("cluster.toml");
    let file = ClusterFile::load(&path).expect("sound");
    assert!(file.clients[0].secret.is_some());
    let Some(PasswordSpec::Clear(password)) = &file.people[0].password else { panic!("no password") };
    assert_eq!(password.expose(), "a-secret-of-thirty-two-characters-or-more", "without the line break at its end");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).expect("changed");
    let told = ClusterFile::load(&path).expect_err("too open").to_string();
    assert!(told.contains("cluster.toml:5: `secret_file`") && told.contains("chmod 600"), "{told}");
    fs::remove_file(&secret).expect("removed");
    assert!(ClusterFile::load(&path).expect_err("missing").to_string().contains("no such file"));
    assert!(matches!(ClusterFile::load(&home.path().join("other.toml")), Err(ReadError::Io { .. })));
    fs::write(home.path().join("latin1.toml"), b"[[collective]]\nname = \"Col\xb7lectiu\"").expect("writes");
    let told = ClusterFile::load(&home.path().join("latin1.toml")).expect_err("no UTF-8").to_string();
    assert!(told.contains("latin1.toml:2: this is no UTF-8"), "{told}");
}

#[test]
fn a_profile_starts_from_its_preset_and_survives_writing() {
    use crate::apply::export::profile_as_toml;
    for written in [
        r#"{ preset = "generic" }"#,
        r#"{ preset = "nextcloud" }"#,
        r#"{ preset = "nextcloud", username_claim = "" }"#,
        r#"{ preset = "nextcloud", default_quota = "2 GB", alg = "EdDSA" }"#,
        r#"{ preset = "generic", groups = "comma_string", pkce = "legacy" }"#,
        r#"{ preset = "generic", redirects_onward = true }"#,
    ] {
        let text = format!("[[client]]\nclient_id = \"a\"\nservice = \"a\"\nredirect_uris = [\"https://a.cat/cb\"]\nprofile = {written}");
        let file = ClusterFile::parse("x", &text, Path::new("")).expect("sound");
        assert_eq!(file.clients[0].profile.as_ref().map(profile_as_toml).as_deref(), Some(written));
    }
}
