//! Feeds the fuzzer's bytes to the target for Link headers.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pynector_fuzz::link::run(data));
