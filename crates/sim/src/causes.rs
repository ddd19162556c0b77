//! One example of each cause, the least that was found.

use crate::bucket::Bucket;
use mondegreen_oracle::{Breach, Rule};
use std::collections::{BTreeMap, BTreeSet};

/// Of findings that look alike before they are made small, so many are made small.
const ALIKE_MAX: u32 = 3;

/// A finding that stands for its cause.
pub trait Example {
    /// All that it breaks.
    fn breaches(&self) -> &[Breach];
    /// What it has in common with others of the same cause.
    fn bucket(&self) -> Bucket;
    /// How many things happen in it.
    fn events(&self) -> usize;
    /// Its written form.
    fn text(&self) -> String;
}

/// An example that is named after one of the rules that it breaks.
pub trait Named: Example + Clone {
    /// That rule.
    fn rule(&self) -> Rule;
    /// The same, named after another.
    #[must_use]
    fn named_after(self, rule: Rule) -> Self;
}

/// Findings by cause. The same findings in any order come to the same, as long as no more than a
/// few of them look alike before they are made small.
#[derive(Clone, Debug)]
pub struct Causes<E> {
    kept: BTreeMap<Bucket, Cause<E>>,
    /// What findings looked like before they were made small, how often, and what came of the last.
    alike: BTreeMap<Bucket, (u32, Bucket)>,
}

/// What was found of one cause.
#[derive(Clone, Debug)]
pub struct Cause<E> {
    /// The least example.
    pub example: E,
    /// How often it was found.
    pub times: u64,
    /// The step at which it was found first.
    pub steps: u64,
}

impl<E> Default for Causes<E> {
    fn default() -> Self {
        Self {
            kept: BTreeMap::new(),
            alike: BTreeMap::new(),
        }
    }
}

impl<E: Named> Causes<E> {
    /// Enters a finding, and makes it small first unless it looks like some that were.
    ///
    /// # Errors
    /// Those of making it small.
    pub fn enter<B>(
        &mut self,
        found: E,
        steps: u64,
        mut shrink: impl FnMut(E) -> Result<E, B>,
    ) -> Result<(), B> {
        let looks = found.bucket();
        let known = self.alike.get_mut(&looks);
        if let Some((alike, came_to)) = known {
            *alike = alike.saturating_add(1);
            if *alike > ALIKE_MAX {
                if let Some(cause) = self.kept.get_mut(came_to) {
                    cause.times += 1;
                }
                return Ok(());
            }
        }
        let small = renamed(shrink(found)?, &mut shrink)?;
        let bucket = small.bucket();
        let (_, came_to) = self.alike.entry(looks).or_insert((1, bucket.clone()));
        came_to.clone_from(&bucket);
        let Some(cause) = self.kept.get_mut(&bucket) else {
            let cause = Cause {
                example: small,
                times: 1,
                steps,
            };
            self.kept.insert(bucket, cause);
            return Ok(());
        };
        cause.times += 1;
        if order(&small) < order(&cause.example) {
            cause.example = small;
        }
        Ok(())
    }

    /// How many causes there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What was found, by bucket.
    pub fn iter(&self) -> impl Iterator<Item = (&Bucket, &Cause<E>)> {
        self.kept.iter()
    }
}

impl<E> IntoIterator for Causes<E> {
    type Item = (Bucket, Cause<E>);
    type IntoIter = std::collections::btree_map::IntoIter<Bucket, Cause<E>>;

    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

/// An example named after the first rule of which it is a least example as well: rules that only go
/// together are broken for one reason. Gate rules come first, since they say what was missing.
fn renamed<E: Named, B>(small: E, shrink: &mut impl FnMut(E) -> Result<E, B>) -> Result<E, B> {
    let broken = small.breaches().iter().map(|breach| breach.rule);
    let before = broken.filter(|rule| *rule < small.rule());
    let before: BTreeSet<Rule> = before.collect();
    for rule in before {
        let other = shrink(small.clone().named_after(rule))?;
        if other.text() == small.text() {
            return Ok(other);
        }
    }
    Ok(small)
}

/// The lesser of two examples is the better one.
fn order(example: &impl Example) -> (usize, String) {
    (example.events(), example.text())
}
