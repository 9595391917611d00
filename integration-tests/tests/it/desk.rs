//! A manager's day at the real desk in front of the real management API: each form that changes something is sent, and what it did is
//! read where others see it.

use anyhow::{Context as _, Result, ensure};
use idp_domain::Ttl;
use integration_tests::{
    desk_app::{DeskApp, DeskPlace},
    http::{Page, Session},
    world::World,
};
use url::Url;

const PASSWORD: &str = "quatre gats fan un aplec";

const CLUSTER: &str = r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"

[[collective]]
name = "El Forn"
slug = "forn"
listed = true

[[service]]
name = "Oficina"
slug = "oficina"
roles = ["viewer", "editor"]

[[service]]
name = "Xat"
slug = "xat"

[[offer]]
service = "oficina"
collective = "ateneu"
default_role = "viewer"
quota_ceiling = "5 GB"

[[offer]]
service = "xat"
collective = "ateneu"

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
memberships = [{ collective = "ateneu" }]
grants = [{ service = "oficina", via = "ateneu" }]
requests = [{ kind = "access", collective = "ateneu", service = "xat", text = "To talk on Thursdays" }]

[[person]]
username = "pau"
name = "Pau"
locale = "en"
emails = ["pau@exemple.test"]
state = "awaiting_validation"
requests = [{ kind = "join", collective = "ateneu", text = "The baker sent me" }]
"#;

/// A manager's browser at the desk.
struct Manager<'a> {
    desk: &'a DeskApp,
    session: Session,
    home: Url,
}

impl<'a> Manager<'a> {
    async fn sign_in(desk: &'a DeskApp, username: &str) -> Result<Self> {
        let (session, page) = desk.sign_in(username, PASSWORD).await?;
        Ok(Self { desk, session, home: page.url })
    }

    /// A part of the collective's desk.
    async fn open(&mut self, part: &str) -> Result<Page> {
        self.session.get(&format!("{}/{part}", self.home)).await?.must_be(200)
    }

    async fn person(&mut self, name: &str) -> Result<Page> {
        let people = self.open("people").await?;
        self.session.click(&people, name).await
    }

    /// Fills the form with this button and sends it.
    async fn send(&mut self, page: &Page, button: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let mut form = page.form(button)?;
        for (name, value) in fields {
            form = form.set(name, value)?;
        }
        self.session.submit(page, &form).await
    }

    /// Follows the link with these words and sends the form whose button says the same.
    async fn act(&mut self, page: &Page, words: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let form = self.session.click(page, words).await?;
        self.send(&form, words, fields).await
    }
}

async fn scene() -> Result<(World, DeskApp)> {
    let place = DeskPlace::take().await?;
    let world = World::start(&format!("{CLUSTER}{}", place.registration()?)).await?;
    let desk = place.open(&world)?;
    Ok((world, desk))
}

fn must_say(page: &Page, words: &[&str]) -> Result<()> {
    let text = page.text();
    for words in words {
        ensure!(text.contains(words), "{words:?} is missing: {}", page.describe());
    }
    Ok(())
}

#[tokio::test]
async fn a_request_that_went_to_the_wrong_collective_is_handed_over() -> Result<()> {
    let (_world, desk) = scene().await?;
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    let queue = gemma.open("requests").await?;
    let form = gemma.session.click(&queue, "Hand over to another collective").await?;
    let forn = Manager::sign_in(&desk, "fina").await?.home;
    let forn = forn.path_segments().and_then(|mut parts| parts.nth(1)).context("the collective's identifier")?.to_owned();
    let button = "Hand over the request that Pau made to L'Ateneu";
    let unchosen = gemma.send(&form, button, &[]).await?;
    ensure!(unchosen.url == form.url, "nothing was chosen: {}", unchosen.describe());
    let done = gemma.send(&unchosen, button, &[("to", &forn)]).await?;
    must_say(&done, &["The request of Pau is with the other collective now."])?;
    ensure!(!done.text().contains("The baker sent me"), "it is theirs now: {}", done.describe());

    let mut fina = Manager::sign_in(&desk, "fina").await?;
    let theirs = fina.open("requests").await?;
    must_say(&theirs, &["Pau", "The baker sent me"])?;
    ensure!(!theirs.text().contains("Ateneu"), "who is not listed stays unnamed: {}", theirs.describe());
    Ok(())
}

#[tokio::test]
async fn the_desk_speaks_as_the_browser_asks_and_as_the_person_chose_where_it_asks_for_none_of_ours() -> Result<()> {
    let (_world, desk) = scene().await?;
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    must_say(&gemma.open("people").await?, &["People"])?;
    for (languages, words) in [("es-ES,es;q=0.9,en;q=0.8", "Personas"), ("ca", "Persones"), ("de-DE,de;q=0.9", "People")] {
        gemma.session = gemma.session.speaking(languages);
        must_say(&gemma.open("people").await?, &[words])?;
    }
    Ok(())
}

#[tokio::test]
async fn a_membership_is_paused_resumed_and_ended() -> Result<()> {
    let (_world, desk) = scene().await?;
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    let maria = gemma.person("Maria").await?;
    let paused = gemma.act(&maria, "Pause Maria at L'Ateneu", &[("reason", "A year in Vic")]).await?;
    must_say(&paused, &["Maria is paused at L'Ateneu.", "closed: not an active member"])?;
    let resumed = gemma.act(&paused, "Resume Maria at L'Ateneu", &[]).await?;
    must_say(&resumed, &["Maria is an active member of L'Ateneu again.", "Close Oficina"])?;
    let ended = gemma.act(&resumed, "End the membership of Maria at L'Ateneu", &[("reason", "She stays there")]).await?;
    must_say(&ended, &["Maria is no longer a member of L'Ateneu.", "L'Ateneu opened no service for this person."])?;
    must_say(&gemma.open("audit").await?, &["Paused", "A year in Vic", "Resumed", "Membership ended", "She stays there"])
}

#[tokio::test]
async fn a_text_too_long_for_anything_is_in_its_form_again_with_what_is_wrong() -> Result<()> {
    let (_world, desk) = scene().await?;
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    let button = "Pause Maria at L'Ateneu";
    let maria = gemma.person("Maria").await?;
    let reason = "é".repeat(2_100);
    let refused = gemma.act(&maria, button, &[("reason", &reason)]).await?.must_be(422)?;
    must_say(&refused, &["This is too long."])?;
    ensure!(refused.form(button)?.value("reason") == Some(&reason), "{}", refused.describe());
    must_say(&gemma.send(&refused, button, &[("reason", &reason[..200])]).await?, &["Maria is paused at L'Ateneu."])
}

#[tokio::test]
async fn a_doors_role_quota_and_last_day_change_in_one_form() -> Result<()> {
    let (_world, desk) = scene().await?;
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    let maria = gemma.person("Maria").await?;
    let form = gemma.session.click(&maria, "Change Oficina").await?;
    let button = "Save the changes for Maria at Oficina (L'Ateneu)";
    let wanted = [("role", "editor"), ("quota", "6 GB"), ("ends_at", "2001-12-31")];
    let refused = gemma.send(&form, button, &wanted).await?;
    must_say(&refused, &["There are 2 things to put right", "Space: ", "Last day: "])?;
    ensure!(refused.url == form.url && refused.form(button)?.value("quota") == Some("6 GB"), "more than offered: {}", refused.describe());
    let done = gemma.send(&refused, button, &[("quota", "1,5 GB"), ("ends_at", "2199-12-31")]).await?;
    must_say(&done, &["The changes for Maria at Oficina are saved.", "editor · 1536 MB · until 31 December 2199"])?;
    // the form shows what stands now, and an empty field takes it away
    let form = gemma.session.click(&done, "Change Oficina").await?;
    let shown = form.form(button)?;
    let values = ["role", "quota", "ends_at"].map(|name| shown.value(name));
    ensure!(values == [Some("editor"), Some("1536 MB"), Some("2199-12-31")], "{values:?}");
    let done = gemma.send(&form, button, &[("quota", ""), ("ends_at", "")]).await?;
    ensure!(!done.text().contains("1536 MB") && !done.text().contains("2199"), "{}", done.describe());
    Ok(())
}

#[tokio::test]
async fn two_managers_who_change_the_same_door_undo_nothing_of_each_other() -> Result<()> {
    let (_world, desk) = scene().await?;
    let button = "Save the changes for Maria at Oficina (L'Ateneu)";
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    let maria = gemma.person("Maria").await?;
    let form = gemma.session.click(&maria, "Change Oficina").await?;
    // a second browser stands for the other manager
    let mut other = Manager::sign_in(&desk, "gemma").await?;
    let stale = other.session.get(form.url.as_str()).await?.must_be(200)?;
    gemma.send(&form, button, &[("role", "editor"), ("quota", "5 GB"), ("ends_at", "2199-12-31")]).await?;

    // a mistake in the old form is answered first; that tells nothing of the change, so it does not count as having seen it
    let invalid = other.send(&stale, button, &[("quota", "molt")]).await?;
    let told = other.send(&invalid, button, &[("quota", "2 GB")]).await?;
    must_say(&told, &["Now: editor · 5 GB · until 31 December 2199."])?;
    let shown = told.form(button)?;
    let values = ["role", "quota", "ends_at"].map(|name| shown.value(name));
    ensure!(values == [Some("editor"), Some("2 GB"), Some("2199-12-31")], "{values:?}");
    let done = other.send(&told, button, &[]).await?;
    must_say(&done, &["editor · 2 GB · until 31 December 2199"])
}

#[tokio::test]
async fn the_collectives_name_language_and_listing_are_its_managers_to_change() -> Result<()> {
    let (world, desk) = scene().await?;
    let picker = world.at("/join");
    let mut visitor = Session::new()?.speaking("en");
    ensure!(!visitor.get(&picker).await?.text().contains("Ateneu"), "it is not listed yet");
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    let form = gemma.open("settings").await?;
    let fields = [("name", "L'Ateneu Nou"), ("locale", "es"), ("listed", "on")];
    let done = gemma.send(&form, "Save the changes of L'Ateneu", &fields).await?;
    must_say(&done, &["The changes of L'Ateneu Nou are saved."])?;
    let stands = done.form("Save the changes of L'Ateneu Nou")?;
    ensure!(fields.map(|(name, _)| stands.value(name)) == fields.map(|(_, value)| Some(value)), "{stands:?}");
    must_say(&visitor.get(&picker).await?, &["L'Ateneu Nou"])?;
    // whoever looked before that has to look again
    let late = gemma.send(&form, "Save the changes of L'Ateneu", &[("name", "L'Ateneu Vell")]).await?;
    must_say(&late, &["Now: L'Ateneu Nou · Castellano · on the public list."])?;
    must_say(&gemma.open("settings").await?, &["L'Ateneu Nou"])?;
    // and takes back nothing that she did not touch
    let done = gemma.send(&late, "Save the changes of L'Ateneu Nou", &[]).await?;
    let stands = done.form("Save the changes of L'Ateneu Vell")?;
    let values = ["name", "locale", "listed"].map(|name| stands.value(name));
    ensure!(values == [Some("L'Ateneu Vell"), Some("es"), Some("on")], "{values:?}");
    Ok(())
}

#[tokio::test]
async fn who_asks_for_a_service_gets_it_with_a_managers_yes() -> Result<()> {
    let (_world, desk) = scene().await?;
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    let queue = gemma.open("requests").await?;
    let form = gemma.session.click(&queue, "Review and open the door").await?;
    must_say(&form, &["To talk on Thursdays"])?;
    let done = gemma.send(&form, "Open the door for Maria on behalf of L'Ateneu", &[]).await?;
    must_say(&done, &["The request of Maria at L'Ateneu is resolved."])?;
    ensure!(!done.text().contains("To talk on Thursdays"), "it is answered: {}", done.describe());
    must_say(&gemma.person("Maria").await?, &["Close Xat"])?;
    // back, and sent once more
    let again = gemma.send(&form, "Open the door for Maria on behalf of L'Ateneu", &[]).await?;
    must_say(&again, &["This request is already answered: accepted."])
}

#[tokio::test]
async fn a_form_left_open_for_half_an_hour_goes_through_and_after_an_hour_keeps_its_words() -> Result<()> {
    let (world, desk) = scene().await?;
    let mut gemma = Manager::sign_in(&desk, "gemma").await?;
    let button = "Pause Maria at L'Ateneu";
    let maria = gemma.person("Maria").await?;
    let form = gemma.session.click(&maria, button).await?;
    world.wait(Ttl::minutes(31));
    let done = gemma.send(&form, button, &[("reason", "I was called to the phone")]).await?;
    must_say(&done, &["Maria is paused at L'Ateneu."])?;

    // the sign-in itself rests for an hour at most: after that she proves who she is, and her words are there again
    let button = "Resume Maria at L'Ateneu";
    let form = gemma.session.click(&done, button).await?;
    world.wait(Ttl::minutes(61));
    let asked = gemma.send(&form, button, &[("reason", "And then to lunch")]).await?;
    let back = gemma.desk.prove(&mut gemma.session, &asked, "gemma", PASSWORD).await?;
    ensure!(back.url == form.url && back.form(button)?.value("reason") == Some("And then to lunch"), "{}", back.describe());
    must_say(&gemma.send(&back, button, &[]).await?, &["Maria is an active member of L'Ateneu again."])
}
