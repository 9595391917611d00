//! Somebody without the service: whom to ask, and the way back.

pub(super) mod view;

use axum::response::Response;
use idp_app::{
    Failure,
    access::GateRefusal,
    account::my_collectives::list_my_collectives,
    authorize::{Step, TurnedAway, turned_back},
    browser::LiveSession,
    join::request_access::{AccessWish, Doorkeeper, RequestAccessRefusal, find_doors, request_access},
};
use idp_domain::{
    id::{CollectiveId, ServiceId},
    name::FreeText,
};

use self::view::{DoorView, NoAccessReason, NoAccessView};
use super::{
    visitor::Visitor,
    waiting::Waiting,
    wrong::{Wrong, text_remark},
};
use crate::http::{
    error_page::PageProblem,
    forms::{Fields, PageForm, PageQuery},
    paths,
};

/// `GET /no-access`.
pub(super) async fn show(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let waiting = Waiting::find(&visitor, &query).await?;
    match waiting.step(&visitor, None).await? {
        Step::NoAccess(away) => {
            let view = look(&visitor, &waiting, away, &Fields::default(), Wrong::default()).await?;
            Ok(visitor.page_of(http::StatusCode::OK, waiting.class(), view::page(visitor.bare_shell(), &view)))
        }
        step => Ok(waiting.follow(&visitor, step).await),
    }
}

/// `POST /no-access`: ask for access, or turn back.
pub(super) async fn submit(visitor: Visitor, form_sent: PageForm) -> Result<Response, Response> {
    let waiting = Waiting::find(&visitor, &form_sent.0).await?;
    visitor.check(&form_sent, &form(&waiting))?;
    if form_sent.0.text("answer") != "ask" {
        return Ok(waiting.refuse(&visitor, turned_back()).await);
    }
    let away = match waiting.step(&visitor, None).await? {
        Step::NoAccess(away) => away,
        step => return Ok(waiting.follow(&visitor, step).await),
    };
    let (Some(live), Some(service)) = (visitor.browser.session(away.session), waiting.client.service()) else {
        return Err(visitor.problem(PageProblem::BadRequest));
    };
    match wish(&visitor, live, service, &form_sent.0).await? {
        Ok(()) => Ok(visitor.go(&waiting.at(paths::NO_ACCESS))),
        Err(wrong) => {
            let view = look(&visitor, &waiting, away, &form_sent.0, wrong).await?;
            Ok(visitor.refused(waiting.class(), view::page(visitor.bare_shell(), &view)))
        }
    }
}

/// Sends the wish for a service that a form carries, or says what is wrong with it.
pub(in crate::pages) async fn wish(
    visitor: &Visitor,
    live: &LiveSession,
    service: ServiceId,
    fields: &Fields,
) -> Result<Result<(), Wrong>, Response> {
    let text = match FreeText::parse(fields.text("text")) {
        Ok(text) => text,
        Err(error) => return Ok(Err(Wrong::one("text", text_remark(error)))),
    };
    let Ok(collective) = fields.text("collective").parse::<CollectiveId>() else {
        return Ok(Err(Wrong::one("collective", "no-access-choose")));
    };
    let wish = AccessWish { person: live.person.id, service, collective, text };
    match request_access(&visitor.act_as(live), wish).await {
        // asked before: the page says so
        Ok(_) | Err(Failure::Refused(RequestAccessRefusal::AlreadyAsked)) => Ok(Ok(())),
        Err(Failure::Refused(RequestAccessRefusal::NotOffered)) => Ok(Err(Wrong::one("collective", "no-access-choose"))),
        Err(Failure::Refused(RequestAccessRefusal::AlreadyOpen)) => Ok(Err(Wrong::one("collective", "no-access-already"))),
        Err(Failure::Refused(RequestAccessRefusal::TooMany)) => Ok(Err(Wrong::one("collective", "no-access-too-many"))),
        Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
    }
}

/// Doorkeepers as the views show them.
pub(in crate::pages) fn doors(keepers: &[Doorkeeper]) -> Vec<DoorView> {
    keepers
        .iter()
        .map(|keeper| DoorView {
            collective: keeper.collective.to_string(),
            name: keeper.name.to_string(),
            managers: keeper.managers.iter().map(ToString::to_string).collect(),
            asked_at: keeper.asked_at.map(idp_domain::Timestamp::millis),
        })
        .collect()
}

async fn look(visitor: &Visitor, waiting: &Waiting, away: TurnedAway, fields: &Fields, wrong: Wrong) -> Result<NoAccessView, Response> {
    let live = visitor.browser.session(away.session);
    let reason = match (away.refusal, live, waiting.client.service()) {
        (GateRefusal::NoOpenDoor, Some(live), Some(service)) => {
            let found = find_doors(&visitor.act_as(live), live.person.id, service).await.map_err(|fault| visitor.fault(&fault))?;
            if !found.offered.is_empty() {
                NoAccessReason::Ask(doors(&found.offered))
            } else if !found.resting.is_empty() {
                NoAccessReason::Resting(doors(&found.resting))
            } else {
                NoAccessReason::Nobody(doors(&found.others))
            }
        }
        (GateRefusal::NoOpenDoor, ..) => NoAccessReason::Nobody(Vec::new()),
        (GateRefusal::ServiceNotActive, ..) => NoAccessReason::Paused,
        (GateRefusal::ClientDisabled | GateRefusal::ClientWithoutPeople, ..) => NoAccessReason::Disabled,
        (GateRefusal::NoMandate, ..) => NoAccessReason::Mandate,
        (GateRefusal::PersonNotActive, Some(live), _) => {
            let mine = list_my_collectives(&visitor.act_as(live), live.person.id).await.map_err(|fault| visitor.fault(&fault))?;
            if mine.asks_to_join() { NoAccessReason::Person } else { NoAccessReason::Outside }
        }
        (GateRefusal::PersonNotActive, None, _) => NoAccessReason::Person,
    };
    Ok(NoAccessView {
        flow: waiting.id(),
        service: waiting.service_name(visitor).await?,
        reason,
        chosen: fields.text("collective").to_owned(),
        text: fields.text("text").to_owned(),
        wrong,
        now: visitor.cx.now.millis(),
        csrf: visitor.csrf(&form(waiting)),
    })
}

fn form(waiting: &Waiting) -> String {
    format!("no-access:{}", waiting.flow.id)
}
