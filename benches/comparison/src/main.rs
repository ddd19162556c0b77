//! Builds two commits, does the same work with both, and says which hot paths are slower.
//!
//! Instructions are counted by callgrind, which comes to the same on a busy machine; time is taken in
//! turns (base, head, head, base), so that what the machine does besides meets both. The work is each
//! commit's own program `paths` of `mondegreen-benches`; both are built in one folder, one after the
//! other, so that no path and no name differs but what the commits changed.
//!
//! Exit status: 0 no path is slower, 1 at least one is, 2 a bad command or revision, or something that
//! could not be built or run.

mod error;
mod page;
mod program;
mod repository;
mod verdict;

use clap::{Parser, ValueEnum};
use error::Error;
use page::Page;
use program::{Counter, Program};
use repository::{Checkout, Commit, Repository};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use verdict::{Pair, Path, Round, Slower, Wall};

/// Say which hot paths of a commit are slower than those of another
#[derive(Debug, Parser)]
#[command(
    name = "compare",
    after_help = "Exit status: 0 no path is slower, 1 at least one is, 2 a bad command or revision, \
                  or something that could not be built or run."
)]
struct Args {
    /// The commit to compare with
    base: String,
    /// The commit that is compared
    #[arg(default_value = "HEAD")]
    head: String,
    /// Only these paths, with commas between them
    #[arg(long, value_name = "PATH", value_delimiter = ',')]
    only: Vec<String>,
    /// What is measured
    #[arg(long, value_enum, default_value_t = Measure::Both)]
    measure: Measure,
    /// How often each path is timed in turns: base, head, head, base
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(3..=1000))]
    rounds: u32,
    /// Keep what was built in this folder, and build on what is there
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Print JSON
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print Markdown, for the summary of a job
    #[arg(long)]
    markdown: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Instructions and time
    Both,
    /// Instructions alone: steady, whatever else the machine does
    Instructions,
    /// Time alone: where there is no valgrind
    Wall,
}

fn main() -> ExitCode {
    match run(&Args::parse(), &mut std::io::stdout().lock()) {
        Ok(Slower::No) => ExitCode::SUCCESS,
        Ok(Slower::Yes) => ExitCode::from(1),
        // Whoever reads no further knows enough.
        Err(Error::Write(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to be told when standard error is closed.
            let _ = writeln!(std::io::stderr(), "compare: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args, out: &mut impl Write) -> Result<Slower, Error> {
    let repository = Repository::here()?;
    let commits = [&args.base, &args.head];
    let [base, head] = commits.map(|name| repository.commit(name));
    let commits = [base?, head?];
    let counter = match args.measure {
        Measure::Both | Measure::Instructions => Some(Counter::find()?),
        Measure::Wall => None,
    };
    // Removed in the end, unless it is to be kept.
    let (folder, _temporary) = if let Some(folder) = &args.keep {
        (folder.clone(), None)
    } else {
        let temporary = tempfile::tempdir().map_err(Error::File)?;
        (temporary.path().to_owned(), Some(temporary))
    };
    let programs = build(&repository, &commits, &folder, args.keep.is_some())?;
    let paths = measure(args, &programs, counter.as_ref())?;
    let page = Page {
        commits: &commits,
        paths: &paths,
    };
    let text = if args.json {
        page.json()
    } else if args.markdown {
        page.markdown()
    } else {
        page.text()
    };
    out.write_all(text.as_bytes()).map_err(Error::Write)?;
    Ok(page.slower())
}

/// The programs of both commits; none of a commit that has none.
fn build(
    repository: &Repository,
    commits: &[Commit; 2],
    folder: &std::path::Path,
    is_kept: bool,
) -> Result<[Option<Program>; 2], Error> {
    std::fs::create_dir_all(folder).map_err(Error::File)?;
    let folder = folder.canonicalize().map_err(Error::File)?;
    let checkout = Checkout::new(repository, folder.join("source"), is_kept)?;
    let target = folder.join("target");
    let [base, head] = commits;
    let base = Program::build(&checkout, base, &target, &folder.join(&base.id))?;
    let head = Program::build(&checkout, head, &target, &folder.join(&head.id))?;
    Ok([base, head])
}

fn measure(
    args: &Args,
    programs: &[Option<Program>; 2],
    counter: Option<&Counter>,
) -> Result<Vec<Path>, Error> {
    let [base, head] = programs;
    let list = |program: &Option<Program>| program.as_ref().map_or(Ok(Vec::new()), Program::paths);
    let (base_paths, head_paths) = (list(base)?, list(head)?);
    let mut paths = verdict::side_by_side(&base_paths, &head_paths);
    if let Some(unknown) = args
        .only
        .iter()
        .find(|only| !paths.iter().any(|path| path.name == **only))
    {
        return Err(Error::NoPath(unknown.clone()));
    }
    paths.retain(|path| args.only.is_empty() || args.only.contains(&path.name));
    let (Some(base), Some(head)) = (base, head) else {
        return Ok(paths);
    };
    let both = [base, head];
    for path in paths.iter_mut().filter(|path| path.only_in.is_none()) {
        if let Some(counter) = counter {
            let _ = writeln!(std::io::stderr(), "compare: counting {}", path.name);
            let [base, head] = counter.count_both(both, &path.name)?;
            path.other_answer = base.answer != head.answer;
            path.instructions = Some(Pair {
                base: base.per_element(),
                head: head.per_element(),
            });
        }
    }
    if args.measure == Measure::Instructions {
        return Ok(paths);
    }
    for path in paths.iter_mut().filter(|path| path.only_in.is_none()) {
        let _ = writeln!(std::io::stderr(), "compare: timing {}", path.name);
        let round = |_| {
            let [first, second] = [base.time(&path.name)?, head.time(&path.name)?];
            let [third, fourth] = [head.time(&path.name)?, base.time(&path.name)?];
            path.other_answer |= first.answer != second.answer;
            Ok(Round {
                base: [first.nanoseconds, fourth.nanoseconds],
                head: [second.nanoseconds, third.nanoseconds],
            })
        };
        let rounds = (0..args.rounds)
            .map(round)
            .collect::<Result<Vec<_>, Error>>()?;
        path.wall = Wall::of(&rounds);
    }
    Ok(paths)
}
