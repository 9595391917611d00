use idp_app::mail::{MailContent, MailService};
use idp_domain::{
    Timestamp,
    id::CollectiveId,
    locale::Locale,
    secret::{Secret, SecretKind},
};
use uuid::Uuid;

use super::*;

fn places() -> MailPlaces {
    MailPlaces {
        issuer: Issuer::parse("https://id.nuvol.cat").expect("an issuer"),
        admin_ui: Some(Url::parse("https://taula.nuvol.cat/").expect("a URL")),
        cluster_name: "Núvol Comú".to_owned(),
    }
}

fn secret() -> Secret {
    Secret::from_entropy(SecretKind::Link, [5; 32])
}

const EXPIRES: Timestamp = Timestamp::from_millis(1_772_546_700_000);

/// One of each, with words that would break out of HTML and of a mail's head if they were not escaped.
fn samples() -> Vec<MailContent> {
    let collective = || "L’Ateneu <b>".to_owned();
    let service = |url: Option<&str>| MailService { name: "Oficina".to_owned(), url: url.map(str::to_owned) };
    vec![
        MailContent::VerifyAddress { link: MailLink::Verify(secret()), expires_at: EXPIRES },
        MailContent::Welcome {
            collective: collective(),
            username: "maria".to_owned(),
            managers: vec!["Laia Puig".to_owned(), "Núria Soler".to_owned()],
            services: vec![service(Some("https://oficina.nuvol.cat/")), service(None)],
            link: MailLink::SignIn,
        },
        MailContent::Welcome {
            collective: collective(),
            username: "maria".to_owned(),
            managers: vec![],
            services: vec![],
            link: MailLink::SignIn,
        },
        MailContent::RequestWaits {
            collective: collective(),
            applicant: "Maria".to_owned(),
            service: None,
            text: "Hola!\nSoc sòcia <script>".to_owned(),
            link: MailLink::Queue(CollectiveId::from_uuid(Uuid::from_u128(9))),
        },
        MailContent::RequestWaits {
            collective: collective(),
            applicant: "Maria".to_owned(),
            service: Some("Oficina".to_owned()),
            text: String::new(),
            link: MailLink::Queue(CollectiveId::from_uuid(Uuid::from_u128(9))),
        },
        MailContent::RequestRefused { collective: collective(), service: None, reason: "No et coneixem".to_owned(), username_freed: true },
        MailContent::RequestRefused {
            collective: collective(),
            service: Some("Oficina".to_owned()),
            reason: String::new(),
            username_freed: false,
        },
        MailContent::AccessGranted { collective: collective(), service: service(Some("https://oficina.nuvol.cat/")) },
        MailContent::AccessGranted { collective: collective(), service: service(None) },
        MailContent::UsernameFreed { link: MailLink::SignIn },
        MailContent::Invitation {
            collective: collective(),
            username: "maria".to_owned(),
            link: MailLink::Activate(secret()),
            expires_at: EXPIRES,
        },
        MailContent::InvitedWithAccount { collective: collective(), link: MailLink::MyCollectives },
        MailContent::AlreadyRegistered { username: "maria".to_owned(), link: MailLink::SignIn },
        MailContent::MandateProposed { collective: collective(), link: MailLink::MyCollectives },
        MailContent::PasswordChanged { at: EXPIRES, managers: vec!["Laia <b>".to_owned()], link: MailLink::Security },
        MailContent::PasswordChanged { at: EXPIRES, managers: vec![], link: MailLink::Security },
    ]
}

fn rendered(content: MailContent, locale: Locale) -> Rendered {
    render(&OutgoingMail { to: "maria@exemple.cat".to_owned(), name: "Maria".to_owned(), locale, content }, &places())
}

#[test]
fn every_mail_has_its_words_in_every_language() {
    for locale in Locale::ALL {
        for content in samples() {
            let mail = rendered(content.clone(), locale);
            for (part, words) in [("subject", &mail.subject), ("text", &mail.text), ("html", &mail.html)] {
                assert!(
                    !words.contains("mail-") && !words.contains("{$"),
                    "{locale} {content:?}: a text is missing in the {part}\n{words}"
                );
            }
            assert!(!mail.subject.is_empty() && !mail.subject.contains('\n'));
            assert!(mail.text.contains("Maria") && mail.html.contains("Maria"));
            assert!(mail.html.contains(&format!("<html lang=\"{locale}\">")));
            assert!(!mail.html.contains("<b>") && !mail.html.contains("<script>"), "names and texts are escaped");
        }
    }
}

#[test]
fn the_languages_differ() {
    for content in samples() {
        let [ca, es, en] = Locale::ALL.map(|locale| rendered(content.clone(), locale).text);
        assert!(ca != es && es != en && ca != en, "{content:?}");
    }
}

#[test]
fn a_mail_that_proves_an_address_holds_its_link_on_a_line_of_its_own() {
    let mail = rendered(MailContent::VerifyAddress { link: MailLink::Verify(secret()), expires_at: EXPIRES }, Locale::Ca);
    let link = format!("https://id.nuvol.cat/verify?link={}", secret().expose());
    assert_eq!(
        mail.text,
        format!(
            "Hola, Maria:\n\n\
             Algú, esperem que tu, ha donat aquesta adreça per entrar a Núvol Comú. Confirma que és teva.\n\n\
             Confirma l’adreça:\n{link}\n\n\
             L’enllaç funciona fins al 3 de març de 2026, 14:05 UTC.\n\n\
             Si no has estat tu, no cal que facis res: sense confirmació no s’obrirà cap compte.\n\n\
             -- \nNúvol Comú\nhttps://id.nuvol.cat\n"
        )
    );
    assert!(mail.html.contains(&format!("href=\"{link}\"")), "{}", mail.html);
    assert_eq!(mail.from_name, "Núvol Comú");
}

#[test]
fn a_subject_reads_well_whatever_the_cluster_is_called() {
    let content = MailContent::PasswordChanged { at: EXPIRES, managers: vec![], link: MailLink::Security };
    let mail = OutgoingMail { to: "maria@exemple.cat".to_owned(), name: "Maria".to_owned(), locale: Locale::Ca, content };
    let places = MailPlaces { cluster_name: "Aplec".to_owned(), ..places() };
    assert_eq!(render(&mail, &places).subject, "La teva contrasenya a Aplec ha canviat");
}

#[test]
fn who_has_an_account_is_asked_to_answer_in_it() {
    let content = MailContent::InvitedWithAccount { collective: "L’Ateneu".to_owned(), link: MailLink::MyCollectives };
    let mail = rendered(content, Locale::Ca);
    assert_eq!(mail.subject, "L’Ateneu et convida");
    assert_eq!(
        mail.text,
        "Hola, Maria:\n\n\
         L’Ateneu et convida a ser-ne membre. Ja tens un compte a Núvol Comú: inicia-hi la sessió com sempre i, al teu compte, \
         accepta o rebutja la invitació.\n\n\
         Mira la invitació:\nhttps://id.nuvol.cat/account/collectives\n\n\
         Si no coneixes aquest col·lectiu, no cal que facis res.\n\n\
         -- \nL’Ateneu\nhttps://id.nuvol.cat\n"
    );
}

#[test]
fn a_welcome_speaks_in_the_collectives_name_and_lists_the_services() {
    let content = MailContent::Welcome {
        collective: "L’Ateneu".to_owned(),
        username: "maria".to_owned(),
        managers: vec!["Laia Puig".to_owned()],
        services: vec![MailService { name: "Oficina".to_owned(), url: Some("https://oficina.nuvol.cat/".to_owned()) }],
        link: MailLink::SignIn,
    };
    let mail = rendered(content, Locale::En);
    assert_eq!((mail.from_name.as_str(), mail.subject.as_str()), ("L’Ateneu · Núvol Comú", "Welcome to L’Ateneu"));
    for expected in ["https://id.nuvol.cat/login\n", "- Oficina\n  https://oficina.nuvol.cat/\n", "maria", "Laia Puig", "-- \nL’Ateneu\n"]
    {
        assert!(mail.text.contains(expected), "{expected} in\n{}", mail.text);
    }
}

#[test]
fn whoever_did_not_change_the_password_reads_when_it_was_and_what_to_do() {
    let content = MailContent::PasswordChanged { at: EXPIRES, managers: vec!["Laia Puig".to_owned()], link: MailLink::Security };
    let mail = rendered(content, Locale::Ca);
    assert_eq!(
        mail.text,
        "Hola, Maria:\n\n\
         La contrasenya del teu compte a Núvol Comú s’ha canviat: 3 de març de 2026, 14:05 UTC.\n\n\
         No has estat tu? Entra-hi i tanca les sessions que no reconeguis. Si la contrasenya que saps ja no hi entra, avisa de seguida \
         les gestores del teu col·lectiu.\n\n\
         Mira les teves sessions:\nhttps://id.nuvol.cat/account/security\n\n\
         Et poden ajudar: Laia Puig.\n\n\
         Si has estat tu, no cal que facis res.\n\n\
         -- \nNúvol Comú\nhttps://id.nuvol.cat\n"
    );
}

#[test]
fn managers_are_led_to_their_queue_or_to_the_sign_in_page_where_there_is_none() {
    let link = MailLink::Queue(CollectiveId::from_uuid(Uuid::from_u128(9)));
    assert_eq!(places().address(&link), "https://taula.nuvol.cat/c/col_00000000000000000000000000000009/requests");
    assert_eq!(MailPlaces { admin_ui: None, ..places() }.address(&link), "https://id.nuvol.cat/login");
}
