//! The one gate. Nothing is minted, refreshed, introspected as active or shown at userinfo without its permit.

use std::sync::Arc;

use idp_domain::{
    access::{self, AccessRefusal, EffectiveAccess},
    client::{Client, ClientRole},
    person::{Person, PersonState},
};
use idp_store::{ReadTx, Tx};

use crate::{Act, Outcome, failure::refuse};

/// Why nothing may be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateRefusal {
    /// The client was switched off.
    ClientDisabled,
    /// The client signs nobody in.
    ClientWithoutPeople,
    /// The account may not reach any service now.
    PersonNotActive,
    /// The service is not active.
    ServiceNotActive,
    /// No collective opened a door to this service, or every door is closed.
    NoOpenDoor,
    /// The managers' desk, and the person holds no mandate.
    NoMandate,
}

/// The proof that the gate let a person through to a client at this instant. Only [`may_issue`] makes one.
#[derive(Debug, Clone)]
pub struct IssuePermit {
    person: Person,
    client: Arc<Client>,
    access: Option<EffectiveAccess>,
}

impl IssuePermit {
    /// Who was let through.
    pub const fn person(&self) -> &Person {
        &self.person
    }
    /// To whom.
    pub fn client(&self) -> &Client {
        &self.client
    }
    /// With what; absent at the managers' desk, which is no service.
    pub const fn access(&self) -> Option<&EffectiveAccess> {
        self.access.as_ref()
    }
}

/// Whether anything may be issued to this client about this person, now.
pub async fn may_issue(act: &Act, read: &ReadTx, person: Person, client: Arc<Client>) -> Outcome<IssuePermit, GateRefusal> {
    if client.disabled_at.is_some() {
        return refuse(GateRefusal::ClientDisabled);
    }
    if person.state != PersonState::Active {
        return refuse(GateRefusal::PersonNotActive);
    }
    let access = match client.role {
        ClientRole::Machine => return refuse(GateRefusal::ClientWithoutPeople),
        ClientRole::AdminUi => {
            if !read.standing().of(person.id, act.now).await?.may_manage() {
                return refuse(GateRefusal::NoMandate);
            }
            None
        }
        ClientRole::Service(service) => {
            let facts = read.access().facts(person.id, service, act.now).await?;
            let evaluated = facts.as_ref().map_or(Err(AccessRefusal::NoOpenDoor), |facts| access::evaluate(facts, act.now));
            match evaluated {
                Ok(access) => Some(access),
                Err(refusal) => return refuse(refusal.into()),
            }
        }
    };
    Ok(IssuePermit { person, client, access })
}

impl From<AccessRefusal> for GateRefusal {
    fn from(refusal: AccessRefusal) -> Self {
        match refusal {
            AccessRefusal::PersonNotActive => Self::PersonNotActive,
            AccessRefusal::ServiceNotActive => Self::ServiceNotActive,
            AccessRefusal::NoOpenDoor => Self::NoOpenDoor,
        }
    }
}
