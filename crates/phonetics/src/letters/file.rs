//! The file that letter-to-sound rules are kept in.
//!
//! All numbers are little-endian.
//!
//! ```text
//! header     "MGLTR 1\n", graphones: u8, n-grams: u32
//! graphones  from number 1 on, in order: the letter, in ASCII: u8; how many phones: u8; the phones
//! n-grams    the shorter first, those of one length in order; the first is the empty one:
//!            last graphone: u8; cost: u8; how many n-grams are longer by one and begin like
//!            this: u8; if there are any, the back-off: i8
//! ```

use super::{Graphone, LetterRules, LetterRulesError, NGram, Node, ROOT};
use crate::Phone;
use crate::bytes::Bytes;
use std::collections::BTreeMap;

const MAGIC: [u8; 8] = *b"MGLTR 1\n";
/// What an n-gram takes at least.
const NODE_BYTES_MIN: usize = 3;

impl LetterRules {
    /// Unpacks rules. Damage that leaves the file readable may change what the rules say, no more.
    ///
    /// # Errors
    /// When the file is of another kind, is cut off, or has n-grams that do not form a tree.
    pub fn read(file: &[u8]) -> Result<Self, LetterRulesError> {
        let Some((&MAGIC, rest)) = file.split_first_chunk() else {
            return Err(LetterRulesError("these are not letter-to-sound rules"));
        };
        read_rules(&mut Bytes(rest)).ok_or(LetterRulesError(
            "the letter-to-sound rules are cut off or damaged",
        ))
    }

    /// Packs rules. N-grams come in any order, all but the empty one, which is implied.
    ///
    /// # Errors
    /// When graphones are out of order, more than 255, or not of a letter from `a` to `z`; when an
    /// n-gram comes twice, numbers a graphone that is not there, or begins like none of the others.
    pub fn write(graphones: &[Graphone], n_grams: &[NGram]) -> Result<Vec<u8>, LetterRulesError> {
        let mut file = MAGIC.to_vec();
        write_rules(graphones, n_grams, &mut file).ok_or(LetterRulesError(
            "the graphones are out of order, or the n-grams do not fit them or each other",
        ))?;
        Ok(file)
    }
}

fn read_rules(bytes: &mut Bytes) -> Option<LetterRules> {
    let graphones = bytes.u8()?;
    let n_grams = bytes.u32()? as usize;
    let mut rules = LetterRules::default();
    for _ in 0..graphones {
        let graphone = read_graphone(bytes)?;
        rules.graphones.push(graphone);
    }
    rules
        .nodes
        .reserve_exact(n_grams.min(bytes.0.len() / NODE_BYTES_MIN));
    let mut first_child: u32 = 1;
    let mut parent = ROOT;
    for at in 0..n_grams {
        let mut node = read_node(bytes, first_child)?;
        first_child = first_child.checked_add(node.children.into())?;
        while at > 0 && at >= end_of_children(rules.node(parent)) {
            parent += 1;
            if parent as usize >= at {
                return None; // it is no child of any node before it
            }
        }
        // Those of one graphone are shortened to the empty one, which `shorter` is to begin with.
        if at > 0 && node.children > 0 && parent != ROOT {
            let shorter = rules.node(parent).shorter;
            node.shorter = rules.state_behind(shorter, node.graphone);
        }
        rules.nodes.push(node);
    }
    (rules.nodes.len() == first_child as usize).then_some(rules)
}

fn end_of_children(node: Node) -> usize {
    node.first_child as usize + usize::from(node.children)
}

fn read_graphone(bytes: &mut Bytes) -> Option<Graphone> {
    let letter = bytes.u8()?.into();
    let count = bytes.u8()?.into();
    let phones = bytes.take(count)?.iter();
    let phones: Option<Vec<Phone>> = phones.map(|&n| Phone::from_index(n.into())).collect();
    Some(Graphone {
        letter,
        phones: phones?,
    })
}

fn read_node(bytes: &mut Bytes, first_child: u32) -> Option<Node> {
    let [graphone, cost, children] = bytes.array()?;
    let backoff = match children {
        0 => 0,
        _ => bytes.u8()?.cast_signed(),
    };
    Some(Node {
        graphone,
        cost,
        backoff,
        children,
        first_child,
        shorter: ROOT,
    })
}

fn write_rules(graphones: &[Graphone], n_grams: &[NGram], file: &mut Vec<u8>) -> Option<()> {
    file.push(u8::try_from(graphones.len()).ok()?);
    file.extend(u32::try_from(n_grams.len() + 1).ok()?.to_le_bytes());
    for graphone in graphones {
        write_graphone(graphone, file)?;
    }
    if !graphones.is_sorted_by(|a, b| a < b) {
        return None;
    }

    let root = NGram {
        graphones: Vec::new(),
        cost: 0,
        backoff: 0,
    };
    let mut sorted: Vec<&NGram> = n_grams.iter().chain([&root]).collect();
    sorted.sort_by_key(|n_gram| (n_gram.graphones.len(), &n_gram.graphones));
    let mut children: BTreeMap<&[u8], u8> = BTreeMap::new();
    for n_gram in &sorted {
        if children.insert(&n_gram.graphones, 0).is_some() {
            return None;
        }
        if let Some((&last, beginning)) = n_gram.graphones.split_last() {
            let siblings = children.get_mut(beginning)?;
            *siblings = siblings.checked_add(1)?;
            if usize::from(last) > graphones.len() {
                return None;
            }
        }
    }
    for n_gram in sorted {
        let children = *children.get(n_gram.graphones.as_slice())?;
        write_n_gram(n_gram, children, file);
    }
    Some(())
}

fn write_graphone(graphone: &Graphone, file: &mut Vec<u8>) -> Option<()> {
    if !graphone.letter.is_ascii_lowercase() {
        return None;
    }
    file.push(u8::try_from(graphone.letter).ok()?);
    file.push(u8::try_from(graphone.phones.len()).ok()?);
    file.extend(graphone.phones.iter().map(|&phone| phone as u8));
    Some(())
}

fn write_n_gram(n_gram: &NGram, children: u8, file: &mut Vec<u8>) {
    let last = n_gram.graphones.last().copied().unwrap_or_default();
    file.extend([last, n_gram.cost, children]);
    if children > 0 {
        file.push(n_gram.backoff.cast_unsigned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graphone(letter: char, phones: &[Phone]) -> Graphone {
        Graphone {
            letter,
            phones: phones.to_vec(),
        }
    }

    fn n_gram(graphones: &[u8], cost: u8, backoff: i8) -> NGram {
        NGram {
            graphones: graphones.to_vec(),
            cost,
            backoff,
        }
    }

    /// `a` is AE, but EY at the end of a word; `b` is B, but silent behind a silent `b`.
    fn small() -> (Vec<Graphone>, Vec<NGram>) {
        let graphones = vec![
            graphone('a', &[Phone::AE]),
            graphone('a', &[Phone::EY]),
            graphone('b', &[]),
            graphone('b', &[Phone::B]),
        ];
        let n_grams = vec![
            n_gram(&[0], 10, 0),
            n_gram(&[1], 10, 5),
            n_gram(&[2], 15, 0),
            n_gram(&[2, 0], 1, 0),
            n_gram(&[3], 20, 0),
            n_gram(&[3, 3], 1, 0),
            n_gram(&[4], 10, 0),
        ];
        (graphones, n_grams)
    }

    #[test]
    fn rules_do_what_was_written() {
        let (graphones, mut n_grams) = small();
        n_grams.reverse();
        let file = LetterRules::write(&graphones, &n_grams).expect("legal rules");
        let rules = LetterRules::read(&file).expect("what was just written");
        let said = |word| rules.pronounce(word);
        assert_eq!(said("ab"), [Phone::AE, Phone::B]);
        assert_eq!(said("ba"), [Phone::B, Phone::EY]);
        assert_eq!(said("abbba"), [Phone::AE, Phone::EY]);
        assert_eq!(said("c"), []);
    }

    #[test]
    fn rules_that_do_not_fit_together_are_refused() {
        let (graphones, n_grams) = small();
        let refused = |graphones: &[Graphone], n_gram: NGram| {
            LetterRules::write(graphones, &[&n_grams[..], &[n_gram]].concat()).is_err()
        };
        assert!(!refused(&graphones, n_gram(&[4, 4], 0, 0)));
        assert!(refused(&graphones, n_gram(&[4], 0, 0)), "twice");
        assert!(refused(&graphones, n_gram(&[5], 0, 0)), "of no graphone");
        assert!(
            refused(&graphones, n_gram(&[4, 4, 4], 0, 0)),
            "no beginning"
        );
        assert!(refused(&graphones, n_gram(&[], 0, 0)), "empty");
        let more = |graphone| [&graphones[..], &[graphone]].concat();
        assert!(refused(&more(graphones[0].clone()), n_gram(&[4, 4], 0, 0)));
        assert!(refused(&more(graphone('é', &[])), n_gram(&[4, 4], 0, 0)));
        let many = vec![Phone::B; 256];
        assert!(refused(&more(graphone('c', &many)), n_gram(&[4, 4], 0, 0)));
    }

    #[test]
    fn a_file_of_another_kind_or_cut_off_is_refused() {
        let (graphones, n_grams) = small();
        let file = LetterRules::write(&graphones, &n_grams).expect("legal rules");
        assert!(LetterRules::read(b"MGLEX 1\n\0\0\0\0\0").is_err());
        for end in 0..file.len() {
            assert!(LetterRules::read(&file[..end]).is_err(), "{end} bytes");
        }
        assert!(LetterRules::read(&file).is_ok());
        let mut fewer = file;
        fewer[9] -= 1; // the number of n-grams: one has a child that is not there
        assert!(LetterRules::read(&fewer).is_err());
        let orphan = b"MGLTR 1\n\0\x02\0\0\0\0\0\0\0\0\0"; // two n-grams, neither with a child
        assert!(LetterRules::read(orphan).is_err());
    }

    #[test]
    fn the_embedded_rules_know_every_letter() {
        for letter in 'a'..='z' {
            let known = |graphone: &Graphone| graphone.letter == letter;
            assert!(
                LetterRules::embedded().graphones.iter().any(known),
                "{letter}"
            );
        }
    }

    proptest! {
        /// Damage may change what the rules say; it must not stop the program.
        #[test]
        fn damaged_rules_do_no_harm(places in prop::collection::vec((8..60_usize, any::<u8>()), 1..4)) {
            let (graphones, n_grams) = small();
            let mut file = LetterRules::write(&graphones, &n_grams).expect("legal rules");
            for (at, byte) in places {
                if let Some(place) = file.get_mut(at) {
                    *place = byte;
                }
            }
            if let Ok(rules) = LetterRules::read(&file) {
                let phones = rules.pronounce("abbabb").len();
                prop_assert!(phones <= 6 * usize::from(u8::MAX));
            }
        }
    }
}
