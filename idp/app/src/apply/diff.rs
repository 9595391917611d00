//! What a file means, for the console: one line per object that is not as the file says, and a sum.

use std::fmt;

use super::{
    instant,
    plan::{FieldChange, Verdict},
    run::{Applied, Mode},
};

/// Prints what a file means or meant.
#[derive(Debug, Clone, Copy)]
pub struct Diff<'a>(pub &'a Applied);

impl fmt::Display for Diff<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut drift, mut waiting, mut unchanged) = (0, 0, 0);
        for entry in &self.0.entries {
            let object = &entry.object;
            match &entry.verdict {
                Verdict::Create => writeln!(f, "+ {object}")?,
                Verdict::Change(fields) => {
                    writeln!(f, "~ {object}")?;
                    write_fields(f, fields)?;
                }
                Verdict::Drift { decided_at, fields } => {
                    drift += 1;
                    writeln!(f, "= {object}: somebody decided otherwise on {}; it stays", day(*decided_at))?;
                    write_fields(f, fields)?;
                }
                Verdict::NeedsApproval(fields) => {
                    waiting += 1;
                    writeln!(f, "! {object}: people have to decide this; it stays")?;
                    write_fields(f, fields)?;
                }
                Verdict::Unchanged => unchanged += 1,
            }
        }
        for warning in &self.0.warnings {
            writeln!(f, "? {warning}")?;
        }
        let (new, changed) = (self.0.creations(), self.0.changes());
        write!(
            f,
            "{new} new, {changed} changed, {unchanged} as the file says, {drift} as somebody decided, {waiting} until people decide"
        )?;
        if self.0.mode == Mode::DryRun { f.write_str(". Nothing was written.") } else { f.write_str(".") }
    }
}

fn write_fields(f: &mut fmt::Formatter<'_>, fields: &[FieldChange]) -> fmt::Result {
    for FieldChange { field, from, to } in fields {
        writeln!(f, "    {field}: {} → {}", shown(from), shown(to))?;
    }
    Ok(())
}

fn shown(text: &str) -> String {
    if text.is_empty() { "(nothing)".to_owned() } else { text.replace('\n', " ") }
}

fn day(at: idp_domain::Timestamp) -> String {
    let text = instant::write(at);
    text.split_once('T').map_or(text.clone(), |(day, _)| day.to_owned())
}
