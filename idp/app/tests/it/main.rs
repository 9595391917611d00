//! Use cases against a database of their own: what they answer, what they leave behind, what goes out.

mod world;

mod account;
mod apply;
mod apply_living;
mod clients;
mod doors;
mod ends;
mod founding;
mod housekeeping;
mod invitations;
mod joining;
mod looking;
mod mandates;
mod memberships;
mod receipts;
mod record;
mod renaming;
mod requests;
