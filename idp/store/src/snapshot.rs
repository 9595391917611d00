//! Everything a declarative file describes, for `export` and for the comparison `apply` makes: with when a person
//! decided each row, because a file never reverts that (DOMAIN rule 14).

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::{
    Fault, Timestamp,
    collective::{Collective, WorkingGroup},
    credential::PasswordCredential,
    id::{CollectiveId, MembershipId, PersonId, ServiceId, WorkingGroupId},
    membership::{Mandate, Membership},
    person::Person,
    service::{Grant, Offer, Service},
    username::Username,
};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, sea_query::Expr, sea_query::ExprTrait};
use uuid::Uuid;

use crate::{
    Tx,
    collectives::collective,
    credentials,
    emails::Email,
    entity::{self, people},
    error::fault,
    grants::grant,
    mandates::mandate,
    memberships::membership,
    offers::offer,
    people::{person_select, read_person},
    services::service,
    sql::{at, rows},
    working_groups::working_group,
};

/// Reads what a file describes.
#[derive(Debug, Clone, Copy)]
pub struct Snapshots<'t, T>(pub(crate) &'t T);

/// A row with when a person in the web last decided it; never, when only files and the software touched it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Managed<V> {
    /// The row.
    pub value: V,
    /// When a person decided.
    pub decided_at: Option<Timestamp>,
}

/// Everything but people. In order of slugs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Structure {
    /// Collectives.
    pub collectives: Vec<Managed<Collective>>,
    /// Their working groups.
    pub working_groups: Vec<WorkingGroup>,
    /// Services.
    pub services: Vec<Managed<Service>>,
    /// Whose they are.
    pub owners: BTreeSet<(ServiceId, CollectiveId)>,
    /// To whom they are offered, withdrawn ones too.
    pub offers: Vec<Managed<Offer>>,
}

/// A membership with what hangs from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipSnapshot {
    /// The membership.
    pub membership: Managed<Membership>,
    /// Working groups it is in.
    pub working_groups: Vec<WorkingGroupId>,
    /// Mandates it carries or carried.
    pub mandates: Vec<Managed<Mandate>>,
}

/// A person with everything a file says about them.
#[derive(Debug, Clone)]
pub struct PersonSnapshot {
    /// The person.
    pub person: Managed<Person>,
    /// Their addresses, oldest first.
    pub emails: Vec<Email>,
    /// Their memberships, oldest first.
    pub memberships: Vec<MembershipSnapshot>,
    /// Their grants, oldest first, withdrawn ones too.
    pub grants: Vec<Managed<Grant>>,
    /// Their password, when hashes were asked for.
    pub password: Option<PasswordCredential>,
}

/// Whether password hashes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashes {
    /// They are.
    Included,
    /// They stay where they are.
    LeftOut,
}

impl<T: Tx> Snapshots<'_, T> {
    /// Everything but people.
    pub async fn structure(&self) -> Result<Structure, Fault> {
        let failed = fault("store.snapshot.structure");
        let conn = self.0.conn();
        let collectives =
            entity::collectives::Entity::find().order_by_asc(entity::collectives::Column::Slug).all(conn).await.map_err(failed)?;
        let groups = entity::working_groups::Entity::find()
            .order_by_asc(entity::working_groups::Column::CollectiveId)
            .order_by_asc(entity::working_groups::Column::Slug)
            .all(conn)
            .await
            .map_err(failed)?;
        let services = entity::services::Entity::find().order_by_asc(entity::services::Column::Slug).all(conn).await.map_err(failed)?;
        let owners = entity::service_owners::Entity::find().all(conn).await.map_err(failed)?;
        let offers = entity::offers::Entity::find().order_by_asc(entity::offers::Column::Id).all(conn).await.map_err(failed)?;
        Ok(Structure {
            collectives: collectives.iter().map(|row| Ok(managed(collective(row)?, row.decided_at))).collect::<Result<_, _>>()?,
            working_groups: groups.iter().map(working_group).collect::<Result<_, _>>()?,
            services: services.iter().map(|row| Ok(managed(service(row)?, row.decided_at))).collect::<Result<_, _>>()?,
            owners: owners.iter().map(|row| (ServiceId::from_uuid(row.service_id), CollectiveId::from_uuid(row.collective_id))).collect(),
            offers: offers.iter().map(|row| Ok(managed(offer(row)?, row.decided_at))).collect::<Result<_, _>>()?,
        })
    }

    /// A page of people in order of their identifiers, at most `limit` (500 is a good number).
    pub async fn people_after(&self, after: Option<PersonId>, limit: u64, hashes: Hashes) -> Result<Vec<PersonSnapshot>, Fault> {
        let mut select = person_select();
        select.column(("p", "decided_at"));
        if let Some(after) = after {
            select.and_where(Expr::col(("p", "id")).gt(after.uuid()));
        }
        select.order_by(("p", "id"), Order::Asc).limit(limit);
        self.complete(select, hashes).await
    }

    /// The people of these usernames, in order of their identifiers; unknown ones are left out.
    pub async fn people_named(&self, usernames: &[Username], hashes: Hashes) -> Result<Vec<PersonSnapshot>, Fault> {
        let mut people = Vec::with_capacity(usernames.len());
        for chunk in usernames.chunks(500) {
            let mut select = person_select();
            select
                .column(("p", "decided_at"))
                .and_where(Expr::col(("p", people::Column::Username)).is_in(chunk.iter().map(Username::as_str)))
                .order_by(("p", "id"), Order::Asc);
            people.extend(self.complete(select, hashes).await?);
        }
        Ok(people)
    }

    async fn complete(&self, select: sea_orm::sea_query::SelectStatement, hashes: Hashes) -> Result<Vec<PersonSnapshot>, Fault> {
        let rows = rows(self.0.conn(), select, "store.snapshot.people").await?;
        let mut people = Vec::with_capacity(rows.len());
        for mut row in rows {
            people.push(managed(read_person(&mut row)?, row.next()?));
        }
        let ids: Vec<Uuid> = people.iter().map(|person| person.value.id.uuid()).collect();
        let mut emails = self.emails(&ids).await?;
        let mut memberships = self.memberships(&ids).await?;
        let mut grants = self.grants(&ids).await?;
        let mut passwords = match hashes {
            Hashes::Included => self.passwords(&ids).await?,
            Hashes::LeftOut => BTreeMap::new(),
        };
        let complete = |person: Managed<Person>| {
            let id = person.value.id;
            PersonSnapshot {
                person,
                emails: emails.remove(&id).unwrap_or_default(),
                memberships: memberships.remove(&id).unwrap_or_default(),
                grants: grants.remove(&id).unwrap_or_default(),
                password: passwords.remove(&id),
            }
        };
        Ok(people.into_iter().map(complete).collect())
    }

    async fn emails(&self, people: &[Uuid]) -> Result<BTreeMap<PersonId, Vec<Email>>, Fault> {
        use entity::emails::{Column, Entity};
        let rows = Entity::find()
            .filter(Column::PersonId.is_in(people.iter().copied()))
            .order_by_asc(Column::Id)
            .all(self.0.conn())
            .await
            .map_err(fault("snapshot.emails"))?;
        let mut of: BTreeMap<PersonId, Vec<Email>> = BTreeMap::new();
        for row in rows {
            let email = Email::try_from(row)?;
            of.entry(email.person).or_default().push(email);
        }
        Ok(of)
    }

    async fn memberships(&self, people: &[Uuid]) -> Result<BTreeMap<PersonId, Vec<MembershipSnapshot>>, Fault> {
        use entity::{mandates, membership_working_groups as places, memberships};
        let failed = fault("store.snapshot.memberships");
        let conn = self.0.conn();
        let rows = memberships::Entity::find()
            .filter(memberships::Column::PersonId.is_in(people.iter().copied()))
            .order_by_asc(memberships::Column::Id)
            .all(conn)
            .await
            .map_err(failed)?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut groups: BTreeMap<MembershipId, Vec<WorkingGroupId>> = BTreeMap::new();
        let mut powers: BTreeMap<MembershipId, Vec<Managed<Mandate>>> = BTreeMap::new();
        for chunk in ids.chunks(1000) {
            let found =
                places::Entity::find().filter(places::Column::MembershipId.is_in(chunk.iter().copied())).all(conn).await.map_err(failed)?;
            for row in found {
                groups.entry(MembershipId::from_uuid(row.membership_id)).or_default().push(WorkingGroupId::from_uuid(row.working_group_id));
            }
            let found = mandates::Entity::find()
                .filter(mandates::Column::MembershipId.is_in(chunk.iter().copied()))
                .order_by_asc(mandates::Column::Id)
                .all(conn)
                .await
                .map_err(failed)?;
            for row in &found {
                powers.entry(MembershipId::from_uuid(row.membership_id)).or_default().push(managed(mandate(row)?, row.decided_at));
            }
        }
        let mut of: BTreeMap<PersonId, Vec<MembershipSnapshot>> = BTreeMap::new();
        for row in &rows {
            let membership = managed(membership(row)?, row.decided_at);
            let id = membership.value.id;
            of.entry(membership.value.person).or_default().push(MembershipSnapshot {
                membership,
                working_groups: groups.remove(&id).unwrap_or_default(),
                mandates: powers.remove(&id).unwrap_or_default(),
            });
        }
        Ok(of)
    }

    async fn grants(&self, people: &[Uuid]) -> Result<BTreeMap<PersonId, Vec<Managed<Grant>>>, Fault> {
        use entity::grants;
        let rows = grants::Entity::find()
            .filter(grants::Column::PersonId.is_in(people.iter().copied()))
            .order_by_asc(grants::Column::Id)
            .all(self.0.conn())
            .await
            .map_err(fault("store.snapshot.grants"))?;
        let mut of: BTreeMap<PersonId, Vec<Managed<Grant>>> = BTreeMap::new();
        for row in &rows {
            of.entry(PersonId::from_uuid(row.person_id)).or_default().push(managed(grant(row)?, row.decided_at));
        }
        Ok(of)
    }

    async fn passwords(&self, people: &[Uuid]) -> Result<BTreeMap<PersonId, PasswordCredential>, Fault> {
        use entity::credentials::{Column, Entity};
        let rows = Entity::find()
            .filter(Column::PersonId.is_in(people.iter().copied()))
            .filter(Column::Kind.eq(credentials::PASSWORD))
            .filter(Column::SuspendedAt.is_null())
            .all(self.0.conn())
            .await
            .map_err(fault("store.snapshot.passwords"))?;
        rows.into_iter().map(|row| Ok((PersonId::from_uuid(row.person_id), credentials::password(row)?))).collect()
    }
}

fn managed<V>(value: V, decided_at: Option<i64>) -> Managed<V> {
    Managed { value, decided_at: at(decided_at) }
}
