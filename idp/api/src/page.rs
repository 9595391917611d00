//! Keyset pages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many items a page holds when the caller does not say.
pub const PAGE_LIMIT_DEFAULT: u32 = 30;
/// How many items a page holds at most; a larger `limit` is cut down to it.
pub const PAGE_LIMIT_MAX: u32 = 100;

/// Part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// What there is, in the list's order.
    pub items: Vec<T>,
    /// The `cursor` of the following page; absent on the last one. Opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that fits on one page.
    pub const fn only(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}
