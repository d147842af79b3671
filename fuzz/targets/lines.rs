//! Feeds the fuzzer's bytes to the target for JSON lines.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pynector_fuzz::lines::run(data));
