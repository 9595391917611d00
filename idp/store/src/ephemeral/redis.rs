//! Short-lived state in Redis.
//!
//! Every value carries its deadline, `<milliseconds>|<value>`, because Redis' own expiry follows Redis' clock. That one
//! only sweeps.

use std::{fmt, time::Duration};

use idp_domain::{Fault, Timestamp, Ttl};
use redis::{
    AsyncCommands, Client, FromRedisValue, RedisError, Script, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};

use super::{Counted, Stored};
use crate::{OpenError, open::without_password};

/// A command that takes longer is given up: what may be lost may not delay anybody.
const TIMEOUT: Duration = Duration::from_millis(500);

#[derive(Clone)]
pub(super) struct RedisEphemeral {
    connection: ConnectionManager,
}

impl fmt::Debug for RedisEphemeral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisEphemeral")
    }
}

/// `KEYS[1]`, value with deadline, now, milliseconds to live → 1 when it was left.
const PUT_IF_ABSENT: &str = "
local found = redis.call('GET', KEYS[1])
if found and tonumber(string.match(found, '^(-?%d+)|')) > tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1";

/// `KEYS[1]`, now, end of a window that begins now, its length → count and end of the window.
const COUNT: &str = "
local found = redis.call('GET', KEYS[1])
local ends, count = ARGV[2], 0
if found then
  local e, c = string.match(found, '^(-?%d+)|(%d+)$')
  if tonumber(e) > tonumber(ARGV[1]) then ends, count = e, tonumber(c) end
end
count = count + 1
if count == 1 then redis.call('SET', KEYS[1], ends .. '|1', 'PX', ARGV[3])
else redis.call('SET', KEYS[1], ends .. '|' .. count, 'KEEPTTL') end
return {count, ends}";

fn unavailable(place: &'static str) -> impl Fn(RedisError) -> Fault {
    move |error| Fault::unavailable(place, error)
}

fn name(kind: &str, key: &str) -> String {
    format!("aplec:{kind}:{key}")
}

/// The time to live that Redis is told: at least one millisecond, or it would refuse.
fn sweep_after(expires_at: Timestamp, now: Timestamp) -> i64 {
    expires_at.since(now).as_millis().max(1)
}

/// The value, if its deadline lies ahead.
fn alive(stored: Option<String>, now: Timestamp) -> Option<(Timestamp, String)> {
    let stored = stored?;
    let (deadline, value) = stored.split_once('|')?;
    let deadline = Timestamp::from_millis(deadline.parse().ok()?);
    (deadline > now).then(|| (deadline, value.to_owned()))
}

impl RedisEphemeral {
    pub(super) async fn open(url: &str) -> Result<Self, OpenError> {
        let failed = |error: RedisError| OpenError::Ephemeral { place: without_password(url), reason: error.to_string() };
        let client = Client::open(url).map_err(failed)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(2);
        let connection = ConnectionManager::new_with_config(client, config).await.map_err(failed)?;
        Ok(Self { connection })
    }

    /// One round trip when Redis knows the script, three when it was restarted.
    async fn run<R: FromRedisValue>(&self, invocation: &ScriptInvocation<'_>, place: &'static str) -> Result<R, Fault> {
        invocation.invoke_async(&mut self.connection.clone()).await.map_err(unavailable(place))
    }

    pub(super) async fn put(&self, kind: &str, key: &str, value: &str, expires_at: Timestamp, now: Timestamp) -> Result<(), Fault> {
        let stored = format!("{}|{value}", expires_at.millis());
        let sweep = u64::try_from(sweep_after(expires_at, now)).unwrap_or(1);
        self.connection.clone().pset_ex(name(kind, key), stored, sweep).await.map_err(unavailable("store.ephemeral.put"))
    }

    pub(super) async fn put_if_absent(
        &self,
        kind: &str,
        key: &str,
        value: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<Stored, Fault> {
        let script = Script::new(PUT_IF_ABSENT);
        let mut invocation = script.key(name(kind, key));
        invocation.arg(format!("{}|{value}", expires_at.millis())).arg(now.millis()).arg(sweep_after(expires_at, now));
        let stored: i64 = self.run(&invocation, "store.ephemeral.put_if_absent").await?;
        Ok(if stored == 0 { Stored::Present } else { Stored::First })
    }

    pub(super) async fn take(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<String>, Fault> {
        let stored = self.connection.clone().get_del(name(kind, key)).await.map_err(unavailable("store.ephemeral.take"))?;
        Ok(alive(stored, now).map(|(_, value)| value))
    }

    pub(super) async fn peek(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<String>, Fault> {
        let stored = self.connection.clone().get(name(kind, key)).await.map_err(unavailable("store.ephemeral.peek"))?;
        Ok(alive(stored, now).map(|(_, value)| value))
    }

    pub(super) async fn remove(&self, kind: &str, key: &str) -> Result<(), Fault> {
        self.connection.clone().del(name(kind, key)).await.map_err(unavailable("store.ephemeral.remove"))
    }

    pub(super) async fn count(&self, kind: &str, key: &str, window: Ttl, now: Timestamp) -> Result<Counted, Fault> {
        let script = Script::new(COUNT);
        let mut invocation = script.key(name(kind, key));
        invocation.arg(now.millis()).arg((now + window).millis()).arg(window.as_millis().max(1));
        let (count, ends): (u64, i64) = self.run(&invocation, "store.ephemeral.count").await?;
        Ok(Counted { count, resets_at: Timestamp::from_millis(ends) })
    }

    pub(super) async fn counted(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Counted>, Fault> {
        let place = "store.ephemeral.counted";
        let stored = self.connection.clone().get(name(kind, key)).await.map_err(unavailable(place))?;
        alive(stored, now)
            .map(|(resets_at, count)| count.parse().map(|count| Counted { count, resets_at }).map_err(|error| Fault::broken(place, error)))
            .transpose()
    }
}
