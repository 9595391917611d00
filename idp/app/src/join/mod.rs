//! How people come in: registering, proving an address, being invited, asking for more. And the mails on the way.

mod flood;
mod unproven;

pub mod activate;
pub mod link;
pub mod pick;
pub mod prepare_mail;
pub mod register;
pub mod request_access;
pub mod request_membership;
pub mod verify_address;
pub mod withdraw_request;

pub use unproven::discard_unproven;
