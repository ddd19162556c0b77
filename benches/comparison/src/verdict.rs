//! What two commits took for the same work, and whether that is slower.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A path is slower when it takes this many times the instructions. Counts are steady; what is left
/// is how the compiler divides unchanged code.
pub(crate) const INSTRUCTIONS_MAX: f64 = 1.02;
/// And when it takes this many times as long by the least times, and the whole band lies beyond. On a
/// busy machine a few rounds agree by chance now and then; the least times, the least disturbed, then do not.
pub(crate) const WALL_MAX: f64 = 1.10;
/// How sure the band is.
pub(crate) const CONFIDENCE: f64 = 0.95;

/// A figure of both commits, for one element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) base: f64,
    pub(crate) head: f64,
}

impl Pair {
    pub(crate) fn ratio(self) -> f64 {
        self.head / self.base
    }
}

/// Times of an element, in nanoseconds, in the order base, head, head, base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Round {
    pub(crate) base: [f64; 2],
    pub(crate) head: [f64; 2],
}

/// How long an element takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wall {
    /// Nanoseconds, the least of all.
    pub(crate) least: Pair,
    /// Head over base, the geometric mean over the rounds.
    pub(crate) ratio: f64,
    /// Student's interval of that, over the rounds.
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Wall {
    /// Of at least two rounds.
    pub(crate) fn of(rounds: &[Round]) -> Option<Self> {
        // A drift of the machine that is steady over a round falls out.
        let mean = |times: [f64; 2]| f64::midpoint(times[0].ln(), times[1].ln());
        let logs: Vec<f64> = rounds
            .iter()
            .map(|round| mean(round.head) - mean(round.base))
            .collect();
        let count = f64::from(u32::try_from(logs.len()).ok()?);
        let freedom = StudentsT::new(0.0, 1.0, count - 1.0).ok()?;
        let middle = logs.iter().sum::<f64>() / count;
        let squares: f64 = logs.iter().map(|log| (log - middle).powi(2)).sum();
        let error = (squares / (count - 1.0) / count).sqrt();
        let width = freedom.inverse_cdf(f64::midpoint(1.0, CONFIDENCE)) * error;
        let least = |side: fn(&Round) -> [f64; 2]| {
            let times = rounds.iter().flat_map(side);
            times.fold(f64::INFINITY, f64::min)
        };
        Some(Self {
            least: Pair {
                base: least(|round| round.base),
                head: least(|round| round.head),
            },
            ratio: middle.exp(),
            low: (middle - width).exp(),
            high: (middle + width).exp(),
        })
    }
}

/// Which of two commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Base,
    Head,
}

/// A path of either commit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) name: String,
    pub(crate) element: String,
    /// Where the other has no such path.
    pub(crate) only_in: Option<Side>,
    pub(crate) instructions: Option<Pair>,
    pub(crate) wall: Option<Wall>,
    /// The work of the two did not come to the same.
    pub(crate) other_answer: bool,
}

/// What is said of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Even,
    Faster,
    MoreInstructions,
    MoreTime,
    OnlyIn(Side),
}

/// Whether anything is slower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slower {
    Yes,
    No,
}

impl Verdict {
    /// Whether it is why a comparison fails.
    pub(crate) const fn is_slower(self) -> bool {
        matches!(self, Self::MoreInstructions | Self::MoreTime)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Even => "even",
            Self::Faster => "faster",
            Self::MoreInstructions => "slower: instructions",
            Self::MoreTime => "slower: time",
            Self::OnlyIn(Side::Base) => "in base alone",
            Self::OnlyIn(Side::Head) => "in head alone",
        }
    }
}

impl Path {
    pub(crate) fn verdict(&self) -> Verdict {
        if let Some(side) = self.only_in {
            return Verdict::OnlyIn(side);
        }
        let instructions = self.instructions.map_or(1.0, Pair::ratio);
        let (surely_more, surely_less) = self.wall.map_or((1.0, 1.0), |wall| {
            let least = wall.least.ratio();
            (least.min(wall.low), least.max(wall.high))
        });
        if instructions > INSTRUCTIONS_MAX {
            Verdict::MoreInstructions
        } else if surely_more > WALL_MAX {
            Verdict::MoreTime
        } else if instructions < 1.0 / INSTRUCTIONS_MAX || surely_less < 1.0 / WALL_MAX {
            Verdict::Faster
        } else {
            Verdict::Even
        }
    }
}

/// The paths of head in their order, then those that base alone has.
pub(crate) fn side_by_side(base: &[[String; 2]], head: &[[String; 2]]) -> Vec<Path> {
    let has = |paths: &[[String; 2]], name: &str| paths.iter().any(|[known, _]| known == name);
    let path = |[name, element]: &[String; 2], only_in| Path {
        name: name.clone(),
        element: element.clone(),
        only_in,
        instructions: None,
        wall: None,
        other_answer: false,
    };
    let of_head = head.iter().map(|known| {
        let is_new = !has(base, &known[0]);
        path(known, is_new.then_some(Side::Head))
    });
    let gone = base.iter().filter(|known| !has(head, &known[0]));
    let of_base = gone.map(|known| path(known, Some(Side::Base)));
    of_head.chain(of_base).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn path(instructions: [f64; 2], rounds: &[[f64; 4]]) -> Path {
        let [base, head] = instructions;
        let rounds: Vec<Round> = rounds
            .iter()
            .map(|[a, b, c, d]| Round {
                base: [*a, *d],
                head: [*b, *c],
            })
            .collect();
        Path {
            name: "spotter".to_owned(),
            element: "phone".to_owned(),
            only_in: None,
            instructions: Some(Pair { base, head }),
            wall: Wall::of(&rounds),
            other_answer: false,
        }
    }

    const QUIET: [[f64; 4]; 3] = [[100.0, 100.0, 100.0, 100.0]; 3];

    #[test]
    fn counts_beyond_two_in_a_hundred_are_slower_however_long_it_takes() {
        for (head, want) in [
            (10_210.0, Verdict::MoreInstructions),
            (10_190.0, Verdict::Even),
            (9_810.0, Verdict::Even),
            (9_790.0, Verdict::Faster),
        ] {
            assert_eq!(path([10_000.0, head], &QUIET).verdict(), want, "{head}");
        }
    }

    #[test]
    fn time_is_slower_where_the_whole_band_is() {
        let steady = |head: f64| [[100.0, head, head * 1.01, 101.0]; 4].map(wobble());
        assert_eq!(
            path([1.0, 1.0], &steady(115.0)).verdict(),
            Verdict::MoreTime
        );
        assert_eq!(path([1.0, 1.0], &steady(108.0)).verdict(), Verdict::Even);
        assert_eq!(path([1.0, 1.0], &steady(85.0)).verdict(), Verdict::Faster);
        // Half as much again, but not in every round.
        let noisy = [
            [100.0, 200.0, 190.0, 100.0],
            [100.0, 100.0, 104.0, 100.0],
            [100.0, 170.0, 150.0, 110.0],
        ];
        let noisy = path([1.0, 1.0], &noisy);
        assert!(noisy.wall.is_some_and(|wall| wall.ratio > 1.4));
        assert_eq!(noisy.verdict(), Verdict::Even);
    }

    /// Of the same program twice, on a machine with a dozen other things to do.
    #[test]
    fn rounds_that_agree_by_chance_are_not_slower_when_the_least_times_are_even() {
        let chance = [
            [1_900.0, 2_290.0, 2_250.0, 1_890.0],
            [1_600.0, 1_910.0, 1_630.0, 1_370.0],
            [1_980.0, 2_330.0, 2_370.0, 1_990.0],
        ];
        let mut chance = path([1.0, 1.0], &chance);
        let wall = chance.wall.expect("three rounds");
        assert!(wall.low > WALL_MAX, "{wall:?}");
        assert_eq!(chance.verdict(), Verdict::MoreTime);
        let least = Pair {
            base: 1_597.8,
            head: 1_631.1,
        };
        chance.wall = Some(Wall { least, ..wall });
        assert_eq!(chance.verdict(), Verdict::Even);
    }

    /// A little noise, another in each round.
    fn wobble() -> impl FnMut([f64; 4]) -> [f64; 4] {
        let mut more = 1.0;
        move |[a, b, c, d]| {
            more *= 1.003;
            [a, b * more, c * more, d]
        }
    }

    /// With three rounds at 0.9, 1.0 and 1.1 times: mean of logs −0.00336, standard error 0.05801,
    /// Student's 4.30265 at two degrees of freedom.
    #[test]
    fn the_band_is_students() {
        let rounds = [0.9, 1.0, 1.1].map(|ratio| [100.0, 100.0 * ratio, 100.0 * ratio, 100.0]);
        let wall = path([1.0, 1.0], &rounds).wall.expect("three rounds");
        let near = |a: f64, b: f64| (a - b).abs() < 5e-4;
        assert!(near(wall.ratio, 0.9967), "{wall:?}");
        assert!(
            near(wall.low, 0.7765) && near(wall.high, 1.2792),
            "{wall:?}"
        );
    }

    #[test]
    fn a_machine_that_slows_down_steadily_slows_both() {
        let slowing = [[100.0, 130.0, 169.0, 219.7]; 3];
        let wall = path([1.0, 1.0], &slowing).wall.expect("three rounds");
        assert!((wall.ratio - 1.0).abs() < 1e-9, "{wall:?}");
    }

    #[test]
    fn one_round_has_no_band() {
        assert_eq!(path([1.0, 1.0], &QUIET[..1]).wall, None);
    }

    #[test]
    fn what_one_of_them_has_alone_is_named_and_not_judged() {
        let known = |names: &[&str]| -> Vec<[String; 2]> {
            let known = names.iter().map(|name| [(*name).to_owned(), String::new()]);
            known.collect()
        };
        let paths = side_by_side(&known(&["old", "both"]), &known(&["both", "new"]));
        let said: Vec<(&str, Verdict)> = paths
            .iter()
            .map(|path| (path.name.as_str(), path.verdict()))
            .collect();
        let only = [Side::Head, Side::Base].map(Verdict::OnlyIn);
        assert_eq!(
            said,
            [("both", Verdict::Even), ("new", only[0]), ("old", only[1])]
        );
        assert!(!said.iter().any(|(_, verdict)| verdict.is_slower()));
    }
}
