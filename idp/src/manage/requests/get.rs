//! One request.

use idp_api::{RequestDetail, paths};
use idp_app::collectives::list_requests::view_request;
use idp_domain::id::{CollectiveId, RequestId};

use crate::manage::{
    answer::{Answer, failed, json},
    at,
    caller::Caller,
    convert,
    ids::At,
};

/// One request; who asks can read that somebody looked
#[utoipa::path(get, path = at(paths::REQUEST), tag = "requests", operation_id = "get_request",
    responses((status = 200, body = RequestDetail)))]
pub(in crate::manage) async fn get(caller: Caller, At((collective, request)): At<(CollectiveId, RequestId)>) -> Answer {
    let detail = view_request(&caller.act, &caller.standing, collective, request).await.map_err(failed(&caller.cx))?;
    Ok(json(&caller.cx, &convert::request_detail(&detail)))
}
