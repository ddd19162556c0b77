//! What holds of distances, alignments and hits, whatever the phones.

use mondegreen_phonetics::{
    Backness, Costs, Features, Height, Hit, Nats, Phone, Quality, Step, Voicing, align, confidence,
    distance, distance_by, gap, substitution, within,
};
use proptest::prelude::*;

fn phones(symbols: &str) -> Vec<Phone> {
    let phones = symbols.split_whitespace().map(str::parse);
    phones.collect::<Result<_, _>>().expect("phones")
}

fn any_phones(max: usize) -> impl Strategy<Value = Vec<Phone>> {
    let phone = (0..Phone::COUNT).prop_map(|index| Phone::ALL[index]);
    prop::collection::vec(phone, 0..=max)
}

/// Few kinds of phones, so that alignments have something to match.
fn few_phones(max: usize) -> impl Strategy<Value = Vec<Phone>> {
    use Phone::{AH, EH, K, L, S};
    prop::collection::vec(prop::sample::select(vec![AH, EH, K, L, S]), 0..=max)
}

/// What the definition says, at exponential cost.
fn by_definition(a: &[Phone], b: &[Phone]) -> Nats {
    match (a.split_first(), b.split_first()) {
        (None, None) => Nats::ZERO,
        (Some((&said, rest)), None) => gap(said) + by_definition(rest, b),
        (None, Some((&heard, rest))) => gap(heard) + by_definition(a, rest),
        (Some((&said, said_rest)), Some((&heard, heard_rest))) => {
            let paired = substitution(said, heard) + by_definition(said_rest, heard_rest);
            let missed = gap(said) + by_definition(said_rest, b);
            let invented = gap(heard) + by_definition(a, heard_rest);
            paired.min(missed).min(invented)
        }
    }
}

#[test]
fn single_steps_are_a_metric() {
    for a in Phone::ALL {
        assert!(gap(a) > Nats::ZERO, "{a}");
        for b in Phone::ALL {
            assert_eq!(substitution(a, b) == Nats::ZERO, a == b, "{a} {b}");
            assert_eq!(substitution(a, b), substitution(b, a), "{a} {b}");
            assert!(gap(a) <= substitution(a, b) + gap(b), "{a} {b}");
            assert!(substitution(a, b) <= gap(a) + gap(b), "{a} {b}");
            for c in Phone::ALL {
                let detour = substitution(a, b) + substitution(b, c);
                assert!(substitution(a, c) <= detour, "{a} {b} {c}");
            }
        }
    }
}

#[test]
fn likely_mishearings_cost_less_than_unlikely_ones() {
    use Phone::{AA, AH, B, D, EH, F, G, IH, IY, K, M, N, OY, P, S, SH, T, TH, UH, UW, Z};
    for (near, far) in [
        ((F, TH), (F, M)),
        ((P, K), (P, Z)),
        ((M, N), (M, T)),
        ((B, D), (B, S)),
        ((S, SH), (S, G)),
        ((IH, EH), (IH, AA)),
        ((UH, UW), (UW, IY)),
    ] {
        let (near_cost, far_cost) = (substitution(near.0, near.1), substitution(far.0, far.1));
        assert!(
            near_cost < far_cost,
            "{near:?} {near_cost} {far:?} {far_cost}"
        );
    }
    assert!(gap(AH) < gap(OY) && gap(T) < gap(S));
}

/// The chart and the formants were written down apart from each other; they must tell one story.
#[test]
fn vowels_that_are_close_in_the_chart_cost_little() {
    let steps = |a: Quality, b: Quality| {
        let (a, b) = (a.target(), b.target());
        (a.height as i32 - b.height as i32).abs()
            + 2 * (a.backness as i32 - b.backness as i32).abs()
    };
    let vowels = Phone::ALL
        .into_iter()
        .filter_map(|phone| match phone.features() {
            Features::Vowel(vowel) if vowel.from == vowel.to => Some((phone, vowel.from)),
            Features::Vowel(_) | Features::Consonant(_) => None,
        });
    let vowels: Vec<_> = vowels.collect();
    assert_eq!(vowels.len(), Quality::ALL.len());
    let (mut agree, mut differ) = (0, 0);
    for &(a, qa) in &vowels {
        for &(b, qb) in &vowels {
            for &(c, qc) in &vowels {
                let chart = steps(qa, qb).cmp(&steps(qa, qc));
                let cost = substitution(a, b).cmp(&substitution(a, c));
                if chart.is_ne() && cost.is_ne() {
                    *(if chart == cost {
                        &mut agree
                    } else {
                        &mut differ
                    }) += 1;
                }
            }
        }
    }
    assert!(agree > 4 * differ, "{agree} agree, {differ} differ");
}

#[test]
fn features_are_those_of_the_chart() {
    let consonants = Phone::ALL.into_iter().filter(|phone| !phone.is_vowel());
    let voiceless = consonants.filter(|phone| match phone.features() {
        Features::Consonant(consonant) => consonant.voicing == Voicing::Voiceless,
        Features::Vowel(_) => false,
    });
    assert_eq!(
        voiceless.collect::<Vec<_>>(),
        phones("CH F HH K P S SH T TH")
    );
    let at = |quality: Quality| (quality.target().height, quality.target().backness);
    assert_eq!(at(Quality::IY), (Height::Close, Backness::Front));
    assert_eq!(at(Quality::AA), (Height::Open, Backness::Back));
    assert_eq!(
        Phone::ALL
            .into_iter()
            .filter(|phone| phone.is_vowel())
            .count(),
        15
    );
}

#[test]
fn an_alignment_shows_what_became_of_each_phone() {
    let alignment = align(&phones("L EH K SH ER"), &phones("AH L EH K S AH"));
    let steps: Vec<String> = alignment
        .steps
        .iter()
        .map(|Step { said, heard, cost }| {
            let name = |phone: &Option<Phone>| phone.map_or("-", Phone::symbol);
            format!("{}>{} {cost}", name(said), name(heard))
        })
        .collect();
    let want = [
        "->AH 1.500",
        "L>L 0.000",
        "EH>EH 0.000",
        "K>K 0.000",
        "SH>S 1.370",
        "ER>AH 0.910",
    ];
    assert_eq!(steps, want);
    assert_eq!(alignment.cost, Nats::from_millis(3_780));
}

#[test]
fn a_phrase_hides_across_words() {
    let hit = within(&phones("EH K OW"), &phones("AA R T D EH K OW"));
    assert_eq!(
        hit,
        Hit {
            cost: Nats::ZERO,
            start: 4,
            end: 7
        }
    );
    let hit = within(&phones("EH K OW"), &phones("T AH B AE K OW"));
    assert_eq!((hit.start, hit.end), (3, 6));
    let nowhere = within(&phones("EH K OW"), &[]);
    assert_eq!(
        nowhere,
        Hit {
            cost: Nats::from_millis(7_345),
            start: 0,
            end: 0
        }
    );
}

#[test]
fn confidence_is_the_mean_over_the_phones() {
    let ten = Nats::from_millis(10_000);
    assert!((confidence(Nats::ZERO, 5) - 1.0).abs() < 1e-12);
    assert!((confidence(ten, 10) - 0.368).abs() < 1e-12);
    assert!(confidence(ten, 0) < 0.001);
}

#[test]
fn costs_are_written_with_three_decimals() {
    assert_eq!(Nats::from_millis(12_034).to_string(), "12.034");
    assert_eq!(format!("{:>7}", Nats::from_millis(5)), "  0.005");
    let sum: Nats = [Nats::from_millis(u32::MAX), Nats::from_millis(1)]
        .into_iter()
        .sum();
    assert_eq!(sum.millis(), u32::MAX);
}

proptest! {
    #[test]
    fn distance_is_a_metric(a in any_phones(9), b in any_phones(9), c in any_phones(9)) {
        prop_assert_eq!(distance(&a, &b), distance(&b, &a));
        prop_assert!(distance(&a, &c) <= distance(&a, &b) + distance(&b, &c));
        prop_assert_eq!(distance(&a, &b) == Nats::ZERO, a == b);
        prop_assert_eq!(distance(&a, &a), Nats::ZERO);
    }

    #[test]
    fn distance_is_what_its_definition_says(a in few_phones(6), b in any_phones(6)) {
        prop_assert_eq!(distance(&a, &b), by_definition(&a, &b));
    }

    #[test]
    fn an_alignment_spells_out_the_distance(said in few_phones(9), heard in few_phones(9)) {
        let alignment = align(&said, &heard);
        prop_assert_eq!(alignment.cost, distance(&said, &heard));
        prop_assert_eq!(alignment.steps.iter().map(|step| step.cost).sum::<Nats>(), alignment.cost);
        let from: Vec<Phone> = alignment.steps.iter().filter_map(|step| step.said).collect();
        let to: Vec<Phone> = alignment.steps.iter().filter_map(|step| step.heard).collect();
        prop_assert_eq!((from, to), (said, heard));
        for step in alignment.steps {
            let cost = match (step.said, step.heard) {
                (Some(said), Some(heard)) => substitution(said, heard),
                (Some(lone), None) | (None, Some(lone)) => gap(lone),
                (None, None) => return Err(TestCaseError::fail("a step of nothing")),
            };
            prop_assert_eq!(step.cost, cost);
        }
    }

    /// The cheapest of all parts; of those, the one that ends first, and then the shortest.
    #[test]
    fn within_finds_the_best_part(phrase in few_phones(5), stretch in few_phones(8)) {
        let ends = 0..=stretch.len();
        let parts = ends.flat_map(|end| (0..=end).map(move |start| (start, end)));
        let best = parts
            .map(|(start, end)| (distance(&phrase, &stretch[start..end]), end, end - start))
            .min()
            .expect("there is the empty part");
        let hit = within(&phrase, &stretch);
        prop_assert_eq!((hit.cost, hit.end, hit.end - hit.start), best);
    }
}

/// Kitten and sitting, the example of every textbook, in phones that stand for their letters.
#[test]
fn where_every_step_costs_a_nat_the_distance_counts_edits() {
    let kitten = phones("K IH T T EH N");
    let sitting = phones("S IH T T IH N G");
    let edits = |a: &[Phone], b: &[Phone]| distance_by(Costs::edits(), a, b);
    assert_eq!(edits(&kitten, &sitting), Nats::from_millis(3_000));
    assert_eq!(edits(&kitten, &[]), Nats::from_millis(6_000));
    assert_eq!(edits(&kitten, &kitten), Nats::ZERO);
    let by_ear = distance_by(Costs::by_ear(), &kitten, &sitting);
    assert_eq!(by_ear, distance(&kitten, &sitting));
}
