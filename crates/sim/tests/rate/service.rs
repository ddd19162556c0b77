//! What it costs people who do want to send.

use crate::{shipped, world};
use mondegreen_sim::{ChannelLaw, Noise, Preset, Reference, Safeguard, Service};

fn service(law: ChannelLaw, preset: Preset) -> Service {
    let mut world = world(law, 1);
    preset.wake.clone_into(&mut world.wake);
    let service = Service::of(&world, &mut Reference::new(preset), 300, 1);
    service.expect("an assistant that does not break")
}

#[test]
fn who_is_heard_well_is_served_by_all_but_who_is_not_by_none() {
    let exact = Noise {
        shift: -20.0,
        slope: 10.0,
    };
    let clear = ChannelLaw {
        wake: exact,
        command: exact,
        recipient: exact,
        confirmation: exact,
        ..shipped()
    };
    let deaf = Noise {
        shift: 50.0,
        slope: 10.0,
    };
    let noisy = ChannelLaw {
        wake: deaf,
        ..shipped()
    };
    for preset in Preset::ALL {
        let served = service(clear, preset);
        // Two contacts who sound alike are not told apart by all.
        assert!(served.served > 285, "{}: {served:?}", preset.name);
        assert_eq!(service(noisy, preset).served, 0, "{}", preset.name);
    }
}

#[test]
fn guarded_takes_longer_and_serves_fewer() {
    let (echo, guarded) = (
        service(shipped(), Preset::ECHO_2018),
        service(shipped(), Preset::GUARDED),
    );
    assert!(guarded.seconds > 1.5 * echo.seconds, "{echo:?} {guarded:?}");
    assert!(guarded.turns > echo.turns, "{echo:?} {guarded:?}");
    assert!(
        guarded.interval.high < echo.interval.low,
        "{echo:?} {guarded:?}"
    );
}

/// All together, the safeguards are what lies between the two presets.
#[test]
fn safeguards_are_all_the_difference() {
    let on = Safeguard::ALL.iter().filter_map(Safeguard::on);
    let on: Vec<_> = on.map(|preset| preset.policy).collect();
    let off: Vec<_> = Safeguard::ALL.iter().filter_map(Safeguard::off).collect();
    assert_eq!((on.len(), off.len()), (17, 17));
    assert!(on.iter().all(|policy| *policy != Preset::ECHO_2018.policy));
    for (at, policy) in on.iter().enumerate() {
        assert!(!on[..at].contains(policy), "each is another one");
    }
}
