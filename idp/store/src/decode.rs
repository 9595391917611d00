//! From stored columns to domain values, and who decided a row.

use idp_domain::{
    Fault, Timestamp,
    access::CollectiveRef,
    id::{CollectiveId, Id, Kind},
    name::DisplayName,
    quota::Quota,
    service::RoleName,
    slug::Slug,
};
use sea_orm::{EntityTrait, UpdateMany, sea_query::Expr};
use uuid::Uuid;

use crate::{
    connections::{Found, Readable},
    error::{damaged, fault},
};

/// Who decided about a managed row: what people decided in the web, a file never reverts (DOMAIN rule 14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// A person, at this instant.
    InTheWeb(Timestamp),
    /// A declarative file: an earlier decision of a person stays on record.
    ByFile,
}

impl Decided {
    /// Sets a row's `decided_at` together with what was decided; a file leaves it as it is.
    pub(crate) fn note<E: EntityTrait>(self, update: UpdateMany<E>, column: E::Column) -> UpdateMany<E> {
        match self.at() {
            Some(at) => update.col_expr(column, Expr::value(at)),
            None => update,
        }
    }
    /// The value of a new row's `decided_at`.
    pub(crate) const fn at(self) -> Option<i64> {
        match self {
            Self::InTheWeb(at) => Some(at.millis()),
            Self::ByFile => None,
        }
    }
}

/// A stored row whose texts are being read.
#[derive(Clone, Copy)]
pub(crate) struct Row(pub(crate) &'static str, pub(crate) Uuid);

impl Row {
    /// The value, or a fault that names table, row and column.
    pub(crate) fn read<T>(self, column: &'static str, value: Option<T>) -> Result<T, Fault> {
        value.ok_or_else(|| damaged(self.0, self.1, column))
    }
    pub(crate) fn name(self, text: &str) -> Result<DisplayName, Fault> {
        self.read("name", DisplayName::parse(text).ok())
    }
    pub(crate) fn slug(self, text: &str) -> Result<Slug, Fault> {
        self.read("slug", Slug::parse(text).ok())
    }
    pub(crate) fn role(self, text: Option<&str>) -> Result<Option<RoleName>, Fault> {
        text.map(|text| self.read("role", RoleName::parse(text).ok())).transpose()
    }
    /// Roles separated by blanks, weakest first.
    pub(crate) fn roles(self, text: &str) -> Result<Vec<RoleName>, Fault> {
        text.split_ascii_whitespace().map(|role| self.read("roles", RoleName::parse(role).ok())).collect()
    }
    pub(crate) fn quota(self, bytes: Option<i64>) -> Result<Option<Quota>, Fault> {
        bytes.map(|bytes| self.read("quota", Quota::from_bytes(bytes))).transpose()
    }
    pub(crate) fn collective_ref(self, id: Uuid, slug: &str, name: &str) -> Result<CollectiveRef, Fault> {
        Ok(CollectiveRef { id: CollectiveId::from_uuid(id), slug: self.slug(slug)?, name: self.name(name)? })
    }
}

/// Role names as stored.
pub(crate) fn joined(roles: &[RoleName]) -> String {
    roles.iter().map(RoleName::as_str).collect::<Vec<_>>().join(" ")
}

/// The columns of a row, read in the order they were selected.
#[derive(Debug)]
pub(crate) struct Columns {
    row: Found,
    next: usize,
    place: &'static str,
}

impl Columns {
    pub(crate) const fn of(row: Found, place: &'static str) -> Self {
        Self { row, next: 0, place }
    }
    pub(crate) fn next<T: Readable>(&mut self) -> Result<T, Fault> {
        let value = self.row.take(self.next).map_err(fault(self.place));
        self.next += 1;
        value
    }
    pub(crate) fn id<K: Kind>(&mut self) -> Result<Id<K>, Fault> {
        self.next().map(Id::from_uuid)
    }
    pub(crate) fn at(&mut self) -> Result<Option<Timestamp>, Fault> {
        Ok(self.next::<Option<i64>>()?.map(Timestamp::from_millis))
    }
    /// The columns of a row that was joined and may not be there: its first column is an identifier.
    pub(crate) fn joined<S: Selected>(&mut self) -> Result<Option<S>, Fault> {
        if self.row.has_id(self.next).map_err(fault(self.place))? {
            return S::read(self).map(Some);
        }
        self.next += S::COLUMNS.len();
        Ok(None)
    }
    /// Who asked, for faults.
    pub(crate) const fn place(&self) -> &'static str {
        self.place
    }
}

/// What is read from columns of one table that were selected with [`crate::sql::select_columns`].
pub(crate) trait Selected: Sized {
    /// The columns, in the order in which they are read.
    const COLUMNS: &'static [&'static str];
    /// Reads them.
    fn read(columns: &mut Columns) -> Result<Self, Fault>;
}

/// Implements [`Selected`] for a struct whose fields are called like the columns.
macro_rules! selected {
    ($($row:ident)::+ { $($column:ident),+ $(,)? }) => {
        impl $crate::decode::Selected for $($row)::+ {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),+];
            fn read(columns: &mut $crate::decode::Columns) -> Result<Self, idp_domain::Fault> {
                Ok(Self { $($column: columns.next()?),+ })
            }
        }
    };
}
pub(crate) use selected;
