//! Tables that become cards where the screen is narrow.

use maud::{Markup, Render, html};

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    content: Markup,
    numeric: bool,
}

impl Cell {
    /// Anything.
    pub const fn new(content: Markup) -> Self {
        Self { content, numeric: false }
    }
    /// Plain words.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::new(html! { (text.as_ref()) })
    }
    /// A number, set to the right.
    pub fn number(text: impl AsRef<str>) -> Self {
        Self { numeric: true, ..Self::text(text) }
    }
}

/// Rows of data under named columns. The first cell of a row is its heading.
#[derive(Debug, Clone)]
pub struct Table {
    caption: String,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table; the caption is for assistive technology, the page shows its own heading.
    pub fn new(caption: impl Into<String>, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { caption: caption.into(), columns: columns.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }
    /// One more row: as many cells as columns.
    pub fn row(mut self, cells: Vec<Cell>) -> Self {
        self.rows.push(cells);
        self
    }
    /// All rows at once.
    pub fn rows(self, rows: Vec<Vec<Cell>>) -> Self {
        Self { rows, ..self }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        html! {
            table class="table" role="table" {
                caption class="unseen" { (self.caption) }
                thead role="rowgroup" { tr role="row" { @for column in &self.columns { th scope="col" role="columnheader" { (column) } } } }
                tbody role="rowgroup" {
                    @for row in &self.rows {
                        tr role="row" {
                            @for (nth, cell) in row.iter().enumerate() {
                                @let numeric = cell.numeric.then_some("numeric");
                                @if nth == 0 {
                                    th scope="row" role="rowheader" class=[numeric] { (cell.content) }
                                } @else {
                                    td role="cell" class=[numeric] data-label=(self.columns.get(nth).map_or("", String::as_str)) { (cell.content) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
