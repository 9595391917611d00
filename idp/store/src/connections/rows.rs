//! sea-orm's values to SQLite and back.

use std::collections::BTreeMap;

use rusqlite::{
    Connection, Error, Row,
    types::{ToSqlOutput, Type, Value as Stored, ValueRef},
};
use sea_orm::{ProxyExecResult, ProxyRow, Statement, Value};
use uuid::Uuid;

pub(super) fn execute(connection: &Connection, statement: &Statement) -> Result<ProxyExecResult, Error> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    bind(&mut prepared, statement)?;
    let changed = prepared.raw_execute()?;
    // nobody asks for the last row's number: identifiers are ours
    Ok(ProxyExecResult::new(0, u64::try_from(changed).unwrap_or(u64::MAX)))
}

pub(super) fn one(connection: &Connection, statement: &Statement) -> Result<Option<ProxyRow>, Error> {
    // to its end: a statement that changes rows does so while it is stepped through
    all(connection, statement).map(|rows| rows.into_iter().next())
}

pub(super) fn all(connection: &Connection, statement: &Statement) -> Result<Vec<ProxyRow>, Error> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    let columns: Vec<Column> = prepared.columns().into_iter().map(|column| Column::of(column.name(), column.decl_type())).collect();
    bind(&mut prepared, statement)?;
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

fn bind(prepared: &mut rusqlite::Statement<'_>, statement: &Statement) -> Result<(), Error> {
    let values = statement.values.as_ref().map_or(&[][..], |values| values.0.as_slice());
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
