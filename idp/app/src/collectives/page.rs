//! Part of a list, and where it goes on.

/// Part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOf<T, A> {
    /// What there is, in the list's order.
    pub items: Vec<T>,
    /// Where the list goes on; absent at its end.
    pub next: Option<A>,
}

impl<T, A> PageOf<T, A> {
    /// From one item more than fits, if there are so many: that one only tells that the list goes on.
    pub(crate) fn cut(mut found: Vec<T>, limit: usize, place: impl Fn(&T) -> A) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().map(place) } else { None };
        Self { items: found, next }
    }

    /// The same page of something else.
    pub(crate) fn with<U>(self, items: Vec<U>) -> PageOf<U, A> {
        PageOf { items, next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_only_when_there_is_more() {
        let page = PageOf::cut(vec![1, 2, 3], 2, |item| *item);
        assert_eq!((page.items, page.next), (vec![1, 2], Some(2)));
        assert_eq!(PageOf::cut(vec![1, 2], 2, |item| *item).next, None);
        assert_eq!(PageOf::cut(Vec::<i32>::new(), 2, |item| *item).next, None);
    }
}
