//! How many lines of the protocol a second pass between Mondegreen and a program that does nothing?
//!
//! ```sh
//! cargo run --release -p mondegreen-sim --example lines-per-second
//! time taskset -c 1 target/release/examples/lines-per-second   # both processes on one core
//! ```
//!
//! Counted are all lines, in and out: each input is answered by one effect and `done`, three lines. The
//! program reads and writes JSON, as an adapter does.
#![expect(clippy::print_stdout, reason = "an example prints what it measures")]

use mondegreen_sim::{Assistant, Broken, Limits, Process};
use mondegreen_trace::{Household, Hypothesis, Input, PROTOCOL, Voice};

const ECHO: &str = r#"
import json, sys
for line in sys.stdin:
    given = json.loads(line)
    if given["type"] == "start":
        effect = {"type": "hello", "protocol": 1, "name": "echo", "version": "1"}
    else:
        effect = {"type": "notice", "device": given["device"], "text": given["hypotheses"][0]["text"]}
    sys.stdout.write(json.dumps(effect) + '\n{"type":"done"}\n')
    sys.stdout.flush()
"#;
const LINES_PER_INPUT: u32 = 3;
const INPUTS: u32 = 100_000;

#[expect(clippy::disallowed_types, reason = "it measures real time")]
fn main() -> Result<(), Broken> {
    let command = format!("python3 -S -c '{}'", ECHO.replace('\'', r"'\''"));
    let mut process = Process::spawn(&command, Limits::default())?;
    let mut effects = Vec::new();
    process.take(&start(), &mut effects)?;
    for round in 1..=5 {
        let begun = std::time::Instant::now();
        for number in 0..INPUTS {
            effects.clear();
            process.take(&heard(u64::from(number)), &mut effects)?;
            assert_eq!(effects.len(), 1, "an echo");
        }
        let seconds = begun.elapsed().as_secs_f64();
        let lines = f64::from(INPUTS * LINES_PER_INPUT) / seconds;
        println!("round {round}: {lines:.0} lines a second");
    }
    Ok(())
}

fn start() -> Input {
    Input::Start {
        protocol: PROTOCOL,
        seed: 1,
        at_ms: 0,
        household: Household {
            devices: vec!["kitchen".to_owned()],
            contacts: Vec::new(),
            messaging: true,
        },
    }
}

fn heard(at_ms: u64) -> Input {
    Input::Heard {
        at_ms,
        device: "kitchen".to_owned(),
        from_ms: at_ms,
        is_final: true,
        voice: Voice::Person,
        hypotheses: vec![Hypothesis {
            text: "right after the second light".to_owned(),
            confidence: 0.83,
        }],
    }
}
