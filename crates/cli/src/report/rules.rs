//! The wording of the rules, out of `docs/rules.md`, which is their home.

use super::RULES_URL;
use mondegreen_oracle::Rule;

const RULES: &str = include_str!("../../../../docs/rules.md");

/// What the page on the rules says of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wording {
    pub(super) rule: Rule,
    /// Why there is such a rule.
    pub(super) why: String,
    /// The rule itself.
    pub(super) text: String,
    /// Where it stands, with examples.
    pub(super) url: String,
}

/// The wording of a rule.
pub(super) fn wording(rule: Rule) -> Wording {
    let title = format!("\n### {rule}\n");
    let rest = RULES
        .split_once(&title)
        .map_or("", |(_, rest)| rest)
        .split("\n### ")
        .next()
        .unwrap_or_default();
    Wording {
        rule,
        why: paragraph(rest, "**Why.** "),
        text: paragraph(rest, "**Rule.** "),
        url: format!(
            "{RULES_URL}#{}",
            rule.to_string().to_lowercase().replace(' ', "-")
        ),
    }
}

/// The paragraph that begins with this word, on one line and without marks of Markdown.
fn paragraph(section: &str, word: &str) -> String {
    let text = section.split_once(word).map_or("", |(_, rest)| rest);
    let text = text.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(['`', '*'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_words() {
        for rule in Rule::ALL {
            let Wording { why, text, url, .. } = wording(rule);
            for sentence in [&why, &text] {
                assert!(
                    sentence.len() > 10 && sentence.ends_with(['.', ')']),
                    "{rule}: {sentence}"
                );
                assert!(
                    !sentence.contains("**") && !sentence.contains('\n'),
                    "{rule}"
                );
            }
            assert!(url.ends_with(&format!(
                "#{}",
                rule.to_string().to_lowercase().replace(' ', "-")
            )));
        }
        assert_eq!(wording(Rule::I1).why, "This is what happened in Portland.");
    }
}
