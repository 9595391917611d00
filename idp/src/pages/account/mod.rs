//! One's own account: services, collectives, security, language and the record.

mod answers;
mod record;
mod security;
pub(super) mod view;

use axum::response::Response;
use idp_app::{
    account::{
        my_collectives::{self, MyCollectives, list_my_collectives},
        my_services::{Asked, find_askable, list_my_services},
    },
    browser::LiveSession,
    join::request_access::find_doors,
};
use idp_domain::{
    Timestamp,
    id::ServiceId,
    membership::{MandateKind, MembershipState},
    person::PersonState,
    request::{RequestKind, RequestState},
};
use ui_kit::{Flash, NavItem, Shell, Tone};

pub(super) use answers::answer;
pub(super) use record::record;
pub(super) use security::{change_password, end_authorization, end_session, security, set_language};

use self::view::{
    AskView, Awaiting, ClosedTile, CollectivesView, DutyView, InvitationView, MembershipView, OpenTile, ProposalView, RequestView,
    ServicesView,
};
use super::{
    no_access::{doors, wish},
    visitor::Visitor,
    wrong::Wrong,
};
use crate::http::{
    error_page::PageProblem,
    forms::{Fields, PageForm, PageQuery},
    headers::Class,
    paths,
};

const ASK_FORM: &str = "account:ask";
const ANSWER_FORM: &str = "account:answer";

/// What a page tells once about what just happened: the query names it, nothing else is ever shown.
const DONE: [(&str, &str); 9] = [
    ("asked", "no-access-sent-title"),
    ("password", "account-password-done"),
    ("session", "account-session-ended"),
    ("authorization", "account-offline-ended"),
    ("language", "account-language-done"),
    ("accepted", "account-accepted"),
    ("declined", "account-declined"),
    ("withdrawn", "account-withdrawn"),
    ("gone", "account-gone"),
];

/// `GET /account`.
pub(in crate::pages) async fn services(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    let act = visitor.act_as(live);
    let found = list_my_services(&act, live.person.id).await.map_err(|fault| visitor.fault(&fault))?;
    let mine = list_my_collectives(&act, live.person.id).await.map_err(|fault| visitor.fault(&fault))?;
    let open = |service: &idp_app::account::my_services::OpenService| OpenTile {
        name: service.name.to_string(),
        description: service.description.clone(),
        url: service.url.clone(),
        via: service.via.iter().map(ToString::to_string).collect(),
        quota: service.quota.and_then(|quota| u64::try_from(quota.bytes()).ok()),
    };
    let closed = |service: &idp_app::account::my_services::ClosedService| ClosedTile {
        name: service.name.to_string(),
        description: service.description.clone(),
        ask: paths::with_query(paths::ACCOUNT_ASK, "service", &service.service.to_string()),
        asked: service.asked == Asked::Yes,
    };
    let view = ServicesView {
        name: live.person.display_name.to_string(),
        awaiting: awaiting(live, &mine),
        to_answer: mine.proposed.len() + mine.invitations().count(),
        desk: desk(&visitor, &mine),
        open: found.open.iter().map(open).collect(),
        closed: found.closed.iter().map(closed).collect(),
    };
    Ok(visitor.page(view::services(shell(&visitor, paths::ACCOUNT, &query), &view)))
}

/// Whom an account that is not active yet waits for.
fn awaiting(live: &LiveSession, mine: &MyCollectives) -> Awaiting {
    if live.person.state != PersonState::AwaitingValidation {
        Awaiting::Nothing
    } else if mine.asks_to_join() {
        Awaiting::Managers
    } else if mine.invitations().next().is_some() {
        Awaiting::Nothing
    } else {
        Awaiting::Nobody
    }
}

/// `GET /account/ask`.
pub(in crate::pages) async fn ask_form(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    let view = ask_view(&visitor, live, &query, Wrong::default()).await?;
    Ok(visitor.page(view::ask(shell(&visitor, paths::ACCOUNT, &query), &view)))
}

/// `POST /account/ask`.
pub(in crate::pages) async fn ask(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    visitor.check(&form, ASK_FORM)?;
    let service = service_of(&visitor, &form.0)?;
    match wish(&visitor, live, service, &form.0).await? {
        Ok(()) => Ok(visitor.go(&done(paths::ACCOUNT, "asked"))),
        Err(wrong) => {
            let view = ask_view(&visitor, live, &form.0, wrong).await?;
            Ok(visitor.refused(Class::Page, view::ask(shell(&visitor, paths::ACCOUNT, &form.0), &view)))
        }
    }
}

fn service_of(visitor: &Visitor, fields: &Fields) -> Result<ServiceId, Response> {
    fields.text("service").parse().map_err(|_| visitor.problem(PageProblem::NotFound))
}

async fn ask_view(visitor: &Visitor, live: &LiveSession, fields: &Fields, wrong: Wrong) -> Result<AskView, Response> {
    let service = service_of(visitor, fields)?;
    let act = visitor.act_as(live);
    let name = find_askable(&act, live.person.id, service).await.map_err(|fault| visitor.fault(&fault))?;
    let name = name.ok_or_else(|| visitor.problem(PageProblem::NotFound))?;
    let found = find_doors(&act, live.person.id, service).await.map_err(|fault| visitor.fault(&fault))?;
    Ok(AskView {
        service: service.to_string(),
        name: name.to_string(),
        doors: doors(&found.offered),
        chosen: fields.text("collective").to_owned(),
        text: fields.text("text").to_owned(),
        wrong,
        now: visitor.cx.now.millis(),
        csrf: visitor.csrf(ASK_FORM),
    })
}

/// `GET /account/collectives`.
pub(in crate::pages) async fn collectives(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    let mine = list_my_collectives(&visitor.act_as(live), live.person.id).await.map_err(|fault| visitor.fault(&fault))?;
    let view = collectives_view(&mine, desk(&visitor, &mine), visitor.cx.now, visitor.csrf(ANSWER_FORM));
    Ok(visitor.page(view::collectives(shell(&visitor, paths::ACCOUNT_COLLECTIVES, &query), &view)))
}

/// The managers' desk, for those who have something to do there.
fn desk(visitor: &Visitor, mine: &MyCollectives) -> Option<String> {
    let manages = mine.memberships.iter().flat_map(|membership| &membership.duties).any(|duty| opens_desk(duty.kind));
    visitor.app.settings().admin_ui.as_ref().filter(|_| manages).map(ToString::to_string)
}

const fn opens_desk(kind: MandateKind) -> bool {
    !matches!(kind, MandateKind::Coordinator(_))
}

fn collectives_view(mine: &MyCollectives, desk: Option<String>, now: Timestamp, csrf: String) -> CollectivesView {
    let (invited, members): (Vec<_>, Vec<_>) = mine.memberships.iter().partition(|membership| membership.state == MembershipState::Invited);
    let invitation = |membership: &my_collectives::MyMembership| InvitationView {
        collective: membership.collective.to_string(),
        name: membership.name.to_string(),
    };
    CollectivesView {
        invitations: invited.into_iter().map(invitation).collect(),
        proposals: mine
            .proposed
            .iter()
            .map(|proposed| ProposalView {
                collective: proposed.collective.to_string(),
                name: proposed.name.to_string(),
                mandate: proposed.mandate.to_string(),
                duty: duty(&proposed.duty),
            })
            .collect(),
        memberships: members.into_iter().map(membership_view).collect(),
        requests: mine.requests.iter().map(request_view).collect(),
        desk,
        now: now.millis(),
        csrf,
    }
}

fn membership_view(membership: &my_collectives::MyMembership) -> MembershipView {
    MembershipView {
        name: membership.name.to_string(),
        state: membership.state,
        home: membership.home == my_collectives::Home::Yes,
        since: membership.since.map(Timestamp::millis),
        until: membership.until.map(Timestamp::millis),
        duties: membership.duties.iter().map(duty).collect(),
        managers: membership.managers.iter().map(ToString::to_string).collect(),
    }
}

fn request_view(request: &my_collectives::MyRequest) -> RequestView {
    RequestView {
        id: request.id.to_string(),
        kind: match request.kind {
            RequestKind::Join => "join",
            RequestKind::Access(_) => "access",
            RequestKind::Support | RequestKind::Recovery => "support",
        },
        collective: request.collective.to_string(),
        service: request.service.as_ref().map(ToString::to_string).unwrap_or_default(),
        state: request.state,
        reason: request.reason.as_ref().filter(|_| request.state == RequestState::Refused).map(ToString::to_string),
        created_at: request.created_at.millis(),
    }
}

fn duty(duty: &my_collectives::Duty) -> DutyView {
    DutyView { kind: duty.kind.as_str(), service: duty.service.as_ref().map(ToString::to_string).unwrap_or_default() }
}

/// What surrounds the pages of an account.
fn shell(visitor: &Visitor, here: &str, fields: &Fields) -> Shell {
    let shell = visitor.shell();
    let t = shell.t;
    let places = [
        (paths::ACCOUNT, "account-nav-services"),
        (paths::ACCOUNT_COLLECTIVES, "account-nav-collectives"),
        (paths::ACCOUNT_SECURITY, "account-nav-security"),
        (paths::ACCOUNT_RECORD, "account-nav-record"),
    ];
    let nav = places.into_iter().map(|(path, key)| NavItem::new(path, t.msg(key)).current(path == here)).collect();
    let told = DONE.iter().find(|(name, _)| *name == fields.text("done"));
    let flash = told.map(|(name, key)| Flash { tone: if *name == "gone" { Tone::Warning } else { Tone::Success }, text: t.msg(key) });
    shell.nav(nav).flash(flash)
}

/// The page to go to, which tells what was done.
fn done(path: &str, what: &str) -> String {
    paths::with_query(path, "done", what)
}
