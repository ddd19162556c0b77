//! The file that letter-to-sound rules are kept in.
//!
//! All numbers are little-endian.
//!
//! ```text
//! header     "MGLTR 1\n", graphones: u16, n-grams: u32
//! graphones  from number 1 on: letters × 16 + phones: u8; the letters; the phones
//! n-grams    the shorter first, those of one length in order; the first is the empty one:
//!            last graphone: u16; cost: u8; how many n-grams are longer by one and begin like
//!            this: u8, where 255 or more 255 and then a u16; if there are any, the back-off: i8
//! ```

use super::{Graphone, LetterRules, LetterRulesError, NGram, Node, ROOT};
use crate::Phone;
use crate::bytes::Bytes;
use std::collections::BTreeMap;

const MAGIC: [u8; 8] = *b"MGLTR 1\n";
/// From here on, the number of longer n-grams takes three bytes.
const MANY: u8 = 255;

impl LetterRules {
    /// Unpacks rules. Damage that leaves the file readable may change what the rules say, no more.
    ///
    /// # Errors
    /// When the file is of another kind, is cut off, or numbers what it does not have.
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
    /// When graphones are out of order, have no or too many letters or phones, an n-gram comes
    /// twice or numbers a graphone that is not there, or its beginning is not among the n-grams.
    pub fn write(graphones: &[Graphone], n_grams: &[NGram]) -> Result<Vec<u8>, LetterRulesError> {
        let mut file = MAGIC.to_vec();
        write_rules(graphones, n_grams, &mut file).ok_or(LetterRulesError(
            "the graphones are out of order, or the n-grams do not fit them or each other",
        ))?;
        Ok(file)
    }
}

fn read_rules(bytes: &mut Bytes) -> Option<LetterRules> {
    let graphones = usize::from(bytes.u16()?);
    let n_grams = bytes.u32()? as usize;
    let mut rules = LetterRules::default();
    rules.graphones.push(Graphone::default());
    for _ in 0..graphones {
        let graphone = read_graphone(bytes)?;
        rules.graphones.push(graphone);
    }
    let mut first_child: u32 = 1;
    let mut parent = ROOT;
    for at in 0..n_grams {
        let mut node = read_node(bytes, first_child)?;
        if usize::from(node.graphone) >= rules.graphones.len() {
            return None;
        }
        first_child = first_child.checked_add(node.children.into())?;
        while at > 0 && at >= end_of_children(rules.node(parent)) {
            parent += 1;
            if parent as usize >= at {
                return None; // it is no child of any node before it
            }
        }
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
    let lengths = bytes.u8()?;
    let letters = bytes.take((lengths / 16).into())?.to_vec();
    let phones = bytes.take((lengths % 16).into())?.iter();
    let phones: Option<Vec<Phone>> = phones.map(|&n| Phone::from_index(n.into())).collect();
    Some(Graphone {
        letters: String::from_utf8(letters).ok()?,
        phones: phones?,
    })
}

fn read_node(bytes: &mut Bytes, first_child: u32) -> Option<Node> {
    let graphone = bytes.u16()?;
    let cost = bytes.u8()?;
    let children = match bytes.u8()? {
        MANY => bytes.u16()?,
        few => few.into(),
    };
    let backoff = if children > 0 {
        bytes.u8()?.cast_signed()
    } else {
        0
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
    file.extend(u16::try_from(graphones.len()).ok()?.to_le_bytes());
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
    let mut children: BTreeMap<&[u16], u16> = BTreeMap::new();
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
    let letters = graphone.letters.as_bytes();
    if !letters.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    let count = |n: usize, most: usize| u8::try_from(n).ok().filter(|_| n <= most);
    let letter_count = count(letters.len(), super::GRAPHONE_LETTERS_MAX).filter(|&n| n > 0)?;
    file.push(letter_count * 16 + count(graphone.phones.len(), 15)?);
    file.extend(letters);
    file.extend(graphone.phones.iter().map(|&phone| phone as u8));
    Some(())
}

fn write_n_gram(n_gram: &NGram, children: u16, file: &mut Vec<u8>) {
    let last = n_gram.graphones.last().copied().unwrap_or_default();
    file.extend(last.to_le_bytes());
    file.push(n_gram.cost);
    match u8::try_from(children) {
        Ok(few) if few < MANY => file.push(few),
        _ => {
            file.push(MANY);
            file.extend(children.to_le_bytes());
        }
    }
    if children > 0 {
        file.push(n_gram.backoff.cast_unsigned());
    }
}
