//! What the detector understood, in the terms of the dialog.

use mondegreen_detector as detector;
use mondegreen_detector::Understood;
use mondegreen_dialog as dialog;
use mondegreen_dialog::{ContactId, Score};

/// Speech of a person, final, that took no time; whoever knows better says so.
pub(super) fn heard(meant: &Understood) -> dialog::Heard {
    let (score, runner_up) = (score(meant.confidence), score(meant.runner_up));
    dialog::Heard {
        score,
        runner_up,
        rank: if meant.rank == 0 {
            dialog::Rank::First
        } else {
            dialog::Rank::Later
        },
        scope: if meant.whole {
            dialog::Scope::Whole
        } else {
            dialog::Scope::Part
        },
        addressed: meant.addressed,
        ..dialog::Heard::plain(act(&meant.act, score, runner_up))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a score before the cast"
)]
fn score(confidence: f64) -> Score {
    Score((confidence.clamp(0.0, 1.0) * 1000.0).round() as u16)
}

fn act(meant: &detector::Act, score: Score, runner_up: Score) -> dialog::Act {
    let name = |named: &detector::Named| dialog::Name {
        contact: ContactId(u16::try_from(named.contact).unwrap_or(u16::MAX)),
        score,
        runner_up: if named.shared { score } else { runner_up },
        alike: match named.alike {
            detector::Alike::Distinct => dialog::Alike::Distinct,
            detector::Alike::SameSound => dialog::Alike::SameSound,
            detector::Alike::SameSpelling => dialog::Alike::SameSpelling,
        },
    };
    match meant {
        detector::Act::Wake => dialog::Act::Wake,
        detector::Act::SendMessage(named) => dialog::Act::SendMessage(named.as_ref().map(name)),
        detector::Act::Home { appliance, on } => dialog::Act::Home(dialog::HomeAct {
            appliance: match appliance {
                detector::Appliance::Lights => dialog::Appliance::Lights,
                detector::Appliance::Heat => dialog::Appliance::Heat,
                detector::Appliance::Lock => dialog::Appliance::Lock,
            },
            on: *on,
        }),
        detector::Act::Name(named) => dialog::Act::Name(name(named)),
        detector::Act::Yes => dialog::Act::Yes,
        detector::Act::No => dialog::Act::No,
        detector::Act::YesAndNo => dialog::Act::YesAndNo,
        detector::Act::SendIt => dialog::Act::SendIt,
        detector::Act::Word(number) => {
            dialog::Act::Word(dialog::Word(u8::try_from(*number).unwrap_or(u8::MAX)))
        }
        detector::Act::Cancel => dialog::Act::Cancel,
        detector::Act::Talk => dialog::Act::Talk,
    }
}
