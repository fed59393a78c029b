//! Black-box tests through the real server.
