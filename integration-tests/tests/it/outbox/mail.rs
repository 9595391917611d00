//! Mails at a real mail server: what arrives, what is tried again, what is given up.

use anyhow::{Result, ensure};
use idp::mail::{MailRoute, Mailer};
use idp_api::{Invite, Language};
use idp_app::jobs::GivenUp;
use idp_domain::{Ttl, secret::Typed};
use integration_tests::{
    desk::{self, Desk},
    smtp::SmtpServer,
    world::World,
};

use super::worlds;

const PASSWORD: &str = "quatre gats fan un aplec";

fn cluster() -> Result<String> {
    let cluster = r#"
[[collective]]
name = "L'Ateneu de l'Àger · Col·lectiu"
slug = "ateneu"
locale = "ca"

[[person]]
username = "gemma"
name = "Gemma"
emails = ["gemma@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", mandates = [{ kind = "manager" }] }]
"#;
    Ok(cluster.to_owned() + &desk::registration()?)
}

fn mailer(url: &str) -> Result<Mailer> {
    Ok(Mailer::new("no-reply@nuvol.test", &MailRoute::Smtp(Typed::new(url.to_owned())))?)
}

/// Gemma invites somebody to L'Ateneu, in Catalan.
async fn invite(world: &World, address: &str) -> Result<()> {
    let desk = Desk::open(world, "gemma", PASSWORD).await?;
    let invite = Invite { email: address.to_owned(), name: Some("Núria, la d’Àger".to_owned()), language: Some(Language::Ca) };
    desk.api().invite(&desk.collective("ateneu").await?, &invite, &address.replace(['@', '.'], "-")).await?;
    Ok(())
}

async fn given_up(world: &World) -> Result<Vec<GivenUp>> {
    Ok(world.app.list_given_up(10).await?)
}

#[tokio::test]
async fn a_mail_of_the_outbox_arrives_whole_in_catalan() -> Result<()> {
    for world in worlds(&cluster()?).await? {
        let server = SmtpServer::start().await?;
        server.wants("aplec:una clau llarga");
        let worker = world.worker_with(mailer(&format!("smtp://aplec:una%20clau%20llarga@localhost:{}", server.port))?).await?;
        invite(&world, "nuria@exemple.test").await?;
        ensure!(worker.work_off().await == 1);
        let mails = server.mails();
        let [mail] = mails.as_slice() else { anyhow::bail!("one mail: {mails:?}") };
        ensure!(mail.signed_in.as_deref() == Some("aplec:una clau llarga"));
        ensure!((mail.from.as_str(), mail.to.as_slice()) == ("no-reply@nuvol.test", &["nuria@exemple.test".to_owned()][..]), "{mail:?}");
        ensure!(mail.field("Subject") == "L'Ateneu de l'Àger · Col·lectiu et convida", "{}", mail.field("Subject"));
        ensure!(mail.field("To").contains("Núria, la d’Àger") && mail.field("To").contains("<nuria@exemple.test>"), "{}", mail.field("To"));
        ensure!(mail.field("From").ends_with("<no-reply@nuvol.test>"), "{}", mail.field("From"));
        ensure!(mail.field("Message-ID").ends_with("@nuvol.test>") && mail.field("Auto-Submitted") == "auto-generated");
        ensure!(mail.field("Content-Type").starts_with("multipart/alternative"), "{}", mail.field("Content-Type"));
        ensure!(mail.data.is_ascii() && mail.data.lines().all(|line| line.len() <= 998), "seven bits and short lines");
        let (text, html) = (mail.part("text/plain")?, mail.part("text/html")?);
        let link = format!("{}/", world.issuer);
        for part in [&text, &html] {
            ensure!(part.contains("t’ha obert un compte") && part.contains("Àger · Col·lectiu") && part.contains(&link), "{part}");
        }
        ensure!(html.contains("lang=\"ca\""), "{html}");
        ensure!(worker.work_off().await == 0 && server.mails().len() == 1, "sent once");
    }
    Ok(())
}

#[tokio::test]
async fn a_mail_the_server_cannot_take_now_is_tried_again_and_arrives_once() -> Result<()> {
    for world in worlds(&cluster()?).await? {
        let server = SmtpServer::start().await?;
        let worker = world.worker_with(mailer(&format!("smtp://127.0.0.1:{}", server.port))?).await?;
        server.answer_recipients(["451 4.3.0 later", "452 4.2.2 full"]);
        invite(&world, "nuria@exemple.test").await?;
        for _ in 0..2 {
            ensure!(worker.work_off().await == 1 && server.mails().is_empty());
            ensure!(worker.work_off().await == 0, "not before its time");
            world.wait(Ttl::minutes(3));
        }
        ensure!(worker.work_off().await == 1 && server.mails().len() == 1);
        ensure!(server.asked() == 3 && given_up(&world).await?.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn an_address_without_a_mailbox_is_given_up_at_once_with_a_reason_and_no_address() -> Result<()> {
    for world in worlds(&cluster()?).await? {
        let server = SmtpServer::start().await?;
        let worker = world.worker_with(mailer(&format!("smtp://localhost:{}", server.port))?).await?;
        server.answer_recipients(["550 5.1.1 <ningu@exemple.test>: no such user"]);
        invite(&world, "ningu@exemple.test").await?;
        ensure!(worker.work_off().await == 1);
        let dead = given_up(&world).await?;
        let [job] = dead.as_slice() else { anyhow::bail!("one job: {dead:?}") };
        ensure!(job.why.as_deref() == Some("the mail server refused it with status 550"), "{job:?}");
        world.wait(Ttl::days(2));
        ensure!(worker.work_off().await == 0 && server.asked() == 1, "nobody is asked again");
        // the next one is not held up
        invite(&world, "nuria@exemple.test").await?;
        ensure!(worker.work_off().await == 1 && server.mails().len() == 1);
    }
    Ok(())
}

#[tokio::test]
async fn mails_wait_for_a_server_that_is_down_or_does_not_know_us() -> Result<()> {
    for world in worlds(&cluster()?).await? {
        let port = SmtpServer::start().await?.port;
        let worker = world.worker_with(mailer(&format!("smtp://aplec:clau@localhost:{port}"))?).await?;
        invite(&world, "nuria@exemple.test").await?;
        ensure!(worker.work_off().await == 1, "nobody is there");
        world.wait(Ttl::minutes(2));
        let server = SmtpServer::on(port).await?;
        server.wants("aplec:another");
        ensure!(worker.work_off().await == 1, "the password is wrong");
        ensure!(server.mails().is_empty() && given_up(&world).await?.is_empty(), "somebody will repair it");
        world.wait(Ttl::minutes(5));
        server.wants("aplec:clau");
        ensure!(worker.work_off().await == 1 && server.mails().len() == 1);
    }
    Ok(())
}

#[tokio::test]
async fn where_encryption_is_required_a_server_without_it_hears_neither_password_nor_mail() -> Result<()> {
    let world = World::start(&cluster()?).await?;
    let server = SmtpServer::start().await?;
    for url in ["smtp://aplec:clau@localhost:PORT?tls=required", "smtps://aplec:clau@localhost:PORT"] {
        let worker = world.worker_with(mailer(&url.replace("PORT", &server.port.to_string()))?).await?;
        invite(&world, &format!("{}@exemple.test", url.len())).await?;
        ensure!(worker.work_off().await >= 1);
        ensure!(server.asked() == 0 && server.passwords() == 0 && given_up(&world).await?.is_empty());
    }
    Ok(())
}
