//! Finding out which fields differ and what may be done about it.

use idp_domain::Timestamp;

use super::{FieldChange, Verdict};

/// Collects the differences of one row.
#[derive(Default)]
pub(super) struct Compare {
    /// May be changed by a file.
    plain: Vec<FieldChange>,
    /// Would close or hand over something.
    grave: Vec<FieldChange>,
}

/// What may be done about one row.
pub(super) struct Judged {
    /// What to say, nothing for a row that is as the file says.
    pub(super) verdicts: Vec<Verdict>,
    /// Whether the plain differences are to be carried out.
    pub(super) changes: bool,
}

impl Compare {
    /// Whether a field differs that the file names; remembered as a plain difference.
    pub(super) fn plain<T: PartialEq>(&mut self, field: &'static str, from: &T, to: Option<&T>, show: impl Fn(&T) -> String) -> bool {
        let Some(to) = to.filter(|to| *to != from) else { return false };
        self.plain.push(FieldChange { field, from: show(from), to: show(to) });
        true
    }
    /// A plain difference found elsewhere.
    pub(super) fn note(&mut self, field: &'static str, from: impl Into<String>, to: impl Into<String>) {
        self.plain.push(FieldChange { field, from: from.into(), to: to.into() });
    }
    /// What a file wants and may widen: `reached` is how far it gets, the rest is for people to decide.
    pub(super) fn widen<T: PartialEq>(&mut self, field: &'static str, from: &T, reached: &T, to: Option<&T>, show: impl Fn(&T) -> String) {
        if to.is_some_and(|to| to != reached) {
            self.grave(field, show(from), to.map(&show).unwrap_or_default());
        } else {
            self.plain(field, from, to, show);
        }
    }
    /// A difference that people have to decide about.
    pub(super) fn grave(&mut self, field: &'static str, from: impl Into<String>, to: impl Into<String>) {
        self.grave.push(FieldChange { field, from: from.into(), to: to.into() });
    }

    /// What people decided stays; otherwise plain differences are carried out and grave ones shown.
    pub(super) fn judge(mut self, decided_at: Option<Timestamp>) -> Judged {
        if self.plain.is_empty() && self.grave.is_empty() {
            return Judged { verdicts: vec![Verdict::Unchanged], changes: false };
        }
        if let Some(decided_at) = decided_at {
            self.plain.append(&mut self.grave);
            return Judged { verdicts: vec![Verdict::Drift { decided_at, fields: self.plain }], changes: false };
        }
        let changes = !self.plain.is_empty();
        let plain = changes.then_some(Verdict::Change(self.plain));
        let grave = (!self.grave.is_empty()).then_some(Verdict::NeedsApproval(self.grave));
        Judged { verdicts: plain.into_iter().chain(grave).collect(), changes }
    }
}

/// Joins what a list shows.
pub(super) fn joined<T: ToString>(list: &[T]) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
