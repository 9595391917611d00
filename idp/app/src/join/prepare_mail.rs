//! The last moment before a mail leaves: addresses, names and one-time links are filled in now, so that no secret waits
//! in the outbox, and a mail that became moot is not sent.

use idp_domain::{
    Fault, Timestamp, access,
    collective::Collective,
    email::EmailAddress,
    id::{CollectiveId, EmailId, LinkId, MandateId, PersonId, RequestId},
    membership::MembershipState,
    person::{Person, PersonState},
    request::{Request, RequestKind, RequestState},
};
use idp_store::{ReadTx, Tx, links::LinkKind};

use super::link::{self, NewLink};
use crate::{
    Act,
    collectives::mandates::MandateState,
    mail::{Mail, MailContent, MailLink, MailService, OutgoingMail},
};

/// Fills in a mail; `None` when it became moot or there is no address to send it to.
pub async fn prepare_mail(act: &Act, mail: &Mail) -> Result<Option<OutgoingMail>, Fault> {
    match mail {
        Mail::VerifyAddress { person, email, wish } => verify_address(act, *person, *email, *wish).await,
        Mail::Welcome { person, collective } => welcome(act, *person, *collective).await,
        Mail::RequestWaits { manager, request } => request_waits(act, *manager, *request).await,
        Mail::RequestRefused { request } => request_refused(act, *request).await,
        Mail::UsernameFreed { person } => username_freed(act, *person).await,
        Mail::AccessGranted { request } => access_granted(act, *request).await,
        Mail::Invitation { person, collective } => invitation(act, *person, *collective).await,
        Mail::AlreadyRegistered { person } => already_registered(act, *person).await,
        Mail::MandateProposed { person, collective, mandate } => mandate_proposed(act, *person, *collective, *mandate).await,
        Mail::PasswordChanged { person, at } => password_changed(act, *person, *at).await,
    }
}

fn to(person: &Person, address: &EmailAddress, content: MailContent) -> OutgoingMail {
    OutgoingMail { to: address.to_string(), name: person.display_name.to_string(), locale: person.locale, content }
}

/// A mail to the address that signs the person in.
fn to_own(person: &Person, content: MailContent) -> Option<OutgoingMail> {
    person.email.as_ref().map(|address| to(person, address, content))
}

async fn verify_address(act: &Act, person: PersonId, email: EmailId, wish: Option<LinkId>) -> Result<Option<OutgoingMail>, Fault> {
    let read = act.store().read();
    let (Some(person), Some(email)) = (read.people().find(person).await?, read.emails().find(email).await?) else { return Ok(None) };
    if email.verified_at.is_some() || email.person != person.id {
        return Ok(None);
    }
    let expires_at = act.now + link::VERIFY_LIFETIME;
    let tx = act.store().write("prepare_mail.verify_address").await?;
    let asked = match wish {
        Some(wish) => tx.links().find(wish).await?,
        None => tx.links().find_latest(LinkKind::VerifyAddress, person.id).await?,
    };
    let asked = asked.filter(|link| link.email == Some(email.id));
    // earlier mails' links go on working: who asks for another mail may be somebody else
    let new = NewLink {
        kind: LinkKind::VerifyAddress,
        person: Some(person.id),
        email: Some(email.id),
        collective: asked.as_ref().and_then(|link| link.collective),
        payload: asked.as_ref().map_or("", |link| &link.payload),
        expires_at,
    };
    let secret = link::make(act, &tx, new).await?;
    tx.commit().await?;
    Ok(Some(to(&person, &email.address, MailContent::VerifyAddress { link: MailLink::Verify(secret), expires_at })))
}

async fn invitation(act: &Act, person: PersonId, collective: CollectiveId) -> Result<Option<OutgoingMail>, Fault> {
    let read = act.store().read();
    let (Some(person), Some(collective)) = (read.people().find(person).await?, read.collectives().find(collective).await?) else {
        return Ok(None);
    };
    let membership = read.memberships().find_of(collective.id, person.id).await?;
    let Some(state) = membership.map(|membership| membership.state) else { return Ok(None) };
    if read.credentials().find_password(person.id).await?.is_some() {
        // somebody with an account says yes in it; without an open invitation there is nothing to say
        let open = state == MembershipState::Invited && person.state.may_sign_in();
        let content = MailContent::InvitedWithAccount { collective: collective.name.to_string(), link: MailLink::MyCollectives };
        return Ok(if open { to_own(&person, content) } else { None });
    }
    if !matches!(state, MembershipState::Invited | MembershipState::Active) || stopped(&person) {
        return Ok(None);
    }
    let addresses = read.emails().list(person.id).await?;
    let Some(email) = addresses.iter().find(|email| email.signs_in).or(addresses.first()) else { return Ok(None) };
    let expires_at = act.now + link::ACTIVATION_LIFETIME;
    let tx = act.store().write("prepare_mail.invitation").await?;
    let new = NewLink {
        kind: LinkKind::Activation,
        person: Some(person.id),
        email: Some(email.id),
        collective: Some(collective.id),
        payload: "",
        expires_at,
    };
    let secret = link::make(act, &tx, new).await?;
    tx.commit().await?;
    let content = MailContent::Invitation {
        collective: collective.name.to_string(),
        username: person.username.to_string(),
        link: MailLink::Activate(secret),
        expires_at,
    };
    Ok(Some(to(&person, &email.address, content)))
}

fn stopped(person: &Person) -> bool {
    matches!(person.state, PersonState::Suspended | PersonState::Closing | PersonState::Erased)
}

async fn welcome(act: &Act, person: PersonId, collective: CollectiveId) -> Result<Option<OutgoingMail>, Fault> {
    let read = act.store().read();
    let (Some(person), Some(collective)) = (read.people().find(person).await?, read.collectives().find(collective).await?) else {
        return Ok(None);
    };
    let membership = read.memberships().find_of(collective.id, person.id).await?;
    if person.state != PersonState::Active || !membership.is_some_and(|membership| membership.is_active(act.now)) {
        return Ok(None);
    }
    let managers = read.mandates().managers_of(&[collective.id], act.now).await?;
    let content = MailContent::Welcome {
        collective: collective.name.to_string(),
        username: person.username.to_string(),
        managers: managers.into_iter().map(|manager| manager.name.to_string()).collect(),
        services: open_services(act, &read, &person, collective.id).await?,
        link: MailLink::SignIn,
    };
    Ok(to_own(&person, content))
}

/// Services whose doors this collective holds open for the person.
async fn open_services(act: &Act, read: &ReadTx, person: &Person, collective: CollectiveId) -> Result<Vec<MailService>, Fault> {
    let everywhere = read.access().facts_everywhere(person.id, act.now).await?;
    Ok(everywhere
        .into_iter()
        .filter(|(_, facts)| access::evaluate(facts, act.now).is_ok_and(|seen| seen.via.iter().any(|via| via.id == collective)))
        .map(|(card, _)| MailService { name: card.name.to_string(), url: card.url })
        .collect())
}

/// A request with who asked, where, and the service's name and address when it is about one.
struct Told {
    request: Request,
    person: Person,
    collective: Collective,
    service: Option<MailService>,
}

async fn told(read: &ReadTx, request: RequestId) -> Result<Option<Told>, Fault> {
    let Some(request) = read.requests().find_anywhere(request).await? else { return Ok(None) };
    let (person, collective) = (read.people().find(request.person).await?, read.collectives().find(request.collective).await?);
    let service = match request.kind {
        RequestKind::Access(service) => read.services().find(service).await?,
        RequestKind::Join | RequestKind::Support | RequestKind::Recovery => None,
    };
    let service = service.map(|service| MailService { name: service.name.to_string(), url: service.url });
    Ok(person.zip(collective).map(|(person, collective)| Told { request, person, collective, service }))
}

async fn request_waits(act: &Act, manager: PersonId, request: RequestId) -> Result<Option<OutgoingMail>, Fault> {
    let read = act.store().read();
    let Some(told) = told(&read, request).await?.filter(|told| told.request.state == RequestState::Open) else { return Ok(None) };
    let managers = read.mandates().managers_of(&[told.collective.id], act.now).await?;
    let still = managers.iter().any(|contact| contact.person == manager);
    let Some(manager) = read.people().find(manager).await?.filter(|_| still) else { return Ok(None) };
    let content = MailContent::RequestWaits {
        collective: told.collective.name.to_string(),
        applicant: told.person.display_name.to_string(),
        service: told.service.map(|service| service.name),
        text: told.request.text.to_string(),
        link: MailLink::Queue(told.collective.id),
    };
    Ok(to_own(&manager, content))
}

async fn request_refused(act: &Act, request: RequestId) -> Result<Option<OutgoingMail>, Fault> {
    let found = told(&act.store().read(), request).await?;
    let Some(told) = found.filter(|told| told.request.state == RequestState::Refused) else { return Ok(None) };
    let content = MailContent::RequestRefused {
        collective: told.collective.name.to_string(),
        service: told.service.map(|service| service.name),
        reason: told.request.reason.map(|reason| reason.to_string()).unwrap_or_default(),
        username_freed: told.request.kind == RequestKind::Join && told.person.username.is_stand_in(),
    };
    Ok(to_own(&told.person, content))
}

async fn username_freed(act: &Act, person: PersonId) -> Result<Option<OutgoingMail>, Fault> {
    let found = act.store().read().people().find(person).await?;
    let nameless = found.filter(|person| person.username.is_stand_in() && person.state.may_sign_in());
    Ok(nameless.and_then(|person| to_own(&person, MailContent::UsernameFreed { link: MailLink::SignIn })))
}

async fn access_granted(act: &Act, request: RequestId) -> Result<Option<OutgoingMail>, Fault> {
    let found = told(&act.store().read(), request).await?;
    let Some(told) = found.filter(|told| told.request.state == RequestState::Accepted) else { return Ok(None) };
    let Some(service) = told.service else { return Ok(None) };
    Ok(to_own(&told.person, MailContent::AccessGranted { collective: told.collective.name.to_string(), service }))
}

async fn already_registered(act: &Act, person: PersonId) -> Result<Option<OutgoingMail>, Fault> {
    let found = act.store().read().people().find(person).await?;
    let Some(person) = found.filter(|person| person.state.may_sign_in()) else { return Ok(None) };
    let content = MailContent::AlreadyRegistered { username: person.username.to_string(), link: MailLink::SignIn };
    Ok(to_own(&person, content))
}

async fn mandate_proposed(
    act: &Act,
    person: PersonId,
    collective: CollectiveId,
    mandate: MandateId,
) -> Result<Option<OutgoingMail>, Fault> {
    let read = act.store().read();
    let found = read.mandates().find(collective, mandate).await?;
    let waits = found.is_some_and(|mandate| MandateState::of(&mandate, act.now) == Some(MandateState::Proposed));
    let (Some(person), Some(collective)) = (read.people().find(person).await?, read.collectives().find(collective).await?) else {
        return Ok(None);
    };
    if !waits || !person.state.may_sign_in() {
        return Ok(None);
    }
    let content = MailContent::MandateProposed { collective: collective.name.to_string(), link: MailLink::MyCollectives };
    Ok(to_own(&person, content))
}

/// Told whatever became of the account since: who lost it must learn of it.
async fn password_changed(act: &Act, person: PersonId, at: Timestamp) -> Result<Option<OutgoingMail>, Fault> {
    let read = act.store().read();
    let Some(person) = read.people().find(person).await? else { return Ok(None) };
    let memberships = read.memberships().list_of_person(person.id).await?.into_iter();
    let collectives: Vec<_> = memberships.filter(|(own, _)| own.is_active(act.now)).map(|(_, collective)| collective.id).collect();
    let managers = read.mandates().managers_of(&collectives, act.now).await?;
    let mut names: Vec<_> = managers.iter().filter(|manager| manager.person != person.id).map(|manager| manager.name.to_string()).collect();
    names.sort();
    names.dedup();
    Ok(to_own(&person, MailContent::PasswordChanged { at, managers: names, link: MailLink::Security }))
}
