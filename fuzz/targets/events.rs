//! Feeds the fuzzer's bytes to the target for an event stream.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pynector_fuzz::events::run(data));
