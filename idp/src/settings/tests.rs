use super::*;

fn from(file: &str, environment: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    load(&Sources {
        file: Some((PathBuf::from("idp.toml"), file.to_owned())),
        environment: environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    })
}

const ISSUER: &str = "issuer = \"https://id.ateneu.cat\"\n";

#[test]
fn an_issuer_is_enough() {
    let settings = from(ISSUER, &[]).expect("usable");
    assert_eq!(settings.database_url.expose(), "sqlite:data/aplec.db");
    assert_eq!(settings.listen, ["127.0.0.1:8080".parse().expect("an address"), "[::1]:8080".parse().expect("an address")]);
    assert_eq!(settings.mail_from, "no-reply@id.ateneu.cat");
    assert!(matches!(&settings.mail_route, MailRoute::Directory(path) if path == &PathBuf::from("data/mail")));
    assert_eq!((settings.cluster_name.as_str(), settings.group_prefix.as_str()), ("Aplec", "cc"));
    let alone = load(&Sources { file: None, environment: vec![("IDP__ISSUER".to_owned(), "http://localhost:8080".to_owned())] });
    assert_eq!(alone.expect("usable").mail_from, "no-reply@localhost");
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_defaults() {
    let file = format!("{ISSUER}data = \"/var/aplec\"\n[http]\nlisten = [\"127.0.0.1:1\"]\nconnections = 5\n[cluster]\nname = \"Núvol\"\n");
    let settings = from(
        &file,
        &[
            ("IDP__HTTP__LISTEN", "127.0.0.1:2, [::1]:2"),
            ("IDP__HTTP__CONNECTIONS", "7"),
            ("IDP__HTTP__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ("HOME", "/root"),
        ],
    )
    .expect("usable");
    assert_eq!(settings.listen, ["127.0.0.1:2".parse().expect("an address"), "[::1]:2".parse().expect("an address")]);
    assert_eq!((settings.connections, settings.cluster_name.as_str()), (7, "Núvol"));
    assert!(settings.trusted_proxies.trust("10.1.1.1".parse().expect("an address")));
    assert_eq!(settings.database_url.expose(), "sqlite:/var/aplec/aplec.db");
}

#[test]
fn a_file_of_another_shape_is_told_with_its_line_and_what_was_expected() {
    for (file, told) in [
        ("isuer = \"x\"\n", ["line 1", "unknown field `isuer`", "expected one of `issuer`"]),
        ("issuer = 7\n", ["line 1", "invalid type: integer `7`", "expected a string"]),
        ("[http]\nlisten = \"x\"\n", ["line 2", "invalid type: string \"x\"", "expected a sequence"]),
        ("[http\n", ["line 1", "idp.toml", "http"]),
    ] {
        let error = from(file, &[]).expect_err("refused").to_string();
        for part in told {
            assert!(error.contains(part), "{part} in\n{error}");
        }
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_key_origin_and_value() {
    let file = "issuer = \"https://id.ateneu.cat?x=1\"\n[http]\nlisten = [\"here\"]\n[log]\nformat = \"xml\"\n";
    let error = from(file, &[("IDP__HTTP__TRUSTED_PROXIES", "10.0.0.0/99")]).expect_err("refused").to_string();
    assert_eq!(
        error,
        "the settings cannot be used:\n  \
         `issuer` (in idp.toml): expected no query, no fragment, no user name and no trailing slash, got `https://id.ateneu.cat?x=1`\n  \
         `http.listen` (in idp.toml): expected an address with a port, such as 127.0.0.1:8080 or [::1]:8080, got `here`\n  \
         `http.trusted_proxies` (from IDP__HTTP__TRUSTED_PROXIES): expected an address or a range such as 10.0.0.0/8, got `10.0.0.0/99`\n  \
         `log.format` (in idp.toml): expected text or json, got `xml`\n\
         `idp config reference` explains every setting"
    );
}

#[test]
fn values_that_cannot_work_are_refused() {
    for (more, key) in [
        ("issuer = \"http://id.ateneu.cat\"", "`issuer`"),
        ("issuer = \"https://id.ateneu.cat/aplec\"", "`issuer`"),
        ("issuer = \"https://ID.ateneu.cat\"", "`issuer`"),
        ("issuer = \"https://id.ateneu.cat\"\n[http]\nlisten = []", "`http.listen`"),
        ("issuer = \"https://id.ateneu.cat\"\n[http]\nconnections = 0", "`http.connections`"),
        ("issuer = \"https://id.ateneu.cat\"\n[database]\nurl = \"mysql://x\"", "`database.url`"),
        ("issuer = \"https://id.ateneu.cat\"\n[redis]\nurl = \"http://x\"", "`redis.url`"),
        ("issuer = \"https://id.ateneu.cat\"\n[mail]\nfrom = \"nobody\"", "`mail.from`"),
        ("issuer = \"https://id.ateneu.cat\"\n[mail]\nsmtp_url = \"smtp://me:s3cret@mail.cat\"", "`mail.smtp_url`"),
        ("issuer = \"https://id.ateneu.cat\"\n[mail]\nsmtp_url = \"smtp://localhost\"\ndirectory = \"x\"", "`mail.directory`"),
        ("issuer = \"https://id.ateneu.cat\"\n[admin_ui]\nurl = \"https://id.ateneu.cat/taula\"", "`admin_ui.url`"),
        ("issuer = \"https://id.ateneu.cat\"\n[admin_ui]\nurl = \"http://taula.cat\"", "`admin_ui.url`"),
        ("issuer = \"https://id.ateneu.cat\"\n[cluster]\ngroup_prefix = \"a_b\"", "`cluster.group_prefix`"),
        ("issuer = \"https://id.ateneu.cat\"\n[database]\nurl_file = \"/nowhere/at/all\"", "`database.url_file`"),
    ] {
        let error = from(more, &[]).expect_err(more).to_string();
        assert!(error.contains(key) && !error.contains("s3cret"), "{more}\n{error}");
    }
    assert!(from("", &[]).expect_err("no issuer").to_string().contains("`issuer` (not set): expected the address people sign in at"));
    assert!(from(ISSUER, &[("IDP__HTPT__LISTEN", "x")]).expect_err("a typo").to_string().contains("IDP__HTPT__LISTEN"));
}

#[test]
fn mails_never_cross_a_network_in_the_clear() {
    for url in [
        "smtp://mail.cat",
        "smtp://mail.cat:25",
        "smtp://10.0.0.1",
        "smtp://localhost.mail.cat",
        "smtp://127.0.0.1.nip.io",
        "smtp://me:s3cret@mail.cat?tls=opportunistic",
        "smtp://mail.cat?tls=none",
        "smtp://mail.cat?tls=opportunistic&tls=required",
        "smtp://mail.cat?TLS=required",
        "smtps://",
        "mail.cat",
    ] {
        let error = from(&format!("{ISSUER}[mail]\nsmtp_url = \"{url}\"\n"), &[]).expect_err(url).to_string();
        assert!(error.contains("`mail.smtp_url`") && error.contains("tls=required") && !error.contains("s3cret"), "{url}: {error}");
    }
}

#[test]
fn mail_servers_that_keep_secrets_are_accepted() {
    for url in
        ["smtps://me:pw@mail.cat", "smtp://me:pw@mail.cat?tls=required", "smtp://localhost:2525", "smtp://127.0.0.1", "smtp://[::1]:25"]
    {
        let settings = from(&format!("{ISSUER}[mail]\nsmtp_url = \"{url}\"\n"), &[]).expect(url);
        assert!(matches!(&settings.mail_route, MailRoute::Smtp(smtp) if smtp.expose() == url));
    }
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own_and_is_never_shown() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("url");
    std::fs::write(&file, "postgres://aplec:s3cret@db.cat/aplec?password=s3cret\n").expect("written");
    let toml = format!(
        "{ISSUER}[database]\nurl_file = \"{}\"\n[mail]\nsmtp_url = \"smtps://me:s3cret@mail.cat\"\n[redis]\nurl = \"redis://:s3cret@r\"\n",
        file.display()
    );
    let settings = from(&toml, &[]).expect("usable");
    assert_eq!(settings.database_url.expose(), "postgres://aplec:s3cret@db.cat/aplec?password=s3cret");
    let shown = show(&settings);
    assert!(shown.contains("database.url = postgres://aplec:***@db.cat/aplec?***\n"), "{shown}");
    assert!(shown.contains("mail.smtp_url = smtps://me:***@mail.cat"), "{shown}");
    assert!(!shown.contains("s3cret") && !format!("{settings:?}").contains("s3cret"));
    let both = format!("{ISSUER}[database]\nurl = \"sqlite:x\"\nurl_file = \"y\"\n");
    assert!(from(&both, &[]).expect_err("both").to_string().contains("`database.url_file`"));
}

#[test]
fn the_reference_names_every_setting_and_is_itself_of_the_right_shape() {
    let table: toml::Table = toml::from_str(REFERENCE).expect("TOML");
    let keys: usize = table.values().map(|value| value.as_table().map_or(1, toml::Table::len)).sum();
    assert!(keys < 40, "settings are few");
    let raw: raw::Raw = toml::from_str(REFERENCE).expect("the right shape");
    assert!(!format!("{raw:?}").contains("None"), "a setting is missing in the reference: {raw:?}");
}

#[test]
fn the_schema_describes_every_setting_of_the_reference() {
    let schema = schema();
    let described = |at: &str| schema.pointer(at).unwrap_or_else(|| panic!("{at} is missing in {schema:#}"));
    let table: toml::Table = toml::from_str(REFERENCE).expect("TOML");
    for (name, value) in &table {
        match value {
            toml::Value::Table(section) => {
                for (key, value) in section {
                    let kind = match value {
                        toml::Value::Array(_) => "array",
                        toml::Value::Integer(_) => "integer",
                        _ => "string",
                    };
                    let property = described(&format!("/properties/{name}/properties/{key}"));
                    assert_eq!(property["type"], kind, "{name}.{key}");
                    assert!(property["description"].as_str().is_some_and(|words| !words.is_empty()), "{name}.{key}");
                    assert!(!property["examples"][0].is_null(), "{name}.{key}");
                }
            }
            _ => assert_eq!(described(&format!("/properties/{name}"))["type"], "string", "{name}"),
        }
    }
}
