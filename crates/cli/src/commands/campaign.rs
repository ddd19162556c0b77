//! `campaign`: a search for hours over several assistants.

use crate::Status;
use crate::args::campaign::Campaign as Args;
use crate::campaign::{
    Became, Folder, Orders, Team, header, header_of_folder, latest, read, regress, work, write,
    write_json,
};
use crate::commands::{printable, table};
use crate::error::Error;
use mondegreen_sim::campaign::Book;
use serde_json::json;
use signal_hook::consts::{SIGINT, SIGTERM};
use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    if args.regress {
        return run_regress(args, out);
    }
    let header = header(args)?;
    let team = Team::of(&header, args)?;
    let plan = team.plan(&header.settings);
    let (mut folder, book) = Folder::open(&args.dir, &header, args.disk.0)?;
    let at_s = latest(&book);
    let (known, version) = (book.records.len(), &header.version);
    folder.log(
        at_s,
        &format!("version {version} begins; {known} units are done"),
    )?;
    let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let orders = Orders {
        jobs: args.jobs.unwrap_or(cores),
        units: args.units,
        time: args.time,
        interrupted: interruptions()?,
    };
    let (book, at_s) = work(&team, &plan, (&mut folder, book), &orders)?;
    let here = (args.dir.as_path(), at_s);
    if args.json {
        write_json(&book, here, folder.left_out, out)?;
    } else {
        write(&book, here, folder.left_out, out)?;
    }
    Ok(status(&book))
}

/// A flag that is set when somebody wants it to end. Whoever insists ends it at once: what is done
/// is on the disk.
fn interruptions() -> Result<Arc<AtomicBool>, Error> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let status = i32::from(Status::Findings.code());
        signal_hook::flag::register_conditional_shutdown(signal, status, Arc::clone(&interrupted))?;
        signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
    }
    Ok(interrupted)
}

fn status(book: &Book) -> Status {
    let found = |book: &Book| book.records.values().any(|record| !record.found.is_empty());
    if book.records.values().any(|record| record.trouble.is_some()) {
        Status::Broken
    } else if found(book) || !book.kept.is_empty() {
        Status::Findings
    } else {
        Status::Clean
    }
}

fn run_regress(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    let header = header_of_folder(&args.dir)?;
    let team = Team::of(&header, args)?;
    let book = read(&args.dir)?;
    let mut all = Vec::new();
    for kept in book.kept.values() {
        all.push((kept, regress(&args.dir, kept, &team)?));
    }
    if args.json {
        let each = all.iter().map(|(kept, became)| {
            let now = match became {
                Became::Fixed | Became::Still => None,
                Became::Changed(now) | Became::Broken(now) => Some(now),
            };
            json!({
                "assistant": kept.assistant, "bucket": kept.bucket, "became": became.name(), "now": now,
            })
        });
        let each: Vec<_> = each.collect();
        writeln!(out, "{}", json!({ "folder": args.dir, "findings": each }))?;
    } else {
        let mut rows = table(&["assistant", "cause", "now", ""]);
        for (kept, became) in &all {
            let now = match became {
                Became::Fixed | Became::Still => String::new(),
                Became::Changed(now) | Became::Broken(now) => printable(now),
            };
            let name = became.name().to_owned();
            rows.add_row([printable(&kept.assistant), kept.bucket.clone(), name, now]);
        }
        writeln!(out, "{rows}\n")?;
        let fixed = all
            .iter()
            .filter(|(_, became)| *became == Became::Fixed)
            .count();
        writeln!(out, "{fixed} of {} findings are fixed.", all.len())?;
    }
    let became = |wanted: fn(&Became) -> bool| all.iter().any(|(_, became)| wanted(became));
    Ok(if became(|became| matches!(became, Became::Broken(_))) {
        Status::Broken
    } else if became(|became| *became != Became::Fixed) {
        Status::Findings
    } else {
        Status::Clean
    })
}
