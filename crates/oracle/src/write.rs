//! Times and words as they stand in the sentences of a breach.

use std::fmt::{self, Display, Formatter};

/// No sentence quotes more of a text.
const QUOTED_CHARS_MAX: usize = 80;

/// Milliseconds, written as seconds.
pub(crate) struct Time(pub(crate) u64);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1000, self.0 % 1000)
    }
}

/// No prompt is read further than this, which takes minutes to say.
const PROMPT_CHARS_MAX: usize = 4_000;

/// As much of a prompt as anybody will listen to.
pub(crate) fn sayable(text: &str) -> &str {
    let end = text.char_indices().nth(PROMPT_CHARS_MAX);
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The beginning of a text, to be quoted.
pub(crate) fn clipped(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_prompt_is_read_for_minutes_only() {
        assert_eq!(sayable("añb"), "añb");
        assert_eq!(
            sayable(&"ñ".repeat(100_000)).chars().count(),
            PROMPT_CHARS_MAX
        );
    }

    #[test]
    fn times_and_texts_at_their_limits_can_be_written() {
        assert_eq!(Time(5_230).to_string(), "5.230 s");
        assert_eq!(Time(u64::MAX).to_string(), "18446744073709551.615 s");
        assert_eq!(clipped("añb"), "añb");
        assert_eq!(
            clipped(&"ñ".repeat(100_000)).chars().count(),
            QUOTED_CHARS_MAX + 1
        );
    }
}
