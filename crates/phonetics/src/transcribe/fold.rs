//! Letters with accents, as the English letters that a reader would take them for.

/// The text in ASCII letters of the same case; `None` when it holds what has no English letter.
pub(super) fn fold(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            plain.push(c);
        } else if let Some(letters) = letters(c) {
            plain.push_str(letters);
        } else {
            let lower = c.to_lowercase().next()?;
            if lower.is_ascii() {
                plain.push(lower.to_ascii_uppercase());
            } else {
                plain.push_str(&letters(lower)?.to_ascii_uppercase());
            }
        }
    }
    Some(plain)
}

/// Whether this is an accent that stands behind its letter.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// English letters for a small letter with an accent, or for a sign that stands among letters.
#[rustfmt::skip]
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        '’' | '‘' | 'ʼ' => "'",
        '\u{2010}' | '\u{2011}' => "-",
        'ʻ' => "",
        c if is_mark(c) => "",
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ' | 'ẫ' | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' | 'ª' => "a",
        'æ' | 'ǽ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ḍ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' => "g",
        'ĥ' | 'ħ' | 'ḥ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | 'ị' | 'ỉ' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' | 'ĸ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ṃ' => "m",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŉ' | 'ŋ' | 'ṇ' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | 'ǿ' | 'ọ' | 'ỏ' | 'ố' | 'ồ' | 'ổ' | 'ỗ' | 'ộ' | 'ớ' | 'ờ' | 'ở' | 'ỡ' | 'ợ' | 'º' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ṣ' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' | 'ṭ' => "t",
        'þ' | 'ð' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' => "u",
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_fold_to_letters_of_the_same_case() {
        let pairs = [
            ("Ångström", "Angstrom"),
            ("ŁÓDŹ", "LODZ"),
            ("Đặng Thị Mỹ", "Dang Thi My"),
            ("Straße ÆSIR Œuvre", "Strasse AESIR OEuvre"),
            ("İstanbul ısı", "Istanbul isi"),
            ("e\u{301}te\u{301} ‘tis Hawaiʻi x‑y", "ete 'tis Hawaii x-y"),
        ];
        for (text, plain) in pairs {
            assert_eq!(fold(text).as_deref(), Some(plain));
        }
    }

    #[test]
    fn other_scripts_do_not_fold() {
        for text in ["жук", "Ana東", "α", "٣", "½"] {
            assert_eq!(fold(text), None, "{text}");
        }
    }
}
