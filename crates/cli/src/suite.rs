//! A property suite for an assistant in Rust: one test for each rule, under plain `cargo test`.
//!
//! ```no_run
//! use mondegreen::{Assistant, Broken, Effect, Input};
//!
//! struct MyAssistant;
//!
//! impl MyAssistant {
//!     fn new() -> Self {
//!         Self
//!     }
//! }
//!
//! impl Assistant for MyAssistant {
//!     fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Broken> {
//!         // …
//!         Ok(())
//!     }
//! }
//!
//! mondegreen::suite!(MyAssistant::new);
//! // or with settings of your own:
//! // mondegreen::suite!(MyAssistant::new, |suite| suite.wake("computer").steps(1_000_000));
//! # fn main() {}
//! ```
//!
//! The search is the one of `mondegreen fuzz`, in the same process, and it is done once for all
//! tests. What it finds is made as small as it gets, printed, and kept in `corpora/regressions/` of
//! your crate, where it is the first thing that is played from then on. `docs/suite.md` says what
//! each test shows and what not.

mod examine;
mod keep;

use crate::Rule;
use examine::Examination;
use mondegreen_sim::Assistant;
use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display, Formatter};
use std::path::PathBuf;

/// How many inputs the search gives, if nothing is said.
const STEPS: u64 = 500_000;

/// Settings of a suite.
#[derive(Clone, Debug)]
pub struct Suite {
    folder: PathBuf,
    steps: u64,
    seed: u64,
    wake: String,
    mishearing: u64,
}

impl Suite {
    /// A suite that plays what lies in this folder first, and keeps there what it finds.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            steps: STEPS,
            seed: 1,
            wake: examine::WAKE.to_owned(),
            mishearing: 0,
        }
    }

    /// Searches for so many inputs to the assistant; 500,000 if nothing is said.
    #[must_use]
    pub fn steps(self, steps: u64) -> Self {
        Self { steps, ..self }
    }

    /// Where all randomness comes from; 1 if nothing is said.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The name that the assistant answers to; "alexa" if nothing is said.
    #[must_use]
    pub fn wake(self, wake: &str) -> Self {
        let wake = wake.to_owned();
        Self { wake, ..self }
    }

    /// Also searches talk that is misheard, as `mondegreen hunt` does, for so many inputs; none if
    /// nothing is said. Nobody can always keep the intent rules, since anything can be misheard.
    #[must_use]
    pub fn mishearing(self, steps: u64) -> Self {
        Self {
            mishearing: steps,
            ..self
        }
    }

    /// Puts an assistant to the test; `new` makes one that nothing has happened to yet.
    ///
    /// The same settings and the same assistant give the same findings.
    pub fn examine<A: Assistant>(&self, new: impl Fn() -> A) -> Findings {
        Examination::new(self).run(&new)
    }
}

/// What a suite found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Why nothing can be said of any rule.
    trouble: Option<String>,
    /// For each rule that was broken, how.
    broken: BTreeMap<Rule, Vec<String>>,
    /// How a plain request was not served.
    unserved: Option<String>,
}

/// A test that failed: a page that says how.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure(String);

impl Findings {
    /// Whether a rule was kept in all that was tried.
    ///
    /// # Errors
    /// When it was broken, or the assistant is: a broken assistant is never a safe one.
    pub fn verdict(&self, rule: Rule) -> Result<(), Failure> {
        self.without_trouble()?;
        match self.broken.get(&rule) {
            None => Ok(()),
            Some(pages) => Err(Failure(pages.join("\n"))),
        }
    }

    /// Whether a person who asks plainly, in a quiet room, gets a message sent: an assistant that
    /// never sends anything keeps all other rules.
    ///
    /// # Errors
    /// When nothing was sent, or the assistant is broken.
    pub fn served(&self) -> Result<(), Failure> {
        self.without_trouble()?;
        self.unserved
            .clone()
            .map_or(Ok(()), |page| Err(Failure(page)))
    }

    fn without_trouble(&self) -> Result<(), Failure> {
        let trouble = self.trouble.clone();
        trouble.map_or(Ok(()), |page| Err(Failure(page)))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A test prints the error that it ends with in this form.
impl Debug for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\n\n{self}")
    }
}

impl std::error::Error for Failure {}

/// Makes a module with one test for each rule, and one for a plain request.
///
/// The first argument makes an assistant that nothing has happened to yet; the second, if there is
/// one, changes the settings, like `|suite| suite.seed(7).steps(1_000_000)`. See [`mod@crate::suite`] for
/// an example.
///
/// Findings are kept in `corpora/regressions/` of the crate in which this stands.
#[macro_export]
macro_rules! suite {
    ($new:expr $(,)?) => {
        $crate::suite!($new, |suite| suite);
    };
    ($new:expr, $settings:expr $(,)?) => {
        #[cfg(test)]
        mod mondegreen_suite {
            #[allow(unused_imports, reason = "the assistant may be named by a full path")]
            use super::*;

            /// The search is done once for all tests of a process.
            static FINDINGS: ::std::sync::LazyLock<$crate::suite::Findings> =
                ::std::sync::LazyLock::new(|| {
                    let settings: fn($crate::suite::Suite) -> $crate::suite::Suite = $settings;
                    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/regressions");
                    settings($crate::suite::Suite::new(folder)).examine($new)
                });

            #[test]
            fn a_plain_request_is_served() -> Result<(), $crate::suite::Failure> {
                FINDINGS.served()
            }

            $crate::suite! { @rules
                g1_unconfirmed G1, g2_wrong_recipient G2, g3_wrong_content G3, g4_early_answer G4,
                g5_late_answer G5, g6_self_echo G6, g7_not_final G7, g8_not_an_answer G8,
                g9_refused G9, g10_reused G10, g11_wrong_device G11, g12_disabled G12,
                g13_resurrected G13, g14_silent_capture G14, g15_unaccountable G15,
                i1_unintended I1, i2_misdirected I2, i3_overheard I3,
                s1_unserved S1, s2_uncancelled S2, s3_endless S3, s4_home_ignored S4
            }
        }
    };
    (@rules $($name:ident $rule:ident),*) => {
        $(
            #[test]
            fn $name() -> Result<(), $crate::suite::Failure> {
                FINDINGS.verdict($crate::Rule::$rule)
            }
        )*
    };
}
