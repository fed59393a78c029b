//! Document bytes by hash over an object store.
