//! Feeds the fuzzer's bytes to the target for multipart forms.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pynector_fuzz::multipart::run(data));
