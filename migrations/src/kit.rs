//! Our column vocabulary: the subset that means the same on SQLite and PostgreSQL.
//!
//! Identifiers are `uuid`, instants are 64-bit milliseconds (`*_at`), texts have no length (the domain's newtypes
//! bound them), bytes are `blob`, numbers are 64 bits. There are no booleans, enums, arrays or database defaults.
//! Foreign keys stand in the table they belong to, because SQLite cannot add them later.

use sea_orm_migration::{
    prelude::{
        ColumnDef, ConditionalStatement, DbErr, Expr, ExprTrait, ForeignKey, Index, IndexCreateStatement, SchemaManager, Table,
        TableCreateStatement,
    },
    sea_orm::DbBackend,
};

/// A table on its way: columns and keys in reading order, then [`Draft::create`].
pub(crate) struct Draft {
    name: &'static str,
    table: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
}

/// A table of this name.
pub(crate) fn table(name: &'static str) -> Draft {
    let mut table = Table::create();
    table.table(name);
    Draft { name, table, indexes: Vec::new() }
}

impl Draft {
    fn col(mut self, column: &mut ColumnDef) -> Self {
        self.table.col(column);
        self
    }
    /// `id`, the primary key.
    pub(crate) fn id(self) -> Self {
        self.col(ColumnDef::new("id").uuid().not_null().primary_key())
    }
    pub(crate) fn uuid(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).uuid().not_null())
    }
    pub(crate) fn uuid_null(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).uuid().null())
    }
    pub(crate) fn text(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).text().not_null())
    }
    pub(crate) fn text_null(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).text().null())
    }
    pub(crate) fn blob(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).blob().not_null())
    }
    pub(crate) fn blob_null(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).blob().null())
    }
    pub(crate) fn number(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).big_integer().not_null())
    }
    pub(crate) fn number_null(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).big_integer().null())
    }
    /// Milliseconds since 1970.
    pub(crate) fn at(self, name: &'static str) -> Self {
        self.number(name)
    }
    pub(crate) fn at_null(self, name: &'static str) -> Self {
        self.number_null(name)
    }

    /// The primary key, when it is not `id`.
    pub(crate) fn key(mut self, columns: &[&'static str]) -> Self {
        let mut index = Index::create();
        for column in columns {
            index.col(*column);
        }
        self.table.primary_key(&mut index);
        self
    }
    pub(crate) fn unique(mut self, columns: &[&'static str]) -> Self {
        let mut index = Index::create();
        index.unique();
        for column in columns {
            index.col(*column);
        }
        self.table.index(&mut index);
        self
    }
    /// `column` names the `id` of a row of `target`.
    pub(crate) fn refers(self, column: &'static str, target: &'static str) -> Self {
        self.refers_to(&[column], target, &["id"])
    }
    /// The columns together name a row of `target`; not checked while one of them is null.
    pub(crate) fn refers_to(mut self, columns: &[&'static str], target: &'static str, keys: &[&'static str]) -> Self {
        let mut foreign = ForeignKey::create();
        foreign.from_tbl(self.name).to_tbl(target);
        for (column, key) in columns.iter().zip(keys) {
            foreign.from_col(*column).to_col(*key);
        }
        self.table.foreign_key(&mut foreign);
        self
    }
    /// Either every column of `one` is there and none of `other`, or the reverse.
    pub(crate) fn either(mut self, one: &[&'static str], other: &[&'static str]) -> Self {
        let all = |columns: &[&'static str], present: bool| {
            columns
                .iter()
                .map(|column| if present { Expr::col(*column).is_not_null() } else { Expr::col(*column).is_null() })
                .reduce(ExprTrait::and)
        };
        let both = |yes, no| match (all(yes, true), all(no, false)) {
            (Some(yes), Some(no)) => Some(yes.and(no)),
            _ => None,
        };
        if let (Some(first), Some(second)) = (both(one, other), both(other, one)) {
            self.table.check(first.or(second));
        }
        self
    }

    fn plain_index(&self, columns: &[&'static str], suffix: &str) -> IndexCreateStatement {
        let mut index = Index::create();
        index.name(format!("ix_{}_{}{suffix}", self.name, columns.join("_"))).table(self.name);
        for column in columns {
            index.col(*column);
        }
        index
    }
    pub(crate) fn index(mut self, columns: &[&'static str]) -> Self {
        let index = self.plain_index(columns, "");
        self.indexes.push(index);
        self
    }
    /// Only the rows where `column` is null.
    pub(crate) fn index_while_null(mut self, columns: &[&'static str], column: &'static str) -> Self {
        let mut index = self.plain_index(columns, "_open");
        index.and_where(Expr::col(column).is_null());
        self.indexes.push(index);
        self
    }
    /// At most one such row while `column` is null.
    pub(crate) fn unique_while_null(mut self, columns: &[&'static str], column: &'static str) -> Self {
        let mut index = self.plain_index(columns, "_live");
        index.unique().and_where(Expr::col(column).is_null());
        self.indexes.push(index);
        self
    }
    /// At most one such row among those where `column` is set.
    pub(crate) fn unique_while_set(mut self, columns: &[&'static str], column: &'static str) -> Self {
        let mut index = self.plain_index(columns, &format!("_{column}"));
        index.unique().and_where(Expr::col(column).is_not_null());
        self.indexes.push(index);
        self
    }

    pub(crate) async fn create(mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            // a row lies in its key's tree: one search to find it and one page less to write, instead of a second tree by number
            self.table.extra("WITHOUT ROWID");
        }
        manager.create_table(self.table).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Adds a column to a table that is there: rows from before have nothing in it. One per statement: SQLite cannot do more.
pub(crate) async fn add_column(manager: &SchemaManager<'_>, table: &'static str, column: &mut ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column.null()).to_owned()).await
}

/// Declares a migration that runs in one transaction on both databases and has no way down (a release that must be
/// undone is undone by the next one).
macro_rules! migration {
    (|$manager:ident| $body:expr) => {
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub(crate) struct Migration;

        #[sea_orm_migration::prelude::async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Migration {
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
            async fn up(&self, $manager: &sea_orm_migration::prelude::SchemaManager) -> Result<(), sea_orm_migration::prelude::DbErr> {
                $body
            }
        }
    };
}
pub(crate) use migration;
