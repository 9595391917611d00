//! A page that shows what a cluster without SMTP would have sent. Only on loopback: the mails hold one-time links.

use std::{io, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{FromRef, Path, State},
    response::Response,
    routing::get,
};
use idp_domain::{Fault, id::JobId};
use maud::{Markup, html};
use ui_kit::{EmptyState, Icon, MailPreview, Tile, back_link, page_header, tile_rows};

use super::eml::{self, Mail};
use crate::http::{
    context::Cx,
    edge::Edge,
    error_page::{self, PageProblem},
    paths,
};

/// Mails on one page.
const SHOWN: usize = 100;

#[derive(Clone)]
struct Mailbox {
    edge: Edge,
    directory: Arc<PathBuf>,
}

impl FromRef<Mailbox> for Edge {
    fn from_ref(mailbox: &Mailbox) -> Self {
        mailbox.edge.clone()
    }
}

/// The mailbox over a directory; no routes at all unless the issuer is plain http on loopback.
pub fn routes(edge: &Edge, directory: PathBuf) -> Router {
    if !edge.issuer().is_loopback_http() {
        return Router::new();
    }
    Router::new()
        .route(paths::MAILBOX, get(list))
        .route(paths::MAILBOX_MAIL, get(show))
        .with_state(Mailbox { edge: edge.clone(), directory: Arc::new(directory) })
}

async fn list(cx: Cx, State(mailbox): State<Mailbox>) -> Response {
    match mailbox.newest().await {
        Ok(mails) => cx.page(list_view(&cx, &mails)),
        Err(error) => error_page::fault(&cx, &Fault::unavailable("mailbox.list", error)),
    }
}

async fn show(cx: Cx, State(mailbox): State<Mailbox>, Path(name): Path<String>) -> Response {
    // a name that is no job's identifier never reaches the file system
    let Ok(job) = name.parse::<JobId>() else { return error_page::render(&cx, PageProblem::NotFound) };
    match mailbox.read(job).await {
        Ok(mail) => cx.page(mail_view(&cx, job, &mail)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => error_page::render(&cx, PageProblem::NotFound),
        Err(error) => error_page::fault(&cx, &Fault::unavailable("mailbox.show", error)),
    }
}

impl Mailbox {
    /// The newest mails first: identifiers sort by time.
    async fn newest(&self) -> io::Result<Vec<(JobId, Mail)>> {
        let mut jobs = Vec::new();
        let mut files = tokio::fs::read_dir(&*self.directory).await?;
        while let Some(file) = files.next_entry().await? {
            let name = file.file_name();
            jobs.extend(name.to_str().and_then(|name| name.strip_suffix(".eml")?.parse::<JobId>().ok()));
        }
        jobs.sort_unstable();
        let mut mails = Vec::new();
        for job in jobs.into_iter().rev().take(SHOWN) {
            mails.push((job, self.read(job).await?));
        }
        Ok(mails)
    }
    async fn read(&self, job: JobId) -> io::Result<Mail> {
        let bytes = tokio::fs::read(self.directory.join(format!("{job}.eml"))).await?;
        Ok(eml::read(&String::from_utf8_lossy(&bytes)))
    }
}

/// When the mail was decided: the first 48 bits of a UUID v7 (RFC 9562 §5.7).
fn written_at(job: JobId) -> i64 {
    i64::try_from(job.uuid().as_u128() >> 80).unwrap_or(i64::MAX)
}

fn list_view(cx: &Cx, mails: &[(JobId, Mail)]) -> Markup {
    let t = cx.t();
    let title = t.msg("mailbox-title");
    let tile = |(job, mail): &(JobId, Mail)| {
        let detail =
            t.args("mailbox-line", &[("to", mail.to.as_str().into()), ("when", t.relative(written_at(*job), cx.now.millis()).into())]);
        Tile::new(format!("{}/{job}", paths::MAILBOX), mail.subject.clone()).detail(detail).icon(Icon::Mail)
    };
    let body = html! {
        (page_header(&title, Some(&t.msg("mailbox-detail")), None))
        @if mails.is_empty() {
            (EmptyState::new(Icon::Mail, t.msg("mailbox-empty-title"), t.msg("mailbox-empty-text")))
        } @else {
            (tile_rows(&mails.iter().map(tile).collect::<Vec<_>>()))
        }
    };
    ui_kit::page(&cx.shell(title), body)
}

fn mail_view(cx: &Cx, job: JobId, mail: &Mail) -> Markup {
    let t = cx.t();
    let body = html! {
        (back_link(paths::MAILBOX, &t.msg("mailbox-back")))
        (page_header(&t.msg("mailbox-title"), None, None))
        (MailPreview::new(t, mail.from.clone(), mail.to.clone(), mail.subject.clone(), written_at(job), mail.text.clone()))
    };
    ui_kit::page(&cx.shell(mail.subject.clone()), body)
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request};
    use http::StatusCode;
    use tower::ServiceExt as _;
    use uuid::Uuid;

    use super::*;
    use crate::{
        http::testing::{body, edge, edge_at},
        mail::{MailRoute, Mailer, Rendered},
    };

    async fn ask(router: &Router, path: &str) -> Response {
        router.clone().oneshot(Request::get(path).body(Body::empty()).expect("a request")).await.expect("infallible")
    }

    #[tokio::test]
    async fn mails_are_listed_and_shown_with_their_links_and_nothing_of_their_html() {
        let directory = tempfile::tempdir().expect("a directory");
        let router = routes(&edge(), directory.path().to_owned());
        assert_eq!(ask(&router, "/dev/mailbox").await.status(), StatusCode::OK);
        let mailer = Mailer::new("no-reply@localhost", &MailRoute::Directory(directory.path().to_owned())).expect("a mailer");
        let mail = Rendered {
            from_name: "Núvol".to_owned(),
            subject: "Confirma <l’adreça>".to_owned(),
            text: "Hola\n\nhttp://localhost:8080/verify?link=x\n\njavascript:alert(1)\n".to_owned(),
            html: "<img src=x>".to_owned(),
        };
        let job = JobId::from_uuid(Uuid::from_u128((1_800_000_000_000 << 80) | 7));
        mailer.send(job, cx_now(), ("maria@exemple.cat", "Maria"), &mail).await.expect("sent");
        let listed = body(ask(&router, "/dev/mailbox").await).await;
        assert!(listed.contains("Confirma &lt;l’adreça&gt;") && listed.contains(&format!("/dev/mailbox/{job}")), "{listed}");
        let shown = body(ask(&router, &format!("/dev/mailbox/{job}")).await).await;
        assert!(shown.contains("href=\"http://localhost:8080/verify?link=x\"") && shown.contains("maria@exemple.cat"), "{shown}");
        assert!(!shown.contains("<img src=x>") && !shown.contains("href=\"javascript"), "{shown}");
    }

    fn cx_now() -> idp_domain::Timestamp {
        edge().clock().now()
    }

    #[tokio::test]
    async fn only_mails_are_reachable_and_only_on_loopback() {
        let directory = tempfile::tempdir().expect("a directory");
        let router = routes(&edge(), directory.path().to_owned());
        for path in ["/dev/mailbox/..%2F..%2Fetc%2Fpasswd", "/dev/mailbox/x.eml", "/dev/mailbox/job_00000000000000000000000000000005"] {
            assert_eq!(ask(&router, path).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
        let public = routes(&edge_at("https://id.ateneu.cat"), directory.path().to_owned());
        assert_eq!(body(ask(&public, "/dev/mailbox").await).await, "");
    }
}
