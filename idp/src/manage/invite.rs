//! Inviting somebody.

use idp_api::{Invitation, Invite, Problem, ProblemType, paths};
use idp_app::{
    collectives::invite_member::{self, InviteMember, InviteMemberRefusal, invite_member},
    once::{Once, Repeatable},
};
use idp_domain::{Ttl, email::EmailAddress, id::CollectiveId};

use super::{
    answer::{Answer, Checked, IntoProblem, conflict, created, failed, refused, text_of, too_many_mails},
    at,
    caller::Caller,
    headers::Key,
    ids::At,
    parse::{self, Errors},
};
use crate::http::forms::ApiBody;

/// Invites somebody by their exact address
#[utoipa::path(post, path = at(paths::INVITATIONS), tag = "members", operation_id = "invite_member", request_body = Invite,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = Invitation)))]
pub(super) async fn invite(caller: Caller, At(collective): At<CollectiveId>, Key(key): Key, ApiBody(body): ApiBody<Invite>) -> Answer {
    let input = input(collective, &body).map_err(|problem| refused(&caller.cx, problem))?;
    let write = |invitation: &invite_member::Invitation| text_of(&shown(invitation));
    let place = format!("invite_member {collective}");
    let once = key.map(|key| Once::new(caller.person.id, &key, &place, text_of(&body).as_bytes(), &write));
    let invited = invite_member(&caller.act, &caller.standing, &input, once.as_ref()).await.map_err(failed(&caller.cx))?;
    Ok(created(
        &caller.cx,
        match &invited {
            Repeatable::Done(invitation) => write(invitation),
            Repeatable::Before(answer) => answer.clone(),
        },
    ))
}

fn input(collective: CollectiveId, body: &Invite) -> Checked<InviteMember> {
    let mut errors = Errors::default();
    let name = body.name.as_deref().filter(|name| !name.trim().is_empty()).map(|text| parse::name(&mut errors, "name", text));
    let empty = body.email.trim().is_empty();
    let address = errors.keep("email", EmailAddress::parse(&body.email), |_| if empty { "empty" } else { "invalid" });
    let locale = body.language.map(parse::locale);
    errors.or(address.map(|address| InviteMember { collective, address, name: name.flatten(), locale }))
}

fn shown(invitation: &invite_member::Invitation) -> Invitation {
    Invitation { id: invitation.membership.to_string(), email: invitation.address.to_string(), expires_at: invitation.expires_at.millis() }
}

impl IntoProblem for InviteMemberRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::AlreadyMember => conflict("already_member"),
            Self::AlreadyAsked => conflict("already_asked"),
            Self::TooMany(_) => too_many_mails(),
            Self::TooManyAddresses(_) => Problem::new(ProblemType::TooManyRequests).with_code("too_many_invitations"),
            Self::KeyReused => Problem::new(ProblemType::IdempotencyKeyReused),
        }
    }
    fn wait(&self) -> Option<Ttl> {
        if let Self::TooMany(often) | Self::TooManyAddresses(often) = self { Some(often.wait) } else { None }
    }
}
