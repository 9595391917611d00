//! Rows whose columns are read in the order they were selected: what is asked most often is read without looking names up.

use rusqlite::types::Value as Stored;
use sea_orm::{DbErr, QueryResult, TryGetable};
use uuid::Uuid;

/// A row of either database.
#[derive(Debug)]
pub enum Found {
    Sqlite(Vec<Stored>),
    Postgres(QueryResult),
}

/// What a column may be read as.
pub(crate) trait Readable: TryGetable {
    /// `None` when SQLite stored something else.
    fn of(stored: Stored) -> Option<Self>;
}

impl Found {
    /// The value of a column, which can be taken once.
    pub(crate) fn take<T: Readable>(&mut self, column: usize) -> Result<T, DbErr> {
        match self {
            Self::Sqlite(values) => {
                let value = values.get_mut(column).map(|value| std::mem::replace(value, Stored::Null));
                value.and_then(T::of).ok_or_else(|| unreadable::<T>(column))
            }
            #[expect(clippy::disallowed_methods, reason = "rows of PostgreSQL keep the order of their columns")]
            Self::Postgres(row) => row.try_get_by_index(column),
        }
    }

    /// Whether a column holds an identifier, or nothing.
    pub(crate) fn has_id(&self, column: usize) -> Result<bool, DbErr> {
        match self {
            Self::Sqlite(values) => Ok(!matches!(values.get(column), None | Some(Stored::Null))),
            #[expect(clippy::disallowed_methods, reason = "rows of PostgreSQL keep the order of their columns")]
            Self::Postgres(row) => row.try_get_by_index::<Option<Uuid>>(column).map(|id| id.is_some()),
        }
    }
}

fn unreadable<T>(column: usize) -> DbErr {
    DbErr::Type(format!("column {column} is no {}", std::any::type_name::<T>()))
}

impl Readable for i64 {
    fn of(stored: Stored) -> Option<Self> {
        if let Stored::Integer(number) = stored { Some(number) } else { None }
    }
}
impl Readable for String {
    fn of(stored: Stored) -> Option<Self> {
        if let Stored::Text(text) = stored { Some(text) } else { None }
    }
}
impl Readable for Vec<u8> {
    fn of(stored: Stored) -> Option<Self> {
        if let Stored::Blob(bytes) = stored { Some(bytes) } else { None }
    }
}
impl Readable for Uuid {
    fn of(stored: Stored) -> Option<Self> {
        if let Stored::Blob(bytes) = stored { Self::from_slice(&bytes).ok() } else { None }
    }
}
impl<T: Readable> Readable for Option<T> {
    fn of(stored: Stored) -> Option<Self> {
        if stored == Stored::Null { Some(None) } else { T::of(stored).map(Some) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_read_as_what_it_holds_and_as_nothing_else() {
        let id = Uuid::from_u128(7);
        let row =
            || Found::Sqlite(vec![Stored::Integer(7), Stored::Text("set".to_owned()), Stored::Blob(id.as_bytes().to_vec()), Stored::Null]);
        assert_eq!(row().take::<i64>(0), Ok(7));
        assert_eq!(row().take::<Option<i64>>(0), Ok(Some(7)));
        assert_eq!(row().take::<String>(1), Ok("set".to_owned()));
        assert_eq!(row().take::<Uuid>(2), Ok(id));
        assert_eq!(row().take::<Vec<u8>>(2), Ok(id.as_bytes().to_vec()));
        assert_eq!(row().take::<Option<String>>(3), Ok(None));
        assert!(row().take::<String>(0).is_err());
        assert!(row().take::<Option<i64>>(1).is_err());
        assert!(row().take::<Uuid>(1).is_err());
        assert!(row().take::<String>(3).is_err(), "nothing is no text");
        assert!(row().take::<Option<i64>>(4).is_err(), "a column that was not selected");
        assert_eq!((row().has_id(2), row().has_id(3)), (Ok(true), Ok(false)));
    }
}
