//! The one binary: serve, demo, admin.
