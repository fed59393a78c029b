//! The HTTP edge: routing from the contract, authentication, limits, errors to status.
