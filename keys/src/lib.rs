//! Signing keys: generated, sealed, rotated; the only place that signs and verifies.
