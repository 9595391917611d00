//! Many rows at once, for `apply`, the demo and generated clusters. Every row must be new and its keys free: a
//! conflict is a fault, and the caller's transaction ends.

use idp_domain::{
    Fault, Timestamp,
    credential::PasswordCredential,
    id::{CollectiveId, MembershipId, WorkingGroupId},
    membership::{Mandate, Membership},
    service::Grant,
};
use sea_orm::{EntityTrait, Iterable, ModelTrait};

use crate::{
    Decided, WriteTx, credentials,
    emails::Email,
    entity::{emails, membership_working_groups, usernames},
    grants, mandates, memberships,
    people::{self, NewPerson},
    sql::insert_many,
};

/// Parameters in one statement: SQLite takes 32,766, PostgreSQL 65,535.
const PARAMETERS: usize = 8_000;

/// Inserts of many rows, as decided by a file.
#[derive(Debug, Clone, Copy)]
pub struct Bulk<'t>(pub(crate) &'t WriteTx);

impl Bulk<'_> {
    /// People and their usernames.
    pub async fn people(&self, new: &[NewPerson]) -> Result<(), Fault> {
        let place = "store.bulk.people";
        self.all(new.iter().map(|new| people::new_row(new, Decided::ByFile)), place).await?;
        let taken = new.iter().map(|person| usernames::Model {
            username: person.username.to_string(),
            person_id: Some(person.id.uuid()),
            tombstoned_at: None,
        });
        self.all(taken, place).await
    }

    /// Addresses. One that signs in must be verified.
    pub async fn emails(&self, new: &[Email]) -> Result<(), Fault> {
        let rows = new.iter().map(|email| emails::Model {
            id: email.id.uuid(),
            person_id: email.person.uuid(),
            address: email.address.to_string(),
            signin_key: email.signs_in.then(|| email.address.to_string()),
            verified_at: email.verified_at.map(Timestamp::millis),
            created_at: email.created_at.millis(),
        });
        self.all(rows, "store.bulk.emails").await
    }

    /// Passwords of people who have none.
    pub async fn passwords(&self, new: &[PasswordCredential]) -> Result<(), Fault> {
        self.all(new.iter().map(credentials::row), "store.bulk.passwords").await
    }

    /// Memberships.
    pub async fn memberships(&self, new: &[Membership]) -> Result<(), Fault> {
        self.all(new.iter().map(|membership| memberships::model(membership, None)), "store.bulk.memberships").await
    }

    /// Who is in which working group.
    pub async fn working_groups(&self, new: &[(CollectiveId, MembershipId, WorkingGroupId)]) -> Result<(), Fault> {
        let rows = new.iter().map(|(collective, membership, group)| membership_working_groups::Model {
            collective_id: collective.uuid(),
            membership_id: membership.uuid(),
            working_group_id: group.uuid(),
        });
        self.all(rows, "store.bulk.working_groups").await
    }

    /// Mandates.
    pub async fn mandates(&self, new: &[Mandate], created_at: Timestamp) -> Result<(), Fault> {
        self.all(new.iter().map(|mandate| mandates::model(mandate, created_at, None)), "store.bulk.mandates").await
    }

    /// Grants.
    pub async fn grants(&self, new: &[Grant]) -> Result<(), Fault> {
        self.all(new.iter().map(|grant| grants::model(grant, None)), "store.bulk.grants").await
    }

    async fn all<M: ModelTrait>(&self, rows: impl Iterator<Item = M>, place: &'static str) -> Result<(), Fault> {
        let size = PARAMETERS / <M::Entity as EntityTrait>::Column::iter().count().max(1);
        let mut chunk = Vec::with_capacity(size);
        for row in rows {
            chunk.push(row);
            if chunk.len() == size {
                insert_many(self.0, std::mem::take(&mut chunk), place).await?;
            }
        }
        insert_many(self.0, chunk, place).await
    }
}
