//! Between the wire and the domain: posts to commands; messages, events, documents and docflows to the wire.
