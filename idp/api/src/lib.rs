//! The management API as its callers see it: shapes and a typed client.
