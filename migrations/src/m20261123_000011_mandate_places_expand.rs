//! A mandate that only holds the place of another until its holder says yes: the first steward's in the collective of the
//! second. Older programs leave it as it is, for ever.

use sea_orm_migration::prelude::ColumnDef;

use crate::kit::{add_column, migration};

migration!(|manager| add_column(manager, "mandates", ColumnDef::new("place_of").uuid()).await);
