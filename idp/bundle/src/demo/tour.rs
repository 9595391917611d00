//! What the demo prints: where to click and who can sign in.

use std::fmt::Write as _;

use super::file::{DemoFile, DemoPerson};
use crate::Place;

/// A few people worth meeting, and why.
const PEOPLE: [(&str, &str); 9] = [
    ("maria.puig", "manager of L'Ateneu, steward of the community desk; also in Col·lectiu L'Àgora"),
    ("jordi.marti", "manager of Col·lectiu L'Àgora, steward of operations"),
    ("fatima.zahra", "manager of Xarxa de Suport Mutu, which only its link shows"),
    ("jana.bosch", "manager of Ràdio Boscana and of its studio, which admits guests"),
    ("dolors.vives", "member of three collectives"),
    ("gat.negre", "a pseudonym"),
    ("biel.riera", "has no access to Mirador, and has asked for it"),
    ("oriol.mas", "suspended in L'Ateneu, active in Ràdio Boscana"),
    ("gemma.oliver", "waits for L'Ateneu to let her in"),
];

pub(super) fn text(place: &Place, mailbox: &str, demo: &DemoFile) -> String {
    let mut text = String::from("\nAplec's demo is ready.\n\n");
    let places = [
        ("Mirador", place.mirador(), "start here: a small service that shows what it learns about you"),
        ("Your account", place.issuer(), "the identity provider"),
        ("The managers' desk", place.desk(), "for managers and stewards"),
        ("The mailbox", mailbox.to_owned(), "every mail the demo sends"),
    ];
    for (name, address, what) in places {
        line(&mut text, format_args!("  {name:<20}{address:<36}{what}"));
    }
    line(
        &mut text,
        format_args!("\nWho can sign in, with which password (all {} are in {}):\n", demo.people.len(), place.demo_file().display()),
    );
    let people: Vec<(&DemoPerson, &str)> =
        PEOPLE.iter().filter_map(|(username, why)| Some((demo.people.iter().find(|person| person.username == *username)?, *why))).collect();
    let width = |of: fn(&DemoPerson) -> &str| people.iter().map(|(person, _)| of(person).len()).max().unwrap_or_default() + 2;
    let (name, password) = (width(|person| &person.username), width(|person| &person.password));
    for (person, why) in &people {
        line(&mut text, format_args!("  {:<name$}{:<password$}{why}", person.username, person.password));
    }
    line(
        &mut text,
        format_args!(
            "\nEverything is in {data}, its master key in keys/local. Ctrl-C stops it; to begin anew, delete {data}.\n",
            data = place.data().display()
        ),
    );
    text
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // writing to a string cannot fail
    let _ = writeln!(text, "{content}");
}
