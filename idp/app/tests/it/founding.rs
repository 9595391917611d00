//! The one-time setup of a cluster.

use idp_app::{
    account::decide_mandate::{Answer, decide_mandate},
    collectives::accept_invitation::accept_invitation,
    jobs::Job,
    join::{activate::activate, link::LinkRefusal},
    mail::{Mail, MailContent, MailLink, prepare},
    setup::{FirstSteward, FoundRefusal, Founding, SecondSteward, found_cluster, make_setup_link, read_setup_link},
};
use idp_domain::{
    id::PersonId, locale::Locale, membership::MandateKind, name::DisplayName, policy::Actor, secret::Typed, slug::Slug, username::Username,
};
use idp_store::Tx;

use crate::world::{World, address, race, refusal};

const PASSWORD: &str = "quatre gats fan un aplec";

pub(crate) fn founding(collective: &str, second: Option<&str>, password: &str) -> Founding {
    let name = |text: &str| DisplayName::parse(text).expect("a name");
    Founding {
        collective: name(collective),
        steward: FirstSteward {
            display_name: name("Maria Rosell"),
            username: Username::parse("maria.rosell").expect("a username"),
            email: address("maria@exemple.org"),
            password: Typed::new(password.to_owned()),
        },
        second: second.map(|collective| SecondSteward {
            collective: name(collective),
            display_name: name("Òscar Pi"),
            email: address("oscar@exemple.org"),
        }),
        locale: Locale::Ca,
    }
}

pub(crate) fn console(world: &World) -> idp_app::Act {
    world.app.act(Actor::Operator, "a test")
}

pub(crate) async fn steward(world: &World) -> PersonId {
    let username = Username::parse("maria.rosell").expect("a username");
    world.store.read().people().find_by_username(&username).await.expect("read").expect("a steward").id
}

#[tokio::test]
async fn the_link_founds_once_and_the_first_steward_holds_every_desk() {
    let world = World::new().await;
    let first = make_setup_link(&console(&world)).await.expect("makes").expect("an empty cluster");
    let secret = make_setup_link(&console(&world)).await.expect("makes").expect("an empty cluster");
    assert_eq!(refusal(read_setup_link(&console(&world), &first).await), LinkRefusal::Expired, "a newer one replaces it");
    read_setup_link(&console(&world), &secret).await.expect("works");
    found_cluster(&console(&world), &secret, founding("L’Ateneu", Some("Col·lectiu Ronda"), PASSWORD)).await.expect("founds");

    let maria = steward(&world).await;
    let standing = world.standing(maria).await;
    assert!(standing.community_steward && standing.operations_steward);
    assert_eq!(standing.manages.len(), 2, "the second collective has a manager from the first day");
    let ronda = world.store.read().collectives().find_by_slug(&Slug::parse("collectiu-ronda").expect("a slug")).await.expect("read");
    let ronda = ronda.expect("founded");
    assert!(make_setup_link(&console(&world)).await.expect("asks").is_none(), "nobody founds twice");
    assert_eq!(refusal(read_setup_link(&console(&world), &secret).await), LinkRefusal::Used);

    let jobs = world.outbox().await;
    // jobs of one instant come in no order
    let invited = jobs.iter().find(|job| matches!(job, Job::SendMail { mail: Mail::Invitation { .. } }));
    let Some(Job::SendMail { mail: mail @ Mail::Invitation { person: oscar, collective } }) = invited else { panic!("{jobs:?}") };
    assert_eq!(*collective, ronda.id);
    let content = prepare(&console(&world), mail).await.expect("prepares").expect("not moot").content;
    let MailContent::Invitation { link: MailLink::Activate(link), .. } = content else { panic!("a link") };
    activate(&console(&world), &link, &Typed::new(PASSWORD.to_owned())).await.expect("activates");
    assert!(!world.standing(*oscar).await.may_manage(), "a mandate is accepted by its holder");
    let mine = idp_app::account::my_collectives::list_my_collectives(&world.act(*oscar), *oscar).await.expect("collectives");
    assert_eq!(mine.proposed.len(), 3);
    refusal(accept_invitation(&world.act(*oscar), ronda.id).await);

    // as soon as the second steward manages their collective, the first one gives the place up, and nothing else
    let desk = |kind| mine.proposed.iter().find(|proposed| proposed.duty.kind == kind).expect("proposed").mandate;
    for kind in [MandateKind::CommunitySteward, MandateKind::Manager] {
        assert_eq!(world.standing(maria).await.manages.len(), 2, "until then she holds it");
        decide_mandate(&world.act(*oscar), *oscar, ronda.id, desk(kind), Answer::Accept).await.expect("accepts");
    }
    let (first, second) = (world.standing(maria).await, world.standing(*oscar).await);
    assert!(!first.manages.contains(&ronda.id) && first.manages.len() == 1 && first.community_steward && first.operations_steward);
    assert!(first.member_of.contains(&ronda.id), "she is a member as long as she likes");
    assert!(second.manages.contains(&ronda.id) && second.community_steward);
    let facts = world.audited(ronda.id).await;
    assert_eq!(facts[facts.len() - 2..], ["mandate.accepted", "mandate.ended"]);
}

#[tokio::test]
async fn what_cannot_be_founded_leaves_the_link_as_it_was() {
    let world = World::new().await;
    let secret = make_setup_link(&console(&world)).await.expect("makes").expect("an empty cluster");
    let mut same = founding("L’Ateneu", Some("Ronda"), PASSWORD);
    same.steward.email = address("oscar@exemple.org");
    for (founding, why) in [
        (founding("L’Ateneu", Some("l'ateneu!"), PASSWORD), FoundRefusal::CollectivesAlike),
        (founding("···", None, PASSWORD), FoundRefusal::CollectiveName),
        (founding("L’Ateneu", Some("···"), PASSWORD), FoundRefusal::SecondCollectiveName),
        (same, FoundRefusal::SamePerson),
        (founding("L’Ateneu", None, "curta"), FoundRefusal::Password(idp_domain::credential::WeakPassword::TooShort)),
    ] {
        assert_eq!(refusal(found_cluster(&console(&world), &secret, founding).await), why);
    }
    assert!(world.store.read().people().list_after(None, 1).await.expect("read").is_empty());
    found_cluster(&console(&world), &secret, founding("L’Ateneu", None, PASSWORD)).await.expect("founds");
}

#[tokio::test]
async fn of_twenty_founders_one_wins() {
    let world = World::new().await;
    let secret = make_setup_link(&console(&world)).await.expect("makes").expect("an empty cluster");
    let (app, secret) = (world.app.clone(), &secret);
    let won = race(20, |_| {
        let (act, secret) = (app.act(Actor::Operator, "a founder"), secret.clone());
        async move { found_cluster(&act, &secret, founding("L’Ateneu", None, PASSWORD)).await.is_ok() }
    })
    .await;
    assert_eq!(won.into_iter().filter(|won| *won).count(), 1);
    assert_eq!(world.store.read().people().list_after(None, 10).await.expect("read").len(), 1);
}
