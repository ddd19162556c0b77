//! The detection-error curves of a keyword as a picture.

use crate::judged::{Judged, number};
use crate::report::Row;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 36.0;
const BOTTOM: f64 = 48.0;
/// False alarms an hour, from the left to the right.
const RATES: [f64; 8] = [0.2, 0.5, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0];
/// Colours that the colour-blind tell apart (Okabe and Ito).
const COLOURS: [&str; 7] = [
    "#0072b2", "#56b4e9", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#000000",
];

pub(crate) fn svg(keyword: &str, rows: &[Row]) -> String {
    let mut parts = vec![
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"sans-serif\" font-size=\"12\">"
        ),
        format!("<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>"),
        text(
            LEFT,
            22.0,
            &format!("{keyword}: misses against false alarms an hour"),
        ),
    ];
    for rate in RATES {
        let x = across(rate);
        parts.push(line((x, TOP), (x, HEIGHT - BOTTOM)));
        parts.push(text(x - 6.0, HEIGHT - BOTTOM + 18.0, &format!("{rate}")));
    }
    for percent in [0.0, 20.0, 40.0, 60.0, 80.0, 100.0] {
        let y = up(percent / 100.0);
        parts.push(line((LEFT, y), (WIDTH - RIGHT, y)));
        parts.push(text(16.0, y + 4.0, &format!("{percent}%")));
    }
    parts.push(text(LEFT, HEIGHT - 10.0, "false alarms an hour of talk"));
    for (n, row) in rows.iter().enumerate() {
        let colour = COLOURS[n % COLOURS.len()];
        let points = curve(&row.judged);
        parts.push(format!(
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"
        ));
        let y = TOP + 12.0 + 20.0 * number(n);
        let x = WIDTH - RIGHT + 14.0;
        parts.push(format!(
            "<rect x=\"{x}\" y=\"{}\" width=\"18\" height=\"4\" fill=\"{colour}\"/>",
            y - 6.0
        ));
        parts.push(text(x + 24.0, y, row.engine));
    }
    parts.push(String::from("</svg>\n"));
    parts.join("\n")
}

/// In steps: more false alarms, then fewer misses.
fn curve(judged: &Judged) -> String {
    let (hours, all) = (judged.hours(), number(judged.keywords.len()).max(1.0));
    let mut points = Vec::new();
    let mut last = None;
    for alarms in 1..judged.talk.len() {
        let rate = number(alarms) / hours;
        if rate > RATES[RATES.len() - 1] {
            break;
        }
        let y = up(number(judged.missed(alarms)) / all);
        if rate < RATES[0] || last == Some(y) {
            continue;
        }
        if let Some(before) = last {
            points.push(format!("{:.1},{before:.1}", across(rate)));
        }
        points.push(format!("{:.1},{y:.1}", across(rate)));
        last = Some(y);
    }
    if let Some(y) = last {
        points.push(format!("{:.1},{y:.1}", across(RATES[RATES.len() - 1])));
    }
    points.join(" ")
}

fn across(rate: f64) -> f64 {
    let (first, last) = (RATES[0].ln(), RATES[RATES.len() - 1].ln());
    LEFT + (rate.ln() - first) / (last - first) * (WIDTH - LEFT - RIGHT)
}

fn up(share: f64) -> f64 {
    TOP + (1.0 - share) * (HEIGHT - TOP - BOTTOM)
}

fn text(x: f64, y: f64, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"#282828\">{text}</text>")
}

fn line(from: (f64, f64), to: (f64, f64)) -> String {
    format!(
        "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"#e1e1e1\"/>",
        from.0, from.1, to.0, to.1
    )
}
