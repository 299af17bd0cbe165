//! Sentences, broken where the screen ends.

use super::units::width;

/// Breaks a sentence between words; all lines but the first are indented. A word that is wider than the screen stays
/// whole.
pub(in crate::render) fn wrapped(text: &str, room: usize, indent: usize) -> String {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let wide = width(word.trim_end());
        if used + wide > room && used > indent {
            lines.push(" ".repeat(indent));
            used = indent;
        }
        lines.last_mut().unwrap_or(&mut String::new()).push_str(word);
        used += width(word);
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("note: one two three", 14, 6), "note: one two\n      three");
        assert_eq!(wrapped("    try: short", 80, 9), "    try: short");
        assert_eq!(wrapped("! 日本語日本語 ok", 10, 2), "! 日本語日本語\n  ok");
        assert_eq!(wrapped("", 10, 2), "");
    }
}
