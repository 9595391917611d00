//! Redis goes away and comes back: nobody signs in uncounted meanwhile, who is signed in stays so, and nobody has to be called.

use std::process::Command;

use anyhow::{Result, ensure};
use idp_app::EphemeralAt;
use integration_tests::{
    ambient::{self, eventually},
    http::{Page, Request, Session},
    process::{Running, free_ports},
    world::{Database, World},
};
use url::Url;

const PASSWORD: &str = "quatre gats fan un aplec";

const CLUSTER: &str = r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"

[[person]]
username = "maria"
name = "Maria"
emails = ["maria@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu" }]
"#;

fn start_redis(directory: &tempfile::TempDir, port: u16) -> Result<Running> {
    let port = port.to_string();
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"]).arg("--dir").arg(directory.path());
    Running::start("redis", directory.path(), &mut command)
}

async fn sign_in(world: &World, session: &mut Session, password: &str) -> Result<Page> {
    let page = session.step(Request::get(Url::parse(&world.at("/login"))?), None).await?.must_be(200)?;
    let form = page.form("Sign in")?.set("identifier", "maria")?.set("password", password)?;
    session.step(Request::for_form(&form), Some(&page.url)).await
}

async fn get(world: &World, session: &mut Session, path: &str) -> Result<Page> {
    session.step(Request::get(Url::parse(&world.at(path))?), None).await
}

#[tokio::test]
async fn while_redis_is_down_the_answer_is_not_now_and_never_yes() -> Result<()> {
    // the run that set the address of a Redis has its program, too
    if ambient::needed("TEST_REDIS_URL", "Redis")?.is_none() {
        return Ok(());
    }
    let (directory, port) = (tempfile::tempdir()?, free_ports(1)?);
    let mut redis = start_redis(&directory, port)?;
    redis.says("Ready to accept connections").await?;
    let world = World::with(Database::Sqlite, EphemeralAt::Redis(format!("redis://127.0.0.1:{port}/")), CLUSTER).await?;
    let mut here = Session::new()?.speaking("en");
    ensure!(sign_in(&world, &mut here, PASSWORD).await?.status == 303);
    get(&world, &mut here, "/account").await?.must_be(200)?;

    redis.kill()?;
    for password in [PASSWORD, "no és aquesta, no"] {
        let mut other = Session::new()?.speaking("en");
        let refused = sign_in(&world, &mut other, password).await?;
        ensure!(refused.status == 503, "{}", refused.describe());
        ensure!(get(&world, &mut other, "/account").await?.status == 303, "nobody was signed in");
    }
    for path in ["/account", "/.well-known/openid-configuration", "/oauth/jwks", "/health/ready"] {
        let answer = get(&world, &mut here, path).await?;
        ensure!(answer.status == 200, "{path} needs no Redis: {}", answer.describe());
    }

    let mut redis = start_redis(&directory, port)?;
    redis.says("Ready to accept connections").await?;
    eventually("signing in to work again", async || {
        let answer = sign_in(&world, &mut Session::new()?.speaking("en"), PASSWORD).await?;
        ensure!(matches!(answer.status.as_u16(), 303 | 503), "{}", answer.describe());
        Ok((answer.status == 303).then_some(()))
    })
    .await?;
    let wrong = sign_in(&world, &mut Session::new()?.speaking("en"), "no és aquesta, no").await?;
    ensure!(wrong.status == 422, "{}", wrong.describe());
    Ok(())
}
