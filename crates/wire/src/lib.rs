//! The messages of the API: proto files, generated structs, descriptors, and the protobuf and JSON codec.
