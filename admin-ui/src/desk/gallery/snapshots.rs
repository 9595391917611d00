//! The pages of the gallery, compared with the checked-in ones.

use ui_kit::{Lang, testing::Snapshots};

use super::{drafts, pages};
use crate::texts;

#[test]
fn every_page_says_what_was_read() -> anyhow::Result<()> {
    let mut seen = Snapshots::of("gallery/desk");
    for lang in Lang::ALL {
        for (name, page) in pages(texts::in_language(lang), &drafts()) {
            seen.add_first(&format!("{}.{lang}", name.replace(' ', "-")), &page.into_string());
        }
    }
    seen.compare()
}
