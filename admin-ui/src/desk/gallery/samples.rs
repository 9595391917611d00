//! Somebody and something for every page, with the longest names that there are.

use idp_api::{
    ActorKind, AddressShown, Applicant, AuditActor, AuditItem, Collective, CollectiveCounts, CollectiveRole, CollectiveState, Door,
    DoorState, Language, Mandate, MandateState, Me, MemberDetail, MemberOffer, MemberPerson, Membership, MembershipState, MyCollective,
    RequestDetail, RequestItem, RequestKind, RequestState, ServiceRef, ServiceTold, StateCount, ToldState,
};

pub(super) const NOW: i64 = 1_772_546_700_000; // 2026-03-03T14:05:00Z
pub(super) const DAY: i64 = 86_400_000;
pub(super) const ATENEU: &str = "L’Ateneu Cooperatiu de la Vall d’en Bas i Rodalies «El Sindicat», Associació Cultural";
pub(super) const LONG: &str = "Maria de la Concepció Wolfeschlegelsteinhausenbergerdorff i Puig-antich de l’Hospitalet";
pub(super) const COL: &str = "col_00000000000000000000000000000001";
pub(super) const MEM: &str = "mem_00000000000000000000000000000002";

pub(super) fn service(n: u8) -> ServiceRef {
    let name = ["Oficina", "Àgora", "Un servei amb un nom extraordinàriament llarg que no cap enlloc"][usize::from(n % 3)];
    ServiceRef { id: format!("svc_{n}"), slug: format!("servei-{n}"), name: name.into() }
}

pub(super) fn mine(n: u8, open_requests: u32) -> MyCollective {
    let id = format!("col_{n}");
    MyCollective { id, slug: format!("c{n}"), name: ATENEU.into(), roles: vec![CollectiveRole::Manager], open_requests }
}

pub(super) fn me() -> Me {
    Me {
        person_id: "per_1".into(),
        name: LONG.into(),
        username: "maria".into(),
        locale: Some(Language::Ca),
        collectives: vec![mine(1, 0), mine(2, 3)],
        community_steward: true,
        operations_steward: false,
        auth_time: NOW,
    }
}

pub(super) fn collective(managers: u32) -> Collective {
    let count = |(nth, state)| StateCount { state, count: u32::try_from(nth).unwrap_or(0) };
    Collective {
        id: COL.into(),
        slug: "ateneu".into(),
        name: ATENEU.into(),
        locale: Language::Ca,
        listed: true,
        state: CollectiveState::Active,
        version: 3,
        counts: CollectiveCounts {
            members_by_state: MembershipState::ALL.into_iter().enumerate().map(count).collect(),
            open_requests: 1_234,
            managers,
        },
        join_link: "https://id.exemple.cat/join/ateneu".into(),
    }
}

pub(super) fn request_item(kind: RequestKind) -> RequestItem {
    RequestItem {
        id: "req_1".into(),
        kind,
        person: Applicant { name: LONG.into(), username: "maria".into() },
        service: (kind == RequestKind::Access).then(|| service(0)),
        text: "Hola! <b>Sóc</b> la Maria. ".repeat(20),
        created_at: NOW - 3 * DAY,
        rerouted_from: Some("El Forn".into()),
    }
}

pub(super) fn request(kind: RequestKind, state: RequestState) -> RequestDetail {
    let item = request_item(kind);
    RequestDetail {
        id: item.id,
        kind,
        state,
        person: item.person,
        addresses: vec![
            AddressShown { text: "maria@exemple.cat".into(), whole: true },
            AddressShown { text: "altre.cat".into(), whole: false },
        ],
        language: Some(Language::Es),
        text: item.text,
        service: item.service,
        created_at: item.created_at,
        rerouted_from: item.rerouted_from,
        may_decide: true,
        offers: match kind {
            RequestKind::Join => vec![offer(0), offer(1), offer(2)],
            RequestKind::Access => vec![offer(0)],
            RequestKind::Support | RequestKind::Recovery => vec![],
        },
    }
}

pub(super) fn offer(n: u8) -> MemberOffer {
    let roles: Vec<String> = if n == 1 { vec![] } else { vec!["viewer".into(), "editor".into(), "x_own".into()] };
    MemberOffer {
        service: service(n),
        default_role: roles.first().cloned(),
        roles,
        quota_ceiling: (n == 0).then_some(5 << 30),
        automatic: n == 0,
    }
}

pub(super) fn door(n: u8, state: DoorState) -> Door {
    Door {
        grant_id: format!("gra_{n}"),
        service: service(n),
        role: (n == 0).then(|| "editor".into()),
        quota: (n == 0).then_some(3 << 29),
        ends_at: (n == 0).then_some(NOW + 30 * DAY),
        state,
        version: 1,
    }
}

pub(super) fn somebody(state: MembershipState, may_act: bool) -> MemberDetail {
    let states = [
        DoorState::Open,
        DoorState::Expired,
        DoorState::MembershipNotActive,
        DoorState::OfferWithdrawn,
        DoorState::CollectiveNotActive,
        DoorState::ServiceNotActive,
        DoorState::PersonNotActive,
    ];
    MemberDetail {
        membership: Membership {
            id: MEM.into(),
            state,
            home: true,
            since: Some(NOW - 400 * DAY),
            ends_at: Some(NOW + 400 * DAY),
            roles: vec![CollectiveRole::Member, CollectiveRole::Manager, CollectiveRole::Coordinator, CollectiveRole::ServiceManager],
            version: 7,
        },
        person: MemberPerson {
            name: LONG.into(),
            username: "maria".into(),
            email: may_act.then(|| "maria@exemple.cat".into()),
            language: Some(Language::En),
            pending: true,
        },
        doors: states.into_iter().zip(0..).map(|(state, n)| door(n, state)).collect(),
        offers: vec![offer(1), offer(2)],
        told: [ToldState::Confirmed, ToldState::Waiting, ToldState::TryingAgain, ToldState::GivenUp, ToldState::CannotBeTold]
            .into_iter()
            .zip(0..)
            .map(|(state, n)| ServiceTold { service: service(n), since: NOW - DAY, state, at: NOW })
            .collect(),
        may_act,
        mandates: vec![held(CollectiveRole::Manager, MandateState::Accepted), held(CollectiveRole::Coordinator, MandateState::Accepted)],
        may_propose_manager: false,
        request_id: (state == MembershipState::Requested).then(|| "req_1".into()),
    }
}

pub(super) fn held(role: CollectiveRole, state: MandateState) -> Mandate {
    Mandate { id: "man_1".into(), role, state, since: NOW - DAY, ends_at: None }
}

pub(super) fn fact(kind: &str, actor: ActorKind, name: Option<&str>) -> AuditItem {
    AuditItem {
        id: "aud_1".into(),
        sequence: 1,
        at: NOW - DAY,
        kind: kind.into(),
        actor: AuditActor { kind: actor, name: name.map(Into::into) },
        person: name.map(Into::into),
        service: Some(service(0)),
        reason: Some("<script>perquè sí</script>".into()),
    }
}
