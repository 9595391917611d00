//! How people prove who they are. A row per credential; a password for now.

use idp_domain::{
    Fault, Timestamp,
    credential::{PasswordCredential, PasswordScheme},
    email::EmailAddress,
    id::{CredentialId, PersonId},
    person::Person,
    username::Username,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Value,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use crate::{
    Attempt, Tx, WriteTx,
    decode::Columns,
    entity::credentials,
    error::{damaged, fault},
    people::{join_signin_email, read_person, select_person},
    sql::{Fixed, insert, parameter, same, select_columns},
};

pub(crate) const PASSWORD: &str = "password";

/// Questions about credentials, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Credentials<'a, T>(pub(crate) &'a T);

/// What somebody typed to say who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInName {
    /// A login name.
    Username(Username),
    /// An address.
    Address(EmailAddress),
}

pub(crate) fn password(row: credentials::Model) -> Result<PasswordCredential, Fault> {
    let id = CredentialId::from_uuid(row.id);
    Ok(PasswordCredential {
        id,
        person: PersonId::from_uuid(row.person_id),
        scheme: PasswordScheme::from_name(&row.scheme).ok_or_else(|| damaged("store.credentials", id, "scheme"))?,
        phc: row.data,
        pepper_version: row.pepper_version,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// The row of a new password.
pub(crate) fn row(credential: &PasswordCredential) -> credentials::Model {
    credentials::Model {
        id: credential.id.uuid(),
        person_id: credential.person.uuid(),
        kind: PASSWORD.to_owned(),
        scheme: credential.scheme.as_str().to_owned(),
        data: credential.phc.clone(),
        pepper_version: credential.pepper_version,
        created_at: credential.created_at.millis(),
        last_used_at: None,
        suspended_at: None,
    }
}

fn sign_in_select() -> SelectStatement {
    let mut select = Query::select();
    select_person(&mut select, "p", "e");
    select_columns::<credentials::Model>(&mut select, "c");
    select.from_as("people", "p");
    join_signin_email(&mut select, "p", "e");
    let standing = same(("c", "person_id"), ("p", "id"))
        // written into the text: it never varies
        .and(Expr::col(("c", "kind")).eq(Expr::cust("'password'")))
        .and(Expr::col(("c", "suspended_at")).is_null());
    select.join_as(sea_orm::JoinType::LeftJoin, "credentials", "c", standing);
    select
}

static SIGN_IN_BY_USERNAME: Fixed = Fixed::new(|| sign_in_select().and_where(Expr::col(("p", "username")).eq(parameter())).to_owned());
static SIGN_IN_BY_ADDRESS: Fixed = Fixed::new(|| sign_in_select().and_where(Expr::col(("e", "signin_key")).eq(parameter())).to_owned());

fn read_sign_in(columns: &mut Columns) -> Result<(Person, Option<PasswordCredential>), Fault> {
    let person = read_person(columns)?;
    let credential = columns.joined::<credentials::Model>()?;
    Ok((person, credential.map(password).transpose()?))
}

impl<T: Tx> Credentials<'_, T> {
    /// Who signs in with a name, and the password to check; in one query, whatever the answer.
    pub async fn find_sign_in(&self, name: &SignInName) -> Result<Option<(Person, Option<PasswordCredential>)>, Fault> {
        let (query, value): (_, Value) = match name {
            SignInName::Username(username) => (&SIGN_IN_BY_USERNAME, username.as_str().into()),
            SignInName::Address(address) => (&SIGN_IN_BY_ADDRESS, address.as_str().into()),
        };
        let mut row = query.one(self.0.conn(), vec![value], "store.credentials.find_sign_in").await?;
        row.as_mut().map(read_sign_in).transpose()
    }

    /// The standing password of a person.
    pub async fn find_password(&self, person: PersonId) -> Result<Option<PasswordCredential>, Fault> {
        let row = credentials::Entity::find()
            .filter(credentials::Column::PersonId.eq(person.uuid()))
            .filter(credentials::Column::Kind.eq(PASSWORD))
            .filter(credentials::Column::SuspendedAt.is_null())
            .one(self.0.conn())
            .await
            .map_err(fault("store.credentials.find_password"))?;
        row.map(password).transpose()
    }
}

impl Credentials<'_, WriteTx> {
    /// Sets the password of a person; any earlier one is gone.
    pub async fn set_password(&self, credential: &PasswordCredential) -> Result<(), Fault> {
        let place = "store.credentials.set_password";
        credentials::Entity::delete_many()
            .filter(credentials::Column::PersonId.eq(credential.person.uuid()))
            .filter(credentials::Column::Kind.eq(PASSWORD))
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        insert(self.0, row(credential), place).await
    }

    /// Replaces the hash of the same password by a better one, unless the password was changed meanwhile.
    pub async fn rehash(&self, old: &PasswordCredential, scheme: PasswordScheme, phc: &str, pepper_version: i64) -> Result<Attempt, Fault> {
        let done = credentials::Entity::update_many()
            .col_expr(credentials::Column::Scheme, Expr::value(scheme.as_str()))
            .col_expr(credentials::Column::Data, Expr::value(phc))
            .col_expr(credentials::Column::PepperVersion, Expr::value(pepper_version))
            .filter(credentials::Column::Id.eq(old.id.uuid()))
            .filter(credentials::Column::Data.eq(&old.phc))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.credentials.rehash"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Notes when the credential last signed its person in.
    pub async fn mark_used(&self, id: CredentialId, now: Timestamp) -> Result<(), Fault> {
        credentials::Entity::update_many()
            .col_expr(credentials::Column::LastUsedAt, Expr::value(now.millis()))
            .filter(credentials::Column::Id.eq(id.uuid()))
            .exec(self.0.writing())
            .await
            .map(drop)
            .map_err(fault("store.credentials.mark_used"))
    }
}
