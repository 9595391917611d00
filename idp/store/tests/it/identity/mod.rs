//! The identity and protocol side: people, clients, codes, tokens, sessions, the outbox, the audit.

mod accounts;
mod audit;
mod build;
mod clients;
mod codes;
mod ephemeral;
mod forgetting;
mod jobs;
mod joining;
mod keeping;
mod links;
mod opening;
mod refresh;
mod sessions;
mod subjects;
mod transactions;
