//! Every part on one page, to look at and to test.

use maud::{Markup, html};

use crate::{
    T,
    components::{
        Alert, Button, Card, Cell, Checkbox, Choice, Choices, EmptyState, Field, Form, Icon, LinkButton, MailPreview, Meter, PersonRow,
        SearchForm, Select, Stat, Steps, Tab, Table, Tag, TextArea, Tile, Tone, actions, back_link, code_block, definitions, disclosure,
        error_summary, field_group, grid, note, page_header, pagination, people, required_note, section, stats, tabs, tiles, time,
    },
    layout::{Flash, NavItem, PersonMenu, Shell, SignOut, page},
};

/// 2026-03-03T14:05:00Z.
const NOW: i64 = 1_772_546_700_000;
const DAY: i64 = 86_400_000;
/// A long name with accents, an apostrophe and the raised dot.
const LONG_NAME: &str = "Maria Montserrat d’Entença i Casagran-Gallifa de l’Hospitalet";

/// A whole page with every component in the language of `t`, in Catalan samples.
pub fn gallery(t: T) -> Markup {
    let shell = Shell::new(t, "Mostrari", "Col·lectiu de mostra")
        .wide()
        .nav(vec![
            NavItem::new("#cua", "La cua").current(true).count(3),
            NavItem::new("#gent", "La gent"),
            NavItem::new("#serveis", "Els serveis").count(0),
            NavItem::new("#rastre", "El rastre"),
        ])
        .person(PersonMenu {
            name: LONG_NAME.to_owned(),
            detail: Some("L’Ateneu del Poblet".to_owned()),
            links: vec![("#compte".to_owned(), "El meu compte".to_owned())],
            sign_out: Some(SignOut { action: "#surt".to_owned(), csrf: "mostra".to_owned(), label: "Surt".to_owned() }),
        })
        .languages(|lang| format!("?ui_locales={lang}"))
        .flash(Some(Flash { tone: Tone::Success, text: "La Laia ja és membre de L’Ateneu.".to_owned() }))
        .footer(vec![("#ajuda".to_owned(), "Ajuda".to_owned()), ("#privadesa".to_owned(), "Privadesa".to_owned())]);
    page(&shell, html! { (lists(t)) (words(t)) (forms(t)) })
}

/// The narrow page of a sign-in, in Catalan samples.
pub fn gallery_narrow(t: T, wrong: bool) -> Markup {
    let shell = Shell::new(t, "Inicia la sessió", "CommonsCloud").narrow().languages(|lang| format!("?ui_locales={lang}"));
    let error = wrong.then_some("El nom i la contrasenya no coincideixen.");
    page(
        &shell,
        html! {
            (page_header("Inicia la sessió", Some("per anar a l’Oficina de L’Ateneu"), None))
            @if let Some(error) = error { (error_summary(t, &[("f-username", error)])) }
            (Form::post("#entra").csrf("mostra").body(html! {
                (Field::exact("username", "Nom d’usuària o adreça").value(if wrong { "laia" } else { "" }).autocomplete("username").error(error).required().autofocus())
                (Field::password("password", "Contrasenya").required())
                (Checkbox::new("mine", "Aquest dispositiu és meu").hint("Ens en recordarem 8 hores."))
                (Button::primary("Entra").wide())
            }))
            p { a href="#contrasenya" { "He oblidat la contrasenya" } }
            p { "Encara no hi ets? " a href="#alta" { "Fes-te’n membre" } }
        },
    )
}

fn lists(t: T) -> Markup {
    html! {
        (back_link("#enrere", "L’Ateneu del Poblet"))
        (page_header(
            "La taula de les gestores",
            Some("Tres persones esperen que algú del col·lectiu digui que les coneix."),
            Some(html! { (LinkButton::primary("Convida algú", "#convida").icon(Icon::Plus)) (LinkButton::secondary("Full d’activació", "#full")) }),
        ))
        (stats(&[
            Stat::new("Membres", t.number(1284)).detail("31 de noves aquest mes").trend(&[3.0, 4.0, 4.5, 4.0, 6.0, 9.0, 8.5, 11.0]).href("#gent"),
            Stat::new("Esperen", "3").detail("la més antiga, des de fa 2 dies"),
            Stat::new("Espai", t.bytes(412 << 30)).share(0.82).detail("de 500 GB"),
            Stat::new("Serveis", "8").share(0.95).detail("gairebé plens"),
        ]))
        (tabs("Sol·licituds", &[
            Tab::new("#totes", "Totes").current(true).count(3),
            Tab::new("#alta", "Altes").count(2),
            Tab::new("#acces", "Accessos").count(1),
        ]))
        (SearchForm::new(t, "#gent", "Nom, nom d’usuària o adreça").value("laia").hidden("estat", "activa"))
        (people(&[
            PersonRow::new("Laia Ferrer").href("#laia").detail("laia@exemple.cat · demana ser membre").tags(html! { (Tag::new(Tone::Warning, "en espera")) })
                .actions(html! { (Button::primary("Valida la Laia").small()) (Button::secondary("No la conec").small()) }),
            PersonRow::new(LONG_NAME).href("#maria").detail("mmontserrat · gestora des del 3 de març de 2024")
                .tags(html! { (Tag::new(Tone::Success, "activa")) (Tag::new(Tone::Info, "gestora")) (Tag::neutral("col·lectiu de referència")) }),
            PersonRow::new("Òscar").detail("oscar · pausat a L’Ateneu").tags(html! { (Tag::new(Tone::Error, "en pausa")) })
                .actions(html! { (Button::quiet("Reactiva l’Òscar a L’Ateneu").small()) }),
        ]))
        (pagination(t, Some("#abans"), Some("#despres")))
        (Table::new("Accessos de la Maria", ["Servei", "Rol", "Espai", "Fins", ""])
            .row(vec![
                Cell::text("Oficina de L’Ateneu"), Cell::new(html! { (Tag::new(Tone::Info, "editora")) }), Cell::number(t.bytes(5 << 30)),
                Cell::text("sense límit"), Cell::new(html! { (Button::danger("Retira l’accés").small()) }),
            ])
            .row(vec![
                Cell::text("Fòrum"), Cell::new(html! { (Tag::neutral("membre")) }), Cell::number("—"),
                Cell::new(time(t, NOW + 12 * DAY, NOW)), Cell::new(html! { (Button::danger("Retira l’accés").small()) }),
            ]))
        (tiles(&[
            Tile::new("#oficina", "Oficina").detail("Fitxers, calendaris i documents de L’Ateneu.").tags(html! { (Tag::neutral("via L’Ateneu")) }),
            Tile::new("#forum", "Fòrum").detail("La conversa de totes les sòcies.").icon(Icon::People),
            Tile::new("#correu", "Correu").detail("La bústia a @exemple.cat.").icon(Icon::Mail),
        ]))
        (EmptyState::new(Icon::Check, "No hi ha res pendent", "Quan algú demani ser membre de L’Ateneu, ho veureu aquí.")
            .action(html! { (LinkButton::secondary("Convida algú", "#convida")) }))
    }
}

fn words(t: T) -> Markup {
    html! {
        (section("Avisos", html! {
            (Alert::info("L’accés nou es veu quan la persona torna a iniciar la sessió."))
            (Alert::success("S’ha enviat la invitació.").title("Fet"))
            (Alert::warning("L’Ateneu només té una gestora. Us recomanem tenir-ne dues.").body(html! { p { a href="#nomena" { "Nomena una altra gestora" } } }))
            (Alert::error("No s’ha pogut desar: algú altre ho ha canviat mentrestant."))
            (Alert::new(Tone::Neutral, "Aquesta pàgina mostra només les portes que ha obert L’Ateneu."))
        }))
        (grid(html! {
            (Card::new("El teu compte", definitions(&[
                ("Nom", html! { (LONG_NAME) }),
                ("Adreça", html! { "maria@exemple.cat " (Tag::new(Tone::Success, "comprovada")) }),
                ("Última entrada", time(t, NOW - 3 * DAY, NOW)),
            ])).detail("El que veuen els serveis on entres.").actions(html! { (LinkButton::secondary("Canvia’l", "#canvia")) }))
            (Card::new("Pausa la Maria a L’Ateneu", html! {
                p { "Això tanca les portes que ha obert L’Ateneu; d’altres poden haver obert les seves." }
                (Meter::new("Espai", 0.24, t.args("kit-used-of", &[("used", t.bytes(6 << 29).into()), ("total", t.bytes(5 << 30).into())])))
            }).danger().actions(html! { (Button::danger("Pausa la Maria a L’Ateneu")) (LinkButton::quiet("No facis res", "#res")) }))
        }))
        (Steps::new(t, ["Adreça", "Validació", "Benvinguda"], 1))
        (MailPreview::new(
            t,
            "L’Ateneu del Poblet <no-reply@exemple.cat>",
            "laia@exemple.cat",
            "Et donem la benvinguda a L’Ateneu",
            NOW,
            "Hola, Laia!\n\nLa Maria ha confirmat que ets membre de L’Ateneu del Poblet.\n\nJa pots iniciar la sessió.",
        ))
        (disclosure("El testimoni tal com va arribar", code_block("{\n  \"sub\": \"4f7c…\",\n  \"groups\": [\"cc_ateneu\"]\n}")))
        (note("Les hores són en UTC."))
    }
}

fn forms(t: T) -> Markup {
    let missing = "Escriviu una adreça, com ara laia@exemple.cat.";
    html! {
        (section("Un formulari", html! {
            (error_summary(t, &[("f-email", missing), ("f-role", "Trieu un rol.")]))
            (Form::post("#desa").csrf("mostra").label("Un formulari").hidden("version", "7").body(html! {
                (required_note(t))
                (Field::text("name", "Com vols que et diguem?").hint("Pot ser un pseudònim.").value(LONG_NAME).autocomplete("name").required().max_length(120))
                (Field::email("email", "Adreça electrònica").error(Some(missing)).required())
                (Field::new_password("password", "Contrasenya").hint("15 caràcters o més: una frase que recordis.").required())
                (Select::new("collective", "Col·lectiu", vec![
                    Choice::new("ateneu", "L’Ateneu del Poblet").chosen(true),
                    Choice::new("collectiu", "Col·lectiu Ronda").detail("Barcelona"),
                    Choice::new("cap", "Cap d’aquests").disabled(true),
                ]).hint("El que respon per tu.").required())
                (Choices::one("role", "Rol", vec![
                    Choice::new("editor", "Editora").detail("Escriu, comparteix i convida.").chosen(true),
                    Choice::new("reader", "Lectora").detail("Llegeix i comenta."),
                    Choice::new("owner", "Responsable").detail("Només la pot donar qui ja ho és.").disabled(true),
                ]).error(Some("Trieu un rol.")).required())
                (Choices::any("services", "Serveis", vec![Choice::new("oficina", "Oficina").chosen(true), Choice::new("forum", "Fòrum")]))
                (field_group("Límits", html! {
                    (Field::number("quota", "Espai").value("5").min("0").suffix("GB"))
                    (Field::date("until", "Fins al dia").value("2026-12-31").min("2026-03-03"))
                }))
                (TextArea::new("reason", "Per què").hint("La persona ho podrà llegir.").value("Perquè ens coneixem.").rows(3).max_length(500))
                (Checkbox::new("terms", "He llegit els estatuts de L’Ateneu").required())
                (actions(html! {
                    (Button::primary("Desa").icon(Icon::Check))
                    (Button::secondary("Enrere").unchecked().name_value("step", "back").form_action("#enrere"))
                    (Button::danger("Retira l’accés"))
                    (Button::quiet("Ara no"))
                    (Button::secondary("No disponible").disabled(true))
                }))
            }))
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::{Catalogue, Lang};

    static KIT: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[]));

    fn pages() -> impl Iterator<Item = (Lang, String)> {
        Lang::ALL.into_iter().flat_map(|lang| {
            let t = T::new(lang, &KIT);
            [gallery(t), gallery_narrow(t, false), gallery_narrow(t, true)].map(|page| (lang, page.into_string()))
        })
    }

    #[test]
    fn every_part_renders_in_every_language() {
        for (lang, html) in pages() {
            assert!(html.starts_with("<!DOCTYPE html><html lang=\"") && html.ends_with("</html>"));
            assert!(html.contains(&format!("<html lang=\"{lang}\">")));
            assert!(!html.contains("kit-"), "a word of the kit is missing in {lang}");
            assert!(!html.contains("{$"), "a variable is missing in {lang}");
        }
    }

    #[test]
    fn a_strict_content_policy_has_nothing_to_forbid() {
        for (_, html) in pages() {
            for forbidden in [" style=", "<style", "<script", " onclick", "javascript:", "http://", "https://", "data:"] {
                assert!(!html.contains(forbidden), "{forbidden}");
            }
        }
    }

    #[test]
    fn ids_are_unique_and_every_reference_finds_its_id() {
        for (_, html) in pages() {
            let mut ids: Vec<&str> = attribute(&html, "id").collect();
            ids.sort_unstable();
            let all = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), all, "an id is given twice");
            for target in attribute(&html, "for").chain(attribute(&html, "aria-describedby").flat_map(|list| list.split(' '))) {
                assert!(ids.contains(&target), "nothing has the id {target}");
            }
        }
    }

    #[test]
    fn every_control_has_a_label() {
        for (_, html) in pages() {
            let labelled: Vec<&str> = attribute(&html, "for").collect();
            for tag in ["<input ", "<select ", "<textarea "] {
                for control in html.split(tag).skip(1).filter_map(|rest| rest.split('>').next()) {
                    let id = attribute(&format!(" {control}>"), "id").next().map(str::to_owned);
                    assert!(control.contains(r#"type="hidden""#) || id.is_some_and(|id| labelled.contains(&id.as_str())), "{control}");
                }
            }
        }
    }

    fn attribute<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let marker = format!(" {name}=\"");
        let starts: Vec<usize> = html.match_indices(&marker).map(|(at, _)| at + marker.len()).collect();
        starts.into_iter().filter_map(|start| html[start..].split('"').next())
    }
}
