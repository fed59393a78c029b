//! A whole Potok in a test: free port, turned clock, seeded ids, ready organizations.
