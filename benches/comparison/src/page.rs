//! A comparison as a table, as Markdown and as JSON.

use crate::repository::Commit;
use crate::verdict::{CONFIDENCE, INSTRUCTIONS_MAX, Path, Slower, Verdict, WALL_MAX, Wall};
use comfy_table::{CellAlignment, Table, TableStyle, presets};
use serde_json::{Value, json};

/// What came of it.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) commits: &'a [Commit; 2],
    pub(crate) paths: &'a [Path],
}

const HEADER: [&str; 9] = [
    "path",
    "instructions, base",
    "head",
    "ratio",
    "ns, base",
    "head",
    "ratio",
    "band",
    "verdict",
];

impl Page<'_> {
    pub(crate) fn slower(&self) -> Slower {
        if self.paths.iter().any(|path| path.verdict().is_slower()) {
            Slower::Yes
        } else {
            Slower::No
        }
    }

    /// For people, at a terminal.
    pub(crate) fn text(&self) -> String {
        let table = self.table(presets::NOTHING).trim_fmt();
        format!(
            "{}\n\n{table}\n\n{}\n{}\n",
            self.about(),
            self.outcome(),
            limits()
        )
    }

    /// For the summary of a job.
    pub(crate) fn markdown(&self) -> String {
        let table = self.table(presets::ASCII_MARKDOWN).trim_fmt();
        format!(
            "### Hot paths\n\n{}\n\n{table}\n\n**{}**\n\n{}\n",
            self.about(),
            self.outcome(),
            limits()
        )
    }

    /// For programs.
    pub(crate) fn json(&self) -> String {
        let paths: Vec<Value> = self.paths.iter().map(path_json).collect();
        let commit = |commit: &Commit| json!({ "name": commit.name, "id": commit.id });
        let [base, head] = self.commits;
        let page = json!({
            "base": commit(base),
            "head": commit(head),
            "limits": { "instructions": INSTRUCTIONS_MAX, "wall": WALL_MAX, "confidence": CONFIDENCE },
            "slower": self.slower() == Slower::Yes,
            "paths": paths,
        });
        format!("{page:#}\n")
    }

    fn about(&self) -> String {
        let [base, head] = self.commits;
        format!(
            "base {} ({}), head {} ({})",
            base.short(),
            base.name,
            head.short(),
            head.name
        )
    }

    fn outcome(&self) -> String {
        let slower = self.paths.iter().filter(|path| path.verdict().is_slower());
        let slower: Vec<&str> = slower.map(|path| path.name.as_str()).collect();
        if slower.is_empty() {
            "No path is slower.".to_owned()
        } else {
            format!("Slower: {}.", slower.join(", "))
        }
    }

    fn table(&self, style: TableStyle) -> Table {
        let mut table = Table::new();
        table.load_style(style);
        table.set_header(HEADER);
        for path in self.paths {
            table.add_row(row(path));
        }
        for column in table.column_iter_mut().skip(1).take(7) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }
}

fn row(path: &Path) -> [String; 9] {
    let figure = |figure: Option<f64>, places: usize| {
        figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.places$}"))
    };
    let (counts, wall) = (path.instructions, path.wall);
    let band = |wall: Wall| format!("{:.3} to {:.3}", wall.low, wall.high);
    let mut verdict = path.verdict().name().to_owned();
    if path.other_answer {
        verdict.push_str(", other answer");
    }
    [
        format!("{} ({})", path.name, path.element),
        figure(counts.map(|counts| counts.base), 1),
        figure(counts.map(|counts| counts.head), 1),
        figure(counts.map(crate::verdict::Pair::ratio), 4),
        figure(wall.map(|wall| wall.least.base), 1),
        figure(wall.map(|wall| wall.least.head), 1),
        figure(wall.map(|wall| wall.ratio), 3),
        wall.map_or_else(|| "-".to_owned(), band),
        verdict,
    ]
}

fn path_json(path: &Path) -> Value {
    let instructions = path
        .instructions
        .map(|counts| json!({ "base": counts.base, "head": counts.head, "ratio": counts.ratio() }));
    let wall = path.wall.map(|wall| {
        json!({
            "base": wall.least.base,
            "head": wall.least.head,
            "ratio": wall.ratio,
            "low": wall.low,
            "high": wall.high,
        })
    });
    let verdict = match path.verdict() {
        Verdict::Even => "even",
        Verdict::Faster => "faster",
        Verdict::MoreInstructions => "more-instructions",
        Verdict::MoreTime => "more-time",
        Verdict::OnlyIn(_) => "in-one-alone",
    };
    json!({
        "name": path.name,
        "element": path.element,
        "instructions": instructions,
        "nanoseconds": wall,
        "other_answer": path.other_answer,
        "verdict": verdict,
    })
}

fn limits() -> String {
    format!(
        "Figures are for one element. Slower is more than {:.0}% more instructions, or {:.0}% more time, by the least \
         times and with the whole {:.0}% band.",
        (INSTRUCTIONS_MAX - 1.0) * 100.0,
        (WALL_MAX - 1.0) * 100.0,
        CONFIDENCE * 100.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Side;
    use crate::verdict::tests::path;
    use expect_test::expect;

    fn commits() -> [Commit; 2] {
        [("main", "0123456789abcdef"), ("HEAD", "fedcba9876543210")].map(|(name, id)| Commit {
            name: name.to_owned(),
            id: id.to_owned(),
        })
    }

    fn paths() -> Vec<Path> {
        let slower = path([1_000.0, 1_050.0], &[[80.0, 84.0, 85.0, 81.0]; 3]);
        let new = Path {
            name: "talk".to_owned(),
            only_in: Some(Side::Head),
            instructions: None,
            wall: None,
            ..slower.clone()
        };
        let counted = Path {
            name: "dialog".to_owned(),
            instructions: slower.instructions.map(|mut counts| {
                counts.head = counts.base;
                counts
            }),
            wall: None,
            other_answer: true,
            ..slower.clone()
        };
        vec![slower, counted, new]
    }

    #[test]
    fn the_table_has_everything_on_a_line() {
        let (commits, paths) = (commits(), paths());
        let page = Page {
            commits: &commits,
            paths: &paths,
        };
        assert_eq!(page.slower(), Slower::Yes);
        expect![[r"
            base 0123456789 (main), head fedcba9876 (HEAD)

             path             instructions, base    head   ratio  ns, base  head  ratio            band  verdict
             spotter (phone)              1000.0  1050.0  1.0500      80.0  84.0  1.050  1.050 to 1.050  slower: instructions
             dialog (phone)               1000.0  1000.0  1.0000         -     -      -               -  even, other answer
             talk (phone)                      -       -       -         -     -      -               -  in head alone

            Slower: spotter.
            Figures are for one element. Slower is more than 2% more instructions, or 10% more time, by the least times and with the whole 95% band.
        "]].assert_eq(&page.text());
    }

    #[test]
    fn a_job_summary_is_a_markdown_table() {
        let (commits, paths) = (commits(), paths());
        let page = Page {
            commits: &commits,
            paths: &paths[1..],
        };
        assert_eq!(page.slower(), Slower::No);
        expect![[r"
            ### Hot paths

            base 0123456789 (main), head fedcba9876 (HEAD)

            | path           | instructions, base |   head |  ratio | ns, base | head | ratio | band | verdict            |
            |----------------|--------------------|--------|--------|----------|------|-------|------|--------------------|
            | dialog (phone) |             1000.0 | 1000.0 | 1.0000 |        - |    - |     - |    - | even, other answer |
            | talk (phone)   |                  - |      - |      - |        - |    - |     - |    - | in head alone      |

            **No path is slower.**

            Figures are for one element. Slower is more than 2% more instructions, or 10% more time, by the least times and with the whole 95% band.
        "]].assert_eq(&page.markdown());
    }

    #[test]
    fn programs_get_the_same_figures() {
        let (commits, paths) = (commits(), paths());
        let page = Page {
            commits: &commits,
            paths: &paths,
        };
        let json: Value = serde_json::from_str(&page.json()).expect("JSON");
        assert_eq!(json["slower"], true);
        assert_eq!(json["paths"][0]["verdict"], "more-instructions");
        assert_eq!(json["paths"][0]["instructions"]["ratio"], 1.05);
        assert_eq!(json["paths"][2]["verdict"], "in-one-alone");
        assert!(json["paths"][1]["nanoseconds"].is_null());
    }
}
