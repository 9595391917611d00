//! A fault is logged once, with the reference people are shown.

use http::HeaderValue;
use idp_domain::{Fault, fault::FaultKind};

use super::context::Cx;

/// Logs a fault under the request's reference and says what may be done about it. Called by the renderers only.
pub(super) fn report(cx: &Cx, fault: &Fault) -> FaultKind {
    match fault.kind() {
        FaultKind::Broken => tracing::error!(reference = %cx.request_id, place = fault.place(), error = %fault, "something is broken"),
        FaultKind::Unavailable => tracing::warn!(reference = %cx.request_id, place = fault.place(), error = %fault, "not available now"),
    }
    fault.kind()
}

/// `Retry-After` of 2 to 8 seconds, so that everybody who was turned away does not come back at once (F28, F29).
pub(super) fn retry_after(cx: &Cx) -> HeaderValue {
    HeaderValue::from(2 + cx.edge.entropy().below(7))
}
