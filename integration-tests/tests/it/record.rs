//! Nobody looks silently: what managers do to a person at their desk, that person reads in her account.

use anyhow::{Result, ensure};
use idp_domain::Ttl;
use integration_tests::{
    desk_app::{DeskApp, DeskPlace},
    http::{Page, Session},
    world::World,
};

const PASSWORD: &str = "quatre gats fan un aplec";
const RECORD: &str = "/account/record";

const CLUSTER: &str = r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"

[[collective]]
name = "El Forn"
slug = "forn"

[[service]]
name = "Oficina"
slug = "oficina"

[[service]]
name = "Xat"
slug = "xat"

[[offer]]
service = "oficina"
collective = "ateneu"

[[offer]]
service = "xat"
collective = "forn"

[[person]]
username = "gemma"
name = "Gemma"
locale = "en"
emails = ["gemma@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", mandates = [{ kind = "manager" }] }]

[[person]]
username = "fina"
name = "Fina"
locale = "en"
emails = ["fina@forn.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "forn", mandates = [{ kind = "manager" }] }]

[[person]]
username = "maria"
name = "Maria"
locale = "en"
emails = ["maria@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu" }, { collective = "forn" }]

[[person]]
username = "pau"
name = "Pau"
locale = "en"
emails = ["pau@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu" }]
"#;

/// A manager opens somebody's page, follows the link with these words and sends the form whose button says `button`.
async fn act(desk: &DeskApp, manager: &str, person: &str, words: &str, button: &str, reason: Option<&str>) -> Result<()> {
    let (mut session, home) = desk.sign_in(manager, PASSWORD).await?;
    let people = session.get(&format!("{}/people", home.url)).await?.must_be(200)?;
    let page = session.click(&people, person).await?;
    let page = session.click(&page, words).await?;
    let mut form = page.form(button)?;
    if let Some(reason) = reason {
        form = form.set("reason", reason)?;
    }
    session.submit(&page, &form).await?.must_be(200).map(drop)
}

/// Signs in at the account.
async fn account_of(world: &World, username: &str) -> Result<Session> {
    let mut session = Session::new()?.speaking("en");
    let page = session.get(&world.at("/login")).await?;
    let form = page.form("Sign in")?.set("identifier", username)?.set("password", PASSWORD)?;
    session.submit(&page, &form).await?.must_be(200)?;
    Ok(session)
}

/// The facts of a record in reading order: what, where and who.
fn facts(page: &Page) -> Vec<String> {
    let rows = page.body.split("<tr").skip(2);
    let cells = |row: &str| {
        let words = row.split('<').filter_map(|part| part.split_once('>')).map(|(_, words)| words.trim());
        words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" | ")
    };
    rows.map(|row| cells(row.split("<time").next().unwrap_or_default())).collect()
}

#[tokio::test]
async fn a_person_reads_what_her_managers_did_and_nothing_about_others() -> Result<()> {
    let place = DeskPlace::take().await?;
    let world = World::start(&format!("{CLUSTER}{}", place.registration()?)).await?;
    let desk = place.open(&world)?;
    let mut maria = account_of(&world, "maria").await?;
    let by_the_file = facts(&maria.get(&world.at(RECORD)).await?.must_be(200)?);
    ensure!(by_the_file.iter().all(|fact| fact.ends_with("operations, at the server")), "{by_the_file:?}");

    let oficina = "Open Oficina for Maria on behalf of L'Ateneu";
    world.wait(Ttl::minutes(1));
    act(&desk, "gemma", "Maria", "Open Oficina", oficina, None).await?;
    world.wait(Ttl::minutes(1));
    act(&desk, "fina", "Maria", "Pause Maria at El Forn", "Pause Maria at El Forn", Some("Her dues <b>wait</b>")).await?;
    world.wait(Ttl::minutes(1));
    act(&desk, "gemma", "Pau", "Pause Pau at L'Ateneu", "Pause Pau at L'Ateneu", Some("A year in Vic")).await?;

    let page = maria.get(&world.at(RECORD)).await?.must_be(200)?;
    let read = facts(&page);
    let new = &read[..read.len() - by_the_file.len()];
    ensure!(new.len() == 4, "{new:?}");
    for expected in [
        "The door to a service was opened | L'Ateneu · Oficina | Gemma, L'Ateneu",
        "Your page was looked at | L'Ateneu | Gemma, L'Ateneu",
        "Your membership was paused | Reason: | Her dues &lt;b&gt;wait&lt;/b&gt; | El Forn | Fina, El Forn",
        "Your page was looked at | El Forn | Fina, El Forn",
    ] {
        ensure!(new.iter().any(|fact| fact == expected), "{expected:?} is missing: {new:#?}");
    }
    ensure!(new[..2].iter().all(|fact| fact.ends_with("Fina, El Forn")), "the newest first: {new:#?}");
    ensure!(!page.body.contains("Pau") && !page.body.contains("Vic"), "somebody else's: {}", page.describe());
    let identifiers = page.body.split(|letter: char| !letter.is_ascii_hexdigit()).filter(|word| word.len() == 32).count();
    ensure!(identifiers == 0 && !page.body.contains("127.0.0.1"), "nobody's to read: {}", page.describe());

    let mut pau = account_of(&world, "pau").await?;
    let page = pau.get(&world.at(RECORD)).await?.must_be(200)?;
    ensure!(facts(&page)[..2].iter().any(|fact| fact.contains("A year in Vic")), "{}", page.describe());
    ensure!(!page.body.contains("Maria") && !page.body.contains("Fina"), "somebody else's: {}", page.describe());
    Ok(())
}

#[tokio::test]
async fn a_record_is_read_signed_in_and_goes_on_at_its_cursor() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let mut stranger = Session::new()?.speaking("en");
    let page = stranger.get(&world.at(RECORD)).await?;
    ensure!(page.url.path() == "/login", "{}", page.describe());

    let mut maria = account_of(&world, "maria").await?;
    let before = facts(&maria.get(&world.at(RECORD)).await?).len();
    // sign-ins are not written down there, a language is
    for turn in 0..26 {
        world.wait(Ttl::minutes(1));
        let page = maria.get(&world.at("/account/security")).await?;
        let form = page.form(if turn % 2 == 0 { "Save the language" } else { "Desa l’idioma" })?;
        let chosen = if turn % 2 == 0 { "ca" } else { "en" };
        maria.submit(&page, &form.set("language", chosen)?).await?.must_be(200)?;
    }
    let newest = maria.get(&world.at(RECORD)).await?.must_be(200)?;
    let read = facts(&newest);
    ensure!(read.len() == 25 && read.iter().all(|fact| fact == "The language was changed | — | you"), "{read:#?}");
    let older = maria.click(&newest, "Older").await?.must_be(200)?;
    ensure!(facts(&older).len() == before + 1, "{}", older.describe());
    ensure!(older.link("Older").is_err(), "there is no more: {}", older.describe());
    ensure!(maria.click(&older, "Newest").await?.body == newest.body, "and back again");
    maria.get(&world.at("/account/record?before=yesterday")).await?.must_be(404).map(drop)
}
