#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mondegreen_sim::fuzz::protocol(bytes));
