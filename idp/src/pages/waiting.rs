//! A login in progress, as its pages need it: where it stands decides which page, or which answer, comes next. No page
//! knows another.

use std::sync::Arc;

use axum::response::Response;
use idp_app::{
    Failure,
    account::service_card::name_of_service,
    authorize::{self, ConsentQuestion, Satisfied, Step},
    flow::Flow,
};
use idp_domain::{authorization::AuthorizationRequest, client::Client, id::FlowId, redirect::RedirectUri};
use idp_protocol::{OAuthError, authorize::TrustedRedirect, respond::Answer};

use super::visitor::Visitor;
use crate::{
    http::{error_page::PageProblem, forms::Fields, headers::Class, paths},
    oauth::{
        authorize::refuse,
        respond::{to_client, to_client_by_page},
    },
};

/// The name of the flow in queries and forms.
pub(crate) const FIELD: &str = "flow";

/// A waiting request with its client, checked again.
pub(crate) struct Waiting {
    /// What waits.
    pub(crate) flow: Flow,
    /// Who asks.
    pub(crate) client: Arc<Client>,
    /// Where the answer goes.
    redirect: TrustedRedirect,
    /// Where a form may end; absent where no policy can say so.
    origin: Option<String>,
}

impl Waiting {
    /// A request that waits from now on, once a step leads it to a page.
    pub(crate) fn begin(visitor: &Visitor, client: Arc<Client>, redirect: TrustedRedirect, request: AuthorizationRequest) -> Self {
        Self::of(Flow::begin(&visitor.act(), request, visitor.secret.hash()), client, redirect)
    }

    /// The flow that the fields name, if this browser started it and it still waits.
    pub(crate) async fn find(visitor: &Visitor, fields: &Fields) -> Result<Self, Response> {
        let gone = || visitor.problem(PageProblem::FlowGone);
        let id: FlowId = fields.text(FIELD).parse().map_err(|_| gone())?;
        let act = visitor.act();
        let found = Flow::find(&act, id, visitor.secret.hash()).await.map_err(|fault| visitor.fault(&fault))?;
        let flow = found.ok_or_else(gone)?;
        let (client, redirect) = authorize::resume(&act, &flow.request).await.map_err(|failure| match failure {
            Failure::Refused(error) => visitor.hand_secret(refuse(&visitor.cx, error)),
            Failure::Fault(fault) => visitor.fault(&fault),
        })?;
        Ok(Self::of(flow, client, redirect))
    }

    fn of(flow: Flow, client: Arc<Client>, redirect: TrustedRedirect) -> Self {
        let origin = RedirectUri::parse(redirect.uri()).ok().and_then(|uri| uri.origin()).filter(|_| !client.profile.redirects_onward);
        Self { flow, client, redirect, origin }
    }

    /// The flow's name.
    pub(crate) fn id(&self) -> String {
        self.flow.id.to_string()
    }
    /// The page of this login at a path.
    pub(crate) fn at(&self, path: &str) -> String {
        paths::flow(path, self.flow.id)
    }
    /// How its pages leave: their forms may end at the client, where a policy can say so.
    pub(crate) fn class(&self) -> Class<'_> {
        self.origin.as_deref().map_or(Class::Page, Class::PageSubmittingTo)
    }
    /// The name people know the service by.
    pub(crate) async fn service_name(&self, visitor: &Visitor) -> Result<String, Response> {
        name_of_service(&visitor.act(), &self.client).await.map_err(|fault| visitor.fault(&fault))
    }
    /// The host the answer goes to.
    pub(crate) fn host(&self) -> String {
        let redirect = RedirectUri::parse(self.redirect.uri()).ok();
        redirect.and_then(|uri| uri.host().or_else(|| Some(uri.scheme().to_owned()))).unwrap_or_default()
    }

    /// Decides the next step, and answers it.
    pub(crate) async fn go_on(&self, visitor: &Visitor) -> Result<Response, Response> {
        let step = self.step(visitor, None).await?;
        Ok(self.follow(visitor, step).await)
    }

    /// Decides the next step. `agreed` is the question that this very request answers with yes; it counts for nobody else, whoever
    /// signed in or was chosen meanwhile, and for nothing more.
    pub(crate) async fn step(&self, visitor: &Visitor, agreed: Option<ConsentQuestion>) -> Result<Step, Response> {
        let satisfied = Satisfied { fresh_since: Some(self.flow.started_at), session: self.flow.session, agreed };
        authorize::proceed(&visitor.act(), &self.client, &self.flow.request, &visitor.browser, satisfied)
            .await
            .map_err(|fault| visitor.fault(&fault))
    }

    /// Answers a step: the client's answer, or the page that comes next.
    pub(crate) async fn follow(&self, visitor: &Visitor, step: Step) -> Response {
        let page = match step {
            Step::Code(code) => return self.answer(visitor, Answer::Code(code.expose())).await,
            Step::Error(error) => return self.refuse(visitor, error).await,
            Step::SignIn => paths::LOGIN,
            Step::ChooseAccount => paths::CHOOSE,
            Step::Consent(_) => paths::CONSENT,
            Step::NoAccess(_) => paths::NO_ACCESS,
        };
        match self.flow.keep(&visitor.act()).await {
            Ok(()) => visitor.go(&self.at(page)),
            Err(fault) => visitor.fault(&fault),
        }
    }

    /// Ends the login with an error at the client.
    pub(crate) async fn refuse(&self, visitor: &Visitor, error: OAuthError) -> Response {
        self.answer(visitor, Answer::Error(error)).await
    }

    async fn answer(&self, visitor: &Visitor, answer: Answer<'_>) -> Response {
        match self.flow.finish(&visitor.act()).await {
            // a redirect that no policy can name would be the end of the form
            Ok(()) if self.origin.is_none() => visitor.hand_secret(to_client_by_page(&visitor.cx, &self.redirect, answer)),
            Ok(()) => visitor.hand_secret(to_client(&visitor.cx, &self.redirect, answer)),
            Err(fault) => visitor.fault(&fault),
        }
    }
}
