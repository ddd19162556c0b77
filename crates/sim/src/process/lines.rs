//! Bytes from a pipe as lines of bounded length.

/// A line is at most so long, in bytes, its end included.
pub(crate) const LINE_MAX: usize = 1 << 20;

/// Of a line that is too long, so much is told.
const SHOWN_MAX: usize = 1_000;

/// A line that is too long; how it begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong(pub(crate) Vec<u8>);

/// What was read and not asked for yet.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    bytes: Vec<u8>,
    /// Where the next line begins.
    begin: usize,
    /// No line ends between there and here.
    searched: usize,
}

impl Lines {
    /// Takes in what was read.
    pub(crate) fn push(&mut self, read: &[u8]) {
        if self.begin > 0 {
            self.bytes.drain(..self.begin);
            self.searched -= self.begin;
            self.begin = 0;
        }
        self.bytes.extend_from_slice(read);
    }

    /// The next line without its end, if it is there.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, TooLong> {
        let unsearched = self.bytes.get(self.searched..).unwrap_or_default();
        let length = unsearched.iter().position(|byte| *byte == b'\n');
        let end = length.map_or(self.bytes.len(), |length| self.searched + length);
        let line = self.begin..end;
        if line.len() >= LINE_MAX {
            let begins = self.rest().get(..SHOWN_MAX).unwrap_or_default();
            return Err(TooLong(begins.to_vec()));
        }
        if length.is_none() {
            self.searched = end;
            return Ok(None);
        }
        self.begin = end + 1;
        self.searched = self.begin;
        Ok(self.bytes.get(line))
    }

    /// The next bytes, lines or not, if so many are there.
    pub(crate) fn take(&mut self, count: usize) -> Option<&[u8]> {
        let bytes = self.begin..self.begin.checked_add(count)?;
        if bytes.end > self.bytes.len() {
            return None;
        }
        self.begin = bytes.end;
        self.searched = self.searched.max(bytes.end);
        self.bytes.get(bytes)
    }

    /// What was read since the last line that was asked for.
    pub(crate) fn rest(&self) -> &[u8] {
        self.bytes.get(self.begin..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(lines: &mut Lines) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(line) = lines.next().expect("short lines") {
            all.push(String::from_utf8_lossy(line).into_owned());
        }
        all
    }

    #[test]
    fn lines_come_whole_however_they_were_cut() {
        let text = b"one\n\ntwo\nthree\nfo";
        for size in 1..=text.len() {
            let mut lines = Lines::default();
            let mut got = Vec::new();
            for piece in text.chunks(size) {
                lines.push(piece);
                got.extend(all(&mut lines));
            }
            assert_eq!(got, ["one", "", "two", "three"], "{size}");
            assert_eq!(lines.rest(), b"fo", "{size}");
        }
    }

    #[test]
    fn a_line_without_an_end_is_too_long_in_the_end() {
        let mut lines = Lines::default();
        lines.push(b"one\n");
        lines.push(&vec![b'x'; LINE_MAX - 1]);
        assert_eq!(all(&mut lines), ["one"]);
        lines.push(b"x");
        assert_eq!(lines.next(), Err(TooLong(vec![b'x'; SHOWN_MAX])));
    }

    #[test]
    fn bytes_between_lines_may_hold_line_ends() {
        let text = b"head\na\nb\ntail\n";
        for size in 1..=text.len() {
            let mut lines = Lines::default();
            let mut got = Vec::new();
            for piece in text.chunks(size) {
                lines.push(piece);
                while got.len() < 3 {
                    let next = if got.len() == 1 {
                        lines.take(4)
                    } else {
                        lines.next().expect("short lines")
                    };
                    let Some(next) = next else { break };
                    got.push(String::from_utf8_lossy(next).into_owned());
                }
            }
            assert_eq!(got, ["head", "a\nb\n", "tail"], "{size}");
        }
        assert_eq!(Lines::default().take(usize::MAX), None);
    }

    /// The limit does not depend on how the line was cut.
    #[test]
    fn a_line_with_an_end_is_too_long_as_well() {
        let mut lines = Lines::default();
        lines.push(&[vec![b'x'; LINE_MAX], b"\n".to_vec()].concat());
        assert_eq!(lines.next(), Err(TooLong(vec![b'x'; SHOWN_MAX])));
    }
}
