//! The operator of the exchange: judges signatures against the certificates that the server trusts, and makes and signs
//! the official documents. The use cases know it as the seams of `potok-app`.
