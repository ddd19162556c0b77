#![no_main]
use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target};
use mondegreen_sim::fuzz;
fuzz_target!(|bytes: &[u8]| fuzz::canary(bytes));
fuzz_mutator!(|data: &mut [u8], size: usize, size_max: usize, seed: u32| {
    fuzz::mutate_case(data, size, size_max, seed)
});
fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
    fuzz::splice_cases(one, other, out, seed)
});
