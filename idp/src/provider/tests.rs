use std::{path::PathBuf, time::Duration};

use idp_app::setup::{FirstSteward, Founding, SecondSteward, found_cluster, make_setup_link};
use idp_domain::{email::EmailAddress, locale::Locale, name::DisplayName, policy::Actor, secret::Typed, username::Username};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::*;
use crate::{
    settings::{self, Sources},
    stop,
};

/// An installation in an empty directory, as an operator's first.
fn installation() -> (TempDir, Settings) {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name).display().to_string();
    let environment = [
        ("IDP__ISSUER", "http://localhost:8080".to_owned()),
        ("IDP__DATA", at("data")),
        ("IDP__KEYS__MASTER_KEY_FILE", at("keys/master.key")),
        ("IDP__HTTP__LISTEN", "127.0.0.1:0".to_owned()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let settings = settings::load(&Sources { file: None, environment }).expect("usable");
    create_master_key(&settings.master_key_file).expect("a master key");
    (directory, settings)
}

async fn opened(settings: &Settings) -> App {
    let options = app_options(settings).expect("options");
    App::migrate(&options).await.expect("migrated");
    App::open(options).await.expect("opened")
}

async fn ask(address: SocketAddr, host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("written");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8(answer).expect("UTF-8")
}

#[tokio::test]
async fn a_provider_starts_in_an_empty_directory_answers_and_stops_when_told() {
    let (_directory, settings) = installation();
    let provider = Provider::start(opened(&settings).await, &settings).await.expect("started");
    let address = provider.addresses()[0];
    let (stopper, stop) = stop::channel();
    let running = tokio::spawn(provider.run(stop));
    let discovery = ask(address, "localhost:8080", "/.well-known/openid-configuration").await;
    assert!(discovery.starts_with("HTTP/1.1 200 OK\r\n") && discovery.contains("\"issuer\":\"http://localhost:8080\""), "{discovery}");
    assert!(ask(address, "localhost:8080", "/health/ready").await.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(ask(address, "evil.cat", "/").await.starts_with("HTTP/1.1 421 "));
    assert!(ask(address, "localhost:8080", "/nowhere").await.starts_with("HTTP/1.1 404 "));
    stopper.stop();
    running.await.expect("ended in order");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_port_in_use_keeps_a_second_provider_from_starting() {
    let (_directory, settings) = installation();
    let app = opened(&settings).await;
    let first = Provider::start(app.clone(), &settings).await.expect("started");
    let taken = Settings { listen: first.addresses(), ..settings };
    let error = Provider::start(app, &taken).await.expect_err("taken").to_string();
    assert!(error.contains("another program uses this port"), "{error}");
}

/// Waits for a file to appear: the worker writes it in a task of its own.
async fn appears(directory: PathBuf) -> String {
    let mut look = tokio::time::interval(Duration::from_millis(5));
    loop {
        look.tick().await;
        let files = std::fs::read_dir(&directory).expect("a directory").filter_map(|file| {
            let path = file.ok()?.path();
            (path.extension()? == "eml").then_some(path)
        });
        if let Some(path) = files.into_iter().next() {
            return std::fs::read_to_string(path).expect("a mail");
        }
    }
}

#[tokio::test]
async fn a_mail_that_a_use_case_enqueued_is_written_without_anybody_waiting_for_it() {
    let (_directory, settings) = installation();
    let app = opened(&settings).await;
    let provider = Provider::start(app.clone(), &settings).await.expect("started");
    let (stopper, stop) = stop::channel();
    let running = tokio::spawn(provider.run(stop));
    let act = app.act(Actor::System, "test");
    let secret = make_setup_link(&act).await.expect("made").expect("nobody is here yet");
    let founding = Founding {
        collective: DisplayName::parse("L'Ateneu").expect("a name"),
        steward: FirstSteward {
            display_name: DisplayName::parse("Maria").expect("a name"),
            username: Username::parse("maria").expect("a username"),
            email: EmailAddress::parse("maria@exemple.cat").expect("an address"),
            password: Typed::new("una frase prou llarga per recordar".to_owned()),
        },
        second: Some(SecondSteward {
            collective: DisplayName::parse("La Xarxa").expect("a name"),
            display_name: DisplayName::parse("Núria").expect("a name"),
            email: EmailAddress::parse("nuria@exemple.cat").expect("an address"),
        }),
        locale: Locale::Ca,
    };
    found_cluster(&act, &secret, founding).await.expect("founded");
    let mail = tokio::time::timeout(Duration::from_secs(20), appears(settings.data.join("mail"))).await.expect("a mail");
    assert!(mail.contains("http://localhost:8080/"), "{mail}");
    stopper.stop();
    running.await.expect("ended in order");
}
