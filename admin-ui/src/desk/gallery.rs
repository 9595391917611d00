//! Every page in every language and state, looked at by machine: no text is missing, no form without its token, nothing
//! that the content policy forbids.

mod samples;
mod snapshots;

use idp_api::{
    ActorKind, CollectiveRole, DoorState, FieldError, Language, MandateState, MemberDetail, MemberItem, MembershipState, OfferItem,
    OfferState, Page, RequestDetail, RequestKind, RequestState, RerouteTarget,
};
use maud::Markup;
use ui_kit::Lang;

use samples::{ATENEU, COL, DAY, LONG, MEM, NOW, collective, door, fact, held, me, offer, request, request_item, service, somebody};

use super::{audit, doors, home, invite, mandate, member, membership, overview, people, requests, resend, services, settings};
use crate::{
    http::draft::{Draft, Why},
    texts::{self, T},
};

fn drafts() -> Vec<Draft> {
    let wrong = |field: &str, code: &str| FieldError { field: field.into(), code: code.into() };
    let codes = ["empty", "too_long", "control_characters", "not_offered", "above_ceiling", "in_the_past", "never_heard_of"];
    let names = ["email", "reason", "name", "role", "quota", "ends_at", "to"];
    let errors = names.into_iter().zip(codes).map(|(name, code)| wrong(name, code)).collect();
    let fields = [("reason", "a <b>reason</b>"), ("email", "x@y.cat"), ("role", "editor"), ("quota", "9 GB")];
    let again = |why| Draft { page: String::new(), fields: fields.into(), errors: Vec::new(), why: Some(why) };
    vec![Draft::default(), Draft { errors, ..again(Why::Invalid) }, again(Why::SignedInAgain), again(Why::Stale), again(Why::Changed)]
}

/// Every page with its name, forms as these drafts leave them.
fn pages(t: T, drafts: &[Draft]) -> Vec<(&'static str, Markup)> {
    let mut all = Vec::new();
    let mut add = |name, page| all.push((name, page));
    let me = me();
    let more = Some("abc".to_owned());
    add("after resigning", mandate::resigned_page("T", "L", "/", t));
    add("the choice", home::choice(&home::Choice { collectives: &me.collectives }, t));
    add("nothing to manage", home::nothing_to_manage(&home::NothingToManage { me: &me, portal: "https://id.exemple.cat/" }, t));
    for managers in [0, 2] {
        let waiting: Vec<_> = RequestKind::ALL.into_iter().take(managers * 2).map(request_item).collect();
        let collective = collective(u32::try_from(managers).unwrap_or(0));
        add("the overview", overview::overview(&overview::Overview { collective: &collective, waiting: &waiting, now: NOW }, t));
    }
    for items in [vec![], RequestKind::ALL.map(request_item).to_vec()] {
        let requests = Page { items, next: more.clone() };
        let view = requests::queue::Queue { collective: COL, name: ATENEU, kind: Some(RequestKind::Join), requests: &requests, now: NOW };
        add("the queue", requests::queue::queue(&view, t));
    }
    for state in [None, Some(MembershipState::Active)] {
        let person = |state| MemberItem {
            id: MEM.into(),
            name: LONG.into(),
            username: "maria".into(),
            state,
            roles: vec![CollectiveRole::Member, CollectiveRole::Manager],
            ends_at: Some(NOW),
            open_doors: 2,
        };
        let members = Page { items: state.map_or_else(Vec::new, |_| MembershipState::ALL.map(person).into()), next: more.clone() };
        add("the people", people::people(&people::People { collective: COL, name: ATENEU, q: "", state, members: &members }, t));
        let nobody = Page { items: vec![], next: None };
        add("nobody found", people::people(&people::People { collective: COL, name: ATENEU, q: "àà", state, members: &nobody }, t));
    }
    for (state, may_act) in MembershipState::ALL.into_iter().flat_map(|state| [(state, true), (state, false)]) {
        let mut who = somebody(state, may_act);
        add("a person", member::page(&member::Member { collective: COL, name: ATENEU, member: &who, now: NOW }, t));
        (who.doors, who.offers, who.person.language) = (vec![], vec![], None);
        who.membership.since = Some(NOW - DAY);
        (who.mandates, who.may_propose_manager) = (vec![held(CollectiveRole::Manager, MandateState::Proposed)], may_act);
        add("a person without doors", member::page(&member::Member { collective: COL, name: ATENEU, member: &who, now: NOW }, t));
    }
    for roles in [vec![], vec!["viewer".to_owned(), "editor".into()]] {
        let offer = |state| OfferItem {
            offer_id: "off_1".into(),
            service: service(2),
            description: "Documents, calendaris i contactes.".into(),
            url: Some("https://oficina.exemple.cat/".into()),
            default_role: roles.first().cloned(),
            roles: roles.clone(),
            quota_ceiling: Some(1 << 30),
            automatic: roles.is_empty(),
            granted_count: 12,
            state,
        };
        let offers = [OfferState::Active, OfferState::ServicePaused, OfferState::Withdrawn].map(offer);
        add("the services", services::page(&services::Services { name: ATENEU, offers: &offers, members: 0 }, t));
        add("no services", services::page(&services::Services { name: ATENEU, offers: &[], members: 3 }, t));
    }
    let facts = vec![
        fact("membership.suspended", ActorKind::Person, Some(LONG)),
        fact("grant.given", ActorKind::Person, None),
        fact("moon.landed", ActorKind::System, None),
        fact("collective.founded", ActorKind::Operator, None),
    ];
    for items in [facts, vec![]] {
        let facts = Page { items, next: more.clone() };
        add("the audit", audit::page(&audit::Audit { collective: COL, name: ATENEU, facts: &facts, now: NOW }, t));
    }
    all.extend(drafts.iter().flat_map(|draft| forms(draft, t)));
    all
}

/// Every page that is a form.
fn forms(draft: &Draft, t: T) -> Vec<(&'static str, Markup)> {
    let mut all = Vec::new();
    let csrf = "TOKEN";
    for kind in RequestKind::ALL {
        let request = request(kind, RequestState::Open);
        let view = requests::accept::Request { collective: COL, name: ATENEU, request: &request, draft, csrf, now: NOW };
        all.push(("validating", requests::accept::page(&view, t)));
    }
    let request = request(RequestKind::Join, RequestState::Open);
    let view = requests::refuse::Refusal { collective: COL, name: ATENEU, request: &request, draft, csrf, now: NOW };
    all.push(("refusing", requests::refuse::page(&view, t)));
    let target = RerouteTarget { id: "col_2".into(), slug: "forn".into(), name: "Col·lectiu El Forn".into() };
    let targets = Page { items: vec![target], next: None };
    let view = requests::reroute::Handover { collective: COL, name: ATENEU, request: &request, q: "fo", targets: &targets, draft, csrf };
    all.push(("handing over", requests::reroute::page(&view, t)));
    let view = invite::Invitation {
        collective: COL,
        name: ATENEU,
        locale: Language::Es,
        join_link: "https://id.exemple.cat/join/a",
        draft,
        csrf,
        key: "K",
    };
    all.push(("inviting", invite::page(&view, t)));
    let member = somebody(MembershipState::Active, true);
    for act in [membership::Act::Suspend, membership::Act::Resume, membership::Act::End, membership::Act::Uninvite] {
        let view = membership::Confirmation { act, collective: COL, name: ATENEU, member: &member, draft, csrf };
        all.push(("acting on a membership", membership::page(&view, t)));
    }
    for lost in [resend::Lost::Invitation, resend::Lost::Welcome] {
        let view = resend::Resending { lost, collective: COL, name: ATENEU, member: &member, draft, csrf };
        all.push(("sending a mail again", resend::page(&view, t)));
    }
    let [asked, stands] = [MandateState::Proposed, MandateState::Accepted].map(|state| held(CollectiveRole::Manager, state));
    for act in [mandate::Act::Propose, mandate::Act::TakeBack(&asked), mandate::Act::End(&stands), mandate::Act::Resign(&stands)] {
        let view = mandate::Confirmation { act, collective: COL, name: ATENEU, member: &member, draft, csrf };
        all.push(("acting on a mandate", mandate::page(&view, t)));
    }
    let (offer, door) = (offer(0), door(0, DoorState::Open));
    let view = doors::open::NewDoor { collective: COL, name: ATENEU, member: &member, offer: &offer, draft, csrf, key: "K", now: NOW };
    all.push(("opening a door", doors::open::page(&view, t)));
    let view = doors::change::Change { collective: COL, name: ATENEU, member: &member, door: &door, offer: &offer, draft, csrf, now: NOW };
    all.push(("changing a door", doors::change::page(&view, t)));
    let view = doors::close::Closing { collective: COL, name: ATENEU, member: &member, door: &door, draft, csrf };
    all.push(("closing a door", doors::close::page(&view, t)));
    let collective = collective(1);
    all.push(("settings", settings::page(&settings::Settings { collective: &collective, draft, csrf }, t)));
    all
}

fn in_all_languages() -> Vec<(String, String)> {
    let drafts = drafts();
    let of = |lang| {
        pages(texts::in_language(lang), &drafts).into_iter().map(move |(name, page)| (format!("{name} in {lang}"), page.into_string()))
    };
    Lang::ALL.into_iter().flat_map(of).collect()
}

/// What a reader sees: no tags, no attributes.
fn text_of(html: &str) -> String {
    html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join(" ")
}

#[test]
fn no_page_shows_the_name_of_a_text_or_of_a_variable() {
    let keys: Vec<&str> =
        include_str!("../../locales/ca.ftl").lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
    for (name, html) in in_all_languages() {
        let text = text_of(&html);
        assert!(!text.contains('{'), "{name}: {text}");
        for word in text.split_whitespace().filter(|word| word.contains('-')) {
            assert!(!keys.contains(&word), "{name}: {word}");
        }
    }
}

#[test]
fn every_text_that_the_source_names_exists() {
    fn sources(directory: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(directory).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push(std::fs::read_to_string(&path).expect("readable"));
            }
        }
    }
    let mut found = Vec::new();
    sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    let t = texts::in_language(Lang::Ca);
    let mut seen = 0;
    for source in &found {
        for call in ["t.msg(\"", "t.args(\"", "Flash::new(\""] {
            for key in source.split(call).skip(1).filter_map(|rest| rest.split('"').next()).filter(|key| key.len() > 1) {
                assert!(t.has(key), "{key}");
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "the search finds them: {seen}");
}

#[test]
fn every_form_that_changes_something_carries_its_token() {
    for (name, html) in in_all_languages() {
        for form in html.split("<form").skip(1).filter(|form| form.contains("method=\"post\"")) {
            assert!(form.contains("name=\"csrf\" value=\"TOKEN\""), "{name}: {form}");
        }
    }
}

#[test]
fn nothing_on_a_page_needs_more_than_the_content_policy_allows() {
    for (name, html) in in_all_languages() {
        for forbidden in ["<script", " style=", "javascript:", " onclick", "<b>"] {
            assert!(!html.contains(forbidden), "{name}: {forbidden}");
        }
    }
}

#[test]
fn a_button_that_acts_on_somebody_names_the_collective() {
    for (name, html) in in_all_languages() {
        let posted =
            html.split("<form").skip(1).filter_map(|form| form.split("</form").next()).filter(|form| form.contains("method=\"post\""));
        for button in posted.flat_map(|form| form.split("<button").skip(1)) {
            assert!(text_of(button.split("</button").next().unwrap_or_default()).contains("L’Ateneu"), "{name}: {button}");
        }
    }
}

#[test]
fn an_identifier_appears_once_on_a_page() {
    for (name, html) in in_all_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for id in html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(seen.insert(id), "{name}: {id}");
        }
    }
}

#[test]
fn what_was_typed_is_in_the_form_again_with_what_is_wrong() {
    let draft = drafts().remove(1);
    for lang in Lang::ALL {
        let forms = forms(&draft, texts::in_language(lang));
        let of = |name: &str| forms.iter().find(|(this, _)| *this == name).expect("a form").1.clone().into_string();
        assert!(of("refusing").contains("a &lt;b&gt;reason&lt;/b&gt;") && of("refusing").contains("field-error"));
        assert!(of("inviting").contains("value=\"x@y.cat\"") && of("inviting").contains("href=\"#f-email\""));
        assert!(of("opening a door").contains("value=\"9 GB\"") && of("opening a door").contains("value=\"editor\" selected"));
    }
}

#[test]
fn nobody_is_offered_an_act_on_themselves() {
    for state in MembershipState::ALL {
        let html = member::page(
            &member::Member { collective: COL, name: ATENEU, member: &somebody(state, false), now: NOW },
            texts::in_language(Lang::En),
        );
        let html = html.into_string();
        for act in ["/suspend", "/resume", "/end", "/close", "/open"] {
            assert!(!html.contains(&format!("{act}\"")) && !html.contains(&format!("{act}?")), "{act}");
        }
    }
}

#[test]
fn the_one_service_that_was_asked_for_has_no_box_to_untick() {
    let say = |request: &RequestDetail| {
        let view = requests::accept::Request { collective: COL, name: ATENEU, request, draft: &Draft::default(), csrf: "TOKEN", now: NOW };
        requests::accept::page(&view, texts::in_language(Lang::Ca)).into_string()
    };
    let asked = RequestDetail { offers: vec![offer(0)], ..request(RequestKind::Access, RequestState::Open) };
    assert!(!say(&asked).contains("checkbox") && say(&asked).contains("name=\"role.svc_0\""));
    let withdrawn = RequestDetail { offers: vec![], ..asked };
    assert!(!say(&withdrawn).contains("<form") && say(&withdrawn).contains("ja no té disponible"));
    let join = say(&request(RequestKind::Join, RequestState::Open));
    assert!(join.contains("checkbox") && join.contains("correu de benvinguda"));
    assert!(!say(&request(RequestKind::Access, RequestState::Open)).contains("benvinguda"), "a member is not welcomed again");
}

#[test]
fn what_has_not_begun_is_not_ended() {
    let say = |state| {
        let who = somebody(state, true);
        let page = member::page(&member::Member { collective: COL, name: ATENEU, member: &who, now: NOW }, texts::in_language(Lang::Ca));
        text_of(&page.into_string())
    };
    let asked = say(MembershipState::Requested);
    assert!(!asked.contains("pertinença") && asked.contains("Revisa i valida"));
    let invited = say(MembershipState::Invited);
    assert!(!invited.contains("pertinença") && invited.contains("Retira la invitació de L’Ateneu"));
    assert!(say(MembershipState::Active).contains("Acaba la pertinença"));
}

#[test]
fn a_request_that_is_answered_says_how_and_nothing_of_who() {
    for (state, outcome) in
        [(RequestState::Accepted, "acceptada"), (RequestState::Refused, "denegada"), (RequestState::Withdrawn, "s’ha retirat")]
    {
        let request = RequestDetail { addresses: vec![], ..request(RequestKind::Join, state) };
        let view = requests::accept::Request {
            collective: COL,
            name: ATENEU,
            request: &request,
            draft: &Draft::default(),
            csrf: "TOKEN",
            now: NOW,
        };
        let text = text_of(&requests::accept::page(&view, texts::in_language(Lang::Ca)).into_string());
        assert!(text.contains(outcome) && !text.contains("gestora") && !text.contains("Correu verificat"), "{text}");
    }
}

#[test]
fn who_is_only_invited_is_an_address_and_no_member() {
    let mut who = somebody(MembershipState::Invited, true);
    (who.person.email, who.person.language, who.person.username) = (None, None, String::new());
    let t = texts::in_language(Lang::Ca);
    let say = |who: &MemberDetail| {
        text_of(&member::page(&member::Member { collective: COL, name: ATENEU, member: who, now: NOW }, t).into_string())
    };
    assert!(say(&who).contains("Convidada a L’Ateneu"));
    (who.membership.since, who.membership.ends_at) = (None, None);
    for unsaid in ["Membre de", "no el pots veure", "Convidada a"] {
        assert!(!say(&who).contains(unsaid), "{unsaid}: {}", say(&who));
    }
    who.membership.state = MembershipState::Ended;
    assert!(!say(&who).contains("Membre de"), "nor when the invitation was taken back");
    let invited = MemberItem {
        id: MEM.into(),
        name: "nova@exemple.cat".into(),
        username: String::new(),
        state: MembershipState::Invited,
        roles: vec![],
        ends_at: None,
        open_doors: 0,
    };
    let members = Page { items: vec![invited], next: None };
    let list = people::people(&people::People { collective: COL, name: ATENEU, q: "", state: None, members: &members }, t).into_string();
    assert!(list.contains(">cap porta oberta<"), "{list}");
}

#[test]
fn nobody_is_told_that_they_can_see_themselves_look() {
    let t = texts::in_language(Lang::Ca);
    for (may_act, told) in [(true, true), (false, false)] {
        let who = somebody(MembershipState::Active, may_act);
        let html = member::page(&member::Member { collective: COL, name: ATENEU, member: &who, now: NOW }, t).into_string();
        assert_eq!(html.contains(&t.msg("member-looked")), told);
    }
}

#[test]
fn a_button_in_spanish_is_an_imperative_as_in_catalan() {
    for (name, html) in in_all_languages().into_iter().filter(|(name, _)| name.ends_with(" in es")) {
        for button in html.split("class=\"button ").skip(1).filter_map(|rest| rest.split_once('>')?.1.split("</").next()) {
            let text = text_of(button);
            let verb = text.split_whitespace().next().unwrap_or_default();
            assert!(!["ar", "er", "ir"].iter().any(|ending| verb.ends_with(ending)), "{name}: {text}");
        }
    }
}

#[test]
fn a_mistake_in_the_terms_of_a_door_is_not_folded_away() {
    let error = FieldError { field: "quota.svc_0".into(), code: "quota".into() };
    let draft = Draft { fields: [("open.svc_0", "on"), ("quota.svc_0", "molt")].into(), errors: vec![error], ..Draft::default() };
    let request = request(RequestKind::Join, RequestState::Open);
    let view = requests::accept::Request { collective: COL, name: ATENEU, request: &request, draft: &draft, csrf: "TOKEN", now: NOW };
    let html = requests::accept::page(&view, texts::in_language(Lang::Ca)).into_string();
    let before = html.split("name=\"quota.svc_0\"").next().expect("the field is there");
    assert_eq!(before.matches("<details").count(), before.matches("</details").count(), "it stands outside of every fold");
    assert!(html.contains("value=\"molt\"") && html.contains("field-error"));
}
