//! sea-orm's values to SQLite and back.

use std::collections::BTreeMap;

use rusqlite::{
    Connection, Error, Row,
    types::{ToSqlOutput, Type, Value as Stored, ValueRef},
};
use sea_orm::{ProxyExecResult, ProxyRow, Value};
use uuid::Uuid;

use super::{Found, Question};

pub(super) fn execute(connection: &Connection, question: &Question) -> Result<ProxyExecResult, Error> {
    let mut prepared = connection.prepare_cached(&question.sql)?;
    bind(&mut prepared, &question.values)?;
    let changed = prepared.raw_execute()?;
    // nobody asks for the last row's number: identifiers are ours
    Ok(ProxyExecResult::new(0, u64::try_from(changed).unwrap_or(u64::MAX)))
}

pub(super) fn one(connection: &Connection, question: &Question) -> Result<Option<ProxyRow>, Error> {
    // to its end: a statement that changes rows does so while it is stepped through
    all(connection, question).map(|rows| rows.into_iter().next())
}

/// Rows as they come, for those who know what they selected.
pub(super) fn found(connection: &Connection, question: &Question) -> Result<Vec<Found>, Error> {
    let mut prepared = connection.prepare_cached(&question.sql)?;
    bind(&mut prepared, &question.values)?;
    let columns = prepared.column_count();
    let mut found = Vec::new();
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next()? {
        let values: Result<_, Error> = (0..columns).map(|column| row.get(column)).collect();
        found.push(Found::Sqlite(values?));
    }
    Ok(found)
}

/// Rows as sea-orm reads them: by name.
pub(super) fn all(connection: &Connection, question: &Question) -> Result<Vec<ProxyRow>, Error> {
    let mut prepared = connection.prepare_cached(&question.sql)?;
    let columns: Vec<Column> = prepared.columns().into_iter().map(|column| Column::of(column.name(), column.decl_type())).collect();
    bind(&mut prepared, &question.values)?;
    let mut found = Vec::new();
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next()? {
        found.push(read(row, &columns)?);
    }
    Ok(found)
}

struct Column {
    name: String,
    bytes: Bytes,
}

/// What bytes mean in a column: SQLite keeps an identifier as sixteen of them.
#[derive(Clone, Copy)]
enum Bytes {
    Identifier,
    Plain,
    /// The value of an expression.
    Unknown,
}

impl Column {
    fn of(name: &str, declared: Option<&str>) -> Self {
        let bytes = match declared {
            Some(declared) if declared.starts_with("uuid") => Bytes::Identifier,
            Some(_) => Bytes::Plain,
            None => Bytes::Unknown,
        };
        Self { name: name.to_owned(), bytes }
    }
}

fn read(row: &Row<'_>, columns: &[Column]) -> Result<ProxyRow, Error> {
    let mut values = BTreeMap::new();
    for (index, column) in columns.iter().enumerate() {
        let value = match (row.get_ref(index)?, column.bytes) {
            // of no type: every type reads it as absent
            (ValueRef::Null, _) => Value::BigInt(None),
            (ValueRef::Integer(number), _) => Value::from(number),
            (ValueRef::Real(number), _) => Value::from(number),
            (ValueRef::Text(text), _) => Value::from(std::str::from_utf8(text).map_err(|error| Error::Utf8Error(index, error))?),
            (ValueRef::Blob(bytes), Bytes::Identifier) => {
                let id = Uuid::from_slice(bytes).map_err(|_| Error::InvalidColumnType(index, column.name.clone(), Type::Blob))?;
                Value::from(id)
            }
            (ValueRef::Blob(bytes), Bytes::Plain) => Value::from(bytes),
            // sea-orm would read what it does not understand as absent
            (ValueRef::Blob(_), Bytes::Unknown) => {
                return Err(Error::InvalidColumnType(index, column.name.clone(), Type::Blob));
            }
        };
        values.insert(column.name.clone(), value);
    }
    if values.len() != columns.len() {
        return Err(Error::InvalidColumnName("two columns of a row have the same name".to_owned()));
    }
    Ok(ProxyRow::new(values))
}

fn bind(prepared: &mut rusqlite::Statement<'_>, values: &[Value]) -> Result<(), Error> {
    if values.len() != prepared.parameter_count() {
        return Err(Error::InvalidParameterCount(values.len(), prepared.parameter_count()));
    }
    for (index, value) in values.iter().enumerate() {
        prepared.raw_bind_parameter(index + 1, stored(value)?)?;
    }
    Ok(())
}

/// The types our columns have; numbers of other sizes come from the builder.
fn stored(value: &Value) -> Result<ToSqlOutput<'_>, Error> {
    let integer = |number: i64| ToSqlOutput::Owned(Stored::Integer(number));
    Ok(match value {
        Value::BigInt(Some(number)) => integer(*number),
        Value::Int(Some(number)) => integer((*number).into()),
        Value::Unsigned(Some(number)) => integer((*number).into()),
        Value::BigUnsigned(Some(number)) => integer(i64::try_from(*number).map_err(|error| Error::ToSqlConversionFailure(error.into()))?),
        Value::Bool(Some(truth)) => integer((*truth).into()),
        Value::String(Some(string)) => ToSqlOutput::Borrowed(ValueRef::Text(string.as_bytes())),
        Value::Char(Some(character)) => ToSqlOutput::Owned(Stored::Text(character.to_string())),
        Value::Bytes(Some(bytes)) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        Value::Uuid(Some(id)) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
        Value::BigInt(None)
        | Value::Int(None)
        | Value::Unsigned(None)
        | Value::BigUnsigned(None)
        | Value::Bool(None)
        | Value::String(None)
        | Value::Char(None)
        | Value::Bytes(None)
        | Value::Uuid(None) => ToSqlOutput::Owned(Stored::Null),
        other => return Err(Error::ToSqlConversionFailure(format!("no column holds {other:?}").into())),
    })
}
