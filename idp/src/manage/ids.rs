//! Identifiers in paths. What is none does not exist.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    response::Response,
};
use http::request::Parts;
use idp_api::{Problem, ProblemType};
use idp_domain::id::{Id, Kind};

use crate::{
    http::{context::Cx, error_api},
    wiring::AppState,
};

/// The identifiers of the path, in order.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<T>(pub(super) T);

/// Identifiers of several kinds in a row.
pub(super) trait FromPath: Sized {
    /// From their texts; `None` when one is no identifier of its kind, or their number is another.
    fn from_path(texts: &[&str]) -> Option<Self>;
}

impl<A: Kind> FromPath for Id<A> {
    fn from_path(texts: &[&str]) -> Option<Self> {
        let &[a] = texts else { return None };
        a.parse().ok()
    }
}
impl<A: Kind, B: Kind> FromPath for (Id<A>, Id<B>) {
    fn from_path(texts: &[&str]) -> Option<Self> {
        let &[a, b] = texts else { return None };
        Some((a.parse().ok()?, b.parse().ok()?))
    }
}
impl<A: Kind, B: Kind, C: Kind> FromPath for (Id<A>, Id<B>, Id<C>) {
    fn from_path(texts: &[&str]) -> Option<Self> {
        let &[a, b, c] = texts else { return None };
        Some((a.parse().ok()?, b.parse().ok()?, c.parse().ok()?))
    }
}

impl<T: FromPath> FromRequestParts<AppState> for At<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let params = RawPathParams::from_request_parts(parts, state).await.ok();
        let texts: Vec<_> = params.iter().flatten().map(|(_, text)| text).collect();
        T::from_path(&texts).map(Self).ok_or_else(|| error_api::render(&Cx::of(&state.edge, parts), Problem::new(ProblemType::NotFound)))
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::id::{CollectiveId, MembershipId};

    use super::*;

    #[test]
    fn only_identifiers_of_the_right_kind_in_the_right_number_are_read() {
        let (collective, member) = ("col_00000000000000000000000000000007", "mem_00000000000000000000000000000008");
        assert!(CollectiveId::from_path(&[collective]).is_some());
        assert!(<(CollectiveId, MembershipId)>::from_path(&[collective, member]).is_some());
        for texts in [vec![member, collective], vec![collective], vec![], vec![collective, member, member], vec![collective, "mem_"]] {
            assert!(<(CollectiveId, MembershipId)>::from_path(&texts).is_none(), "{texts:?}");
        }
    }
}
