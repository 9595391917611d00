use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const PAIR: (Purpose, SigningAlg) = (Purpose::IdToken, SigningAlg::EdDsa);
const HOUR: i64 = 3_600_000;

fn policy() -> Policy {
    Policy { pairs: vec![PAIR, (Purpose::AccessToken, SigningAlg::Rs256)], ..Policy::default() }
}

fn at(hours: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + hours * HOUR)
}

/// A cluster's keys, and what happened to them that excuses a short notice.
#[derive(Default)]
struct World {
    keys: Vec<KeyTimes>,
    /// Keys that were made or promoted while their pair had no active key.
    hurried: BTreeSet<String>,
}

impl World {
    fn apply(&mut self, policy: &Policy, now: Timestamp) -> RotationPlan {
        let plan = plan(&self.keys, now, policy);
        for planned in &plan.create {
            let kid = format!("k{}", self.keys.len());
            if planned.activates_at == now {
                self.hurried.insert(kid.clone());
            }
            self.keys.push(planned.times(kid, now));
        }
        for times in &plan.update {
            let row = self.keys.iter_mut().find(|key| key.kid == times.kid).expect("updates name existing keys");
            if row.activates_at != times.activates_at {
                self.hurried.insert(row.kid.clone());
            }
            *row = times.clone();
        }
        plan
    }

    fn in_state(&self, (purpose, alg): (Purpose, SigningAlg), state: KeyState, now: Timestamp) -> Vec<&KeyTimes> {
        self.keys.iter().filter(|key| key.is(purpose, alg) && key.state(now) == state).collect()
    }

    /// The instants in a span at which anything changes, and the instants just before.
    fn edges(&self, from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let times = self.keys.iter().flat_map(|key| [Some(key.activates_at), key.retires_at, key.removed_at]).flatten();
        let both = times.flat_map(|edge| [edge, edge - Ttl::millis(1)]);
        both.chain([from, until - Ttl::millis(1)]).filter(|edge| (from..until).contains(edge)).collect()
    }
}

#[test]
fn the_first_start_makes_one_key_per_pair_that_signs_at_once() {
    let mut world = World::default();
    let plan = world.apply(&Policy::default(), at(0));
    assert_eq!(plan.create.len(), 9);
    assert!(plan.create.iter().all(|planned| planned.activates_at == at(0)));
    assert!(plan.update.is_empty());
    assert!(world.apply(&Policy::default(), at(0)).is_empty(), "a second plan has nothing to do");
}

#[test]
fn a_successor_is_published_two_days_before_the_thirtieth_and_takes_over_then() {
    let mut world = World::default();
    world.apply(&policy(), at(0));
    assert!(world.apply(&policy(), at(28 * 24 - 1)).is_empty());
    assert_eq!(world.apply(&policy(), at(28 * 24)).create.len(), 2);

    let [first] = world.in_state(PAIR, KeyState::Active, at(28 * 24))[..] else { panic!("one is active") };
    let [next] = world.in_state(PAIR, KeyState::Next, at(28 * 24))[..] else { panic!("one is next") };
    assert_eq!((next.created_at, next.activates_at), (at(28 * 24), at(30 * 24)));
    assert_eq!((first.retires_at, first.removed_at), (Some(at(30 * 24)), Some(at(33 * 24))));
    assert_eq!(next.state(at(30 * 24)), KeyState::Active);
    assert_eq!(first.state(at(30 * 24)), KeyState::Retiring);
    assert!(first.is_published(at(33 * 24 - 1)));
    assert_eq!(first.state(at(33 * 24)), KeyState::Removed);
}

#[test]
fn after_a_long_sleep_the_old_key_signs_on_until_its_successor_was_published_long_enough() {
    let mut world = World::default();
    world.apply(&policy(), at(0));
    world.apply(&policy(), at(90 * 24));
    assert_eq!(world.in_state(PAIR, KeyState::Active, at(92 * 24) - Ttl::millis(1))[0].kid, "k0");
    assert_eq!(world.in_state(PAIR, KeyState::Active, at(92 * 24))[0].activates_at, at(92 * 24));
}

#[test]
fn a_rotation_by_hand_publishes_one_successor_and_repeating_it_none() {
    let mut world = World::default();
    world.apply(&policy(), at(0));
    assert_eq!(world.apply(&policy().due_now(), at(5)).create.len(), 2);
    assert!(world.apply(&policy().due_now(), at(6)).is_empty());
    assert_eq!(world.in_state(PAIR, KeyState::Next, at(6))[0].activates_at, at(5 + 48));
}

#[test]
fn revoking_the_active_key_promotes_the_published_successor_or_makes_a_key() {
    let mut world = World::default();
    world.apply(&policy(), at(0));
    world.keys[0].revoked_at = Some(at(1));
    world.apply(&policy(), at(1));
    let [fresh] = world.in_state(PAIR, KeyState::Active, at(1))[..] else { panic!("one is active") };
    assert_eq!((fresh.created_at, fresh.activates_at), (at(1), at(1)));
    let fresh = fresh.kid.clone();

    world.apply(&policy().due_now(), at(2));
    let next = world.in_state(PAIR, KeyState::Next, at(2))[0].kid.clone();
    world.keys.iter_mut().find(|key| key.kid == fresh).expect("is there").revoked_at = Some(at(3));
    world.apply(&policy(), at(3));
    let [promoted] = world.in_state(PAIR, KeyState::Active, at(3))[..] else { panic!("one is active") };
    assert_eq!(promoted.kid, next);
}

#[test]
fn revoking_the_successor_leaves_the_active_key_until_another_was_published_long_enough() {
    let mut world = World::default();
    world.apply(&policy(), at(0));
    world.apply(&policy(), at(28 * 24));
    let next = world.in_state(PAIR, KeyState::Next, at(29 * 24))[0].kid.clone();
    world.keys.iter_mut().find(|key| key.kid == next).expect("is there").revoked_at = Some(at(29 * 24));
    world.apply(&policy(), at(29 * 24));
    let [active] = world.in_state(PAIR, KeyState::Active, at(29 * 24))[..] else { panic!("one is active") };
    assert_eq!((active.kid.as_str(), active.retires_at), ("k0", Some(at(31 * 24))));
    assert_eq!(world.in_state(PAIR, KeyState::Next, at(29 * 24))[0].activates_at, at(31 * 24));
}

#[test]
fn of_two_keys_made_by_two_first_starts_one_stays() {
    let mut world = World::default();
    let one_pair = Policy { pairs: vec![PAIR], ..Policy::default() };
    world.keys = ["a", "b"].map(|kid| plan(&[], at(0), &one_pair).create[0].times(kid.into(), at(0))).to_vec();
    world.apply(&one_pair, at(1));
    assert_eq!(world.in_state(PAIR, KeyState::Active, at(1)).len(), 1);
    assert_eq!(world.in_state(PAIR, KeyState::Retiring, at(1)).len(), 1);
}

/// Something that happens before the next plan.
#[derive(Debug, Clone)]
enum Event {
    Nothing,
    RotateByHand,
    /// Revoke the key at this place of the list.
    Revoke(prop::sample::Index),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => Just(Event::Nothing),
        1 => Just(Event::RotateByHand),
        1 => any::<prop::sample::Index>().prop_map(Event::Revoke),
    ]
}

proptest! {
    #[test]
    fn at_every_instant_one_key_signs_and_none_comes_or_goes_unannounced(
        steps in prop::collection::vec((1..45 * 24 * HOUR, event()), 1..40),
    ) {
        let policy = policy();
        let mut world = World::default();
        let mut now = at(0);
        world.apply(&policy, now);
        for (passed, event) in steps {
            let until = now + Ttl::millis(passed);
            for edge in world.edges(now, until) {
                for &pair in &policy.pairs {
                    prop_assert_eq!(world.in_state(pair, KeyState::Active, edge).len(), 1, "at {}", edge);
                }
            }
            now = until;
            match event {
                Event::Nothing => {}
                Event::RotateByHand => {
                    world.apply(&policy.clone().due_now(), now);
                }
                Event::Revoke(index) => {
                    let place = index.index(world.keys.len());
                    if world.keys[place].is_published(now) {
                        world.keys[place].revoked_at = Some(now);
                    }
                }
            }
            let before = world.keys.clone();
            world.apply(&policy, now);
            prop_assert!(world.apply(&policy, now).is_empty(), "a plan is idempotent");
            for old in before.iter().filter(|old| old.retires_at.is_some_and(|at| at <= now)) {
                prop_assert!(world.keys.contains(old), "history is not rewritten");
            }
        }
        for key in &world.keys {
            if !world.hurried.contains(&key.kid) {
                prop_assert!(key.activates_at >= key.created_at + Ttl::hours(48), "{:?}", key);
            }
            if let Some(retires_at) = key.retires_at {
                prop_assert!(key.removed_at >= Some(retires_at + policy.longest_token + Ttl::hours(48)), "{:?}", key);
            }
        }
    }
}
