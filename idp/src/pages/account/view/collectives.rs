//! Memberships, invitations, mandates, requests.

use idp_domain::{membership::MembershipState, request::RequestState};
use maud::{Markup, html};
use ui_kit::{
    Button, Card, Cell, EmptyState, Form, Icon, LinkButton, PersonRow, Shell, T, Table, Tag, Tone, actions, page_header, people, section,
    time,
};

use crate::http::paths;

/// Everything between a person and their collectives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CollectivesView {
    /// Invitations to answer.
    pub(crate) invitations: Vec<InvitationView>,
    /// Mandates to answer.
    pub(crate) proposals: Vec<ProposalView>,
    /// Memberships.
    pub(crate) memberships: Vec<MembershipView>,
    /// Requests, newest first.
    pub(crate) requests: Vec<RequestView>,
    /// The managers' desk, for those who have something to do there.
    pub(crate) desk: Option<String>,
    /// This instant, in milliseconds.
    pub(crate) now: i64,
    /// The forms' token.
    pub(crate) csrf: String,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvitationView {
    /// Of whom.
    pub(crate) collective: String,
    /// By name.
    pub(crate) name: String,
}

/// A proposed mandate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProposalView {
    /// Of whom.
    pub(crate) collective: String,
    /// By name.
    pub(crate) name: String,
    /// Which.
    pub(crate) mandate: String,
    /// What it is.
    pub(crate) duty: DutyView,
}

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MembershipView {
    /// Where.
    pub(crate) name: String,
    /// Where it is in its life.
    pub(crate) state: MembershipState,
    /// Whether it vouches for the person.
    pub(crate) home: bool,
    /// Since when, in milliseconds.
    pub(crate) since: Option<i64>,
    /// Until when, in milliseconds.
    pub(crate) until: Option<i64>,
    /// What the person does there.
    pub(crate) duties: Vec<DutyView>,
    /// Who manages it.
    pub(crate) managers: Vec<String>,
}

/// A mandate in words: its text's name, and the service when it is about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DutyView {
    /// The last part of the texts' names.
    pub(crate) kind: &'static str,
    /// The service.
    pub(crate) service: String,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestView {
    /// Which.
    pub(crate) id: String,
    /// The last part of its text's name.
    pub(crate) kind: &'static str,
    /// Of whom.
    pub(crate) collective: String,
    /// For what.
    pub(crate) service: String,
    /// Where it is.
    pub(crate) state: RequestState,
    /// Why it was refused.
    pub(crate) reason: Option<String>,
    /// When, in milliseconds.
    pub(crate) created_at: i64,
}

/// The page.
pub(crate) fn collectives(shell: Shell, v: &CollectivesView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("account-nav-collectives"), ..shell.wide() };
    let aside = html! {
        @if let Some(desk) = &v.desk { (LinkButton::primary(t.msg("account-desk"), desk.clone()).icon(Icon::People)) }
        (LinkButton::secondary(t.msg("account-collectives-join"), paths::JOIN).icon(Icon::Plus))
    };
    let rows: Vec<PersonRow> = v.memberships.iter().map(|membership| row(t, membership)).collect();
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("account-collectives-title"), None, Some(aside)))
            @for invitation in &v.invitations { (invitation_card(t, invitation, &v.csrf)) }
            @for proposal in &v.proposals { (proposal_card(t, proposal, &v.csrf)) }
            @if rows.is_empty() && v.invitations.is_empty() {
                (EmptyState::new(Icon::People, t.msg("account-collectives-empty-title"), t.msg("account-collectives-empty-text")))
            } @else {
                (people(&rows))
            }
            @if !v.requests.is_empty() {
                (section(&t.msg("account-requests-title"), requests(t, v)))
            }
        },
    )
}

fn form(csrf: &str, about: &str) -> Form {
    Form::post(paths::ACCOUNT_ANSWER).csrf(csrf).hidden("about", about)
}

fn invitation_card(t: T, v: &InvitationView, csrf: &str) -> Markup {
    let name = || v.name.as_str().into();
    let buttons = form(csrf, "invitation").hidden("collective", v.collective.clone()).body(actions(html! {
        (Button::primary(t.args("account-invitation-accept", &[("collective", name())])).name_value("answer", "accept"))
        (Button::secondary(t.msg("account-invitation-decline")).name_value("answer", "decline"))
    }));
    html! { (Card::new(t.args("account-invitation-title", &[("collective", name())]), html! { p { (t.msg("account-invitation-text")) } (buttons) })) }
}

fn proposal_card(t: T, v: &ProposalView, csrf: &str) -> Markup {
    let name = || v.name.as_str().into();
    let text =
        t.args(&format!("account-mandate-text-{}", v.duty.kind), &[("collective", name()), ("service", v.duty.service.as_str().into())]);
    let buttons =
        form(csrf, "mandate").hidden("collective", v.collective.clone()).hidden("mandate", v.mandate.clone()).body(actions(html! {
            (Button::primary(t.args("account-mandate-accept", &[("collective", name())])).name_value("answer", "accept"))
            (Button::secondary(t.msg("account-mandate-decline")).name_value("answer", "decline"))
        }));
    html! { (Card::new(t.args("account-mandate-title", &[("collective", name())]), html! { p { (text) } (buttons) })) }
}

fn row(t: T, v: &MembershipView) -> PersonRow {
    let (key, tone) = match v.state {
        MembershipState::Requested => ("account-membership-requested", Tone::Warning),
        MembershipState::Invited => ("account-membership-invited", Tone::Info),
        MembershipState::Active => ("account-membership-active", Tone::Success),
        MembershipState::Suspended => ("account-membership-suspended", Tone::Error),
        MembershipState::Lapsed => ("account-membership-lapsed", Tone::Error),
        MembershipState::Ended => ("account-membership-ended", Tone::Neutral),
        MembershipState::Refused => ("account-membership-refused", Tone::Neutral),
    };
    let standing = v.state == MembershipState::Active;
    let mut lines = Vec::new();
    if let Some(since) = v.since.filter(|_| standing) {
        lines.push(t.args("account-membership-since", &[("date", t.date(since).into())]));
    }
    if let Some(until) = v.until.filter(|_| standing) {
        lines.push(t.args("account-membership-until", &[("date", t.date(until).into())]));
    }
    if !v.managers.is_empty() {
        lines.push(t.args("account-membership-managers", &[("names", v.managers.join(", ").into())]));
    }
    let row = PersonRow::new(v.name.clone()).tags(html! {
        (Tag::new(tone, t.msg(key)))
        @if v.home { " " (Tag::neutral(t.msg("account-membership-home"))) }
        @for duty in &v.duties {
            " " (Tag::new(Tone::Info, t.args(&format!("account-role-{}", duty.kind), &[("service", duty.service.as_str().into())])))
        }
    });
    if lines.is_empty() { row } else { row.detail(lines.join(" · ")) }
}

fn requests(t: T, v: &CollectivesView) -> Markup {
    let columns = ["account-request-column", "account-request-when", "account-request-state", "account-request-act"].map(|key| t.msg(key));
    html! { (Table::new(t.msg("account-requests-title"), columns).rows(v.requests.iter().map(|request| request_row(t, request, v)).collect())) }
}

fn request_row(t: T, v: &RequestView, all: &CollectivesView) -> Vec<Cell> {
    let (key, tone) = match v.state {
        RequestState::Open => ("account-request-open", Tone::Warning),
        RequestState::Accepted => ("account-request-accepted", Tone::Success),
        RequestState::Refused => ("account-request-refused", Tone::Error),
        RequestState::Withdrawn => ("account-request-withdrawn", Tone::Neutral),
    };
    let what = t.args(
        &format!("account-request-{}", v.kind),
        &[("collective", v.collective.as_str().into()), ("service", v.service.as_str().into())],
    );
    let button = form(&all.csrf, "request").hidden("request", v.id.clone()).label(what.clone()).inline();
    vec![
        Cell::text(what),
        Cell::new(time(t, v.created_at, all.now)),
        Cell::new(html! {
            (Tag::new(tone, t.msg(key)))
            @if let Some(reason) = &v.reason { " " (t.args("account-request-reason", &[("reason", reason.as_str().into())])) }
        }),
        Cell::new(html! {
            @if v.state == RequestState::Open { (button.body(html! { (Button::quiet(t.msg("account-request-withdraw")).small()) })) }
        }),
    ]
}

#[cfg(test)]
impl CollectivesView {
    /// Everything at once, and nothing.
    pub(crate) fn samples() -> Vec<Self> {
        let duty = |kind| DutyView { kind, service: "Fòrum".to_owned() };
        let duties = ["manager", "coordinator", "service_manager", "community_steward", "operations_steward"];
        let proposal = |kind| ProposalView {
            collective: "col_1".to_owned(),
            name: "L’Ateneu del Poblet".to_owned(),
            mandate: "man_1".to_owned(),
            duty: duty(kind),
        };
        let membership = |state| MembershipView {
            name: "Col·lectiu Ronda".to_owned(),
            state,
            home: state == MembershipState::Active,
            since: Some(1_772_546_700_000),
            until: Some(1_804_082_700_000),
            duties: if state == MembershipState::Active { duties.map(duty).to_vec() } else { Vec::new() },
            managers: vec!["Maria Rosell".to_owned(), "Òscar".to_owned()],
        };
        let request = |kind, state| RequestView {
            id: "req_1".to_owned(),
            kind,
            collective: "L’Ateneu del Poblet".to_owned(),
            service: "Oficina".to_owned(),
            state,
            reason: (state == RequestState::Refused).then(|| "No et coneixem encara: vine dimarts a l’assemblea.".to_owned()),
            created_at: 1_772_546_700_000,
        };
        let full = Self {
            invitations: vec![InvitationView { collective: "col_2".to_owned(), name: "Àgora de les sòcies".to_owned() }],
            proposals: duties.map(proposal).to_vec(),
            memberships: MembershipState::ALL.map(membership).to_vec(),
            requests: RequestState::ALL
                .into_iter()
                .zip(["join", "access", "support", "access"])
                .map(|(state, kind)| request(kind, state))
                .collect(),
            desk: Some("http://localhost:8081/".to_owned()),
            now: 1_772_633_100_000,
            csrf: "token".to_owned(),
        };
        let empty = Self {
            invitations: Vec::new(),
            proposals: Vec::new(),
            memberships: Vec::new(),
            requests: Vec::new(),
            desk: None,
            ..full.clone()
        };
        vec![full, empty]
    }
}
