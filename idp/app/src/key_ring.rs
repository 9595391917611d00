//! The key ring's life: opened at start, rotated by a job, revoked by an operator.

use std::sync::PoisonError;

use idp_domain::{Fault, Timestamp, audit::AuditEvent, id::KeyId};
use idp_store::{Attempt, Inserted, Tx, WriteTx, signing_keys};
use keys::{KeyRing, KeyTimes, PlannedKey, Policy, Purpose, RotationPlan, StoredKey};

use crate::{Act, App, audit};

/// Publishes, activates and retires keys as the policy plans, and loads the result. Called at start, hourly and whenever
/// the ring's next change is due; doing it twice changes nothing.
pub async fn rotate_keys(act: &Act, policy: &Policy) -> Result<(), Fault> {
    let stored = stored(act).await?;
    let plan = keys::plan(&times(&stored), act.now, policy);
    let created = generate(act, plan.create.clone()).await?;
    if plan.is_empty() {
        return load(&act.app, &stored, act.now);
    }
    let tx = act.store().write("key_ring.rotate").await?;
    apply(act, &tx, &plan, &created).await?;
    tx.commit().await?;
    load(&act.app, &self::stored(act).await?, act.now)
}

/// Makes the ring anew when somebody else rotated or revoked a key, or when a change planned before is due. Asked every few
/// seconds, so that `idp keys revoke` reaches a running server.
pub async fn follow_keys(act: &Act) -> Result<(), Fault> {
    let stored = stored(act).await?;
    let due = act.app.ring().changes_at().is_some_and(|at| act.now >= at);
    let same = *act.app.0.ring_made_from.read().unwrap_or_else(PoisonError::into_inner) == times(&stored);
    if same && !due { Ok(()) } else { load(&act.app, &stored, act.now) }
}

/// Takes a key out of use at once: tokens it signed no longer verify here, and it leaves the JWKS. Its successor signs
/// from now on. Returns whether there was such a key in use.
pub async fn revoke_key(act: &Act, kid: &str) -> Result<bool, Fault> {
    let rows = act.store().read().signing_keys().list().await?;
    let Some(id) = rows.iter().find(|row| row.kid == kid).map(|row| row.id) else { return Ok(false) };
    let mut stored = rows.into_iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    let Some(key) = stored.iter_mut().find(|key| key.times.kid == kid && key.times.revoked_at.is_none()) else { return Ok(false) };
    key.times.revoked_at = Some(act.now);
    let mut revoked = RotationPlan { create: Vec::new(), update: vec![key.times.clone()] };
    let plan = keys::plan(&times(&stored), act.now, &Policy::default());
    let created = generate(act, plan.create.clone()).await?;
    revoked.update.extend(plan.update);
    let tx = act.store().write("key_ring.revoke").await?;
    apply(act, &tx, &revoked, &created).await?;
    audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::KeyRevoked { key: id }, None).await?;
    tx.commit().await?;
    load(&act.app, &self::stored(act).await?, act.now)?;
    Ok(true)
}

/// The times of every stored key, for the console.
pub async fn list_keys(act: &Act) -> Result<Vec<KeyTimes>, Fault> {
    Ok(times(&stored(act).await?))
}

async fn apply(act: &Act, tx: &WriteTx, plan: &RotationPlan, created: &[(KeyId, StoredKey)]) -> Result<(), Fault> {
    for (id, key) in created {
        if tx.signing_keys().insert(&to_row(*id, key)).await? == Inserted::Taken {
            return Err(Fault::broken("key_ring.apply", "a new key has the name of an old one"));
        }
        audit::record(act, tx, audit::Concerning::cluster(), AuditEvent::KeyPublished { key: *id }, None).await?;
    }
    for times in &plan.update {
        let changed = signing_keys::KeyTimes {
            activates_at: times.activates_at,
            retires_at: times.retires_at,
            removed_at: times.removed_at,
            revoked_at: times.revoked_at,
            forget_private: !times.is_published(act.now),
        };
        // lost when another process revoked it a moment ago: that counts
        let (Attempt::Won | Attempt::Lost) = tx.signing_keys().set_times(&times.kid, changed).await?;
    }
    Ok(())
}

fn load(app: &App, stored: &[StoredKey], now: Timestamp) -> Result<(), Fault> {
    // the private halves of keys that left the published set are forgotten
    let published: Vec<StoredKey> = stored.iter().filter(|key| key.times.is_published(now)).cloned().collect();
    app.replace_ring(KeyRing::open(&published, &app.0.master, now)?, times(stored));
    Ok(())
}

fn times(stored: &[StoredKey]) -> Vec<KeyTimes> {
    stored.iter().map(|key| key.times.clone()).collect()
}

/// Generating an RSA key takes a tenth of a second: never on a thread that serves requests.
async fn generate(act: &Act, planned: Vec<PlannedKey>) -> Result<Vec<(KeyId, StoredKey)>, Fault> {
    let (app, now) = (act.app.clone(), act.now);
    tokio::task::spawn_blocking(move || {
        planned
            .iter()
            .map(|planned| {
                let entropy = app.entropy();
                let key = StoredKey::generate(planned, StoredKey::kid(entropy.bytes()), entropy.bytes(), &app.0.master, now)?;
                Ok((entropy.id(now), key))
            })
            .collect::<Result<Vec<_>, Fault>>()
    })
    .await
    .map_err(|error| Fault::broken("key_ring.generate", error))?
}

async fn stored(act: &Act) -> Result<Vec<StoredKey>, Fault> {
    act.store().read().signing_keys().list().await?.into_iter().map(from_row).collect()
}

/// The store may not know what a key is.
fn from_row(row: signing_keys::StoredKey) -> Result<StoredKey, Fault> {
    let purpose = Purpose::from_name(&row.purpose)
        .ok_or_else(|| Fault::broken("key_ring.from_row", format!("signing_keys {}: unknown purpose {}", row.kid, row.purpose)))?;
    let times = KeyTimes {
        kid: row.kid,
        alg: row.alg,
        purpose,
        created_at: row.created_at,
        activates_at: row.activates_at,
        retires_at: row.retires_at,
        removed_at: row.removed_at,
        revoked_at: row.revoked_at,
    };
    Ok(StoredKey { times, sealed_private: row.sealed_private, public_jwk: row.public_jwk })
}

fn to_row(id: KeyId, key: &StoredKey) -> signing_keys::StoredKey {
    let times = &key.times;
    signing_keys::StoredKey {
        id,
        kid: times.kid.clone(),
        alg: times.alg,
        purpose: times.purpose.as_str().to_owned(),
        sealed_private: key.sealed_private.clone(),
        public_jwk: key.public_jwk.clone(),
        created_at: times.created_at,
        activates_at: times.activates_at,
        retires_at: times.retires_at,
        removed_at: times.removed_at,
        revoked_at: times.revoked_at,
    }
}
