use clap::CommandFactory as _;

use super::*;

async fn told(arguments: &[&str], environment: &[(&str, &str)]) -> Result<String, String> {
    let arguments = Arguments::try_parse_from([&["idp"], arguments].concat()).map_err(|error| error.to_string())?;
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut out = Vec::new();
    run(arguments, environment, &mut out).await.map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).expect("UTF-8"))
}

const ISSUER: (&str, &str) = ("IDP__ISSUER", "https://id.ateneu.cat");

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn the_image_starts_the_program_as_it_wants_to_be_started() {
    let dockerfile = include_str!("../../../Dockerfile");
    let stage = dockerfile.split("\nFROM ").find(|stage| stage.starts_with("ground AS idp\n")).expect("its stage");
    let words = ["ENTRYPOINT ", "CMD "].map(|name| {
        let line = stage.lines().find_map(|line| line.strip_prefix(name)).expect("a line of its own");
        serde_json::from_str::<Vec<String>>(line).expect("its words as JSON")
    });
    let arguments = Arguments::try_parse_from(words.concat()).expect("understood");
    assert!(matches!(arguments.command, Command::Serve(_)));
    // the settings name `data` in the directory where it starts, and that is the volume
    let settings = load(arguments.config, vec![(ISSUER.0.to_owned(), ISSUER.1.to_owned())]).expect("usable without a file");
    assert!(dockerfile.contains("\nWORKDIR /\nVOLUME [\"/data\", \"/keys\"]\n"));
    assert_eq!(PathBuf::from("/").join(settings.data), PathBuf::from("/data"));
    assert!(PathBuf::from("/").join(settings.master_key_file).starts_with("/keys"));
}

#[tokio::test]
async fn settings_are_checked_shown_and_explained() {
    assert_eq!(
        told(&["config", "check"], &[ISSUER]).await.as_deref(),
        Ok("the settings can be used; the issuer is https://id.ateneu.cat\n")
    );
    let shown = told(&["config", "show", "--redacted"], &[ISSUER, ("IDP__REDIS__URL", "redis://:s3cret@r")]).await.expect("shown");
    assert!(shown.starts_with("issuer = https://id.ateneu.cat\n") && !shown.contains("s3cret"), "{shown}");
    assert_eq!(told(&["config", "reference"], &[]).await.as_deref(), Ok(settings::REFERENCE));
    let wrong = told(&["config", "check"], &[("IDP__ISSUER", "https://id.ateneu.cat?x=1")]).await.expect_err("a query");
    assert!(wrong.contains("`issuer` (from IDP__ISSUER)") && wrong.contains("no query"), "{wrong}");
    let missing = told(&["--config", "/nowhere/idp.toml", "config", "check"], &[]).await.expect_err("no file");
    assert!(missing.contains("/nowhere/idp.toml cannot be read"), "{missing}");
}

#[tokio::test]
async fn a_master_key_is_made_once_and_its_absence_is_told_with_what_to_do() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("keys").join("master.key");
    let file = path.to_str().expect("UTF-8");
    let environment = [ISSUER, ("IDP__KEYS__MASTER_KEY_FILE", file)];
    let missing = told(&["keys", "list"], &environment).await.expect_err("no key");
    assert!(missing.contains(file) && missing.contains("`idp keys init` makes one"), "{missing}");
    assert!(told(&["keys", "init"], &environment).await.expect("made").contains(file));
    let again = told(&["keys", "init"], &environment).await.expect_err("never twice");
    assert!(again.contains("exists already"), "{again}");
}

#[tokio::test]
async fn a_job_that_was_not_given_up_is_not_tried_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().to_str().expect("UTF-8");
    let file = format!("{data}/master.key");
    let environment = [ISSUER, ("IDP__DATA", data), ("IDP__KEYS__MASTER_KEY_FILE", file.as_str())];
    told(&["keys", "init"], &environment).await.expect("made");
    let settings = load(None, environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into()).expect("settings");
    App::migrate(&provider::app_options(&settings).expect("options")).await.expect("migrated");
    assert_eq!(told(&["jobs", "given-up"], &environment).await.as_deref(), Ok(""));
    let job = "job_00000000000000000000000000000005";
    let unknown = told(&["jobs", "retry", job], &environment).await.expect_err("no such job");
    assert!(unknown.contains(job) && unknown.contains("`idp jobs given-up`"), "{unknown}");
    assert!(told(&["jobs", "retry", "nonsense"], &environment).await.is_err());
}

#[tokio::test]
async fn the_doctor_names_what_is_wrong_and_fails() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().to_str().expect("UTF-8");
    let mut out = Vec::new();
    let environment = vec![
        ("IDP__ISSUER".to_owned(), "https://id.ateneu.cat".to_owned()),
        ("IDP__DATA".to_owned(), data.to_owned()),
        ("IDP__KEYS__MASTER_KEY_FILE".to_owned(), format!("{data}/missing.key")),
    ];
    let error = run(Arguments::try_parse_from(["idp", "doctor"]).expect("parsed"), environment, &mut out).await.expect_err("no key");
    let told = String::from_utf8(out).expect("UTF-8");
    assert_eq!(error.to_string(), "one thing is wrong");
    assert!(told.starts_with("ok     settings\nok     mail\nwrong  master key: "), "{told}");
}

/// A new installation, with its schema.
async fn installation() -> (tempfile::TempDir, Vec<(&'static str, String)>) {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name).display().to_string();
    let environment = vec![
        ("IDP__ISSUER", "https://id.ateneu.cat".to_owned()),
        ("IDP__DATA", at("data")),
        ("IDP__KEYS__MASTER_KEY_FILE", at("master.key")),
    ];
    let borrowed: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    told(&["keys", "init"], &borrowed).await.expect("a master key");
    let settings = load(None, borrowed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()).expect("usable");
    migrate::run(&settings, &mut Vec::new()).await.expect("migrated");
    (directory, environment)
}

#[tokio::test]
async fn the_managers_desk_is_registered_once_with_its_keys() {
    let (directory, environment) = installation().await;
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let jwks = directory.path().join("jwks.json");
    // the public key of RFC 8037 appendix A.2
    std::fs::write(
        &jwks,
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
    )
    .expect("written");
    let create =
        ["client", "create", "--admin-ui", "--jwks", jwks.to_str().expect("UTF-8"), "--redirect-uri", "https://taula.ateneu.cat/callback"];
    assert_eq!(told(&create, &environment).await.as_deref(), Ok("client_id = admin-ui\n"));
    let again = told(&create, &environment).await.expect_err("there already");
    assert!(again.contains("`admin-ui` already"), "{again}");
    let unknown = told(&["client", "create", "--service", "nowhere", "--redirect-uri", "https://a.cat/cb"], &environment).await;
    assert!(unknown.expect_err("no such service").contains("nowhere"));
}

#[tokio::test]
async fn the_secrets_of_a_client_are_listed_and_retired_once_there_is_another() {
    let (directory, environment) = installation().await;
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let file = directory.path().join("cluster.toml").display().to_string();
    let apply = async |secret: &str| {
        let client = format!("[[client]]\nclient_id = \"motor\"\nkind = \"machine\"\nsecret = \"{secret}\"\n");
        std::fs::write(&file, client).expect("written");
        told(&["apply", &file], &environment).await.expect("applied")
    };
    let list = async || told(&["client", "list"], &environment).await.expect("listed");
    let retire = async |more: &[&str]| told(&[&["client", "retire-secrets", "motor"], more].concat(), &environment).await;
    assert_eq!(list().await, "");
    apply("the-first-secret-of-a-machine-for-tests").await;
    let line = list().await;
    assert_eq!(line.split_whitespace().take(4).collect::<Vec<_>>(), ["motor", "(machine)", "client_secret", "active"], "{line}");
    assert!(line.contains(" secret of ") && line.contains("(0 days old)"), "{line}");
    let refused = retire(&[]).await.expect_err("the only one");
    assert!(refused.contains("one secret only") && refused.contains("`aplec apply`") && refused.contains("`--all`"), "{refused}");

    apply("the-second-secret-of-a-machine-for-tests").await;
    let later = retire(&["--in", "7"]).await.expect("retired");
    assert!(later.contains(" counts until ") && later.contains(" counts on\n"), "{later}");
    assert!(list().await.contains("(0 days old, until "), "{}", list().await);
    let third = apply("the-third-secret-of-a-machine-for-tests0").await;
    assert!(third.contains("`idp client retire-secrets motor`"), "{third}");
    let now = retire(&[]).await.expect("retired");
    assert!(now.contains(" counts no more, from ") && now.contains(" counts on\n"), "{now}");
    assert_eq!(list().await.matches("secret of").count(), 1);
    apply("the-third-secret-of-a-machine-for-tests0").await;
    assert_eq!(list().await.matches("secret of").count(), 2);
    let all = retire(&["--all"]).await.expect("retired");
    assert!(all.matches(" counts no more").count() == 2 && all.contains("`motor` has no secret left"), "{all}");
    assert!(list().await.contains("no secret"), "{}", list().await);
    assert!(retire(&["--all"]).await.expect_err("none").contains("has no secret that counts"));
    assert!(retire(&["--in", "91"]).await.expect_err("too long").contains("0..=90"));
}

#[tokio::test]
async fn a_client_is_switched_off_and_on_and_an_unknown_one_is_told_with_how_to_find_the_right_one() {
    let (directory, environment) = installation().await;
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let file = directory.path().join("cluster.toml").display().to_string();
    let desk = "[[client]]\nclient_id = \"taula\"\nkind = \"admin_ui\"\nauth = \"none\"\nredirect_uris = [\"https://taula.cat/cb\"]\n";
    std::fs::write(&file, desk).expect("written");
    told(&["apply", &file], &environment).await.expect("applied");
    let command = async |verb: &str, client_id: &str| told(&["client", verb, client_id], &environment).await;
    let off = command("disable", "taula").await.expect("switched off");
    assert!(
        off.contains("`taula` is switched off") && off.contains("the managers' desk") && off.contains("`idp client enable taula`"),
        "{off}"
    );
    assert!(told(&["client", "list"], &environment).await.expect("listed").contains(" disabled "));
    assert_eq!(command("disable", "taula").await.as_deref(), Ok("`taula` is switched off already\n"));
    assert!(command("enable", "taula").await.expect("switched on").contains("`taula` is switched on again"));
    assert_eq!(command("enable", "taula").await.as_deref(), Ok("`taula` is switched on already\n"));
    for verb in ["disable", "enable", "retire-secrets"] {
        let unknown = command(verb, "tuala").await.expect_err("no such client");
        assert!(unknown.contains("no client `tuala`") && unknown.contains("`idp client list`"), "{unknown}");
    }
}

#[tokio::test]
async fn signing_keys_are_listed_and_an_unknown_one_cannot_be_revoked() {
    let (_directory, environment) = installation().await;
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let listed = told(&["keys", "list"], &environment).await.expect("listed");
    assert!(listed.lines().count() >= 3 && listed.lines().all(|line| line.contains(" active ")), "{listed}");
    let kid = listed.split_whitespace().next().expect("a key");
    let revoked = told(&["keys", "revoke", kid], &environment).await.expect("revoked");
    assert!(revoked.lines().any(|line| line.starts_with(kid) && line.contains(" revoked ")), "{revoked}");
    let unknown = told(&["keys", "revoke", "nope"], &environment).await.expect_err("no such key");
    assert!(unknown.contains("`idp keys list` shows them"), "{unknown}");
    let next = told(&["keys", "rotate"], &environment).await.expect("rotated");
    assert!(next.contains(" next "), "{next}");
}

#[tokio::test]
async fn a_restore_is_told_with_what_it_asks_for() {
    let (_directory, environment) = installation().await;
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = told(&["restored"], &environment).await.expect("a new epoch");
    assert!(told.contains("`idp serve` that runs already must be started again"), "{told}");
}

#[tokio::test]
async fn what_was_put_back_and_is_damaged_is_not_taken_for_restored() {
    let (directory, environment) = installation().await;
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let database = directory.path().join("data/aplec.db");
    let mut bytes = std::fs::read(&database).expect("read");
    let last_page = bytes.len() - 4096;
    bytes[last_page..].fill(0xff);
    std::fs::write(&database, bytes).expect("written");
    let refused = told(&["restored"], &environment).await.expect_err("damaged");
    assert!(refused.contains("put the backup in place again, with no `-wal` and `-shm` file"), "{refused}");
}

#[tokio::test]
async fn the_group_prefix_may_change_until_a_client_is_registered() {
    let (directory, environment) = installation().await;
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let with = |prefix: &'static str| [environment.as_slice(), &[("IDP__CLUSTER__GROUP_PREFIX", prefix)]].concat();
    for prefix in ["xx", "cc"] {
        told(&["doctor"], &with(prefix)).await.expect("not frozen yet");
    }
    let file = directory.path().join("cluster.toml");
    let cluster = "[[client]]\nclient_id = \"api\"\nkind = \"machine\"\nsecret = \"a-secret-of-the-api-for-tests-only-0000\"\n\
                   grant_types = [\"client_credentials\"]\n";
    std::fs::write(&file, cluster).expect("written");
    told(&["apply", file.to_str().expect("UTF-8")], &with("cc")).await.expect("applied");
    told(&["doctor"], &with("cc")).await.expect("as it was");
    let refused = told(&["keys", "list"], &with("xx")).await.expect_err("frozen");
    assert!(refused.contains("clients were registered under `cc`"), "{refused}");
}

#[tokio::test]
async fn a_cluster_is_applied_from_a_file_and_exported_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name).display().to_string();
    let (data, key, file) = (at("data"), at("keys/master.key"), at("cluster.toml"));
    let environment =
        [("IDP__ISSUER", "http://localhost:8080"), ("IDP__DATA", data.as_str()), ("IDP__KEYS__MASTER_KEY_FILE", key.as_str())];
    std::fs::write(&file, "[[collective]]\nname = \"L'Ateneu\"\nlisted = true\n").expect("written");
    told(&["keys", "init"], &environment).await.expect("a master key");
    told(&["migrate"], &environment).await.expect("migrated");
    let dry = told(&["apply", &file, "--dry-run"], &environment).await.expect("planned");
    assert!(dry.starts_with("+ collective l-ateneu\n1 new, 0 changed") && dry.ends_with("Nothing was written.\n"), "{dry}");
    assert!(told(&["apply", &file], &environment).await.expect("applied").starts_with("+ collective l-ateneu\n1 new"));
    let exported = told(&["export"], &environment).await.expect("exported");
    assert!(exported.contains("[[collective]]\nname = \"L'Ateneu\"\nslug = \"l-ateneu\"\n"), "{exported}");
    std::fs::write(&file, "[[collective]]\nname = \"L'Ateneu\"\n[[offer]]\nservice = \"x\"\ncollective = \"l-ateneu\"\n").expect("written");
    let refused = told(&["apply", &file], &environment).await.expect_err("refused");
    assert!(refused.contains(&format!("{file}:4: there is no service `x`")), "{refused}");
}
