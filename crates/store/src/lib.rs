//! Storage traits named by use, stored forms with versions, and the contract suite of every backend.
