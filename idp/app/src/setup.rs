//! The beginning of a cluster: a one-time link from the console founds the first collectives and the first steward, who
//! invites the second.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    collective::{Collective, CollectiveState, Listing},
    credential::{WeakPassword, check_new_password},
    email::EmailAddress,
    id::{CollectiveId, MandateId, MembershipId, PersonId},
    locale::Locale,
    membership::{Mandate, MandateKind, Membership, MembershipState},
    name::DisplayName,
    person::PersonState,
    secret::{Secret, Typed},
    slug::Slug,
    username::Username,
};
use idp_store::{
    Decided, Inserted, Tx, WriteTx,
    links::{Link, LinkKind},
};

use crate::{
    Act, Outcome, audit,
    collectives::{
        found_collective::{FoundCollective, found},
        invite_member::{InviteMember, create, invite},
    },
    failure::{OrRefuse, refuse},
    jobs::enqueue_mail,
    join::link::{self, LinkRefusal, NewLink},
    login::hasher::StoredPassword,
    mail::Mail,
    people::{NewAccount, add_address, hash_password, new_person, set_password},
};

/// The first collectives and people.
#[derive(Debug)]
pub struct Founding {
    /// The first steward's collective.
    pub collective: DisplayName,
    /// The first steward.
    pub steward: FirstSteward,
    /// The second steward, when somebody is at hand.
    pub second: Option<SecondSteward>,
    /// Language of the collectives and people.
    pub locale: Locale,
}

/// The first steward.
#[derive(Debug)]
pub struct FirstSteward {
    /// The name shown to others.
    pub display_name: DisplayName,
    /// The login name.
    pub username: Username,
    /// An address, to be proven.
    pub email: EmailAddress,
    /// The password.
    pub password: Typed,
}

/// The second steward, from another collective: power is not in one hand.
#[derive(Debug)]
pub struct SecondSteward {
    /// Their collective.
    pub collective: DisplayName,
    /// The name shown to others, until they choose.
    pub display_name: DisplayName,
    /// Where the invitation goes.
    pub email: EmailAddress,
}

/// Why nothing was founded. The link still works, but for [`FoundRefusal::Link`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundRefusal {
    /// The link does not work.
    Link(LinkRefusal),
    /// The password may not be chosen.
    Password(WeakPassword),
    /// No slug can be made of the first collective's name.
    CollectiveName,
    /// No slug can be made of the second collective's name.
    SecondCollectiveName,
    /// Both names make the same slug.
    CollectivesAlike,
    /// The second steward has the first one's address.
    SamePerson,
    /// Somebody has the username.
    UsernameTaken,
}

/// Makes the setup link for the console; any earlier one is void. `None` once there are people.
pub async fn make_setup_link(act: &Act) -> Result<Option<Secret>, Fault> {
    if !is_empty(&act.store().read()).await? {
        return Ok(None);
    }
    let tx = act.store().write("setup.make_link").await?;
    tx.links().revoke_kind(LinkKind::Setup, act.now).await?;
    let new = NewLink {
        kind: LinkKind::Setup,
        person: None,
        email: None,
        collective: None,
        payload: "",
        expires_at: act.now + link::SETUP_LIFETIME,
    };
    let secret = link::make(act, &tx, new).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

async fn is_empty(tx: &impl Tx) -> Result<bool, Fault> {
    Ok(tx.people().list_after(None, 1).await?.is_empty())
}

/// Whether a setup link works. Changes nothing.
pub async fn read_setup_link(act: &Act, secret: &Secret) -> Outcome<(), LinkRefusal> {
    find(act, secret).await.map(drop)
}

async fn find(act: &Act, secret: &Secret) -> Outcome<Link, LinkRefusal> {
    let read = act.store().read();
    let link = link::find(act, &read, LinkKind::Setup, secret).await?;
    if is_empty(&read).await? { Ok(link) } else { refuse(LinkRefusal::Used) }
}

/// Founds the cluster with a setup link.
pub async fn found_cluster(act: &Act, secret: &Secret, founding: Founding) -> Outcome<(), FoundRefusal> {
    let link = find(act, secret).await.map_err(|failure| failure.map_refusal(FoundRefusal::Link))?;
    let steward = &founding.steward;
    let own = [steward.display_name.as_str(), steward.username.as_str(), steward.email.as_str()];
    if let Err(weak) = check_new_password(steward.password.expose(), &own) {
        return refuse(FoundRefusal::Password(weak));
    }
    let slugs = slugs(&founding)?;
    let hashed = hash_password(act, &steward.password).await?;
    let tx = act.store().write("setup.found_cluster").await?;
    if let Err(failure) = write(act, &tx, &link, founding, slugs, hashed).await {
        tx.rollback().await?;
        return Err(failure);
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}

fn slugs(founding: &Founding) -> Outcome<(Slug, Option<Slug>), FoundRefusal> {
    let first = Slug::transliterate(founding.collective.as_str()).or_refuse(FoundRefusal::CollectiveName)?;
    let Some(second) = &founding.second else { return Ok((first, None)) };
    let slug = Slug::transliterate(second.collective.as_str()).or_refuse(FoundRefusal::SecondCollectiveName)?;
    if slug == first {
        return refuse(FoundRefusal::CollectivesAlike);
    }
    if second.email == founding.steward.email {
        return refuse(FoundRefusal::SamePerson);
    }
    Ok((first, Some(slug)))
}

async fn write(
    act: &Act,
    tx: &WriteTx,
    link: &Link,
    founding: Founding,
    (first, second): (Slug, Option<Slug>),
    hashed: StoredPassword,
) -> Outcome<(), FoundRefusal> {
    link::redeem(act, tx, link).await.map_err(|failure| failure.map_refusal(FoundRefusal::Link))?;
    let Founding { collective, steward, second: invited, locale } = founding;
    let account = NewAccount {
        username: steward.username,
        display_name: steward.display_name,
        given_name: None,
        family_name: None,
        locale,
        state: PersonState::Active,
    };
    let person = new_person(act, tx, account).await?.or_refuse(FoundRefusal::UsernameTaken)?;
    let act = &act.by(person);
    audit::record(act, tx, audit::Concerning::cluster(), AuditEvent::ClusterFounded {}, None).await?;
    audit::record(act, tx, audit::Concerning::person(person), AuditEvent::PersonActivated {}, None).await?;
    set_password(act, tx, person, hashed).await?;
    let email = add_address(act, tx, person, &steward.email).await?;
    enqueue_mail(act, tx, Mail::VerifyAddress { person, email, wish: None }).await?;

    let home = found_active(act, tx, first, collective, locale).await?;
    let membership = join(act, tx, home.id, person, Home::Yes).await?;
    let desks = [MandateKind::Manager, MandateKind::CommunitySteward, MandateKind::OperationsSteward];
    for kind in desks {
        give(act, tx, mandate(act, (home.id, membership), kind, Accepted::Yes), (person, None)).await?;
    }
    let (Some(invited), Some(slug)) = (invited, second) else { return Ok(()) };
    let collective = found_active(act, tx, slug, invited.collective.clone(), locale).await?;
    let (second, membership) = invite_second(act, tx, &collective, invited).await?;
    // a collective always has a manager: the first steward holds the place until the second says yes
    let place = join(act, tx, collective.id, person, Home::No).await?;
    for kind in desks {
        let proposed = mandate(act, (collective.id, membership), kind, Accepted::No);
        if kind == MandateKind::Manager {
            let held = mandate(act, (collective.id, place), kind, Accepted::Yes);
            give(act, tx, held, (person, Some(proposed.id))).await?;
        }
        give(act, tx, proposed, (second, None)).await?;
    }
    Ok(())
}

async fn invite_second(
    act: &Act,
    tx: &WriteTx,
    collective: &Collective,
    invited: SecondSteward,
) -> Outcome<(PersonId, MembershipId), FoundRefusal> {
    let wanted = InviteMember {
        collective: collective.id,
        address: invited.email,
        name: Some(invited.display_name),
        locale: Some(collective.locale),
    };
    let person = create(act, tx, &wanted, collective.locale).await?;
    let membership = invite(act, tx, collective.id, &person).await.map_err(|failure| failure.map_refusal(|_| FoundRefusal::SamePerson))?;
    let concerning = audit::Concerning::member(collective.id, person.id);
    audit::record(act, tx, concerning, AuditEvent::MembershipInvited { membership }, None).await?;
    enqueue_mail(act, tx, Mail::Invitation { person: person.id, collective: collective.id }).await?;
    Ok((person.id, membership))
}

async fn found_active(act: &Act, tx: &WriteTx, slug: Slug, name: DisplayName, locale: Locale) -> Result<Collective, Fault> {
    let input = FoundCollective { slug, name, locale, listing: Listing::Listed };
    let founded = found(act, tx, &input, CollectiveState::Active).await?;
    founded.ok_or_else(|| Fault::broken("setup.found", "a slug is taken in a cluster without collectives"))
}

/// Whether a membership vouches for the person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    Yes,
    No,
}

async fn join(act: &Act, tx: &WriteTx, collective: CollectiveId, person: PersonId, home: Home) -> Result<MembershipId, Fault> {
    let membership = Membership {
        id: act.id(),
        collective,
        person,
        state: MembershipState::Active,
        home_at: (home == Home::Yes).then_some(act.now),
        sponsor: None,
        starts_at: Some(act.now),
        ends_at: None,
        accepted_at: Some(act.now),
        created_at: act.now,
        version: 1,
    };
    if tx.memberships().insert(&membership, Decided::InTheWeb(act.now)).await? == Inserted::Taken {
        return Err(Fault::broken("setup.join", "a new person is a member already"));
    }
    let event = AuditEvent::MembershipActivated { membership: membership.id };
    audit::record(act, tx, audit::Concerning::member(collective, person), event, None).await?;
    Ok(membership.id)
}

/// Whether the holder said yes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Accepted {
    Yes,
    No,
}

fn mandate(act: &Act, (collective, membership): (CollectiveId, MembershipId), kind: MandateKind, accepted: Accepted) -> Mandate {
    Mandate {
        id: act.id(),
        collective,
        membership,
        kind,
        starts_at: act.now,
        ends_at: None,
        accepted_at: (accepted == Accepted::Yes).then_some(act.now),
        ended_at: None,
    }
}

/// Writes a mandate of a person, which may hold the place of another one.
async fn give(act: &Act, tx: &WriteTx, new: Mandate, (person, place_of): (PersonId, Option<MandateId>)) -> Result<(), Fault> {
    let decided = Decided::InTheWeb(act.now);
    match place_of {
        None => tx.mandates().insert(&new, act.now, decided).await?,
        Some(other) => tx.mandates().insert_in_place_of(&new, other, act.now, decided).await?,
    }
    let event = match new.accepted_at {
        Some(_) => AuditEvent::MandateAccepted { mandate: new.id },
        None => AuditEvent::MandateProposed { mandate: new.id },
    };
    audit::record(act, tx, audit::Concerning::member(new.collective, person), event, None).await
}
