//! A mandate that only holds the place of another until its holder says yes: the first steward's in the collective of the
//! second. Older programs leave it as it is, for ever.

use crate::kit::{add_uuid_null, migration};

migration!(|manager| add_uuid_null(manager, "mandates", "place_of").await);
