//! The one-time setup: the first collectives and the first steward.

pub(super) mod view;

use axum::response::Response;
use idp_app::{
    Failure,
    setup::{FirstSteward, FoundRefusal, Founding, SecondSteward, found_cluster, read_setup_link},
};
use idp_domain::{credential::check_new_password, email::EmailAddress, name::DisplayName, secret::Typed, username::Username};

use self::view::{SetupDoneView, SetupView};
use super::{
    verify::{gone, link, refused},
    visitor::Visitor,
    wrong::{Remark, Wrong},
};
use crate::http::{
    forms::{Fields, PageForm, PageQuery},
    headers::Class,
};

const FORM: &str = "setup";
const SECOND: [&str; 3] = ["second-collective", "second-name", "second-email"];

/// `GET /setup`: changes nothing.
pub(super) async fn show(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let link = link(&visitor, &query)?;
    read_setup_link(&visitor.act(), &link).await.map_err(|failure| refused(&visitor, failure))?;
    Ok(visitor.page(view::page(visitor.shell(), &look(&visitor, &query, Wrong::default()))))
}

/// `POST /setup`: uses the link up.
pub(super) async fn submit(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    visitor.check(&form, FORM)?;
    let link = link(&visitor, &form.0)?;
    let founding = match read(&visitor, &form.0) {
        Ok(founding) => founding,
        Err(wrong) => return Ok(again(&visitor, &form.0, wrong)),
    };
    let done = SetupDoneView {
        username: founding.steward.username.to_string(),
        second: founding.second.as_ref().map(|second| second.display_name.to_string()),
    };
    let wrong = match found_cluster(&visitor.act(), &link, founding).await {
        Ok(()) => return Ok(visitor.page(view::done(visitor.shell(), &done))),
        Err(Failure::Refused(FoundRefusal::Link(refusal))) => return Err(gone(&visitor, refusal)),
        Err(Failure::Refused(FoundRefusal::Password(weak))) => Wrong::one("password", weak.key()),
        Err(Failure::Refused(FoundRefusal::CollectiveName)) => Wrong::one("collective", "setup-collective-invalid"),
        Err(Failure::Refused(FoundRefusal::SecondCollectiveName)) => Wrong::one("second-collective", "setup-collective-invalid"),
        Err(Failure::Refused(FoundRefusal::CollectivesAlike)) => Wrong::one("second-collective", "setup-collective-taken"),
        Err(Failure::Refused(FoundRefusal::SamePerson)) => Wrong::one("second-email", "setup-second-same"),
        Err(Failure::Refused(FoundRefusal::UsernameTaken)) => Wrong::one("username", "field-username-taken"),
        Err(Failure::Fault(fault)) => return Err(visitor.fault(&fault)),
    };
    Ok(again(&visitor, &form.0, wrong))
}

fn read(visitor: &Visitor, fields: &Fields) -> Result<Founding, Wrong> {
    let mut wrong = Wrong::default();
    let display_name = wrong.take("name", DisplayName::parse(fields.text("name")));
    let email = wrong.take("email", EmailAddress::parse(fields.text("email")));
    let username = wrong.take("username", Username::parse(fields.text("username")));
    let password = Typed::password(fields.verbatim("password").to_owned());
    let own = [fields.text("name"), fields.text("username"), fields.text("email")];
    wrong.take("password", check_new_password(password.expose(), &own));
    let collective = wrong.take("collective", DisplayName::parse(fields.text("collective")));
    let second = second(fields, &mut wrong);
    match (display_name, email, username, collective) {
        (Some(display_name), Some(email), Some(username), Some(collective)) if wrong.is_empty() => Ok(Founding {
            collective,
            steward: FirstSteward { display_name, username, email, password },
            second,
            locale: visitor.cx.locale,
        }),
        _ => Err(wrong),
    }
}

/// All of the second person, or nothing.
fn second(fields: &Fields, wrong: &mut Wrong) -> Option<SecondSteward> {
    let given = SECOND.iter().filter(|field| fields.given(field).is_some()).count();
    if given == 0 {
        return None;
    }
    if given < SECOND.len() {
        let missing = SECOND.into_iter().find(|field| fields.given(field).is_none()).unwrap_or(SECOND[0]);
        wrong.add(missing, "setup-second-incomplete");
        return None;
    }
    let collective = wrong.take(SECOND[0], DisplayName::parse(fields.text(SECOND[0])));
    let display_name = wrong.take(SECOND[1], DisplayName::parse(fields.text(SECOND[1])));
    let email = wrong.take(SECOND[2], EmailAddress::parse(fields.text(SECOND[2])));
    Some(SecondSteward { collective: collective?, display_name: display_name?, email: email? })
}

fn again(visitor: &Visitor, fields: &Fields, mut wrong: Wrong) -> Response {
    if wrong.on(visitor.cx.t(), "password").is_none() {
        wrong.add("password", "field-password-again");
    }
    visitor.refused(Class::Page, view::page(visitor.shell(), &look(visitor, fields, wrong)))
}

fn look(visitor: &Visitor, fields: &Fields, wrong: Wrong) -> SetupView {
    let text = |name: &str| fields.text(name).to_owned();
    SetupView {
        link: text("link"),
        name: text("name"),
        username: text("username"),
        email: text("email"),
        collective: text("collective"),
        second_collective: text(SECOND[0]),
        second_name: text(SECOND[1]),
        second_email: text(SECOND[2]),
        wrong,
        csrf: visitor.csrf(FORM),
    }
}
