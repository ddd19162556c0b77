//! `mutants`: assistants with one known fault each.

use crate::Status;
use crate::args::Mutants as Args;
use crate::commands::table;
use crate::error::Error;
use mondegreen_sim::{Mutant, Provenance};
use serde_json::json;
use std::io::Write;

pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<Status, Error> {
    if args.json {
        for mutant in Mutant::ALL {
            let (provenance, source) = provenance(mutant);
            let witness = mutant.witness();
            let mutant = json!({
                "name": mutant.name, "breaks": mutant.breaks.to_string(), "what": mutant.what,
                "provenance": provenance, "source": source, "events": witness.events.len(),
                "witness": witness.to_string(),
            });
            writeln!(out, "{mutant}")?;
        }
        return Ok(Status::Clean);
    }
    let mut rows = table(&["breaks", "mutant", "events", "what is wrong with it"]);
    for mutant in Mutant::ALL {
        let events = mutant.witness().events.len().to_string();
        let rule = format!("{:?}", mutant.breaks);
        let (provenance, source) = provenance(mutant);
        let what = match source {
            Some(source) => format!("{} ({provenance}: {source})", mutant.what),
            None => mutant.what.to_owned(),
        };
        rows.add_row([&rule, mutant.name, &events, &what]);
    }
    writeln!(
        out,
        "{rows}\n\n{} mutants of guarded, each with one check broken; most faults are invented, after those of other \
         programs.\n`events` is the length of a hand-written case that breaks the rule. Try `mondegreen fuzz MUTANT`.",
        Mutant::ALL.len()
    )?;
    Ok(Status::Clean)
}

const fn provenance(mutant: &Mutant) -> (&'static str, Option<&'static str>) {
    match mutant.provenance {
        Provenance::Incident(source) => ("incident", Some(source)),
        Provenance::Known(source) => ("known fault", Some(source)),
        Provenance::Invented => ("invented", None),
    }
}
