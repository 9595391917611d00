//! Every managed row has a version, and every row of a collective the key that other tables of the collective refer to.

use sea_orm_migration::prelude::{ColumnDef, Index, Query};

use crate::kit::{add_column, migration};

migration!(|manager| {
    for table in ["mandates", "working_groups"] {
        add_column(manager, table, ColumnDef::new("version").big_integer()).await?;
        manager.execute(Query::update().table(table).value("version", 1).to_owned()).await?;
    }
    for table in ["grants", "mandates", "requests"] {
        let mut key = Index::create();
        key.name(format!("ix_{table}_collective_id_id")).table(table).col("collective_id").col("id").unique();
        manager.create_index(key).await?;
    }
    Ok(())
});
