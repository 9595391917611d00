//! Choosing the language of pages and mails.

use idp_domain::{audit::AuditEvent, locale::Locale, person::Person};
use idp_store::{Decided, Tx, Updated, people::ProfileChange};

use crate::{Act, Outcome, audit, failure::refuse};

/// Why the language stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetLanguageRefusal {
    /// The profile changed meanwhile.
    Stale,
}

/// Sets a person's language. Services see it at the next sign-in.
pub async fn set_language(act: &Act, person: &Person, locale: Locale) -> Outcome<(), SetLanguageRefusal> {
    if locale == person.locale {
        return Ok(());
    }
    let change = ProfileChange {
        display_name: person.display_name.clone(),
        given_name: person.given_name.clone(),
        family_name: person.family_name.clone(),
        locale,
        zoneinfo: person.zoneinfo.clone(),
    };
    let tx = act.store().write("account.set_language").await?;
    if tx.people().change_profile(person.id, person.version, &change, act.now, Decided::InTheWeb(act.now)).await? == Updated::Stale {
        tx.rollback().await?;
        return refuse(SetLanguageRefusal::Stale);
    }
    audit::record(act, &tx, audit::Concerning::person(person.id), AuditEvent::LanguageChanged {}, None).await?;
    tx.commit().await?;
    Ok(())
}
