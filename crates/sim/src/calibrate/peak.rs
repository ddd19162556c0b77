//! The peak of a function, and how far to its sides something holds.

use crate::estimate::Interval;

/// The highest place of a function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peak {
    pub(super) at: f64,
    pub(super) height: f64,
}

/// The one peak of a function between bounds: by doubling steps uphill from `start`, then by golden
/// sections.
pub(super) fn peak(of: impl Fn(f64) -> f64, start: f64, [low, high]: [f64; 2]) -> Peak {
    let on = |at: f64| {
        let at = at.clamp(low, high);
        Peak { at, height: of(at) }
    };
    let mut middle = on(start);
    let (mut left, mut right) = (on(start - 1.0), on(start + 1.0));
    while right.height > middle.height && right.at < high {
        let step = right.at - middle.at;
        (left, middle, right) = (middle, right, on(right.at + 2.0 * step));
    }
    while left.height > middle.height && left.at > low {
        let step = middle.at - left.at;
        (left, middle, right) = (on(left.at - 2.0 * step), left, middle);
    }
    golden(on, left.at, right.at)
}

/// The share of a stretch that is kept each time.
const GOLDEN: f64 = 0.618_033_988_749_894_9;
/// Two heights beside a peak do not differ at places nearer than this, relative to the place.
const NEAR: f64 = 1e-8;

fn golden(on: impl Fn(f64) -> Peak, mut low: f64, mut high: f64) -> Peak {
    let mut left = on(high - GOLDEN * (high - low));
    let mut right = on(low + GOLDEN * (high - low));
    while high - low > NEAR * (1.0 + low.abs().max(high.abs())) {
        if left.height >= right.height {
            (high, right) = (right.at, left);
            left = on(high - GOLDEN * (high - low));
        } else {
            (low, left) = (left.at, right);
            right = on(low + GOLDEN * (high - low));
        }
    }
    // The peak may be at a bound itself.
    let ends = [on(low), left, right, on(high)];
    ends.into_iter()
        .max_by(|a, b| a.height.total_cmp(&b.height))
        .unwrap_or(left)
}

/// How far a property reaches to both sides of a place that has it, at most to the bounds.
pub(super) fn around(place: f64, [low, high]: [f64; 2], has: impl Fn(f64) -> bool) -> Interval {
    let edge = |bound: f64, mut step: f64| {
        let mut inside = place;
        let mut outside = loop {
            let next = (inside + step).clamp(low, high);
            if !has(next) {
                break next;
            }
            if (next - bound).abs() < f64::EPSILON {
                return bound;
            }
            inside = next;
            step *= 2.0;
        };
        while (outside - inside).abs() > 1e-6 * (1.0 + inside.abs()) {
            let between = f64::midpoint(inside, outside);
            if has(between) {
                inside = between;
            } else {
                outside = between;
            }
        }
        inside
    };
    Interval {
        low: edge(low, -0.25),
        high: edge(high, 0.25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_is_found_inside_and_at_a_bound_and_from_a_plateau() {
        let bounds = [0.0, 1_000.0];
        let found = |of: fn(f64) -> f64, start: f64| peak(of, start, bounds).at;
        let near = |is: f64, should_be: f64| assert!((is - should_be).abs() < 1e-5, "{is}");
        near(found(|x| -(x - 300.0).powi(2), 0.0), 300.0);
        near(found(|x| -(x - 0.01).powi(2), 500.0), 0.01);
        near(found(|x| -x, 1.0), 0.0);
        near(found(|x| x, 1.0), 1_000.0);
        near(found(|x| x.ln() - x, 0.0), 1.0);
    }

    #[test]
    fn an_interval_ends_at_bounds() {
        let Interval { low, high } = around(0.0, [0.0, 100.0], |at| at < 7.0);
        assert!(
            low.abs() < 1e-9 && (high - 7.0).abs() < 1e-4,
            "{low} {high}"
        );
        let all = around(50.0, [0.0, 100.0], |_| true);
        assert_eq!(
            all,
            Interval {
                low: 0.0,
                high: 100.0
            }
        );
    }
}
