//! The key ring's life: opened at start, rotated by a job, revoked by an operator.

use idp_domain::{Fault, Timestamp, audit::AuditEvent, id::KeyId};
use idp_store::{Tx, signing_keys::SigningKey};
use keys::{KeyRing, KeyTimes, PlannedKey, Policy, Purpose, RotationPlan, SigningAlg, StoredKey};

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

/// Takes a key out of use at once: tokens it signed no longer verify here, and it leaves the JWKS. Its successor signs
/// from now on. Returns whether there was such a key in use.
pub async fn revoke_key(act: &Act, kid: &str) -> Result<bool, Fault> {
    let mut stored = stored(act).await?;
    let Some(key) = stored.iter_mut().find(|key| key.times.kid == kid && key.times.revoked_at.is_none()) else { return Ok(false) };
    key.times.revoked_at = Some(act.now);
    let mut revoked = RotationPlan { create: Vec::new(), update: vec![key.times.clone()] };
    let plan = keys::plan(&times(&stored), act.now, &Policy::default());
    let created = generate(act, plan.create.clone()).await?;
    revoked.update.extend(plan.update);
    let tx = act.store().write("key_ring.revoke").await?;
    apply(act, &tx, &revoked, &created).await?;
    let id = tx.signing_keys().id_of(kid).await?;
    audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::KeyRevoked { key: id }, None).await?;
    tx.commit().await?;
    load(&act.app, &self::stored(act).await?, act.now)?;
    Ok(true)
}

/// The times of every stored key, for the console.
pub async fn list_keys(act: &Act) -> Result<Vec<KeyTimes>, Fault> {
    Ok(times(&stored(act).await?))
}

async fn apply(act: &Act, tx: &idp_store::WriteTx, plan: &RotationPlan, created: &[(KeyId, StoredKey)]) -> Result<(), Fault> {
    for (id, key) in created {
        tx.signing_keys().insert(&to_row(*id, key)).await?;
        audit::record(act, tx, audit::Concerning::cluster(), AuditEvent::KeyPublished { key: *id }, None).await?;
    }
    for times in &plan.update {
        tx.signing_keys().set_times(&times.kid, times.activates_at, times.retires_at, times.removed_at, times.revoked_at).await?;
    }
    Ok(())
}

fn load(app: &App, stored: &[StoredKey], now: Timestamp) -> Result<(), Fault> {
    app.replace_ring(KeyRing::open(stored, &app.0.master, now)?);
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

/// The store keeps names and bytes: it may not know what a key is.
fn from_row(row: SigningKey) -> Result<StoredKey, Fault> {
    let unknown = |what: &str| Fault::broken("key_ring.from_row", format!("signing_keys {}: unknown {what}", row.kid));
    let times = KeyTimes {
        alg: SigningAlg::from_name(&row.alg).ok_or_else(|| unknown("alg"))?,
        purpose: Purpose::from_name(&row.purpose).ok_or_else(|| unknown("purpose"))?,
        kid: row.kid,
        created_at: row.created_at,
        activates_at: row.activates_at,
        retires_at: row.retires_at,
        removed_at: row.removed_at,
        revoked_at: row.revoked_at,
    };
    Ok(StoredKey { times, sealed_private: row.sealed_private, public_jwk: row.public_jwk })
}

fn to_row(id: KeyId, key: &StoredKey) -> SigningKey {
    let times = &key.times;
    SigningKey {
        id,
        kid: times.kid.clone(),
        alg: times.alg.as_str().to_owned(),
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
