//! Every question and change of the store, on SQLite and on PostgreSQL.

mod access;
mod bulk;
mod cluster;
mod collectives;
mod databases;
mod desk;
mod doors;
mod ends;
mod identity;
mod mandates;
mod memberships;
mod receipts;
mod requests;
mod snapshot;
