//! What is remembered: SQLite or PostgreSQL through sea-orm, short-lived state in SQL or Redis.
