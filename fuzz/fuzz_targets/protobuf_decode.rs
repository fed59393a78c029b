#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| potok_fuzz::protobuf(data));
