//! A cluster as a file: read ([`ClusterFile`]), compared with the cluster and applied ([`apply_file`]), written
//! ([`export`]).
//!
//! A file adds what is missing and changes what nobody decided in the web. It never takes away, never overrules people
//! (DOMAIN rule 14) and never half happens: everything it means is one transaction, with every change on record.
//! In reading order: `raw` and `read` (text to domain values, every problem with its line), `plan` (pure: file × cluster
//! → what to do), `run` (does it), `diff` (says it).

mod diff;
mod export;
mod facts;
mod file;
mod instant;
mod place;
mod plan;
mod raw;
mod read;
mod run;
mod world;

pub use diff::Diff;
pub use export::{Exported, Hashes, Scope, export};
pub use facts::{ClusterFacts, CollectiveFact, PersonFact, ServiceFact, cluster_facts};
pub use file::ClusterFile;
pub use place::{Located, Problem, Problems};
pub use plan::{Entry, FieldChange, Object, Verdict};
pub use read::ReadError;
pub use run::{Applied, ApplyError, ApplyRefusal, Mode, apply_file, apply_text};
