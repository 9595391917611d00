//! Nobody looks silently (DOMAIN rule 12): a manager's look at a person is an event that person can read. One a day and
//! manager tells all there is to tell; a page that is opened ten times would bury everything else.

use idp_domain::{
    Fault, Timestamp, Ttl,
    audit::AuditEvent,
    id::{CollectiveId, PersonId},
    policy::Standing,
};
use idp_store::Tx;

use crate::{Act, audit};

/// Records that the actor looked at somebody, unless it is themselves, or it is known for today.
pub(super) async fn record_look(act: &Act, standing: &Standing, collective: CollectiveId, person: PersonId) -> Result<(), Fault> {
    let Some(manager) = standing.person.filter(|manager| *manager != person) else { return Ok(()) };
    if is_known(act, &act.store().read(), collective, (manager, person)).await? {
        return Ok(());
    }
    let tx = act.store().write("collectives.record_look").await?;
    // of several pages opened at once, the first one's event is there when the second asks
    tx.collectives().hold(collective).await?;
    if is_known(act, &tx, collective, (manager, person)).await? {
        return tx.rollback().await;
    }
    audit::record(act, &tx, audit::Concerning::member(collective, person), AuditEvent::PersonViewed {}, None).await?;
    tx.commit().await
}

async fn is_known(act: &Act, tx: &impl Tx, collective: CollectiveId, (manager, person): (PersonId, PersonId)) -> Result<bool, Fault> {
    let kind = AuditEvent::PersonViewed {}.kind();
    Ok(tx.audit().find_latest_by(manager, person, (collective, kind), midnight(act.now)).await?.is_some())
}

/// When the day began (UTC).
fn midnight(now: Timestamp) -> Timestamp {
    now - Ttl::millis(now.millis().rem_euclid(Ttl::days(1).as_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight() {
        let midnight_of = |millis| midnight(Timestamp::from_millis(millis)).millis();
        let day = 86_400_000;
        assert_eq!([midnight_of(day), midnight_of(2 * day - 1), midnight_of(2 * day)], [day, day, 2 * day]);
    }
}
