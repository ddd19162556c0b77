//! The lines of a run, kept for the report.

use mondegreen_trace::Input;

/// Of a run, so many bytes are kept at most, beside its start.
const KEPT_MAX: usize = 8 << 20;

/// What was given and written since the last start.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    start: Vec<u8>,
    lines: Vec<u8>,
    /// How many lines after the start are no longer kept.
    left_out: usize,
}

impl Conversation {
    /// Takes note of an input; a start begins a new conversation.
    pub(super) fn begin_or_go_on(&mut self, input: &Input, line: &[u8]) {
        if matches!(input, Input::Start { .. }) {
            self.start.clear();
            self.lines.clear();
            self.left_out = 0;
            self.start.extend_from_slice(line);
        } else {
            self.lines.extend_from_slice(line);
        }
    }

    /// Takes note of a line that the assistant wrote, given without its end.
    pub(super) fn note(&mut self, line: &[u8]) {
        self.lines.extend_from_slice(line);
        self.lines.push(b'\n');
        if self.lines.len() > 2 * KEPT_MAX {
            self.forget();
        }
    }

    /// Takes note of what it wrote and nobody read, at its end.
    pub(super) fn note_rest(&mut self, rest: &[u8]) {
        if !rest.is_empty() {
            self.note(rest);
        }
    }

    /// Leaves out the oldest lines.
    fn forget(&mut self) {
        let least = self.lines.len().saturating_sub(KEPT_MAX);
        let ends = |byte: &u8| *byte == b'\n';
        let line_end = self.lines.iter().skip(least).position(ends);
        let cut = line_end.map_or(self.lines.len(), |end| least + end + 1);
        let forgotten = self.lines.drain(..cut);
        self.left_out += forgotten.filter(ends).count();
    }

    /// The lines, and how many are left out after the first.
    pub(super) fn told(&self) -> (String, usize) {
        let lines = [self.start.as_slice(), self.lines.as_slice()].concat();
        (String::from_utf8_lossy(&lines).into_owned(), self.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_keeps_its_start_and_its_end() {
        let mut conversation = Conversation::default();
        let start = Input::Start {
            protocol: 1,
            seed: 7,
            at_ms: 0,
            household: mondegreen_trace::Household {
                devices: Vec::new(),
                contacts: Vec::new(),
                messaging: true,
            },
        };
        conversation.begin_or_go_on(&start, b"start\n");
        let line = [b'x'; 1_000];
        let count = 3 * KEPT_MAX / line.len();
        for _ in 0..count {
            conversation.begin_or_go_on(&Input::End, b"end\n");
            conversation.note(&line);
        }
        let (told, left_out) = conversation.told();
        assert!(told.starts_with("start\n"));
        assert!(told.len() < 2 * KEPT_MAX + 2_000, "{}", told.len());
        assert_eq!(told.lines().count() + left_out, 1 + 2 * count);
        conversation.begin_or_go_on(&start, b"start\n");
        assert_eq!(conversation.told(), ("start\n".to_owned(), 0));
    }
}
