//! Joining: the picker of listed collectives, and each collective's own page.

pub(super) mod view;

use axum::{extract::Path, response::Response};
use idp_app::{
    Failure,
    browser::LiveSession,
    join::{
        pick::{JoinDoor, find_collective, list_listed},
        register::{RegisterRefusal, Registration, register},
        request_membership::{RequestMembershipRefusal, request_membership},
    },
};
use idp_domain::{
    email::EmailAddress,
    name::{DisplayName, FreeText},
    secret::Typed,
    slug::Slug,
    username::Username,
};

use self::view::{CheckMailView, JoinAsMemberView, JoinView, PickView, PickedCollective};
use super::{
    visitor::Visitor,
    wrong::{Remark, Wrong, text_remark},
};
use crate::http::{
    error_page::PageProblem,
    forms::{Fields, PageForm, PageQuery},
    headers::Class,
    paths,
};

/// Collectives on one page of the picker.
const PAGE: usize = 24;

/// `GET /join`.
pub(super) async fn pick(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let searched = query.text("q");
    let after = query.given("after").and_then(|slug| Slug::parse(slug).ok());
    let act = visitor.act();
    let text = Some(searched).filter(|text| !text.is_empty());
    let mut found = list_listed(&act, text, after.as_ref(), PAGE + 1).await.map_err(|fault| visitor.fault(&fault))?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| {
        let after = paths::with_query(paths::JOIN, "after", last.slug.as_str());
        if searched.is_empty() { after } else { format!("{after}&{}", paths::query("q", searched)) }
    });
    let view = PickView {
        searched: searched.to_owned(),
        collectives: found
            .iter()
            .map(|door| PickedCollective { name: door.name.to_string(), href: paths::join_collective(&door.slug) })
            .collect(),
        next,
        signed_in: visitor.browser.current().is_some(),
    };
    Ok(visitor.page(view::pick(visitor.shell(), &view)))
}

/// `GET /join/{slug}`.
pub(super) async fn show(visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Response> {
    let door = door(&visitor, &slug).await?;
    Ok(match visitor.browser.current() {
        Some(live) => as_member(&visitor, &door, live, &Fields::default(), Wrong::default()),
        None => as_newcomer(&visitor, &door, &Fields::default(), Wrong::default()),
    })
}

/// `POST /join/{slug}`.
pub(super) async fn submit(visitor: Visitor, Path(slug): Path<String>, form: PageForm) -> Result<Response, Response> {
    let door = door(&visitor, &slug).await?;
    visitor.check(&form, &form_name(&door))?;
    match visitor.browser.current() {
        Some(live) => submit_as_member(&visitor, &door, live, &form.0).await,
        None => submit_as_newcomer(&visitor, &door, &form.0).await,
    }
}

async fn submit_as_newcomer(visitor: &Visitor, door: &JoinDoor, fields: &Fields) -> Result<Response, Response> {
    let registration = match read(visitor, door, fields) {
        Ok(registration) => registration,
        Err(wrong) => return Ok(as_newcomer(visitor, door, fields, wrong)),
    };
    let address = registration.email.to_string();
    let wrong = match register(&visitor.act(), registration).await {
        Ok(()) => {
            return Ok(
                visitor.page(view::check_mail(visitor.shell(), &CheckMailView { address, again: paths::join_collective(&door.slug) }))
            );
        }
        Err(Failure::Refused(RegisterRefusal::UnknownCollective)) => return Err(visitor.problem(PageProblem::NotFound)),
        Err(Failure::Refused(RegisterRefusal::TooMany)) => return Err(visitor.problem(PageProblem::TooManyRequests)),
        Err(Failure::Refused(RegisterRefusal::UsernameTaken)) => Wrong::one("username", "field-username-taken"),
        Err(Failure::Refused(RegisterRefusal::Password(weak))) => Wrong::one("password", weak.key()),
        Err(Failure::Fault(fault)) => return Err(visitor.fault(&fault)),
    };
    Ok(as_newcomer(visitor, door, fields, wrong))
}

async fn submit_as_member(visitor: &Visitor, door: &JoinDoor, live: &LiveSession, fields: &Fields) -> Result<Response, Response> {
    let mut wrong = Wrong::default();
    let username =
        if live.person.username.is_stand_in() { wrong.take("username", Username::choose(fields.text("username"))) } else { None };
    let text = FreeText::parse(fields.text("text")).map_err(|error| wrong.add("text", text_remark(error))).ok();
    let Some(text) = text.filter(|_| wrong.is_empty()) else { return Ok(as_member(visitor, door, live, fields, wrong)) };
    let wrong = match request_membership(&visitor.act_as(live), live.person.id, &door.slug, text, username).await {
        // who is a member or has asked already finds that in their collectives
        Ok(_) | Err(Failure::Refused(RequestMembershipRefusal::Standing)) => return Ok(visitor.go(paths::ACCOUNT_COLLECTIVES)),
        Err(Failure::Refused(RequestMembershipRefusal::UnknownCollective)) => return Err(visitor.problem(PageProblem::NotFound)),
        Err(Failure::Refused(RequestMembershipRefusal::TooMany)) => return Err(visitor.problem(PageProblem::TooManyRequests)),
        Err(Failure::Refused(RequestMembershipRefusal::UsernameMissing)) => Wrong::one("username", "field-username-short"),
        Err(Failure::Refused(RequestMembershipRefusal::UsernameTaken)) => Wrong::one("username", "field-username-taken"),
        Err(Failure::Fault(fault)) => return Err(visitor.fault(&fault)),
    };
    Ok(as_member(visitor, door, live, fields, wrong))
}

/// Reads the form; every remark at once.
fn read(visitor: &Visitor, door: &JoinDoor, fields: &Fields) -> Result<Registration, Wrong> {
    let mut wrong = Wrong::default();
    let display_name = wrong.take("name", DisplayName::parse(fields.text("name")));
    let username = wrong.take("username", Username::choose(fields.text("username")));
    let email = wrong.take("email", EmailAddress::parse(fields.text("email")));
    let password = Typed::password(fields.verbatim("password").to_owned());
    let own: Vec<&str> = [fields.text("name"), fields.text("username"), fields.text("email")].into();
    wrong.take("password", idp_domain::credential::check_new_password(password.expose(), &own));
    let text = FreeText::parse(fields.text("text")).map_err(|error| wrong.add("text", text_remark(error))).ok();
    match (display_name, username, email, text) {
        (Some(display_name), Some(username), Some(email), Some(text)) if wrong.is_empty() => Ok(Registration {
            collective: door.slug.clone(),
            display_name,
            username,
            email,
            password,
            text,
            locale: visitor.cx.locale,
            browser: visitor.secret.hash(),
            client_ip: Some(visitor.cx.ip),
        }),
        _ => Err(wrong),
    }
}

async fn door(visitor: &Visitor, slug: &str) -> Result<JoinDoor, Response> {
    let not_found = || visitor.problem(PageProblem::NotFound);
    let slug = Slug::parse(slug).map_err(|_| not_found())?;
    let found = find_collective(&visitor.act(), &slug).await.map_err(|fault| visitor.fault(&fault))?;
    found.ok_or_else(not_found)
}

fn as_newcomer(visitor: &Visitor, door: &JoinDoor, fields: &Fields, mut wrong: Wrong) -> Response {
    let fine = wrong.is_empty();
    if !fine && wrong.on(visitor.cx.t(), "password").is_none() {
        wrong.add("password", "field-password-again");
    }
    let view = JoinView {
        action: paths::join_collective(&door.slug),
        collective: door.name.to_string(),
        name: fields.text("name").to_owned(),
        username: fields.text("username").to_owned(),
        email: fields.text("email").to_owned(),
        text: fields.text("text").to_owned(),
        wrong,
        csrf: visitor.csrf(&form_name(door)),
    };
    let markup = view::newcomer(visitor.shell(), &view);
    if fine { visitor.page(markup) } else { visitor.refused(Class::Page, markup) }
}

fn as_member(visitor: &Visitor, door: &JoinDoor, live: &LiveSession, fields: &Fields, wrong: Wrong) -> Response {
    let fine = wrong.is_empty();
    let view = JoinAsMemberView {
        action: paths::join_collective(&door.slug),
        collective: door.name.to_string(),
        person: live.person.display_name.to_string(),
        username: live.person.username.is_stand_in().then(|| fields.text("username").to_owned()),
        text: fields.text("text").to_owned(),
        wrong,
        csrf: visitor.csrf(&form_name(door)),
    };
    let markup = view::member(visitor.shell(), &view);
    if fine { visitor.page(markup) } else { visitor.refused(Class::Page, markup) }
}

fn form_name(door: &JoinDoor) -> String {
    format!("join:{}", door.slug)
}
