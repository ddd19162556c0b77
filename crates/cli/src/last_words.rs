//! What is left of an assistant that broke: shown, and kept in a file.

use crate::commands::printable;
use mondegreen_sim::Broken;
use std::io::{self, Write};
use std::path::PathBuf;

/// So many lines of standard error are shown.
const STDERR_LINES: usize = 40;
/// So many lines of the conversation are shown.
const CONVERSATION_LINES: usize = 8;
/// So many characters of a line are shown.
const LINE_MAX: usize = 400;

/// Shows the ends of its standard error and of the conversation, and keeps the conversation.
pub(crate) fn write(broken: &Broken, out: &mut impl Write) -> io::Result<()> {
    let Some(account) = broken.account() else {
        return Ok(());
    };
    if account.stderr.trim().is_empty() {
        writeln!(out, "it wrote nothing to its standard error")?;
    } else {
        writeln!(out, "its standard error ended with:")?;
        show_end(&account.stderr, STDERR_LINES, out)?;
    }
    if account.conversation.is_empty() {
        return Ok(());
    }
    match keep(&account.conversation) {
        Ok(path) => writeln!(
            out,
            "the conversation so far is kept in {}; it ended with:",
            path.display()
        )?,
        Err(error) => writeln!(
            out,
            "the conversation so far could not be kept ({error}); it ended with:"
        )?,
    }
    show_end(&account.conversation, CONVERSATION_LINES, out)?;
    if account.left_out > 0 {
        let left_out = account.left_out;
        writeln!(out, "{left_out} lines after its first are left out")?;
    }
    Ok(())
}

fn show_end(text: &str, lines_max: usize, out: &mut impl Write) -> io::Result<()> {
    let count = text.lines().count();
    for line in text.lines().skip(count.saturating_sub(lines_max)) {
        let shown: String = line.chars().take(LINE_MAX).collect();
        let more = if shown.len() < line.len() { "…" } else { "" };
        writeln!(out, "  {}{more}", printable(&shown))?;
    }
    Ok(())
}

/// Writes it whole, into a file of its own beside other temporary files.
fn keep(conversation: &str) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new()
        .prefix("mondegreen-broken-")
        .suffix(".jsonl")
        .tempfile()?;
    file.write_all(conversation.as_bytes())?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Ok(path)
}
