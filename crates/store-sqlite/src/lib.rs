//! The embedded store: SQLite, group commit, leases.
