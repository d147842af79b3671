//! Feeds the fuzzer's bytes to the target for Retry-After.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pynector_fuzz::retry_after::run(data));
