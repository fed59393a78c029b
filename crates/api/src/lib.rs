//! The contract: every HTTP method of the API once, as data and types.
