//! What the services said when they were told of a withdrawal or a change: read from the receipts of one collective's
//! doors, and of no other's.

use std::collections::BTreeMap;

use idp_domain::{
    Fault, Timestamp, Ttl,
    id::{CollectiveId, MembershipId, ServiceId},
    service::Service,
};
use idp_store::{
    Tx,
    receipts::{Receipt, ReceiptState},
};

use crate::collectives::promised;

/// How far back the desk looks.
const SHOWN: Ttl = Ttl::days(30);

/// A service that was told of a change, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceTold {
    /// The service.
    pub service: Service,
    /// When the change happened here.
    pub since: Timestamp,
    /// How far it got there.
    pub state: ToldState,
    /// When it got there; of what was never told, when the change happened.
    pub at: Timestamp,
}

/// How far telling a service got. With several sessions or clients, the worst: never done before it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldState {
    /// It confirmed, everywhere.
    Confirmed,
    /// On the way.
    Waiting,
    /// It did not take it yet; the next try follows.
    TryingAgain,
    /// It never took it: what runs there ends when the service ends it.
    GivenUp,
    /// It cannot be told: what runs there ends when the service ends it.
    CannotBeTold,
}

/// The last change each service was told of through the doors of this membership, by name of service.
pub(crate) async fn told_of(
    tx: &impl Tx,
    collective: CollectiveId,
    membership: MembershipId,
    now: Timestamp,
) -> Result<Vec<ServiceTold>, Fault> {
    let listed = tx.receipts().list_of_membership(collective, membership, now - SHOWN).await?;
    let mut by_service: BTreeMap<ServiceId, Vec<Receipt>> = BTreeMap::new();
    for (service, receipt) in listed {
        by_service.entry(service).or_default().push(receipt);
    }
    let ids: Vec<_> = by_service.keys().copied().collect();
    let services = tx.services().list_of(&ids).await?;
    let mut told = Vec::with_capacity(by_service.len());
    for (id, receipts) in by_service {
        let Some((since, state, at)) = last_told(&receipts) else { continue };
        let service = promised(services.iter().find(|service| service.id == id).cloned(), "told.service")?;
        told.push(ServiceTold { service, since, state, at });
    }
    told.sort_by_cached_key(|told| (told.service.name.sort_key(), told.service.id));
    Ok(told)
}

/// Of what each session at the service was last told, the worst: when that act happened, how far telling got, and when it got there.
/// What a later session confirmed says nothing about an earlier one.
fn last_told(receipts: &[Receipt]) -> Option<(Timestamp, ToldState, Timestamp)> {
    let mut last: BTreeMap<_, Timestamp> = BTreeMap::new();
    for receipt in receipts {
        let told_at = last.entry((receipt.client, receipt.session)).or_insert(receipt.told_at);
        *told_at = receipt.told_at.max(*told_at);
    }
    let of_last_act = receipts.iter().filter(|receipt| last.get(&(receipt.client, receipt.session)) == Some(&receipt.told_at));
    let told = of_last_act.map(|receipt| (receipt.told_at, state(receipt), receipt.at));
    told.max_by_key(|(told_at, state, at)| (severity(*state), *told_at, *at))
}

fn state(receipt: &Receipt) -> ToldState {
    match receipt.state {
        ReceiptState::Confirmed => ToldState::Confirmed,
        ReceiptState::Pending if receipt.detail.is_none() => ToldState::Waiting,
        ReceiptState::Pending => ToldState::TryingAgain,
        ReceiptState::Failed => ToldState::GivenUp,
        ReceiptState::NotSupported => ToldState::CannotBeTold,
    }
}

const fn severity(state: ToldState) -> u8 {
    match state {
        ToldState::Confirmed => 0,
        ToldState::Waiting => 1,
        ToldState::TryingAgain => 2,
        ToldState::CannotBeTold => 3,
        ToldState::GivenUp => 4,
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::id::Id;
    use idp_store::receipts::ReceiptKind;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_seconds(minute * 60)
    }

    fn receipt(session: u128, told: i64, state: ReceiptState, settled: i64, detail: Option<&str>) -> Receipt {
        Receipt {
            id: Id::from_uuid(uuid::Uuid::nil()),
            grant: Id::from_uuid(uuid::Uuid::nil()),
            client: Id::from_uuid(uuid::Uuid::nil()),
            session: Some(Id::from_uuid(uuid::Uuid::from_u128(session))),
            kind: ReceiptKind::BackchannelLogout,
            state,
            told_at: at(told),
            at: at(settled),
            detail: detail.map(str::to_owned),
        }
    }

    #[test]
    fn each_session_counts_with_its_last_act_and_of_these_the_worst() {
        use ReceiptState::{Confirmed, Failed, NotSupported, Pending};
        let (done, waits) = (receipt(1, 1, Confirmed, 2, None), receipt(1, 1, Pending, 1, None));
        let tried = receipt(1, 1, Pending, 3, Some("500"));
        let (silent, lost) = (receipt(1, 1, NotSupported, 1, None), receipt(1, 1, Failed, 9, Some("500")));
        for (receipts, expected) in [
            (vec![done.clone()], Some((1, ToldState::Confirmed, 2))),
            (vec![done.clone(), receipt(1, 1, Confirmed, 4, None)], Some((1, ToldState::Confirmed, 4))),
            (vec![done.clone(), waits.clone()], Some((1, ToldState::Waiting, 1))),
            (vec![waits, tried.clone(), done.clone()], Some((1, ToldState::TryingAgain, 3))),
            (vec![silent.clone(), tried, done.clone()], Some((1, ToldState::CannotBeTold, 1))),
            (vec![lost.clone(), silent], Some((1, ToldState::GivenUp, 9))),
            (vec![receipt(1, 0, Failed, 1, None), done.clone()], Some((1, ToldState::Confirmed, 2))),
            (vec![receipt(2, 0, Failed, 1, None), done.clone()], Some((0, ToldState::GivenUp, 1))),
            (vec![receipt(2, 0, Confirmed, 1, None), done], Some((1, ToldState::Confirmed, 2))),
            (vec![lost, receipt(2, 5, Confirmed, 6, None), receipt(1, 7, Confirmed, 8, None)], Some((7, ToldState::Confirmed, 8))),
            (vec![], None),
        ] {
            assert_eq!(last_told(&receipts), expected.map(|(since, state, settled)| (at(since), state, at(settled))), "{receipts:?}");
        }
    }
}
