//! What goes over the pipes when nothing is wrong.

use crate::{Target, give, heard, start};
use mondegreen_sim::{Assistant, Process};
use mondegreen_trace::{Asks, Effect, Input};

#[test]
fn effects_come_as_they_were_written() {
    let target = Target::that_when_it_hears(
        "say(type='prompt', device=given['device'], prompt=3, text='Ana Ruiz, right?', asks='confirmation', \
         recipient='c1', message='m1', duration_ms=1100, mood='good')\n\
         say(type='listen', device='kitchen', until_ms=given['at_ms'] + 100, **{'for': 'confirmation'})",
    );
    let mut process = target.spawn();
    let hello = Effect::Hello {
        protocol: 1,
        name: "target".to_owned(),
        version: "1".to_owned(),
    };
    assert_eq!(give(&mut process, &start()), Ok(vec![hello.clone()]));
    let prompt = Effect::Prompt {
        device: "kitchen".to_owned(),
        prompt: 3,
        text: "Ana Ruiz, right?".to_owned(),
        asks: Some(Asks::Confirmation),
        recipient: Some("c1".to_owned()),
        message: Some("m1".to_owned()),
        duration_ms: 1_100,
    };
    let listen = Effect::Listen {
        device: "kitchen".to_owned(),
        listens_for: Asks::Confirmation,
        until_ms: Some(5_100),
    };
    let mut effects = vec![hello];
    let asked = process.take(&heard("Señor \"X\"\n"), &mut effects);
    asked.expect("unknown fields are ignored");
    assert_eq!(effects[1..], [prompt, listen], "they are appended");
    assert_eq!(give(&mut process, &Input::End), Ok(Vec::new()));
}

#[test]
fn one_process_serves_many_runs() {
    let target =
        Target::that_when_it_hears("say(type='act', device='kitchen', action=str(os.getpid()))");
    let mut process = target.spawn();
    let mut seen = Vec::new();
    for _ in 0..50 {
        give(&mut process, &start()).expect("a start");
        seen.push(give(&mut process, &heard("lights")).expect("an answer"));
        give(&mut process, &Input::End).expect("the end");
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "one process");
}

/// An input that is larger than a pipe, and an answer that is, do not wait for each other.
#[test]
fn long_lines_pass_both_ways() {
    let target = Target::python(
        "import json, os, sys\n\
         for n, line in enumerate(iter(lambda: os.read(0, 100), b'')):\n\
         \x20   for byte in line:\n\
         \x20       if byte == 10 and n < 3:\n\
         \x20           print('{\"type\":\"hello\",\"protocol\":1,\"name\":\"t\",\"version\":\"1\"}')\n\
         \x20   os.write(1, b'')\n\
         \x20   if b'\\n' in line:\n\
         \x20       print('{\"type\":\"done\"}', flush=True)\n\
         \x20   elif n > 5:\n\
         \x20       print(json.dumps({'type': 'notice', 'device': 'kitchen', 'text': 'x' * 500}), flush=True)\n",
    );
    let mut process = target.spawn();
    give(&mut process, &start()).expect("a start");
    let heard = heard(&"y".repeat(90_000));
    let notices = give(&mut process, &heard).expect("an answer");
    assert!(notices.len() > 890, "{}", notices.len());
}

/// The program sees the end of its input when it is no longer wanted, and may tidy up.
#[test]
fn a_target_may_leave_by_itself() {
    let target = Target::python(
        "import os, sys\n\
         for line in sys.stdin:\n\
         \x20   print('{\"type\":\"hello\",\"protocol\":1,\"name\":\"t\",\"version\":\"1\"}\\n{\"type\":\"done\"}', flush=True)\n\
         open(os.path.join(os.path.dirname(__file__), 'left'), 'w').write('tidy')\n",
    );
    let mut process = target.spawn();
    give(&mut process, &start()).expect("a start");
    drop(process);
    assert_eq!(target.note("left").as_deref(), Some("tidy"));
}

#[test]
fn a_command_line_is_split_as_a_shell_does_it() {
    let target = Target::python(
        "import json, sys\n\
         for line in sys.stdin:\n\
         \x20   print(json.dumps({'type': 'hello', 'protocol': 1, 'name': '|'.join(sys.argv[1:]), 'version': '1'}))\n\
         \x20   print('{\"type\":\"done\"}', flush=True)\n",
    );
    let command = format!(r#"{} one 'two three' "a \"b\"" $HOME *"#, target.command);
    let mut process =
        Process::spawn(&command, mondegreen_sim::Limits::default()).expect("it starts");
    let hello = give(&mut process, &start()).expect("a start");
    let name = "one|two three|a \"b\"|$HOME|*".to_owned();
    let said = matches!(&hello[..], [Effect::Hello { name: said, .. }] if *said == name);
    assert!(said, "{hello:?}");
}
