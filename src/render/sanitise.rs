//! Makes foreign text safe for a terminal.

/// Takes out what a terminal would obey or what turns the direction of text round; tabs become blanks.
#[must_use]
pub fn sanitise(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\t' => Some(' '),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// A name in one line of at most `chars_max` characters.
#[must_use]
pub fn one_line(text: &str, chars_max: usize) -> String {
    let flat = sanitise(text).replace('\n', " ");
    if flat.chars().count() <= chars_max {
        return flat;
    }
    flat.chars().take(chars_max.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_direction_marks_go() {
        assert_eq!(sanitise("a\u{1b}[31mb\u{9b}c\r\n\td\u{202e}"), "a[31mbc\n d");
    }
}
