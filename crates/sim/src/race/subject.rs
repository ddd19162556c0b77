//! Whom an arm runs against.

use crate::mutant::Mutant;
use crate::preset::Preset;
use crate::reference::Reference;

/// An assistant that an arm runs against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The guarded assistant: whoever finds something has raised a false alarm, or found a fault of
    /// ours.
    Guarded,
    /// An assistant with one fault.
    Mutant(&'static Mutant),
}

impl Subject {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guarded => Preset::GUARDED.name,
            Self::Mutant(mutant) => mutant.name,
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        if name == Preset::GUARDED.name {
            Some(Self::Guarded)
        } else {
            Mutant::named(name).map(Self::Mutant)
        }
    }

    /// The assistant, before its first start.
    pub fn assistant(self) -> Reference {
        match self {
            Self::Guarded => Reference::new(Preset::GUARDED),
            Self::Mutant(mutant) => mutant.assistant(),
        }
    }
}
