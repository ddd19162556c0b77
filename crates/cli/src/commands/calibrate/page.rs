//! What is printed of a fit.

use crate::args::calibrate::Calibrate as Args;
use crate::commands::{printable, stage, table};
use crate::error::Error;
use crate::picture::PictureFile;
use mondegreen_sim::calibrate::{Calibration, Count, Judged, Pairs, Scores};
use mondegreen_sim::estimate::Interval;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

pub(super) struct Page<'a> {
    pub(super) args: &'a Args,
    pub(super) pairs: &'a Pairs,
    pub(super) calibration: &'a Calibration,
}

#[derive(Serialize)]
struct Json<'a> {
    pairs: &'a Path,
    unused_columns: &'a [String],
    channel_file: Option<&'a Path>,
    picture: Option<&'a Path>,
    #[serde(flatten)]
    calibration: &'a Calibration,
}

impl Page<'_> {
    pub(super) fn write_json(&self, out: &mut impl Write) -> Result<(), Error> {
        let json = Json {
            pairs: &self.args.pairs,
            unused_columns: &self.pairs.unused,
            channel_file: self.args.out.as_deref(),
            picture: self.args.plot.as_ref().map(PictureFile::path),
            calibration: self.calibration,
        };
        serde_json::to_writer(&mut *out, &json)?;
        writeln!(out)?;
        Ok(())
    }

    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), Error> {
        self.write_pairs(out)?;
        self.write_curve(out)?;
        self.write_scores(out)?;
        write_reliability(&self.calibration.judged, out)?;
        if let Some(path) = &self.args.out {
            let name = printable(&path.display().to_string());
            writeln!(out, "\nthe channel's law is in {name}")?;
        }
        if let Some(file) = &self.args.plot {
            let name = printable(&file.path().display().to_string());
            writeln!(out, "\nthe reliability is drawn in {name}")?;
        }
        Ok(())
    }

    fn write_pairs(&self, out: &mut impl Write) -> Result<(), Error> {
        let Calibration {
            listens_for,
            fitted,
            farthest,
            out_of_reach,
            nats: [least, greatest],
            ..
        } = self.calibration;
        let what = stage(*listens_for);
        writeln!(
            out,
            "{what}: {} pairs of {} spoken phrases, {least:.2} to {greatest:.2} nats apart, {}",
            fitted.pairs,
            fitted.phrases,
            tries(fitted)
        )?;
        writeln!(
            out,
            "the channel reports what comes within {farthest:.2} nats, and chance brings things nearer or takes them \
             farther"
        )?;
        if out_of_reach.pairs > 0 {
            writeln!(
                out,
                "beyond that, where chance has to bring them near: {}; the channel hears such things now and then",
                tries(out_of_reach)
            )?;
        }
        if self.calibration.separated {
            writeln!(
                out,
                "one distance divides all accepted from all refused tries: how steep the curve is rests on Jeffreys' \
                 prior"
            )?;
        }
        Ok(())
    }

    fn write_curve(&self, out: &mut impl Write) -> Result<(), Error> {
        let Calibration {
            fit,
            shift,
            shift_interval,
            ..
        } = self.calibration;
        let mut rows = table(&["curve", "value", "95% interval"]);
        for (figure, value, interval) in [
            ("half at, nats", fit.middle, fit.middle_interval),
            ("slope, a nat", fit.curve.slope, fit.slope),
            ("the channel's shift, nats", *shift, *shift_interval),
        ] {
            let value = format!("{value:.3}");
            rows.add_row([figure, &value, &range(interval, 3)]);
        }
        writeln!(out, "\n{rows}")?;
        let factor = fit.spread.factor;
        if factor > 1.005 {
            writeln!(
                out,
                "\ntries of one phrase vary {factor:.2} times as much as independent ones; the intervals are wider by \
                 the root"
            )?;
        }
        Ok(())
    }

    fn write_scores(&self, out: &mut impl Write) -> Result<(), Error> {
        let mut rows = table(&[
            "phrases held out",
            "log-loss",
            "Brier",
            "calibration error",
            "by chance",
        ]);
        let scores = |of: Scores| [of.log_loss, of.brier].map(|score| format!("{score:.4}"));
        let [log_loss, brier] = scores(self.calibration.base);
        rows.add_row(["base rate", &log_loss, &brier, "-", "-"]);
        let judged = &self.calibration.judged;
        let [log_loss, brier] = scores(judged.held_out);
        let error = format!("{:.4}", judged.calibration_error);
        let chance = format!("{:.4}", judged.by_chance);
        rows.add_row(["curve", &log_loss, &brier, &error, &chance]);
        let area = self.calibration.area;
        writeln!(
            out,
            "\n{rows}\n\narea under the ROC curve, by distance: {:.3} ({})",
            area.area,
            range(area.interval, 3)
        )?;
        Ok(())
    }
}

fn write_reliability(judged: &Judged, out: &mut impl Write) -> Result<(), Error> {
    let mut rows = table(&[
        "predicted",
        "from",
        "to",
        "tries",
        "accepted",
        "share",
        "95% interval",
    ]);
    for bin in &judged.reliability {
        let [predicted, low, high, share] =
            [bin.predicted, bin.low, bin.high, bin.share].map(|share| format!("{share:.3}"));
        rows.add_row([
            predicted,
            low,
            high,
            bin.tries.to_string(),
            bin.accepted.to_string(),
            share,
            range(bin.interval, 3),
        ]);
    }
    writeln!(out, "\nreliability on phrases held out\n{rows}")?;
    Ok(())
}

fn tries(count: &Count) -> String {
    let of = format!("{} of {} tries accepted", count.accepted, count.tries);
    match count.share {
        None => of,
        Some(share) => format!("{of} ({} to {})", percent(share.low), percent(share.high)),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// From one end to the other; an end that is open stands as `any`.
fn range(interval: Interval, decimals: usize) -> String {
    let end = |end: f64| {
        if end.is_finite() {
            format!("{end:.decimals$}")
        } else {
            "any".to_owned()
        }
    };
    format!("{} to {}", end(interval.low), end(interval.high))
}
