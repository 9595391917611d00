//! E-mail addresses: any number per person; one of them, verified, signs the person in and is released.

use std::collections::BTreeMap;

use idp_domain::{
    Fault, Timestamp,
    email::EmailAddress,
    id::{EmailId, PersonId},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Attempt, Tx, WriteTx,
    entity::emails,
    error::{damaged, fault},
    sql::{at, insert},
};

/// Questions about addresses, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Emails<'a, T>(pub(crate) &'a T);

/// A stored address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// The row.
    pub id: EmailId,
    /// Whose.
    pub person: PersonId,
    /// The address.
    pub address: EmailAddress,
    /// Whether it signs the person in and is released to services.
    pub signs_in: bool,
    /// When its ownership was proven.
    pub verified_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What became of a proof that an address belongs to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Verified {
    /// It is verified and signs the person in.
    SignsIn,
    /// It is verified, as a contact only: the person has another address that signs in.
    Contact,
    /// It signs somebody else in: kept as a contact, never released (DOMAIN rule 9).
    TakenBySomebodyElse,
    /// There is no such address any more.
    Unknown,
}

impl TryFrom<emails::Model> for Email {
    type Error = Fault;
    fn try_from(row: emails::Model) -> Result<Self, Fault> {
        let id = EmailId::from_uuid(row.id);
        Ok(Self {
            id,
            person: PersonId::from_uuid(row.person_id),
            address: EmailAddress::parse(&row.address).map_err(|_| damaged("store.emails", id, "address"))?,
            signs_in: row.signin_key.is_some(),
            verified_at: at(row.verified_at),
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

impl<T: Tx> Emails<'_, T> {
    /// An address by its row.
    pub async fn find(&self, id: EmailId) -> Result<Option<Email>, Fault> {
        let row = emails::Entity::find_by_id(id.uuid()).one(self.0.conn()).await.map_err(fault("store.emails.find"))?;
        row.map(Email::try_from).transpose()
    }

    /// Every address of a person, oldest first.
    pub async fn list(&self, person: PersonId) -> Result<Vec<Email>, Fault> {
        let rows = emails::Entity::find()
            .filter(emails::Column::PersonId.eq(person.uuid()))
            .order_by_asc(emails::Column::Id)
            .all(self.0.conn())
            .await
            .map_err(fault("store.emails.list"))?;
        rows.into_iter().map(Email::try_from).collect()
    }

    /// Every row with this address, whoever's and whether or not verified: for one mail that says who it already is.
    pub async fn list_by_address(&self, address: &EmailAddress) -> Result<Vec<Email>, Fault> {
        let rows = emails::Entity::find()
            .filter(emails::Column::Address.eq(address.as_str()))
            .order_by_asc(emails::Column::Id)
            .all(self.0.conn())
            .await
            .map_err(fault("store.emails.list_by_address"))?;
        rows.into_iter().map(Email::try_from).collect()
    }

    /// Whom these addresses sign in; those that sign nobody in are left out.
    pub async fn list_holders(&self, addresses: &[EmailAddress]) -> Result<BTreeMap<EmailAddress, PersonId>, Fault> {
        let mut holders = BTreeMap::new();
        for chunk in addresses.chunks(500) {
            let rows = emails::Entity::find()
                .filter(emails::Column::SigninKey.is_in(chunk.iter().map(EmailAddress::as_str)))
                .all(self.0.conn())
                .await
                .map_err(fault("store.emails.list_holders"))?;
            for row in rows {
                let email = Email::try_from(row)?;
                holders.insert(email.address, email.person);
            }
        }
        Ok(holders)
    }
}

impl Emails<'_, WriteTx> {
    /// Adds an address whose ownership is not proven yet. Several people may do so with the same one.
    pub async fn insert(&self, id: EmailId, person: PersonId, address: &EmailAddress, now: Timestamp) -> Result<(), Fault> {
        let row = emails::Model {
            id: id.uuid(),
            person_id: person.uuid(),
            address: address.as_str().to_owned(),
            signin_key: None,
            verified_at: None,
            created_at: now.millis(),
        };
        insert(self.0, row, "store.emails.insert").await
    }

    /// Notes that the person proved to own the address. It signs them in if it signs in nobody yet and no other
    /// address of theirs does.
    pub async fn verify(&self, id: EmailId, now: Timestamp) -> Result<Verified, Fault> {
        let place = "store.emails.verify";
        let conn = self.0.writing();
        let Some(row) = emails::Entity::find_by_id(id.uuid()).one(conn).await.map_err(fault(place))? else {
            return Ok(Verified::Unknown);
        };
        emails::Entity::update_many()
            .col_expr(emails::Column::VerifiedAt, Expr::col(emails::Column::VerifiedAt).if_null(now.millis()))
            .filter(emails::Column::Id.eq(row.id))
            .exec(conn)
            .await
            .map_err(fault(place))?;
        let key = row.address.clone();
        let holders = emails::Entity::find()
            .filter(
                emails::Column::SigninKey
                    .eq(&key)
                    .or(emails::Column::PersonId.eq(row.person_id).and(emails::Column::SigninKey.is_not_null())),
            )
            .all(conn)
            .await
            .map_err(fault(place))?;
        if holders.iter().any(|holder| holder.id == row.id) {
            return Ok(Verified::SignsIn);
        }
        if holders.iter().any(|holder| holder.signin_key.as_deref() == Some(key.as_str())) {
            return Ok(Verified::TakenBySomebodyElse);
        }
        if !holders.is_empty() {
            return Ok(Verified::Contact);
        }
        self.take_signin_key(id, &key).await.map(|attempt| match attempt {
            Attempt::Won => Verified::SignsIn,
            Attempt::Lost => Verified::TakenBySomebodyElse,
        })
    }

    /// Makes a verified address the one that signs the person in. `Lost` when it signs somebody else in or is not
    /// verified.
    pub async fn make_signin(&self, id: EmailId) -> Result<Attempt, Fault> {
        let place = "store.emails.make_signin";
        let conn = self.0.writing();
        let found = emails::Entity::find_by_id(id.uuid()).one(conn).await.map_err(fault(place))?;
        let Some(row) = found.filter(|row| row.verified_at.is_some()) else { return Ok(Attempt::Lost) };
        let taken = emails::Entity::find().filter(emails::Column::SigninKey.eq(&row.address)).one(conn).await.map_err(fault(place))?;
        if let Some(holder) = taken {
            return Ok(if holder.id == row.id { Attempt::Won } else { Attempt::Lost });
        }
        emails::Entity::update_many()
            .col_expr(emails::Column::SigninKey, Expr::value(None::<String>))
            .filter(emails::Column::PersonId.eq(row.person_id))
            .exec(conn)
            .await
            .map_err(fault(place))?;
        self.take_signin_key(id, &row.address).await
    }

    /// The condition keeps the unique key from being hit in most races; in the rest the database refuses, which is a
    /// fault the caller may repeat.
    async fn take_signin_key(&self, id: EmailId, key: &str) -> Result<Attempt, Fault> {
        let taken = Query::select()
            .expr(Expr::val(1))
            .from_as(emails::Entity, "other")
            .and_where(Expr::col(("other", emails::Column::SigninKey)).eq(key))
            .to_owned();
        let done = emails::Entity::update_many()
            .col_expr(emails::Column::SigninKey, Expr::value(key))
            .filter(emails::Column::Id.eq(id.uuid()))
            .filter(Expr::exists(taken).not())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.emails.take_signin_key"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Removes an address that does not sign in.
    pub async fn delete_contact(&self, id: EmailId) -> Result<Attempt, Fault> {
        let done = emails::Entity::delete_many()
            .filter(emails::Column::Id.eq(id.uuid()))
            .filter(emails::Column::SigninKey.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.emails.delete_contact"))?;
        Ok(Attempt::of(done.rows_affected))
    }
}
