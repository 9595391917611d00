//! What operators do about clients that are there: look at them, retire their secrets, switch them off and on. What a client
//! is comes from a file: see [`crate::apply`].

mod list_clients;
mod retire_secrets;
mod switch_client;

pub use list_clients::{ListedClient, list_clients};
pub use retire_secrets::{RetireRefusal, RetiredSecrets, Retiring, retire_secrets};
pub use switch_client::{Disabled, Enabled, SwitchedOff, UnknownClient, disable_client, enable_client};
