#![no_main]
libfuzzer_sys::fuzz_target!(|fuzzed: mondegreen_sim::race::fuzzed::Fuzzed| {
    mondegreen_sim::race::fuzzed::play(&fuzzed);
});
