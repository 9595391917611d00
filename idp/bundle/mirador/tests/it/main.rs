//! Mirador against a provider made for the purpose, which can be told to misbehave.

mod backchannel;
mod browser;
mod provider;
mod sign_in;
