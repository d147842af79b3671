//! Feeds the fuzzer's bytes to the target for templates of paths.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pynector_fuzz::template::run(data));
