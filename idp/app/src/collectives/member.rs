//! One of a collective's people: the membership an act is about, with its person and its collective.

use idp_domain::{
    Fault,
    collective::Collective,
    id::{CollectiveId, MembershipId},
    membership::Membership,
    person::Person,
    policy::{Action, Resource, Standing},
};
use idp_store::Tx;

use super::allowed::{Denied, allow, promised};
use crate::{Outcome, failure::OrRefuse, services::Holder};

/// Somebody of a collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) collective: Collective,
    pub(crate) membership: Membership,
    pub(crate) person: Person,
}

impl Member {
    /// The one an act is about, once the policy lets the actor do this to this person in this collective. The
    /// collective is asked first, so that nothing of a foreign one is ever looked up.
    pub(crate) async fn find<R>(
        tx: &impl Tx,
        standing: &Standing,
        action: Action,
        (collective, membership): (CollectiveId, MembershipId),
        denied: fn(Denied) -> R,
    ) -> Outcome<Self, R> {
        allow(standing, action, &Resource::Collective(collective), denied)?;
        let membership = tx.memberships().find(collective, membership).await?.or_refuse(denied(Denied::NotFound))?;
        allow(standing, action, &Resource::Member { collective, person: membership.person }, denied)?;
        Ok(Self::of(tx, membership).await?)
    }

    /// The one behind a membership.
    pub(crate) async fn of(tx: &impl Tx, membership: Membership) -> Result<Self, Fault> {
        let collective = promised(tx.collectives().find(membership.collective).await?, "member.collective")?;
        let person = promised(tx.people().find(membership.person).await?, "member.person")?;
        Ok(Self { collective, membership, person })
    }

    /// As the holder of doors.
    pub(crate) fn holder(&self) -> Holder<'_> {
        Holder { collective: &self.collective, membership: &self.membership, person: &self.person }
    }

    /// The same after the act changed its rows.
    pub(crate) async fn again(&self, tx: &impl Tx) -> Result<Self, Fault> {
        let found = tx.memberships().find(self.collective.id, self.membership.id).await?;
        Self::of(tx, promised(found, "member.again")?).await
    }
}
