//! What a newcomer meets: the demo starts again as it was, its files can be read by scripts, and what is wrong is told with what to
//! do.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use integration_tests::{
    html::Form,
    http::{Page, Session},
    process::{Running, free_ports, program},
};
use serde_json::{Value, json};

/// A directory in which somebody tries the program for the first time.
struct Home {
    directory: tempfile::TempDir,
    program: PathBuf,
}

impl Home {
    fn new() -> Result<Self> {
        Ok(Self { directory: tempfile::tempdir()?, program: program("aplec")? })
    }
    fn path(&self) -> &Path {
        self.directory.path()
    }
    fn start(&self, arguments: &[&str]) -> Result<Running> {
        let mut command = Command::new(&self.program);
        Running::start("aplec", self.path(), command.args(arguments).current_dir(self.path()).env_clear())
    }
    /// What a program says that does not stay.
    async fn told(&self, arguments: &[&str]) -> Result<(bool, String)> {
        let (status, log) = self.start(arguments)?.ends().await?;
        Ok((status.success(), log))
    }
    /// Runs the demo until it is ready, and ends it. Gives what it said and wrote.
    async fn demo(&self, port: u16) -> Result<(String, Value)> {
        let mut demo = self.start(&["demo", "--port-base", &port.to_string()])?;
        demo.says("Ctrl-C").await?;
        let said = demo.log();
        let status = demo.terminate()?;
        ensure!(status.success(), "the demo ended with {status}");
        Ok((said, serde_json::from_slice(&fs::read(self.path().join("data/demo.json"))?)?))
    }
}

/// Scripts read `demo.json`: what is in it is a promise, to the last key.
fn is_as_promised(demo: &Value, port: u16) -> Result<()> {
    let mut demo = demo.clone();
    let one = |demo: &Value, kind: &str, key: &str, value: &str| -> Result<Value> {
        let found = demo[kind].as_array().and_then(|all| all.iter().find(|one| one[key] == value));
        found.cloned().with_context(|| format!("no {value} among the {kind}"))
    };
    // suspended in one collective, at home in another
    let oriol = one(&demo, "people", "username", "oriol.mas")?;
    let expected = json!({
        "username": "oriol.mas",
        "email": "oriol.mas@boscana.example.org",
        "password": "iris-castanyer-kiwi",
        "collectives": [
            { "slug": "ateneu", "roles": ["member"], "state": "suspended" },
            { "slug": "radio-boscana", "roles": ["member"], "state": "active" },
        ],
        "services": ["estudi"],
    });
    ensure!(oriol == expected, "{oriol:#}");
    let mut wiki = one(&demo, "services", "client_id", "wiki")?;
    let secret = wiki["client_secret"].take();
    ensure!(secret.as_str().is_some_and(|secret| secret.len() > 40), "{secret}");
    let expected = json!({
        "client_id": "wiki",
        "client_secret": null,
        "name": "Wiki Comuna",
        "redirect_uris": ["https://wiki.example.org/auth/callback"],
        "post_logout_redirect_uris": [],
        "owners": ["ateneu", "collectiu-l-agora"],
        "offered_to": ["ateneu", "collectiu-l-agora"],
    });
    ensure!(wiki == expected, "{wiki:#}");
    let lists = ["people", "services"].map(|kind| demo[kind].take().as_array().map(Vec::len));
    ensure!(lists == [Some(40), Some(8)], "{lists:?}");
    let at = |offset: u16| format!("http://localhost:{}", port + offset);
    let expected = json!({ "issuer": at(0), "admin_ui": at(1), "mirador": at(2), "people": null, "services": null });
    ensure!(demo == expected, "{demo:#}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_starts_again_as_it_was_and_tells_what_is_wrong() -> Result<()> {
    let (home, port) = (Home::new()?, free_ports(4)?);
    let (said, demo) = home.demo(port).await?;
    is_as_promised(&demo, port)?;
    for (private, expected) in [
        ("data/demo.json", 0o600),
        ("data/aplec.db", 0o600),
        ("keys/local/master.key", 0o600),
        ("data/admin-ui/admin-ui.pem", 0o600),
        ("data/mail", 0o700),
    ] {
        let mode = fs::metadata(home.path().join(private))?.permissions().mode() & 0o777;
        ensure!(mode == expected, "{private} has mode {mode:o}");
    }

    ensure!(home.demo(port).await? == (said, demo), "the second start differs from the first");

    let (well, told) = home.told(&["demo", "--port-base", "1"]).await?;
    ensure!(!well && (told.contains("--port-base") || told.contains("was made for")), "{told}");
    let (well, told) = home.told(&["demo", "--port-base", &free_ports(4)?.to_string()]).await?;
    ensure!(!well && told.contains(&format!("was made for --port-base {port}")), "{told}");

    let (well, exported) = home.told(&["export"]).await?;
    ensure!(well && exported.matches("[[person]]").count() == 40 && !exported.contains("password"), "{exported}");
    fs::write(home.path().join("cluster.toml"), exported)?;
    let (well, told) = home.told(&["apply", "cluster.toml"]).await?;
    ensure!(well && told.contains("0 new, 0 changed"), "{told}");

    fs::remove_dir_all(home.path().join("keys"))?;
    let (well, told) = home.told(&["demo", "--port-base", &port.to_string()]).await?;
    ensure!(!well && told.contains("keys/local/master.key is missing") && told.contains("--data"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_of_ones_own_begins_with_a_link_and_is_no_demo() -> Result<()> {
    let (home, port) = (Home::new()?, free_ports(4)?);
    let base = port.to_string();
    let mut up = home.start(&["up", "--port-base", &base])?;
    let line = up.says("Begin here").await?;
    ensure!(line.contains(&format!("http://localhost:{port}/setup")), "{line}");
    // elsewhere only Mirador's port is taken
    let elsewhere = free_ports(4)?;
    let _miradors = TcpListener::bind((Ipv4Addr::LOCALHOST, elsewhere + 2))?;
    for base in [base.clone(), elsewhere.to_string()] {
        let taken = home.told(&["demo", "--data", "other", "--port-base", &base]).await?.1;
        ensure!(taken.contains("is in use") && taken.contains("--port-base") && !home.path().join("other").exists(), "{taken}");
    }
    ensure!(up.terminate()?.success());

    fs::write(home.path().join("cluster.toml"), "[[collective]]\nname = \"L'Ateneu\"\n")?;
    ensure!(home.told(&["apply", "cluster.toml"]).await?.0);
    let (well, told) = home.told(&["demo", "--port-base", &base]).await?;
    ensure!(!well && told.contains("not the demo"), "{told}");

    let (well, told) = home.told(&["export", "--data", "nowhere"]).await?;
    ensure!(!well && told.contains("there is no cluster in nowhere yet") && !home.path().join("nowhere").exists(), "{told}");
    fs::write(home.path().join("data/aplec.db"), "this is no database, whatever its name says")?;
    let (well, told) = home.told(&["up", "--port-base", &base]).await?;
    ensure!(!well && told.contains("cannot open the database"), "{told}");
    Ok(())
}

const FOUND: &str = "Found Aplec";
const PASSWORD: &str = "quatre gats fan un aplec";

/// The form as somebody fills it in who founds a cluster alone.
fn filled(page: &Page) -> Result<Form> {
    let form = page.form(FOUND)?.set("name", "Maria Rosell")?.set("username", "maria.rosell")?;
    form.set("email", "maria@exemple.cat")?.set("password", PASSWORD)?.set("collective", "L\u{2019}Ateneu")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_that_is_printed_founds_the_cluster_once_and_a_slip_in_the_form_costs_nothing() -> Result<()> {
    let (home, port) = (Home::new()?, free_ports(4)?);
    let base = port.to_string();
    let mut up = home.start(&["up", "--port-base", &base])?;
    let line = up.says("Begin here").await?;
    let link = line.split_whitespace().find(|word| word.starts_with("http")).context("a link")?;
    let mut maria = Session::new()?.speaking("en");
    let page = maria.get(link).await?.must_be(200)?;
    // somebody else has the same form open
    let mut other = Session::new()?.speaking("en");
    let others = other.get(link).await?.must_be(200)?;

    let slips = filled(&page)?.set("email", "maria at exemple")?.set("password", "curta")?;
    let wrong = maria.submit(&page, &slips).await?.must_be(422)?;
    for told in ["Write a whole address", "it needs at least 15 characters"] {
        ensure!(wrong.text().contains(told), "{}", wrong.describe());
    }
    let form = wrong.form(FOUND)?;
    for (field, kept) in [
        ("name", "Maria Rosell"),
        ("username", "maria.rosell"),
        ("email", "maria at exemple"),
        ("collective", "L\u{2019}Ateneu"),
        ("password", ""),
    ] {
        ensure!(form.value(field) == Some(kept), "{field}: {form:?}");
    }
    let done = maria.submit(&wrong, &form.set("email", "maria@exemple.cat")?.set("password", PASSWORD)?).await?.must_be(200)?;
    ensure!(done.text().contains("Sign in with the username maria.rosell"), "{}", done.describe());

    let login = maria.click(&done, "Sign in").await?;
    let form = login.form("Sign in")?.set("identifier", "maria.rosell")?.set("password", PASSWORD)?;
    let account = maria.submit(&login, &form).await?.must_be(200)?;
    ensure!(account.url.path().starts_with("/account") && account.text().contains("Maria Rosell"), "{}", account.describe());
    let collectives = maria.get(&format!("http://localhost:{port}/account/collectives")).await?.must_be(200)?;
    ensure!(collectives.text().contains("L\u{2019}Ateneu"), "{}", collectives.describe());
    let desk = maria.get(&format!("http://localhost:{}/", port + 1)).await?.must_be(200)?;
    ensure!(desk.text().contains("L\u{2019}Ateneu"), "the first steward manages it at the desk: {}", desk.describe());

    let late = other.submit(&others, &filled(&others)?.set("username", "una.altra")?).await?.must_be(410)?;
    ensure!(late.text().contains("This link no longer works"), "{}", late.describe());
    maria.get(link).await?.must_be(410)?;
    ensure!(up.terminate()?.success());
    let mut again = home.start(&["up", "--port-base", &base])?;
    again.says("Ctrl-C").await?;
    ensure!(!again.log().contains("Begin here") && !again.log().contains("/setup"), "{}", again.log());
    ensure!(again.terminate()?.success());
    Ok(())
}
