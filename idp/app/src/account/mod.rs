//! What people see and decide about themselves.

pub mod change_password;
pub mod decide_mandate;
pub mod decline_invitation;
pub mod my_collectives;
pub mod my_record;
pub mod my_services;
pub mod offline_access;
pub mod service_card;
pub mod sessions;
pub mod set_language;
