//! People and the names they are known by.

use std::collections::BTreeSet;

use idp_domain::{
    Fault, Timestamp,
    email::EmailAddress,
    id::PersonId,
    locale::Locale,
    name::DisplayName,
    person::{Person, PersonState},
    username::Username,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement, UpdateStatement},
};
use uuid::Uuid;

use crate::{
    Attempt, Decided, Inserted, Tx, Updated, WriteTx,
    decode::{Columns, Selected as _, selected},
    entity::{credentials, emails, links, people, usernames},
    error::{damaged, fault},
    sql::{Fixed, insert, insert_new, parameter, rows, same, select_columns},
};

/// Questions about people, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct People<'a, T>(pub(crate) &'a T);

/// A person on the way in.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The row.
    pub id: PersonId,
    /// The login name.
    pub username: Username,
    /// The name shown to others.
    pub display_name: DisplayName,
    /// Given name, when told.
    pub given_name: Option<String>,
    /// Family name, when told.
    pub family_name: Option<String>,
    /// Language.
    pub locale: Locale,
    /// Time zone name, when told.
    pub zoneinfo: Option<String>,
    /// Where the account begins.
    pub state: PersonState,
    /// 64 random bytes that name the person to authenticators (WebAuthn §5.4.3).
    pub user_handle: [u8; 64],
    /// Random; stands for the person in the audit.
    pub audit_index: Uuid,
    /// The key of the person's audit texts, sealed.
    pub sealed_audit_key: Vec<u8>,
    /// Now.
    pub created_at: Timestamp,
}

/// What of a profile can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChange {
    /// The name shown to others.
    pub display_name: DisplayName,
    /// Given name, when told.
    pub given_name: Option<String>,
    /// Family name, when told.
    pub family_name: Option<String>,
    /// Language.
    pub locale: Locale,
    /// Time zone name, when told.
    pub zoneinfo: Option<String>,
}

/// How a person appears in the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditIdentity {
    /// Stands for the person.
    pub index: Uuid,
    /// The key of their audit texts, sealed; empty once forgotten.
    pub sealed_key: Vec<u8>,
}

/// The columns of a [`Person`] in the table `people`.
struct PersonRow {
    id: Uuid,
    username: String,
    display_name: String,
    given_name: Option<String>,
    family_name: Option<String>,
    locale: String,
    zoneinfo: Option<String>,
    state: String,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

selected!(PersonRow { id, username, display_name, given_name, family_name, locale, zoneinfo, state, created_at, updated_at, version });

/// Selects, from `person_alias` and `email_alias` (see [`join_signin_email`]), what [`read_person`] reads.
pub(crate) fn select_person(select: &mut SelectStatement, person_alias: &'static str, email_alias: &'static str) {
    select_columns::<PersonRow>(select, person_alias);
    select.column((email_alias, "signin_key"));
}

/// Joins the one address that signs the person in, if there is one.
pub(crate) fn join_signin_email(select: &mut SelectStatement, person_alias: &'static str, email_alias: &'static str) {
    select.join_as(
        sea_orm::JoinType::LeftJoin,
        "emails",
        email_alias,
        same((email_alias, "person_id"), (person_alias, "id")).and(Expr::col((email_alias, "signin_key")).is_not_null()),
    );
}

/// Reads what [`select_person`] selected.
pub(crate) fn read_person(columns: &mut Columns) -> Result<Person, Fault> {
    let row = PersonRow::read(columns)?;
    let signin_key: Option<String> = columns.next()?;
    let id = PersonId::from_uuid(row.id);
    let bad = |column| damaged("store.people", id, column);
    Ok(Person {
        id,
        username: Username::parse(&row.username).map_err(|_| bad("username"))?,
        display_name: DisplayName::parse(&row.display_name).map_err(|_| bad("display_name"))?,
        given_name: row.given_name,
        family_name: row.family_name,
        email: signin_key.map(|key| EmailAddress::parse(&key)).transpose().map_err(|_| bad("signin_key"))?,
        locale: Locale::from_tag(&row.locale).ok_or_else(|| bad("locale"))?,
        zoneinfo: row.zoneinfo,
        state: PersonState::from_name(&row.state).ok_or_else(|| bad("state"))?,
        created_at: Timestamp::from_millis(row.created_at),
        updated_at: Timestamp::from_millis(row.updated_at),
        version: row.version,
    })
}

/// The row of a new person.
pub(crate) fn new_row(person: &NewPerson, decided: Decided) -> people::Model {
    people::Model {
        id: person.id.uuid(),
        username: person.username.to_string(),
        username_burnt_at: None,
        display_name: person.display_name.to_string(),
        given_name: person.given_name.clone(),
        family_name: person.family_name.clone(),
        sort_key: person.display_name.sort_key(),
        locale: person.locale.as_str().to_owned(),
        zoneinfo: person.zoneinfo.clone(),
        state: person.state.as_str().to_owned(),
        user_handle: person.user_handle.to_vec(),
        audit_index: person.audit_index,
        sealed_audit_key: person.sealed_audit_key.clone(),
        decided_at: decided.at(),
        created_at: person.created_at.millis(),
        updated_at: person.created_at.millis(),
        activated_at: (person.state == PersonState::Active).then_some(person.created_at.millis()),
        version: 1,
    }
}

pub(crate) fn person_select() -> SelectStatement {
    let mut select = Query::select();
    select_person(&mut select, "p", "e");
    select.from_as("people", "p");
    join_signin_email(&mut select, "p", "e");
    select
}

static BY_ID: Fixed = Fixed::new(|| person_select().and_where(Expr::col(("p", "id")).eq(parameter())).to_owned());
static BY_USERNAME: Fixed = Fixed::new(|| person_select().and_where(Expr::col(("p", "username")).eq(parameter())).to_owned());
static BY_ADDRESS: Fixed = Fixed::new(|| person_select().and_where(Expr::col(("e", "signin_key")).eq(parameter())).to_owned());

/// Parameters: when, person.
static BURN_USERNAME: Fixed<UpdateStatement> = Fixed::new(|| {
    Query::update()
        .table("people")
        .value("username_burnt_at", parameter())
        .and_where(Expr::col("id").eq(parameter()))
        .and_where(Expr::col("username_burnt_at").is_null())
        .to_owned()
});

impl<T: Tx> People<'_, T> {
    /// The person of a row.
    pub async fn find(&self, id: PersonId) -> Result<Option<Person>, Fault> {
        let mut row = BY_ID.one(self.0.conn(), vec![id.uuid().into()], "store.people.find").await?;
        row.as_mut().map(read_person).transpose()
    }

    /// The person with a login name.
    pub async fn find_by_username(&self, username: &Username) -> Result<Option<Person>, Fault> {
        let mut row = BY_USERNAME.one(self.0.conn(), vec![username.as_str().into()], "store.people.find_by_username").await?;
        row.as_mut().map(read_person).transpose()
    }

    /// The person a verified address signs in.
    pub async fn find_by_address(&self, address: &EmailAddress) -> Result<Option<Person>, Fault> {
        let mut row = BY_ADDRESS.one(self.0.conn(), vec![address.as_str().into()], "store.people.find_by_address").await?;
        row.as_mut().map(read_person).transpose()
    }

    /// Several people at once, in no order; unknown ones are left out.
    pub async fn find_many(&self, ids: &[PersonId]) -> Result<Vec<Person>, Fault> {
        let mut people = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let select = person_select().and_where(Expr::col(("p", "id")).is_in(chunk.iter().map(|id| id.uuid()))).to_owned();
            for mut row in rows(self.0.conn(), select, "store.people.find_many").await? {
                people.push(read_person(&mut row)?);
            }
        }
        Ok(people)
    }

    /// Everybody, oldest row first, after a cursor.
    pub async fn list_after(&self, after: Option<PersonId>, limit: u64) -> Result<Vec<Person>, Fault> {
        let mut select = person_select();
        if let Some(after) = after {
            select.and_where(Expr::col(("p", "id")).gt(after.uuid()));
        }
        select.order_by(("p", "id"), Order::Asc).limit(limit);
        let mut rows = rows(self.0.conn(), select, "store.people.list_after").await?;
        rows.iter_mut().map(read_person).collect()
    }

    /// Accounts whose address nobody proved, made before an instant and not asked for since, oldest first.
    pub async fn list_pending_before(&self, before: Timestamp, limit: u64) -> Result<Vec<PersonId>, Fault> {
        let asked_for_since = Query::select()
            .expr(Expr::val(1))
            .from(links::Entity)
            .and_where(Expr::col((links::Entity, links::Column::PersonId)).equals((people::Entity, people::Column::Id)))
            .and_where(Expr::col((links::Entity, links::Column::CreatedAt)).gte(before.millis()))
            .to_owned();
        let rows = people::Entity::find()
            .filter(people::Column::State.eq(PersonState::Pending.as_str()))
            .filter(people::Column::CreatedAt.lt(before.millis()))
            .filter(Expr::exists(asked_for_since).not())
            .order_by_asc(people::Column::Id)
            .limit(limit)
            .all(self.0.conn())
            .await
            .map_err(fault("store.people.list_pending_before"))?;
        Ok(rows.into_iter().map(|row| PersonId::from_uuid(row.id)).collect())
    }

    /// Whether a login name is in use or burnt for ever.
    pub async fn is_username_taken(&self, username: &Username) -> Result<bool, Fault> {
        let row = usernames::Entity::find_by_id(username.as_str()).one(self.0.conn()).await;
        Ok(row.map_err(fault("store.people.is_username_taken"))?.is_some())
    }

    /// Those of these login names that are in use or burnt for ever.
    pub async fn list_taken(&self, names: &[Username]) -> Result<BTreeSet<Username>, Fault> {
        let place = "store.people.list_taken";
        let mut taken = BTreeSet::new();
        for chunk in names.chunks(500) {
            let wanted = usernames::Column::Username.is_in(chunk.iter().map(Username::as_str));
            let rows = usernames::Entity::find().filter(wanted).all(self.0.conn()).await.map_err(fault(place))?;
            for row in rows {
                taken.insert(Username::parse(&row.username).map_err(|_| damaged(place, &row.username, "username"))?);
            }
        }
        Ok(taken)
    }

    /// How the person appears in the audit.
    pub async fn find_audit_identity(&self, id: PersonId) -> Result<Option<AuditIdentity>, Fault> {
        let row = people::Entity::find_by_id(id.uuid()).one(self.0.conn()).await.map_err(fault("store.people.find_audit_identity"))?;
        Ok(row.map(|row| AuditIdentity { index: row.audit_index, sealed_key: row.sealed_audit_key }))
    }

    /// The bytes that name the person to authenticators.
    pub async fn find_user_handle(&self, id: PersonId) -> Result<Option<[u8; 64]>, Fault> {
        let place = "store.people.find_user_handle";
        let Some(row) = people::Entity::find_by_id(id.uuid()).one(self.0.conn()).await.map_err(fault(place))? else { return Ok(None) };
        row.user_handle.try_into().map(Some).map_err(|_| damaged(place, id, "user_handle"))
    }

    /// When somebody last decided about the account in the web: a file does not undo that (DOMAIN rule 14).
    pub async fn find_decided_at(&self, id: PersonId) -> Result<Option<Timestamp>, Fault> {
        let row = people::Entity::find_by_id(id.uuid()).one(self.0.conn()).await.map_err(fault("store.people.find_decided_at"))?;
        Ok(row.and_then(|row| crate::sql::at(row.decided_at)))
    }
}

impl People<'_, WriteTx> {
    /// Adds a person and takes their username, unless it is in use or burnt.
    pub async fn insert(&self, person: &NewPerson, decided: Decided) -> Result<Inserted, Fault> {
        let place = "store.people.insert";
        let id = person.id.uuid();
        let username = person.username.to_string();
        // the reservation refers to the person, so the person comes first; a conflict in either leaves nothing behind
        let reserved = usernames::Model { username: username.clone(), person_id: None, tombstoned_at: None };
        if insert_new(self.0, reserved, place).await? == Inserted::Taken {
            return Ok(Inserted::Taken);
        }
        insert(self.0, new_row(person, decided), place).await?;
        usernames::Entity::update_many()
            .col_expr(usernames::Column::PersonId, Expr::value(id))
            .filter(usernames::Column::Username.eq(username))
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        Ok(Inserted::Done)
    }

    /// Moves an account from one state to another; notes the first time it became active.
    pub async fn change_state(&self, id: PersonId, from: PersonState, to: PersonState, now: Timestamp) -> Result<Attempt, Fault> {
        let mut update = people::Entity::update_many()
            .col_expr(people::Column::State, Expr::value(to.as_str()))
            .col_expr(people::Column::UpdatedAt, Expr::value(now.millis()))
            .col_expr(people::Column::Version, Expr::col(people::Column::Version).add(1));
        if to == PersonState::Active {
            let first = Expr::col(people::Column::ActivatedAt).if_null(now.millis());
            update = update.col_expr(people::Column::ActivatedAt, first);
        }
        let done = update
            .filter(people::Column::Id.eq(id.uuid()))
            .filter(people::Column::State.eq(from.as_str()))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.people.change_state"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Replaces the profile if nobody changed it since it was read.
    pub async fn change_profile(
        &self,
        id: PersonId,
        version: i64,
        change: &ProfileChange,
        now: Timestamp,
        decided: Decided,
    ) -> Result<Updated, Fault> {
        let done = decided
            .note(people::Entity::update_many(), people::Column::DecidedAt)
            .col_expr(people::Column::DisplayName, Expr::value(change.display_name.as_str()))
            .col_expr(people::Column::SortKey, Expr::value(change.display_name.sort_key()))
            .col_expr(people::Column::GivenName, Expr::value(change.given_name.clone()))
            .col_expr(people::Column::FamilyName, Expr::value(change.family_name.clone()))
            .col_expr(people::Column::Locale, Expr::value(change.locale.as_str()))
            .col_expr(people::Column::Zoneinfo, Expr::value(change.zoneinfo.clone()))
            .col_expr(people::Column::UpdatedAt, Expr::value(now.millis()))
            .col_expr(people::Column::Version, Expr::col(people::Column::Version).add(1))
            .filter(people::Column::Id.eq(id.uuid()))
            .filter(people::Column::Version.eq(version))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.people.change_profile"))?;
        Ok(Updated::of(done.rows_affected))
    }

    /// Burns the username: a service has seen it, so it is never reissued. `Lost` when it was burnt before.
    pub async fn burn_username(&self, id: PersonId, now: Timestamp) -> Result<Attempt, Fault> {
        let values = vec![now.millis().into(), id.uuid().into()];
        BURN_USERNAME.run(self.0.writing(), values, "store.people.burn_username").await.map(Attempt::of)
    }

    /// Gives the person another login name. The old one becomes a tombstone if a service has seen it, and is free
    /// again otherwise.
    pub async fn rename(&self, id: PersonId, to: &Username, now: Timestamp) -> Result<Inserted, Fault> {
        let place = "store.people.rename";
        let conn = self.0.writing();
        let Some(row) = people::Entity::find_by_id(id.uuid()).one(conn).await.map_err(fault(place))? else {
            return Err(Fault::broken(place, format!("{id} does not exist")));
        };
        let taken = usernames::Model { username: to.to_string(), person_id: Some(id.uuid()), tombstoned_at: None };
        if insert_new(self.0, taken, place).await? == Inserted::Taken {
            return Ok(Inserted::Taken);
        }
        self.let_go_of(&row.username, row.username_burnt_at.is_some(), now).await?;
        people::Entity::update_many()
            .col_expr(people::Column::Username, Expr::value(to.as_str()))
            .col_expr(people::Column::UsernameBurntAt, Expr::value(None::<i64>))
            .col_expr(people::Column::UpdatedAt, Expr::value(now.millis()))
            .col_expr(people::Column::Version, Expr::col(people::Column::Version).add(1))
            .filter(people::Column::Id.eq(id.uuid()))
            .exec(conn)
            .await
            .map_err(fault(place))?;
        Ok(Inserted::Done)
    }

    async fn let_go_of(&self, username: &str, burnt: bool, now: Timestamp) -> Result<(), Fault> {
        let place = "store.people.let_go_of";
        if burnt {
            usernames::Entity::update_many()
                .col_expr(usernames::Column::TombstonedAt, Expr::value(now.millis()))
                .filter(usernames::Column::Username.eq(username))
                .exec(self.0.writing())
                .await
                .map(drop)
                .map_err(fault(place))
        } else {
            usernames::Entity::delete_by_id(username).exec(self.0.writing()).await.map(drop).map_err(fault(place))
        }
    }

    /// Forgets an account whose address nobody proved, with everything of it: its username is free again, since nobody
    /// has seen it. `Lost` when the account is not pending any more.
    pub async fn discard_pending(&self, id: PersonId) -> Result<Attempt, Fault> {
        let place = "store.people.discard_pending";
        let (conn, id) = (self.0.writing(), id.uuid());
        // a change rather than a question: whoever proves the address at this moment waits for the outcome, or is waited for
        let pending = people::Entity::update_many()
            .col_expr(people::Column::Version, Expr::col(people::Column::Version).add(1))
            .filter(people::Column::Id.eq(id))
            .filter(people::Column::State.eq(PersonState::Pending.as_str()));
        if pending.exec(conn).await.map_err(fault(place))?.rows_affected == 0 {
            return Ok(Attempt::Lost);
        }
        links::Entity::delete_many().filter(links::Column::PersonId.eq(id)).exec(conn).await.map_err(fault(place))?;
        credentials::Entity::delete_many().filter(credentials::Column::PersonId.eq(id)).exec(conn).await.map_err(fault(place))?;
        emails::Entity::delete_many().filter(emails::Column::PersonId.eq(id)).exec(conn).await.map_err(fault(place))?;
        usernames::Entity::delete_many().filter(usernames::Column::PersonId.eq(id)).exec(conn).await.map_err(fault(place))?;
        let done = people::Entity::delete_by_id(id).exec(conn).await.map_err(fault(place))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Forgets the key of the person's audit texts: they cannot be read any more, and the chain still verifies.
    pub async fn forget_audit_key(&self, id: PersonId) -> Result<(), Fault> {
        people::Entity::update_many()
            .col_expr(people::Column::SealedAuditKey, Expr::value(Vec::<u8>::new()))
            .filter(people::Column::Id.eq(id.uuid()))
            .exec(self.0.writing())
            .await
            .map(drop)
            .map_err(fault("store.people.forget_audit_key"))
    }
}
