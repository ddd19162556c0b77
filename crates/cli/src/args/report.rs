//! In which form results are printed, and what can be said to `report`.

use crate::report::Rendering;
use std::path::PathBuf;

/// In which form a command prints what it found.
#[derive(Debug, clap::Args)]
pub(crate) struct Printing {
    /// Print for people, as JSON, as JUnit XML, as SARIF 2.1.0 for code scanning, or as Markdown for the
    /// summary of a CI job; the exit status is the same
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "plain",
        conflicts_with = "json"
    )]
    format: Format,
    /// Short for --format json: one JSON object
    #[arg(long)]
    json: bool,
}

impl Printing {
    /// What was asked for.
    pub(crate) const fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// A form in which results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people, on a terminal
    Plain,
    /// One JSON object, which `report` reads
    Json,
    /// JUnit XML
    Junit,
    /// SARIF 2.1.0, for code-scanning pages
    Sarif,
    /// Markdown, for the summary of a CI job
    Markdown,
}

/// What it reads.
const REPORT: &str = "\
What it reads: what hunt, fuzz, check, margin, estimate and compare print with --json, one object or several after one \
another; the folder of a campaign; or a folder of such files. All are shown together, by assistant. `-` is standard input. \
Where a recording lies beside a finding, under the name of its script (`mondegreen replay FILE --wav FILE.wav`), the page \
can play it.

Exit status: 0 the report was written, whatever it says; 2 a bad command or file.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = REPORT)]
pub(crate) struct Report {
    /// What commands printed with --json, or the folder of a campaign
    #[arg(value_name = "DIR|FILE", required = true)]
    pub(crate) from: Vec<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// A page for a browser, or a form for machines
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "html",
        conflicts_with = "json"
    )]
    format: ReportFormat,
    /// Short for --format json: one JSON object
    #[arg(long)]
    json: bool,
}

impl Report {
    /// What was asked for; nothing for JSON.
    pub(crate) const fn rendering(&self) -> Option<Rendering> {
        match self.format {
            _ if self.json => None,
            ReportFormat::Html => Some(Rendering::Html),
            ReportFormat::Json => None,
            ReportFormat::Junit => Some(Rendering::Junit),
            ReportFormat::Sarif => Some(Rendering::Sarif),
            ReportFormat::Markdown => Some(Rendering::Markdown),
        }
    }
}

/// A form in which a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ReportFormat {
    /// One self-contained page for a browser
    Html,
    /// One JSON object, which `report` reads again
    Json,
    /// JUnit XML
    Junit,
    /// SARIF 2.1.0, for code-scanning pages
    Sarif,
    /// Markdown, for the summary of a CI job
    Markdown,
}
