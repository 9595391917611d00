use super::*;

const PAGE: &str = r#"<!DOCTYPE html><html lang="ca"><head><title>Unseen</title><style>p>a{}</style></head>
<body><!-- <form><button>No</button></form> --><h1>L&#39;Ateneu</h1><p>Qui <strong>ets</strong>? 1 &lt; 2 &amp;&nbsp;prou</p>
<a href="/ajuda?a=1&amp;b=2">Com <b>hi</b> entro</a><a>no enllaç</a>
<script nonce="x">if (1 < 2) { "</p>" }</script>
<form action="/login" method="POST">
  <input type="hidden" name="csrf" value="a&quot;>b">
  <label for="u">Nom</label><input id="u" name="username" value="maria" required>
  <input type="password" name="password"/>
  <input type="checkbox" name="remember" value="yes">
  <input type="radio" name="lang" value="ca" checked><input type="radio" name="lang" value="es">
  <select name="collective"><option value="">Tria</option><option value="ateneu" selected>L'Ateneu</option><option value="oak">Oak</option></select>
  <select name="role"><option value="user">U</option><option value="admin">A</option></select>
  <textarea name="note">
hola &amp; adéu</textarea>
  <input name="off" value="x" disabled>
  <button name="do" value="enter">Entra <span>ara</span></button><button formaction="/forgot">No la recordo</button>
  <button type="button">Mostra</button>
</form>
<form><input type="submit" value="Cerca"><input name="q"></form>
</body></html>"#;

fn page() -> Url {
    Url::parse("http://localhost:8080/inici/aqui").unwrap()
}

fn login() -> Form {
    form_with_button(PAGE, &page(), "Entra ara").unwrap()
}

#[test]
fn words_are_what_a_person_sees() {
    let words = text(PAGE);
    assert!(words.starts_with("L'Ateneu Qui ets? 1 < 2 & prou Com hi entro"), "{words}");
    assert!(!words.contains("Unseen") && !words.contains("nonce") && !words.contains("if ("), "{words}");
}

#[test]
fn links_are_absolute_and_decoded() {
    let links = links(PAGE, &page());
    assert_eq!(links, [("Com hi entro".to_owned(), Url::parse("http://localhost:8080/ajuda?a=1&b=2").unwrap())]);
}

#[test]
fn a_form_sends_what_a_browser_would() {
    let form = login();
    assert_eq!((form.action.as_str(), form.method.as_str()), ("http://localhost:8080/login", "post"));
    let fields: Vec<(&str, &str)> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("csrf", "a\">b"),
            ("username", "maria"),
            ("password", ""),
            ("lang", "ca"),
            ("collective", "ateneu"),
            ("role", "user"),
            ("note", "hola & adéu"),
        ]
    );
}

#[test]
fn a_pressed_button_adds_its_value_or_changes_the_address() {
    let entered = login().set("password", "paraula de pas").unwrap().set("remember", "yes").unwrap().press("Entra ara").unwrap();
    assert_eq!((entered.value("do"), entered.value("remember")), (Some("enter"), Some("yes")));
    assert_eq!(entered.value("password"), Some("paraula de pas"));
    let forgot = login().press("No la recordo").unwrap();
    assert_eq!((forgot.action.path(), forgot.value("do")), ("/forgot", None));
}

#[test]
fn a_person_cannot_do_what_the_page_does_not_offer() {
    for (name, value) in [("csrf", "x"), ("unknown", "x"), ("off", "y"), ("collective", "elm"), ("remember", "no"), ("lang", "fr")] {
        assert!(login().set(name, value).is_err(), "{name}={value}");
    }
    assert!(login().press("Mostra").is_err());
    assert_eq!(login().forge("csrf", "x").value("csrf"), Some("x"));
    assert_eq!(login().set("collective", "oak").unwrap().value("collective"), Some("oak"));
}

#[test]
fn a_missing_button_names_those_that_exist() {
    let error = form_with_button(PAGE, &page(), "Surt").unwrap_err().to_string();
    assert!(error.contains("Entra ara") && error.contains("Cerca"), "{error}");
}
