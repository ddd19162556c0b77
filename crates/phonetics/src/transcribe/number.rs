//! Numbers in digits, as the words that they are read out in.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const SCALES: [&str; 4] = ["", "thousand", "million", "billion"];
/// Longest row of digits that is read as one number; what is longer is read digit by digit.
const DIGITS_MAX: usize = 4;

/// A number at the start of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// How many bytes of the text it takes.
    pub(super) length: usize,
    /// The words that it is read out in.
    pub(super) words: Vec<String>,
}

impl Number {
    /// Reads `13`, `2nd`, `1970s`, `12,500`, `3.5` or `0042`. The text begins with a digit.
    pub(super) fn scan(text: &str) -> Self {
        let mut words = Vec::new();
        let mut length = grouped(text, &mut words);
        if length == 0 {
            length = digits(text);
            plain(&text[..length], &mut words);
        }
        let fraction = text[length..].strip_prefix('.').map_or(0, digits);
        if fraction > 0 {
            words.push("point");
            let from = length + 1;
            words.extend(text[from..from + fraction].bytes().map(digit));
            length = from + fraction;
        }
        let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        if let Some(last) = words.last_mut() {
            length += ending(&text[length..], last);
        }
        Self { length, words }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn digit(byte: u8) -> &'static str {
    ONES[usize::from(byte - b'0')]
}

/// Reads `1,234,567`; nothing, and 0, when there are no groups of three, or too many.
fn grouped(text: &str, words: &mut Vec<&'static str>) -> usize {
    let mut length = digits(text);
    if !(1..=3).contains(&length) || text.starts_with('0') {
        return 0;
    }
    let mut groups = vec![&text[..length]];
    while let Some(rest) = text[length..].strip_prefix(',')
        && digits(rest) == 3
    {
        if groups.len() == SCALES.len() {
            return 0;
        }
        groups.push(&rest[..3]);
        length += 4;
    }
    if groups.len() == 1 {
        return 0;
    }
    let scales = SCALES[..groups.len()].iter().rev();
    for (group, scale) in groups.iter().zip(scales) {
        let value = value(group);
        if value > 0 {
            cardinal(value, words);
            words.extend(Some(*scale).filter(|scale| !scale.is_empty()));
        }
    }
    length
}

fn value(digits: &str) -> usize {
    let digits = digits.bytes().map(|byte| usize::from(byte - b'0'));
    digits.fold(0, |value, digit| value * 10 + digit)
}

fn plain(digits: &str, words: &mut Vec<&'static str>) {
    let by_digit = digits.len() > DIGITS_MAX || (digits.len() > 1 && digits.starts_with('0'));
    if by_digit {
        words.extend(digits.bytes().map(digit));
    } else if let n @ 1100..2000 = value(digits) {
        hundreds(n, words);
    } else {
        cardinal(value(digits), words);
    }
}

/// 1100 to 1999 as years are read: nineteen seventy, nineteen oh five, nineteen hundred.
fn hundreds(n: usize, words: &mut Vec<&'static str>) {
    cardinal(n / 100, words);
    match n % 100 {
        0 => words.push("hundred"),
        rest @ 1..10 => words.extend(["oh", ONES[rest]]),
        rest => cardinal(rest, words),
    }
}

/// `n` below 10,000.
fn cardinal(n: usize, words: &mut Vec<&'static str>) {
    if n >= 1000 {
        words.extend([ONES[n / 1000], "thousand"]);
    }
    if n % 1000 >= 100 {
        words.extend([ONES[n % 1000 / 100], "hundred"]);
    }
    let mut rest = n % 100;
    if rest >= ONES.len() {
        words.push(TENS[rest / 10]);
        rest %= 10;
    }
    if rest > 0 || n == 0 {
        words.push(ONES[rest]);
    }
}

/// Takes an `nd` or `s` behind the number into its last word; how many bytes that was.
fn ending(text: &str, last: &mut String) -> usize {
    let letters: usize = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '\'' | '’'))
        .take(5)
        .map(char::len_utf8)
        .sum();
    match text[..letters].to_ascii_lowercase().as_str() {
        "st" | "nd" | "rd" | "th" => *last = ordinal(last),
        "s" | "'s" | "’s" => *last = plural(last),
        _ => return 0,
    }
    letters
}

fn ordinal(word: &str) -> String {
    match word {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        _ => match word.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{word}th"),
        },
    }
}

fn plural(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if word.ends_with('x') => format!("{word}es"),
        None => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, read: &str, words: &str) {
        let number = Number::scan(text);
        assert_eq!(number.words.join(" "), words);
        assert_eq!(&text[..number.length], read);
    }

    #[test]
    fn small_numbers_are_read_whole() {
        check("0", "0", "zero");
        check("13;", "13", "thirteen");
        check("20-year-old", "20", "twenty");
        check("101 ", "101", "one hundred one");
        check("1042", "1042", "one thousand forty two");
        check("2000", "2000", "two thousand");
        check("9999", "9999", "nine thousand nine hundred ninety nine");
    }

    #[test]
    fn years_are_read_in_pairs() {
        check("1970", "1970", "nineteen seventy");
        check("1905", "1905", "nineteen oh five");
        check("1100", "1100", "eleven hundred");
        check("1099", "1099", "one thousand ninety nine");
    }

    #[test]
    fn long_rows_and_leading_zeros_are_read_digit_by_digit() {
        check("007", "007", "zero zero seven");
        check("12345", "12345", "one two three four five");
    }

    #[test]
    fn groups_of_three_are_one_number() {
        check("12,500", "12,500", "twelve thousand five hundred");
        check("1,000,000.", "1,000,000", "one million");
        check("3,000,000,007", "3,000,000,007", "three billion seven");
        check("1,234,567,890,123", "1", "one");
        check("12,50", "12", "twelve");
        check("1234,567", "1234", "twelve thirty four");
        check("0,123", "0", "zero");
        check("1,2345", "1", "one");
    }

    #[test]
    fn fractions_and_endings_are_part_of_the_number() {
        check("3.14", "3.14", "three point one four");
        check("3.", "3", "three");
        check("1st", "1st", "first");
        check("22nd.", "22nd", "twenty second");
        check("100TH", "100TH", "one hundredth");
        check("20th", "20th", "twentieth");
        check("1970s", "1970s", "nineteen seventies");
        check("6’s", "6’s", "sixes");
        check("5star", "5", "five");
    }

    proptest! {
        #[test]
        fn any_number_has_words(text in "[0-9][0-9,.a-zé']{0,20}") {
            let number = Number::scan(&text);
            prop_assert!(number.length > 0 && text.is_char_boundary(number.length));
            prop_assert!(!number.words.is_empty());
        }

        /// Read backwards, the words give the value.
        #[test]
        fn words_add_up_to_the_number(n in 0..10_000_usize) {
            let mut value = 0;
            for word in Number::scan(&n.to_string()).words {
                let place = |list: &[&str]| list.iter().position(|known| *known == word);
                value = match (place(&ONES), place(&TENS[2..]), word.as_str()) {
                    (Some(one), ..) if value > 9 && value < 20 => value * 100 + one, // a year
                    (Some(one), ..) => value + one,
                    (_, Some(ten), _) if value > 9 && value < 20 => value * 100 + 10 * (ten + 2),
                    (_, Some(ten), _) => value + 10 * (ten + 2),
                    (.., "oh") => value * 100,
                    (.., "hundred") => value / 1000 * 1000 + value % 1000 * 100,
                    (.., "thousand") => value * 1000,
                    _ => usize::MAX,
                };
            }
            prop_assert_eq!(value, n);
        }
    }
}
