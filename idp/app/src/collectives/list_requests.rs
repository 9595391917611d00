//! What waits for a collective's managers.

use idp_domain::{
    Fault, Timestamp,
    collective::{Collective, Listing},
    email::EmailAddress,
    id::{CollectiveId, RequestId, ServiceId},
    person::Person,
    policy::{Action, Decision, Resource, Standing, can},
    request::{Request, RequestKind, RequestState},
    service::{Offer, Service},
};
use idp_store::{
    Tx,
    requests::{AfterRequest, Waiting},
};

use super::{Denied, PageOf, allow, look::record_look, promised};
use crate::{Act, Outcome, failure::OrRefuse, services::list_offered::can_open};

/// A request as managers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSeen {
    /// The request.
    pub request: Request,
    /// Who asks.
    pub person: Person,
    /// The service, when access to one is asked for.
    pub service: Option<Service>,
    /// The collective that handed it over, when that one lets itself be seen.
    pub rerouted_from: Option<Collective>,
}

/// A request with everything its decision needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestDetail {
    /// The request.
    pub seen: RequestSeen,
    /// Verified addresses the person does not sign in with, while the request is open: only their domains are shown.
    pub other_addresses: Vec<EmailAddress>,
    /// Whether the actor may decide it.
    pub may_decide: bool,
    /// What can be opened with the acceptance.
    pub offers: Vec<(Offer, Service)>,
}

/// Which of a queue, and from where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListRequests<'a> {
    /// Whose queue.
    pub collective: CollectiveId,
    /// Only requests whose kind has this name.
    pub kind: Option<&'a str>,
    /// After this one, made at this instant.
    pub after: Option<(Timestamp, RequestId)>,
    /// At most so many.
    pub limit: usize,
}

/// A page of what waits, the oldest first.
pub async fn list_requests(
    act: &Act,
    standing: &Standing,
    input: ListRequests<'_>,
) -> Outcome<PageOf<RequestSeen, (Timestamp, RequestId)>, Denied> {
    allow(standing, Action::ListRequests, &Resource::Collective(input.collective), |denied| denied)?;
    let read = act.store().read();
    let size = input.limit + 1;
    let after = |(created_at, id)| AfterRequest { created_at, id };
    let (mut found, mut last_place) = (Vec::with_capacity(size), input.after);
    while found.len() < size {
        let batch = read.requests().list_open(&[input.collective], last_place.map(after), size as u64).await?;
        let last = batch.len() < size;
        last_place = batch.last().map(place);
        found.extend(batch.into_iter().filter(|waiting| input.kind.is_none_or(|kind| waiting.request.kind.as_str() == kind)));
        if last {
            break;
        }
    }
    let page = PageOf::cut(found, input.limit, place);
    let mut seen = Vec::with_capacity(page.items.len());
    for waiting in &page.items {
        seen.push(see(&read, waiting.clone()).await?);
    }
    Ok(page.with(seen))
}

fn place(waiting: &Waiting) -> (Timestamp, RequestId) {
    (waiting.request.created_at, waiting.request.id)
}

async fn see(tx: &impl Tx, waiting: Waiting) -> Result<RequestSeen, Fault> {
    let service = match waiting.request.kind {
        RequestKind::Access(service) => Some(promised(tx.services().find(service).await?, "list_requests.service")?),
        RequestKind::Join | RequestKind::Support | RequestKind::Recovery => None,
    };
    let from = match waiting.rerouted_from {
        Some(from) => tx.collectives().find(from).await?,
        None => None,
    };
    let rerouted_from = from.filter(|collective| collective.listing == Listing::Listed);
    Ok(RequestSeen { request: waiting.request, person: waiting.person, service, rerouted_from })
}

/// Shows one request, open or not. A look at who asks is an event that person can read (DOMAIN rule 12).
pub async fn view_request(act: &Act, standing: &Standing, collective: CollectiveId, request: RequestId) -> Outcome<RequestDetail, Denied> {
    allow(standing, Action::ListRequests, &Resource::Collective(collective), |denied| denied)?;
    let read = act.store().read();
    let waiting = read.requests().find_seen(collective, request).await?.or_refuse(Denied::NotFound)?;
    let seen = see(&read, waiting).await?;
    let person = &seen.person;
    let resource = Resource::Member { collective, person: person.id };
    let may_decide = seen.request.state == RequestState::Open && can(standing, Action::DecideRequest, &resource) == Decision::Allowed;
    let addresses = if seen.request.state == RequestState::Open { read.emails().list(person.id).await? } else { Vec::new() };
    let other_addresses =
        addresses.into_iter().filter(|email| email.verified_at.is_some() && !email.signs_in).map(|email| email.address).collect();
    let offers = match (seen.request.state, seen.request.kind) {
        (RequestState::Open, RequestKind::Join) => can_open(&read, collective, &[].into()).await?,
        (RequestState::Open, RequestKind::Access(service)) => only(can_open(&read, collective, &[].into()).await?, service),
        _ => Vec::new(),
    };
    record_look(act, standing, collective, person.id).await?;
    Ok(RequestDetail { seen, other_addresses, may_decide, offers })
}

fn only(mut offers: Vec<(Offer, Service)>, wanted: ServiceId) -> Vec<(Offer, Service)> {
    offers.retain(|(_, service)| service.id == wanted);
    offers
}
