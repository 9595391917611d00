//! The people of a collective, as its managers see them.

use idp_domain::{
    Fault,
    id::{CollectiveId, MembershipId},
    membership::{Membership, MembershipState},
    person::Person,
    policy::{Action, Resource, Standing},
};
use idp_store::{
    Tx,
    desk::{Member as Row, MemberFilter},
};

use super::{
    Denied, PageOf, allow, promised,
    roles::{RoleInCollective, Roles},
};
use crate::{
    Act, Outcome,
    failure::OrRefuse,
    services::{Holder, doors_of},
};

/// Somebody in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberSeen {
    /// The membership.
    pub membership: Membership,
    /// What is shown of the person.
    pub shown: Shown,
    /// What the person is in this collective.
    pub roles: Vec<RoleInCollective>,
    /// How many doors this collective holds open for the person.
    pub open_doors: usize,
}

/// What is shown of a person. Somebody who was invited and never said yes is shown by the address that was
/// invited, whether or not there is an account behind it (DOMAIN rule 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The display name, or the invited address.
    pub name: String,
    /// The login name; empty for who was invited, or has none.
    pub username: String,
}

impl Shown {
    pub(super) async fn of(tx: &impl Tx, membership: &Membership, person: &Person) -> Result<Self, Fault> {
        if membership.shows_person() {
            let username = person.username_shown().map(ToString::to_string).unwrap_or_default();
            return Ok(Self { name: person.display_name.to_string(), username });
        }
        let address = match &person.email {
            Some(address) => Some(address.to_string()),
            None => tx.emails().list(person.id).await?.first().map(|email| email.address.to_string()),
        };
        Ok(Self { name: address.unwrap_or_default(), username: String::new() })
    }
}

/// Which members, and from where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListMembers<'a> {
    /// Whose.
    pub collective: CollectiveId,
    /// Only whose name or username contains this, or whose verified address it is. Nobody who was invited and never
    /// said yes is found.
    pub text: Option<&'a str>,
    /// Only in this state. An active membership past its end date counts as lapsed.
    pub state: Option<MembershipState>,
    /// After this one. Its place is looked up, so that a cursor tells nobody's name.
    pub after: Option<MembershipId>,
    /// At most so many.
    pub limit: usize,
}

/// A page of a collective's people, by what is shown of them.
pub async fn list_members(act: &Act, standing: &Standing, input: ListMembers<'_>) -> Outcome<PageOf<MemberSeen, MembershipId>, Denied> {
    allow(standing, Action::ListMembers, &Resource::Collective(input.collective), |denied| denied)?;
    let read = act.store().read();
    let collective = promised(read.collectives().find(input.collective).await?, "list_members.collective")?;
    let filter = MemberFilter { state: input.state, text: input.text };
    let after = match input.after {
        Some(last) => Some(read.desk().member(input.collective, last, act.now).await?.or_refuse(Denied::NotFound)?.cursor()),
        None => None,
    };
    let rows = read.desk().members(input.collective, filter, after.as_ref(), input.limit as u64 + 1, act.now).await?;
    let page = PageOf::cut(rows, input.limit, |row: &Row| row.membership.id);
    let roles = Roles::of(&read, input.collective, act.now).await?;
    let mut seen = Vec::with_capacity(page.items.len());
    for Row { membership, person, .. } in &page.items {
        let shown = Shown::of(&read, membership, person).await?;
        let doors = doors_of(&read, Holder { collective: &collective, membership, person }, act.now).await?;
        seen.push(MemberSeen {
            shown,
            roles: roles.held_by(membership),
            open_doors: doors.iter().filter(|door| door.is_open()).count(),
            membership: membership.clone(),
        });
    }
    Ok(page.with(seen))
}
